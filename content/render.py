"""Effects to words and buttons, in the person's language. Sends nothing, decides nothing."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from content.load import Library
from flows.book import Country, Urgency
from flows.effects import Advise, Ask, Button, Explain, Fill, Moment, Say, Tick, Toast, With, Words
from flows.person import Person, spoken
from flows.press import press
from flows.treatments import neighbours

PLACE = re.compile(r"\{(\w+)\}|\*\*")
COUNTED = frozenset({"red_flags", "daily", "consent"})  # whose questions say how many there are
TICKED = "✓ "

Rows = tuple[tuple[tuple[str, str], ...], ...]  # buttons: rows of (words, callback data)
Rendered = Say | Ask | Tick | Advise | Explain | Toast


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is shown. `kind`: `send`, `edit` (the tapped message), `tick` (only its buttons), `toast`.

    `bold`: (offset, length) in UTF-16 units (Bot API, MessageEntity). `panic`: words of the button always in reach.
    """

    kind: str
    text: str = ""
    bold: tuple[tuple[int, int], ...] = ()
    buttons: Rows = ()
    panic: str = ""
    alert: bool = False
    urgency: Urgency = Urgency.ROUTINE


@dataclass(slots=True)
class Page:
    """Text under construction, with its bold parts. What is put in is never read as markup."""

    text: str = ""
    bold: list[tuple[int, int]] = field(default_factory=list)

    def add(self, words: str, fill: dict[str, str], *, all_bold: bool = False) -> None:
        """Append words, with their places filled and `**` marks turned to bold."""
        opened = units(self.text) if all_bold else None
        last = 0
        for mark in PLACE.finditer(words):
            self.text += words[last : mark.start()]
            last = mark.end()
            if mark[1]:
                self.text += fill[mark[1]]
            elif opened is None:
                opened = units(self.text)
            elif not all_bold:
                self.bold.append((opened, units(self.text) - opened))
                opened = None
        self.text += words[last:]
        if opened is not None:
            self.bold.append((opened, units(self.text) - opened))

    def blank(self) -> None:
        """Start a new paragraph."""
        self.text = f"{self.text}\n\n" if self.text else ""


def units(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Voice:
    """Whom the words are for: their language, and what the places are filled with."""

    library: Library
    person: Person

    def words(self, key: str) -> str:
        """The words of a key: for a patient its `_patient` form if there is one. Raises KeyError if there are none."""
        languages = (self.person.language, self.library.book.pathway.language)
        keys = (f"{key}_patient", key) if self.person.role == "patient" else (key,)
        for language in languages:
            for name in keys:
                if name in self.library.words.get(language, {}):
                    return self.library.words[language][name]
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Whether there are such words in the site's language."""
        return key in self.library.words[self.library.book.pathway.language]

    def option(self, path: str, option: str) -> str:
        """The words on an option's button: its own or the shared ones."""
        own = f"{path}.{option}"
        return self.words(own if self.has(own) else f"option.{option}")

    def fill(self, with_: With = ()) -> dict[str, str]:
        """What places stand for: the pathway's numbers, and what the effect brings."""
        book = self.library.book
        here = Country(id="", emergency=book.pathway.emergency, zones=())
        common = {
            "emergency": book.countries.get(self.person.country, here).emergency,
            "team": book.pathway.team,
            "line": book.pathway.line,
            "crisis": book.pathway.crisis,
        }
        return common | {name: self._filled(value) for name, value in with_}

    def _filled(self, value: Fill) -> str:
        match value:
            case str():
                return value
            case Words(key=key):
                return self.plain(key)
            case Moment(at=at, zone=zone):
                return self.moment(at, zone)
            case tuple():
                return ", ".join(self.plain(word.key) for word in value)
        assert_never(value)

    def plain(self, key: str, with_: With = ()) -> str:
        """Words without bold."""
        page = Page()
        page.add(self.words(key), self.fill(with_))
        return page.text

    def moment(self, at: datetime, zone: str) -> str:
        """A time as the clocks of the zone show it: `Mon 3 Nov, 08:00`."""
        local = at.astimezone(ZoneInfo(zone))
        day = self.words(f"day.{local.weekday()}")
        return f"{day} {local.day} {self.words(f'month.{local.month}')}, {local:%H:%M}"

    def rows(self, buttons: tuple[tuple[Button, ...], ...]) -> Rows:
        """Buttons with their words and callback data."""
        version = self.library.book.version
        return tuple(
            tuple((self.plain(b.words), press(b.item, b.option, b.about, version)) for b in row) for row in buttons
        )


def render(library: Library, person: Person, effect: Rendered) -> Message:
    """One effect as the message it becomes. Raises KeyError if words are missing, which `run.py check` prevents."""
    voice = Voice(library, person)
    match effect:
        case Say():
            return _say(voice, effect)
        case Ask():
            return _ask(voice, effect)
        case Tick(questionnaire=name, item=item, run=run, chosen=chosen):
            return Message(kind="tick", buttons=_options(voice, f"{name}/{item}", run, chosen))
        case Advise():
            return _advise(voice, effect)
        case Explain():
            return _explain(voice, effect)
        case Toast(words=words, with_=with_, alert=alert):
            return Message(kind="toast", text=voice.plain(words, with_), alert=alert)
    assert_never(effect)


def commands(library: Library, language: str, *, staff: bool) -> list[dict[str, str]]:
    """The commands menu (Bot API, BotCommand)."""
    voice = Voice(library, Person(id="", language=language))
    names = ("symptoms", "treatments", "checkins", "mydata", "help", "stop", "start")
    return [
        {"command": name, "description": voice.plain(f"command.{name}")}
        for name in (("alerts", "log", *names) if staff else names)
    ]


def _say(voice: Voice, say: Say) -> Message:
    page = Page()
    page.add(voice.words(say.words), voice.fill(say.with_))
    return Message(
        kind="edit" if say.replace else "send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(say.buttons),
        panic=voice.words("panic.button") if say.panic_button else "",
        urgency=say.urgency,
    )


def _ask(voice: Voice, ask: Ask) -> Message:
    page = Page()
    page.add(voice.words(f"{ask.questionnaire}.{ask.item}.ask"), voice.fill(_zone(voice)))
    if ask.questionnaire in COUNTED:
        number, of = ask.step
        page.blank()
        page.add(voice.words("ask.step"), {"number": str(number), "of": str(of)})
    path = f"{ask.questionnaire}/{ask.item}"
    return Message(kind="send", text=page.text, bold=tuple(page.bold), buttons=_options(voice, path, ask.run))


def _zone(voice: Voice) -> With:
    return (("zone", voice.library.book.pathway.zone),)


def _options(voice: Voice, path: str, run: int, chosen: str = "") -> Rows:
    """The options of an item as buttons, the chosen one ticked. They stay, so that an answer can still be changed."""
    found = voice.library.book.item(path)
    if found is None:
        raise KeyError(path)
    item, version = found[1], voice.library.book.version
    buttons = []
    for option in item.options:
        page = Page()
        page.add(voice.option(path.replace("/", "."), option.id), voice.fill(_zone(voice)))
        words = TICKED + page.text if option.id == chosen else page.text
        buttons.append((words, press(path, option.id, str(run), version)))
    return tuple(tuple(buttons[n : n + item.columns]) for n in range(0, len(buttons), item.columns))


def _advise(voice: Voice, advise: Advise) -> Message:
    """What to do, now, first; then what to say on the telephone; then what to look for next.

    The call stands at both ends: whichever end of a long message a small phone shows, it is there.
    """
    advice, page = voice.library.book.advice[advise.advice], Page()
    signs = tuple(Words("words.say" if sign == "words" else f"{sign.replace('/', '.')}.sign") for sign in advise.signs)
    fill = voice.fill((("sign", signs),))
    page.add(voice.words(f"advice.{advice.id}.title"), fill, all_bold=True)
    for part in ("do", "say", "watch"):
        sentences = getattr(advice, part)
        if sentences:
            page.blank()
        if sentences and part != "do":
            page.add(voice.words(f"advice.{part}"), fill, all_bold=True)
        for sentence in sentences:
            page.text += "" if page.text.endswith("\n") else "\n"
            page.text += "• " if part == "do" else ""
            page.add(voice.words(f"advice.{advice.id}.{part}.{sentence.id}"), fill)
        if part == "say" and voice.person.permits("show"):
            page.text += "\n"
            page.add(voice.words("advice.code"), fill | {"code": spoken(voice.person.id)})
    sources = [reference for part in (advice.do, advice.say, advice.watch) for one in part for reference in one.sources]
    page.blank()
    page.add(_review(voice, sources), fill)
    if advise.urgency >= Urgency.URGENT:
        page.blank()
        page.add(voice.words(f"advice.{advice.id}.title"), fill, all_bold=True)
    return Message(
        kind="send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(advise.buttons),
        urgency=advise.urgency,
    )


def _explain(voice: Voice, explain: Explain) -> Message:
    """One page: every sentence, then where they come from."""
    book, page = voice.library.book, Page()
    treatment = book.treatments[explain.treatment]
    section = next(section for section in treatment.sections if section.id == explain.section)
    page.add(voice.words(f"treatments.{treatment.id}.title"), voice.fill(), all_bold=True)
    page.text += "\n"
    page.add(voice.words(f"section.{section.id}"), voice.fill(), all_bold=True)
    references: list[str] = []
    for sentence in section.sentences:
        page.blank()
        page.add(voice.words(f"treatments.{treatment.id}.{section.id}.{sentence.id}"), voice.fill())
        references += sentence.sources
    page.blank()
    page.add(voice.words("sources.from"), {})
    for name in dict.fromkeys(reference.partition("#")[0] for reference in references):
        source = book.sources[name]
        page.text += f"\n• {source.title}. {source.publisher}, {source.year}. {source.population}"
    page.blank()
    page.add(_review(voice, references), {})
    return Message(
        kind="edit" if explain.replace else "send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(neighbours(book, treatment.id, section.id)),
    )


def _review(voice: Voice, references: list[str]) -> str:
    """Whether a clinician has checked all that these sentences rest on."""
    sources = voice.library.book.sources
    checked = all(sources[reference.partition("#")[0]].reviewed_by for reference in references)
    return voice.words("sources.reviewed" if checked else "sources.unreviewed")
