"""Somebody has died: one question, then everything stops, for all who cared for them. For a week it can be undone."""

from dataclasses import replace
from datetime import datetime, timedelta

from flows import circle, menu, pause, schedule, triage
from flows.book import Book
from flows.crisis import SELF
from flows.effects import (
    Advise,
    Button,
    CancelTimers,
    Effect,
    Follow,
    Say,
    Toast,
    Wake,
)
from flows.events import CameDue, Commanded, Tapped, Told
from flows.kin import PassOn, Settle, ShowFarewell, Uninvite
from flows.person import Farewell, Person
from flows.questionnaire import ask, leave_all
from flows.recognise import found
from flows.review import as_code

ENDED = ("checkin", "nudge", "missed", "resume", "remind", "farewell", *circle.TIMERS)
TIMER = "farewell"  # what a relative has told us is not said at night
UNDO = timedelta(days=7)
DIED = Button(words="button.died", item="died", option="ask")
KEEP = Button(words="button.farewell_keep", item="died", option="keep")
ERASE = Button(words="button.farewell_erase", item="data", option="delete")
MISTAKE = Button(words="button.farewell_mistake", item="died", option="mistake")


def heard(book: Book, person: Person, text: str) -> bool:
    """Whether typed words say that the patient has died. They change nothing: they lead to a question."""
    typed = book.farewells.get(person.language)
    if typed is None or not _may_ask(person):
        return False
    return found(typed.said, text) is not None and found(typed.unless, text) is None


def asked(person: Person) -> list[Effect]:
    """The one question, before anything stops."""
    if not _may_ask(person):
        return [menu.home(person, "farewell.patient")]
    yes = Button(words="button.farewell_yes", item="died", option="yes")
    no = Button(words="button.farewell_no", item="died", option="no")
    return [Say(words="farewell.ask", buttons=((yes,), (no,)))]


def offered(person: Person, effects: list[Effect]) -> list[Effect]:
    """The same screen, with the way to say it at its end, where that ends anything: a guest is asked nothing."""
    last, ends = effects[-1], person.permits("keep") or person.loop is not None
    if not isinstance(last, Say) or not person.role or not ends or not _may_ask(person):
        return effects
    return [*effects[:-1], replace(last, buttons=(*last.buttons, (DIED,)))]


def commanded(person: Person, event: Commanded) -> list[Effect]:
    """/died: of coordinators with the code of the person; of everybody else, the question."""
    if not person.staff:
        return asked(person)
    code = as_code(event.argument)
    return [ShowFarewell(person=code)] if code else [menu.home(person, "staff.died")]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button about a death."""
    match event.option:
        case "set" | "unset" if person.staff and event.about:
            did = "died" if event.option == "set" else "mistake"
            told = PassOn(did=did, person=event.about, by="staff")
            return person, [told, ShowFarewell(person=event.about)]
        case "look" if person.staff and event.about:
            return person, [ShowFarewell(person=event.about)]
        case "mistake" if person.farewell:
            return _undone(person, event.at, book)
        case "keep" if person.farewell:
            return person, [Say(words="farewell.keep", buttons=((menu.MYDATA,), (MISTAKE,)))]
        case _ if person.farewell:
            return person, show(person)
        case "yes" if _may_ask(person):
            return _said(person, event.at)
        case "no":
            again = [ask(book, person.place)] if person.place else []
            words = Say(words="farewell.no") if again else menu.home(person, "farewell.no")
            return person, [words, *again]
        case "ask":
            return person, asked(person)
        case _:
            return person, [Toast(words="toast.old"), menu.home(person, "other.old_question")]


def show(person: Person) -> list[Effect]:
    """What is said to somebody whose patient has died, as often as they come."""
    if person.role == "patient":
        return [Say(words="farewell.you", buttons=((MISTAKE,), (menu.MYDATA,)))]
    return [Say(words="farewell.support", buttons=_rows(person))]


def told(book: Book, person: Person, event: Told) -> tuple[Person, list[Effect]]:
    """A relative or a coordinator said it, or took it back. The patient's own account is told nothing."""
    if event.did == "mistake":
        return _undone_too(book, person, event)
    if person.farewell:
        return person, []
    person, effects = _stopped(person, event.at, event.by, known=event.known)
    if event.by == "staff" and not event.known and person.circle:
        effects.append(PassOn(did="died", circle=person.circle, by="staff", known=True))
    if person.role == "patient" or person.blocked or person.stopped:
        return person, effects
    return person, [*effects, *circle.unasked(book, person, event.at, TIMER, _word(person, event.by))]


def came_due(person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """It is morning: what a relative or a coordinator told is said now, if it stands."""
    name = event.serves.partition("@")[0]
    if person.farewell is not None and name in ("relative", "staff"):
        return person, [_word(person, name)]
    return person, [Say(words="farewell.undone", buttons=((menu.HOME,),))] if name == "undone" else []


def _said(person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """They said yes themselves."""
    known = _shows(person)
    person, effects = _stopped(person, at, "self", known=False)
    tell = [PassOn(did="died", circle=person.circle, known=known)] if person.circle else []
    return person, [Say(words="farewell.word", buttons=_rows(person)), *effects, *tell]


def _stopped(person: Person, at: datetime, by: str, *, known: bool) -> tuple[Person, list[Effect]]:
    """Every question, reminder and loop ends; the schedule rests, so that it can be taken up again.

    Whoever thinks of suicide themselves is asked on, and their alerts stay: a death makes that more urgent, not less.
    So it is with what a patient has told themselves, until a coordinator says it: a relative's tap may be wrong.
    """
    shows = _shows(person)
    apart = person.loop is not None and SELF in (person.loop.calls, person.loop.also)
    own = person.loop if apart or (person.role == "patient" and by != "staff") else None
    person, closed = leave_all(person)
    ended = person.loop if own is None else None
    person = person.moved(loop=own, relative=None, farewell=Farewell(at=at, by=by, loop=ended))
    staff = [Follow(run=person.runs, state=f"died_{by}")] if shows and not known else []
    ends = [CancelTimers(timers=ENDED)] if own else [CancelTimers(), Settle()]
    return person, [*ends, *closed, *staff, Uninvite()]


def _undone(person: Person, at: datetime, book: Book) -> tuple[Person, list[Effect]]:
    """It was a mistake: everything goes on, for the whole circle."""
    if person.farewell is None or at - person.farewell.at > UNDO:
        return person, [Say(words="farewell.undo_over", buttons=((ERASE,), (menu.MYDATA,)))]
    shows = person.permits("show")
    person, stands = _stands_again(book, person, person.farewell, at)
    person, resumed = _resumed(book, person, at)
    tell = [PassOn(did="mistake", circle=person.circle, known=shows)] if person.circle else []
    staff = [Follow(run=person.runs, state="mistake")] if shows else []
    return person, [*stands, menu.home(person, "farewell.undone"), *resumed, *staff, *tell]


def _undone_too(book: Book, person: Person, event: Told) -> tuple[Person, list[Effect]]:
    if person.farewell is None or event.at - person.farewell.at > UNDO:
        return person, []
    shows = person.permits("show") and not event.known
    person, effects = _stands_again(book, person, person.farewell, event.at)
    person, resumed = _resumed(book, person, event.at)
    effects += [one for one in resumed if isinstance(one, Wake | CancelTimers)]
    if shows:
        effects.append(Follow(run=person.runs, state="mistake"))
    if event.by == "staff" and not event.known and person.circle:
        effects.append(PassOn(did="mistake", circle=person.circle, by="staff", known=True))
    if person.blocked or person.stopped:  # the coordinators alone can do something
        return person.moved(loop=None), [one for one in effects if not isinstance(one, Wake | Advise)]
    said = Say(words="farewell.undone", buttons=((menu.HOME,),))
    return person, [*effects, *circle.unasked(book, person, event.at, TIMER, said)]


def _stands_again(book: Book, person: Person, told: Farewell, at: datetime) -> tuple[Person, list[Effect]]:
    """What a death had ended and still counts, first of all: nobody has died, and somebody may be in danger."""
    return triage.reopened(book, person, told.loop if at - told.at < triage.TOGETHER else None, at)


def _resumed(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    person = person.moved(farewell=None)
    rest = [CancelTimers(timers=(TIMER,))]
    if person.schedule is None or not person.permits("remind"):
        return person, [*rest]
    if person.schedule.paused:
        return person, [*rest, *pause.wakes(book, person.schedule, at)]
    person, again = schedule.taken_up(book, person, at)
    return person, [*rest, *again]


def _may_ask(person: Person) -> bool:
    """Whether it can be about somebody else, and nothing is known of it yet."""
    bare = person.staff and not person.permits("keep")
    return person.role != "patient" and person.farewell is None and not bare


def _shows(person: Person) -> bool:
    """Whether coordinators know of the person: by permission, or told of an emergency this once."""
    return person.permits("show") or (person.loop is not None and person.loop.shared)


def _word(person: Person, by: str) -> Say:
    return Say(words=f"farewell.{by}", buttons=_rows(person))


def _rows(person: Person) -> tuple[tuple[Button, ...], ...]:
    return ((KEEP,), (ERASE,), (MISTAKE,)) if person.permits("keep") else ((MISTAKE,),)
