"""What is promised of the reminders that the team sets: by leave alone, told to the person, and none lost."""

from collections.abc import Iterator

from content.states import allowed
from content.transition import Transition, hushed
from flows.book import Book
from flows.deeds import Remind
from flows.due import home, reminded
from flows.effects import Say
from flows.events import CameDue, Reminded, Said, Tapped
from flows.person import Person

TIMER = "remind"
DAYS = ("today", "tomorrow")
DUE = frozenset(
    f"reminder.{name}" for name in ("medicine", *(f"{one}_{day}" for one in ("appointment", "dental") for day in DAYS))
)


def reminding(book: Book, t: Transition) -> Iterator[str]:
    """Every promise about reminders that this breaks."""
    yield from _told(book, t)
    yield from _set(book, t)
    yield from _come(book, t)
    yield from _by_staff(t)


def _told(book: Book, t: Transition) -> Iterator[str]:
    said = [one for one in t.seen if isinstance(one, Say) and one.words in DUE]
    if not said:
        return
    due = isinstance(t.event, CameDue) and t.event.timer == TIMER
    if not due or not _wanted(t.before) or t.before.loop or hushed(book, t.before, t.event.at):
        yield "somebody is reminded without leave, in an emergency, the quiet hours, or after a death"
    if _paused(t.before) and any(one.words == "reminder.medicine" for one in said):
        yield "somebody is reminded of medicine days in a pause"
    if len(said) > sum(not one.off for one in t.before.reminders):
        yield "somebody is reminded of what they have switched off"


def _set(book: Book, t: Transition) -> Iterator[str]:
    """Only a coordinator sets any, of whoever permits it, and the person learns of it; without leave none stays."""
    known = {one.number for one in t.before.reminders}
    new = [one for one in t.after.reminders if one.number not in known]
    event = t.event if isinstance(t.event, Reminded) else None
    learns = any(isinstance(one, Say) and one.words == "reminder.set" for one in t.seen)
    waits = t.before.loop is not None and all(one.new for one in new) and t.then.timer(TIMER) is not None
    if new and (event is None or event.reminder is None or not all(allowed(t.before)) or not (learns or waits)):
        yield "a reminder is set without leave, by nobody, or without a word to the person"
    if event is not None and t.seen and hushed(book, t.before, event.at):
        yield "somebody is woken as a reminder is set or taken back"
    yield from _withdrawn(t)
    if event is not None and t.seen and t.before.loop:
        yield "a reminder is set or taken back, and stands between an emergency and the call"
    waited = {one.number for one in t.before.reminders if one.new}
    if any(one.number in waited and not one.new for one in t.after.reminders) and not learns and not t.tap("reminders"):
        yield "a reminder that was set in an emergency is never told"
    if t.after.reminders and not allowed(t.after)[2]:
        yield "reminders stay without leave to remind"
    gone = event is not None and event.reminder is None and any(one.number == event.number for one in t.after.reminders)
    if gone:
        yield "a reminder that was taken back stays"
    tap = t.tap("reminders")
    off = tap is not None and tap.option == "off" and not t.after.farewell
    if off and any(str(one.number) == (tap and tap.about) and not one.off for one in t.after.reminders):
        yield "a reminder cannot be switched off"


def _withdrawn(t: Transition) -> Iterator[str]:
    """Whoever was told of a reminder hears that it was taken back, though it be later; not after /stop."""
    known = {one.number for one in t.before.reminders if not one.new}
    taken = {t.event.number} if isinstance(t.event, Reminded) and t.event.reminder is None else set()
    waited = {one.number for one in t.before.withdrawn} | (taken & known)
    told = sum(isinstance(one, Say) and one.words == "reminder.taken_back" for one in t.seen)
    lost = waited - {one.number for one in t.after.withdrawn}
    if len(lost) > told and allowed(t.after)[2]:
        yield "a reminder was taken back, and nobody will ever tell"
    if told and t.before.stopped and isinstance(t.event, CameDue):
        yield "somebody has said stop, and hears what was taken back"


def _come(book: Book, t: Transition) -> Iterator[str]:
    """What is set will come, and what rests will not."""
    timer, zone = t.then.timer(TIMER), home(book, t.after)
    rest = _paused(t.after)
    told = (one for one in t.after.reminders if not one.off and not (rest and one.days))
    nexts = [reminded(book, zone, one, t.event.at) for one in told]
    waits = _wanted(t.after) and any(due is not None for due in nexts)
    waits = waits or (_wanted(t.after) and bool(t.after.withdrawn) and not t.after.stopped)
    if waits and timer is None:
        yield "a reminder is set, and it will not come"
    word = any(one.new and not one.off for one in t.after.reminders) or t.after.withdrawn
    new = timer != t.state.timer(TIMER) and not (
        isinstance(t.event, CameDue) and timer and timer.serves == t.event.serves
    )
    if timer is not None and new and not waits and not word and _wanted(t.after):
        yield "nothing is to come, and a timer of reminders is set"
    stays = timer == t.state.timer(TIMER) and not _wanted(t.before)
    if timer is not None and not _wanted(t.after) and not stays:
        yield "reminders rest, and a timer of theirs is set"


def _wanted(person: Person) -> bool:
    return allowed(person)[2] and not (person.blocked or person.farewell)


def _paused(person: Person) -> bool:
    """Whether check-ins rest, and medicine days with them."""
    return person.schedule is not None and person.schedule.paused


def _by_staff(t: Transition) -> Iterator[str]:
    for one in (one for one in t.effects if isinstance(one, Remind)):
        to = t.event.to if isinstance(t.event, Said | Tapped) else None
        may = to is not None and to.person == one.to and t.before.staff
        if not may or to is None or (one.reminder and (to.blocked or to.stopped or to.asleep or not to.reminds)):
            yield "a reminder is set for whom it cannot be, or by somebody who may not"
