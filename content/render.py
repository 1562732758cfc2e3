"""Effects to words and buttons, in the person's language. Sends nothing, decides nothing."""

from typing import assert_never

from content.citing import cite, review, sources
from content.load import Library
from content.voice import Message, Page, Rows, Voice
from flows.book import Advice, Urgency
from flows.effects import Advise, Ask, Button, Cite, Explain, Say, Tick, Toast
from flows.fills import With, Words
from flows.loop import GOES_FIRST
from flows.person import Person, spoken
from flows.press import press
from flows.questionnaire import named
from flows.treatments import neighbours

COUNTED = frozenset({"red_flags", "daily", "weekly", "consent"})  # whose questions say how many there are
EXPLAINED = frozenset({"red_flags", "daily", "weekly"})  # whose questions say where they come from
TICKED = "✓ "
OWN = "own_crisis"  # of a screen, and the end of the key of other words: the reader is in danger

Rendered = Say | Ask | Tick | Advise | Explain | Cite | Toast


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
        case Cite(about=about):
            return cite(voice, about)
        case Toast():
            return _notice(voice, effect)
    assert_never(effect)


def commands(library: Library, language: str, *, staff: bool) -> list[dict[str, str]]:
    """The commands menu (Bot API, BotCommand)."""
    voice = Voice(library, Person(id="", language=language))
    names = ("symptoms", "treatments", "checkins", "mydata", "help", "stop", "start")
    return [
        {"command": name, "description": voice.plain(f"command.{name}")}
        for name in (("alerts", "log", "duty", "figures", "died", *names) if staff else names)
    ]


def description(library: Library, language: str) -> tuple[str, str]:
    """What stands in an empty chat, and on the bot's page (Bot API, setMyDescription, setMyShortDescription)."""
    voice = Voice(library, Person(id="", language=language))
    return voice.plain("bot.description"), voice.plain("bot.short_description")


def _say(voice: Voice, say: Say) -> Message:
    page = Page()
    page.add(voice.words(say.words), voice.fill(say.with_, own=say.words.endswith(OWN) and _apart(voice)))
    return Message(
        kind="edit" if say.replace else "send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(say.buttons),
        panic=voice.words("panic.button") if say.panic_button else "",
        urgency=say.urgency,
    )


def _notice(voice: Voice, toast: Toast) -> Message:
    """With the numbers of the screen that it reminds of."""
    report, page = voice.person.report, Page()
    screen = voice.library.book.advice.get(report.advice) if report else None
    fill = voice.fill(toast.with_, own=screen is not None and _own(voice, screen))
    page.add(voice.words(toast.words), fill)
    return Message(kind="toast", text=page.text, alert=toast.alert)


def _ask(voice: Voice, ask: Ask) -> Message:
    page = Page()
    page.add(voice.words(f"{ask.questionnaire}.{ask.item}.ask"), voice.fill(_zone(voice)))
    if ask.questionnaire in COUNTED:
        number, of = ask.step
        page.blank()
        page.add(voice.words("ask.step"), {"number": str(number), "of": str(of)})
    if ask.last:
        page.blank()
        page.add(voice.words("ask.last"), {"answers": _last(voice, ask)})
    if ask.skips:
        page.blank()
        page.add(voice.words("skip.ask"), {})
        return Message(kind="edit", text=page.text, bold=tuple(page.bold), buttons=voice.rows(ask.buttons))
    buttons = _options(voice, f"{ask.questionnaire}/{ask.item}", ask.run, ask.chosen, ask.buttons)
    return Message(kind="send", text=page.text, bold=tuple(page.bold), buttons=buttons)


def _last(voice: Voice, ask: Ask) -> str:
    """What was answered last time: `worst pain: 4; where: lower back`."""
    said = []
    for item, option in ask.last:
        path = f"{ask.questionnaire}.{item}"
        page = Page()
        page.add(voice.option(path, option), voice.fill(_zone(voice)))
        said.append(f"{voice.plain(f'{path}.label')}: {page.text}")
    return "; ".join(said)


def _zone(voice: Voice) -> With:
    return (("zone", voice.library.book.pathway.zone),)


def _options(voice: Voice, path: str, run: int, chosen: str = "", ways: tuple[tuple[Button, ...], ...] = ()) -> Rows:
    """The options of an item as buttons, the chosen one ticked. They stay, so that an answer can still be changed."""
    found = voice.library.book.item(path)
    if found is None:
        raise KeyError(path)
    item, version = found[1], voice.library.book.version
    buttons = []
    for option in (option for option in item.options if not option.hidden or option.id == chosen):
        page = Page()
        page.add(voice.option(path.replace("/", "."), option.id), voice.fill(_zone(voice)))
        words = TICKED + page.text if option.id == chosen else page.text
        buttons.append((words, press(path, option.id, str(run), version)))
    rows = tuple(tuple(buttons[n : n + item.columns]) for n in range(0, len(buttons), item.columns))
    rows = (*rows, *voice.rows(ways))
    if found[0].id not in EXPLAINED:
        return rows
    why = Button(words="button.why", item="why", option=path)
    return (*rows, *voice.rows(((why,),)))


def _advise(voice: Voice, advise: Advise) -> Message:
    """What to do, now, first; then what to say on the telephone; then what to look for next.

    The call stands at both ends: whichever end of a long message a small phone shows, it is there.
    """
    advice, page = voice.library.book.advice[advise.advice], Page()
    signs = tuple(_spoken(voice, words) for words in named(advise.signs, "words.say")) or (Words("words.say"),)
    since = Words(f"onset.{advise.onset or 'unknown'}")
    degrees = voice.degrees(advise.degrees) if advise.degrees else ""
    fill = voice.fill((("sign", signs), ("onset", since), ("degrees", degrees or "…")), own=_own(voice, advice))
    also = {"sign": f"{voice.plain('advice.degrees', (('degrees', degrees),))}, {fill['sign']}"} if degrees else {}
    _calls(voice, page, advise, fill)
    for part in ("do", "say", "watch"):
        sentences = [sentence for sentence in getattr(advice, part) if voice.meant(sentence)]
        if sentences:
            page.blank()
        if sentences and part != "do":
            page.add(voice.words(f"advice.{part}"), fill, all_bold=True)
        for sentence in sentences:
            page.text += "" if page.text.endswith("\n") else "\n"
            page.text += "• " if part == "do" else ""
            words = voice.words(f"advice.{advice.id}.{part}.{sentence.id}")
            page.add(words, fill if "{degrees}" in words else fill | also)
        if part == "say" and voice.person.coded:
            page.text += "\n"
            page.add(voice.words("advice.code"), fill | {"code": spoken(voice.person.id)})
    cited = [reference for part in (advice.do, advice.say, advice.watch) for one in part for reference in one.sources]
    page.blank()
    page.add(review(voice, cited), fill)
    if advise.note:
        page.text += "\n"
        page.add(voice.words(advise.note.words), voice.fill(advise.note.with_))
    if advise.urgency >= Urgency.URGENT:
        page.blank()
        _calls(voice, page, advise, fill)
    return Message(
        kind="send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(advise.buttons),
        urgency=advise.urgency,
    )


def _calls(voice: Voice, page: Page, advise: Advise, fill: dict[str, str]) -> None:
    """The call of the screen, and with it the other that still has to be made, which is to where the patient is."""
    calls = [(f"advice.{advise.advice}.title", fill)]
    if advise.first:
        calls.insert(0 if advise.first == GOES_FIRST else 1, (advise.first, voice.fill()))
    for n, (words, places) in enumerate(calls):
        page.text += "\n" if n else ""
        page.add(voice.words(words), places, all_bold=True)


def _spoken(voice: Voice, words: Words) -> Words:
    """How a sign is named on the telephone: as on the card, unless it has words for that."""
    say = f"{words.key.removesuffix('.sign')}.say"
    return Words(say) if words.key.endswith(".sign") and voice.has(say) else words


def _own(voice: Voice, advice: Advice) -> bool:
    """Whether the reader is the one in danger, and not the patient: the numbers are those where they are."""
    loop = voice.person.loop
    here = advice.calls == OWN or (advice.calls == "crisis" and loop is not None and loop.calls == OWN)
    return here and _apart(voice)


def _apart(voice: Voice) -> bool:
    """Whether the reader may be in another country than the patient."""
    return voice.person.role != "patient" and voice.person.near == "apart"


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
    sources(voice, page, references, [f"treatments/{treatment.id}/{section.id}"])
    return Message(
        kind="edit" if explain.replace else "send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(neighbours(book, treatment.id, section.id)),
    )
