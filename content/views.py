"""Lists and pages: what coordinators look at, and what a person sees of what is kept."""

from dataclasses import dataclass
from datetime import datetime

from content.load import Library
from content.voice import Message, Page, Rows, Voice
from flows.book import Urgency
from flows.coordinator import beside
from flows.effects import Button, ShowAlerts, ShowData, ShowLog
from flows.events import AlertView
from flows.letters import LETTER
from flows.person import Person, spoken
from flows.press import press
from flows.questionnaire import named
from flows.review import FILTERS, marking

PAGE = 6  # entries on a page: a phone's screen
PAGE_OF_ONE = 3  # with every answer
MOST_LINES = 12  # answers of one response shown in a list, the urgent ones before the others if there are more
LONGEST_COMMENT = 300  # characters of typed words shown in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer kept."""

    item: str
    option: str
    value: str
    at: datetime
    version: str
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One response in the log."""

    person: str
    questionnaire: str
    at: datetime
    state: str
    urgency: Urgency | None
    answers: tuple[Answered, ...]
    run: int = 0
    reviewed_by: str = ""
    reviewed_at: datetime | None = None

    @property
    def free(self) -> bool:
        """Whether it can be marked as reviewed: it has ended, nobody has marked it, and no coordinator wrote it."""
        return self.reviewed_at is None and self.state != "in-progress" and self.questionnaire != LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How much is kept of a person."""

    responses: int
    answers: int
    alerts: int
    looked: tuple[str, ...] = ()  # who looked last, a line each (content/looked.py)


def page_size(show: ShowAlerts | ShowLog) -> int:
    """How many entries stand on a page."""
    return PAGE_OF_ONE if isinstance(show, ShowLog) and show.person else PAGE


def alerts(library: Library, person: Person, show: ShowAlerts, found: list[AlertView]) -> Message:
    """Alerts nobody has taken, then those not closed. `found` holds one more than a page if there are more."""
    voice, page = Voice(library, person), Page()
    if not found:
        page.add(voice.words("alerts.none"), voice.fill())
    rows: list[tuple[Button, ...]] = []
    for number, alert in enumerate(found[:PAGE]):
        page.blank()
        if number == 0 or alert.state != found[number - 1].state:
            page.add(voice.words("alerts.title" if alert.state == "open" else "alerts.taken"), {}, all_bold=True)
            page.blank()
        fill = {
            "person": spoken(alert.subject),
            "at": voice.moment(alert.told_at, library.book.pathway.zone),
            "signs": ", ".join(voice.plain(words.key) for words in named(alert.signs)),
            "urgency": voice.plain(f"urgency.{alert.urgency.name.lower()}"),
            "by": spoken(alert.taken_by),
        }
        fill |= voice.fill((beside(alert.beside),))
        page.add(voice.words("alerts.entry" if alert.state == "open" else "alerts.entry_taken"), fill)
        option = "take" if alert.state == "open" else "show"
        rows.append((Button(words=f"button.alert_{option}", item="alert", option=option, about=alert.alert),))
    labels = [f" {spoken(alert.subject)}" for alert in found[:PAGE]]
    buttons = tuple(
        tuple((words + labels[n], data) for words, data in row) for n, row in enumerate(voice.rows(tuple(rows)))
    )
    more = len(found) > PAGE
    mine = any(alert.taken_by == person.id for alert in found if alert.taken_by)
    over = voice.rows(((Button(words="button.alert_all", item="alert", option="all"),),)) if mine else ()
    return message(page, (*buttons, *over, *_turn(voice, "alerts", "", show.page, more=more)), replace=show.replace)


def log(library: Library, person: Person, show: ShowLog, found: list[Entry], waiting: int = 0) -> Message:
    """Recent check-ins, of a filter or of all; of one person with every answer. `waiting`: how many nobody reviewed."""
    voice, page, size = Voice(library, person), Page(), page_size(show)
    fill = voice.fill((("person", spoken(show.person)), ("number", str(waiting))))
    title = "log.title_person" if show.person else f"log.title_{show.only}" if show.only else "log.title"
    if found or not show.person:
        page.add(voice.words(title), fill, all_bold=True)
    if not show.person:
        page.text += "\n"
        page.add(voice.words("log.waiting" if waiting else "log.all_reviewed"), fill)
    if not found:
        page.blank()
        nothing = "log.nobody" if show.person else "log.nothing" if show.only else "log.none"
        page.add(voice.words("log.end" if show.page else nothing), fill)
    for entry in found[:size]:
        page.blank()
        told = {
            "person": spoken(entry.person),
            "at": voice.moment(entry.at, library.book.pathway.zone),
            "title": voice.plain(f"{entry.questionnaire}.title"),
            "state": voice.plain(f"state.{entry.state}"),
        }
        page.add(voice.words("log.entry_person" if show.person else "log.entry"), told)
        said = (*marked(voice, entry), *lines(voice, entry, whole=bool(show.person)))
        page.text += "".join(f"\n{line}" for line in said)
    turn = _turn(voice, "log", show.person or show.only, show.page, more=len(found) > size)
    return message(page, (*_about(library, voice, show, found[:size]), *turn), replace=show.replace)


def _about(library: Library, voice: Voice, show: ShowLog, found: list[Entry]) -> Rows:
    """Of one person: mark what is shown, and the summary. Of everybody: each one's page, and the filters."""
    if show.person:
        free = tuple(entry.run for entry in found if entry.free)
        mark = Button(words="button.reviewed", item="reviewed", option=marking(str(show.page), free), about=show.person)
        summary = Button(words="button.summary", item="person", option="here", about=show.person)
        return voice.rows((*(((mark,),) if free else ()), (summary,)))
    people = _people(library, tuple(dict.fromkeys(entry.person for entry in found)))
    others = [name for name in ("", *FILTERS) if name != show.only]
    filters = [Button(words=f"button.log_{name or 'all'}", item="log", option="0", about=name) for name in others]
    return (*people, *voice.rows(tuple(tuple(filters[n : n + 2]) for n in range(0, len(filters), 2))))


def data(library: Library, person: Person, show: ShowData, kept: Kept) -> Message:
    """What is kept about the person, in plain words."""
    voice, page = Voice(library, person), Page()
    numbers = (("responses", str(kept.responses)), ("answers", str(kept.answers)), ("alerts", str(kept.alerts)))
    fill = voice.fill((("code", spoken(person.id)), *numbers))
    page.add(voice.words("mydata.kept"), fill)
    for permission in ("keep", "show", "remind"):
        page.text += "\n"
        page.add(voice.words(f"mydata.{permission}_{'yes' if person.permits(permission) else 'no'}"), fill)
    if person.circle:
        page.text += "\n"
        page.add(voice.words("mydata.circle_yes" if person.permits("circle") else "mydata.circle_no"), fill)
    if person.reminders:
        page.text += "\n"
        page.add(voice.words("mydata.reminders"), {"number": str(len(person.reminders))})
    page.blank()
    page.add(voice.words("mydata.until"), fill)
    for line in kept.looked or (voice.plain("looked.none"),):
        page.text += f"\n{line}"
    page.blank()
    page.add(voice.words("mydata.rights"), fill)
    return message(page, voice.rows(show.buttons), replace=show.replace)


def marked(voice: Voice, entry: Entry) -> list[str]:
    """Who has reviewed it, and when."""
    if entry.reviewed_at is None:
        return []
    at = voice.moment(entry.reviewed_at, voice.library.book.pathway.zone)
    by = spoken(entry.reviewed_by) if entry.reviewed_by else voice.plain("log.somebody")
    return [voice.plain("log.reviewed", (("by", by), ("at", at)))]


def lines(voice: Voice, entry: Entry, *, whole: bool) -> list[str]:
    """A line an answer. In the list of everybody, and among the many of red_flags, only those that call for action."""
    lines = []
    for answer in entry.answers:
        mark = "❗" if answer.urgency and answer.urgency >= Urgency.URGENT else "·"
        if mark != "·" or entry.questionnaire == "words" or (whole and entry.questionnaire != "red_flags"):
            lines.append(f"{mark} {_said(voice, entry.questionnaire, answer)}")
    return lines if len(lines) <= MOST_LINES else [*sorted(lines, key=lambda line: line[0] != "❗")[:MOST_LINES], "…"]


def _said(voice: Voice, questionnaire: str, answer: Answered) -> str:
    path = f"{questionnaire}.{answer.item}"
    names = (f"{path}.label", f"{path}.sign")
    label = next((voice.plain(name) for name in names if voice.has(name)), answer.item)
    if answer.option:
        known = voice.has(f"{path}.{answer.option}") or voice.has(f"option.{answer.option}")
        return f"{label}: {voice.option(path, answer.option) if known else answer.option}"
    said = answer.value
    return f"{label}: {said[:LONGEST_COMMENT]}{'…' if len(said) > LONGEST_COMMENT else ''}"


def _people(library: Library, codes: tuple[str, ...]) -> Rows:
    buttons = [(spoken(person), press("person", "here", person, library.book.version)) for person in codes]
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))


def _turn(voice: Voice, item: str, about: str, page: int, *, more: bool) -> Rows:
    """Newer and older."""
    newer = (Button(words="button.newer", item=item, option=str(page - 1), about=about),) if page else ()
    older = (Button(words="button.older", item=item, option=str(page + 1), about=about),) if more else ()
    row = (*newer, *older)
    return voice.rows((row,)) if row else ()


def message(page: Page, buttons: Rows, *, replace: bool) -> Message:
    return Message(kind="edit" if replace else "send", text=page.text, bold=tuple(page.bold), buttons=buttons)
