"""What coordinators look at: the log and its filters, one person's page; and what they mark as reviewed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows import menu
from flows.book import Book
from flows.deeds import Review
from flows.effects import Effect, Say, ShowLog, ShowPerson, Toast
from flows.events import Commanded, Tapped
from flows.person import Person, spoken

FILTERS = ("today", "missed", "red", "open")  # since midnight; missed; urgent or worse; reviewed by nobody
LOOKS_BACK = timedelta(days=30)  # ours: how far a filter looks back, so that no list is read to its end
MAX_CODE = 16  # ours: more than a person's code has; what is typed is shown again, and travels in buttons
MAX_PAGE = 9999
MAX_DIGITS = 9  # ours: of a run or a page, as it stands in a button
MOST_RUNS = 9  # ours: more than stand on a page


def commanded(book: Book, person: Person, event: Commanded) -> list[Effect]:
    """/log, /log CODE, /log today."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    wanted = event.argument.strip().lower()
    if wanted in FILTERS:
        return [log(book, event.at, only=wanted)]
    code = as_code(event.argument)
    return [ShowPerson(person=code, at=event.at)] if code else [log(book, event.at)]


def tapped(book: Book, person: Person, event: Tapped) -> list[Effect]:
    """A button of the log, or of a person's page."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    match event.item:
        case "log":
            page = min(int(event.option), MAX_PAGE) if event.option.isdigit() else 0
            only, code = (event.about, "") if event.about in FILTERS else ("", as_code(event.about))
            return [log(book, event.at, code, page=page, only=only, replace=event.option != "new")]
        case "reviewed":
            return _reviewed(book, person, event)
        case _:  # a person's page; from an alert, which is to stay, it is a message of its own
            return [ShowPerson(person=as_code(event.about), at=event.at, replace=event.option == "here")]


def log(book: Book, at: datetime, person: str = "", *, page: int = 0, only: str = "", replace: bool = False) -> ShowLog:
    """A page of the log."""
    since = at - LOOKS_BACK if only else None
    since = midnight(book, at) if only == "today" else since
    return ShowLog(person=person, page=page, only=only, since=since, replace=replace)


def midnight(book: Book, at: datetime) -> datetime:
    """When the day began at the site. Takes and returns aware UTC."""
    zone = ZoneInfo(book.pathway.zone)
    return datetime.combine(at.astimezone(zone).date(), time(0), zone).astimezone(UTC)


def as_code(text: str) -> str:
    """A person's code, however it is written."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())[:MAX_CODE]


def marking(page: str, runs: tuple[int, ...]) -> str:
    """The option of a button that marks runs as reviewed. `page`: which page of the log shows them, empty: none."""
    return f"{page}.{'+'.join(map(str, runs))}"


def marked(option: str) -> tuple[str, tuple[int, ...]]:
    """The inverse of marking; what cannot be read marks nothing."""
    page, _, runs = option.partition(".")
    found = [int(run) for run in runs.split("+") if run.isascii() and run.isdigit() and len(run) <= MAX_DIGITS]
    return page if page.isascii() and page.isdigit() and len(page) <= MAX_DIGITS else "", tuple(found[:MOST_RUNS])


def _reviewed(book: Book, person: Person, event: Tapped) -> list[Effect]:
    """Two at once: one marks it, the other is told who."""
    view = event.review
    if view is None:
        return [Say(words="log.nobody", with_=(("person", spoken(as_code(event.about))),), buttons=((menu.LOG,),))]
    page, _ = marked(event.option)
    again: Effect = ShowPerson(person=view.person, at=event.at, replace=True)
    again = log(book, event.at, view.person, page=min(int(page), MAX_PAGE), replace=True) if page else again
    if not view.runs and view.by == person.id:
        return [Toast(words="review.yours")]
    if not view.runs and view.at is not None:
        return [Toast(words="review.by", with_=(("by", spoken(view.by)),), alert=True), again]
    if not view.runs:
        return [Toast(words="review.nothing", alert=True)]
    return [Review(person=view.person, runs=view.runs), Toast(words="review.done"), again]
