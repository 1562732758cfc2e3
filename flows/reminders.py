"""Reminders that the team has set for somebody: told when they are due, seen under /checkins, switched off by a tap."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from flows import menu
from flows.book import Book
from flows.due import DAY, EVERY_DAY, awake, happens, home, homes, in_zone, reminded, reminded_of, today
from flows.effects import Button, CancelTimers, Effect, Say, Wake
from flows.events import CameDue, Reminded, Tapped
from flows.fills import Fill, Lines, Moment, Words
from flows.person import Person, Reminder, spoken
from flows.zones import city

TIMER = "remind"
STALE = timedelta(hours=4)  # one that comes later than this is not told any more
BUSY = timedelta(minutes=30)  # one waits this long in an emergency, and for somebody in the middle of answering
MOST = 8  # ours: of one person, so that they fit a screen
BEGUN = datetime.min.replace(tzinfo=UTC)
TICK = timedelta(microseconds=1)
LIST = Button(words="button.reminders", item="reminders", option="show")


def active(person: Person) -> bool:
    """Whether anything is told: not without leave, after a death, or to somebody who cannot be reached."""
    return person.permits("remind") and not (person.blocked or person.farewell)


def rests(person: Person, one: Reminder) -> bool:
    """Whether this one is not told now. A pause of check-ins is no pause of the hospital: medicine days alone rest."""
    paused = person.schedule is not None and person.schedule.paused
    return one.off or not active(person) or (paused and bool(one.days))


def unheard(person: Person, one: Reminder) -> bool:
    """Whether it is still to be told that this one was set."""
    return one.new and not one.off and active(person)


def owes_word(person: Person) -> bool:
    """Whether it is still to be told that something was taken back. After /stop they come back first."""
    return bool(person.withdrawn) and active(person) and not person.stopped


def upcoming(book: Book, person: Person, at: datetime) -> tuple[Reminder, ...]:
    """Those that are not over."""
    zone = home(book, person)
    return tuple(one for one in person.reminders if one.days or happens(book, zone, one) > at)


def wake(book: Book, person: Person, after: datetime) -> Wake | None:
    """The timer of the next one; None: there is nothing to tell."""
    zone = home(book, person)
    found = [reminded(book, zone, one, after) for one in person.reminders if not rests(person, one)]
    found += [after + BUSY] if owes_word(person) or any(map(partial(unheard, person), person.reminders)) else []
    due = min((moment for moment in found if moment), default=None)
    return Wake(at=due, timer=TIMER, serves=due.isoformat()) if due else None


def kept(
    book: Book, before: Person, person: Person, effects: list[Effect], at: datetime
) -> tuple[Person, list[Effect]]:
    """The same, with the timer set anew, or taken back, where what is told or when has changed.

    What waited to be told meanwhile, as somebody was busy, still does. What a pause has passed over does not.
    """
    if not (before.reminders or person.reminders or before.withdrawn or person.withdrawn):
        return person, effects
    stopped = any(isinstance(one, CancelTimers) and not one.timers for one in effects)
    if any(isinstance(one, Wake) and one.timer == TIMER for one in effects):
        return person, effects
    if not stopped and _rests_on(book, before) == _rests_on(book, person):
        return person, effects
    back = {one.number for one in before.reminders if not one.off and rests(before, one) and not rests(person, one)}
    if back:
        person = person.moved(
            reminders=tuple(one.moved(told=at) if one.number in back else one for one in person.reminders)
        )
    due = _waiting(book, person, at) or wake(book, person, at)
    return person, [*effects, due] if due else [*effects, CancelTimers(timers=(TIMER,))]


def _waiting(book: Book, person: Person, at: datetime) -> Wake | None:
    """The timer of what should have been told already, and is not stale; None: nothing waits."""
    found = (owed(book, person, one, BEGUN, at) for one in upcoming(book, person, at) if not rests(person, one))
    due = min((moment for moment in found if moment), default=None)
    return Wake(at=at + TICK, timer=TIMER, serves=due.isoformat()) if due else None


def owed(book: Book, person: Person, one: Reminder, since: datetime, at: datetime) -> datetime | None:
    """The first moment later than `since` at which it should have been told, and still is; None: there is none.

    How late it is counts from when they may be told: the quiet hours alone make nothing stale.
    """
    zone, after = home(book, person), max(since, one.told or BEGUN, at - STALE - DAY)
    while (due := reminded(book, zone, one, after)) is not None and due <= at:
        if awake(book, person, due) > at - STALE:
            return due
        after = due
    return None


def missed(book: Book, person: Person, one: Reminder, since: datetime, at: datetime) -> datetime | None:
    """When a medicine was due of which nobody was reminded in time, as something else came first and then the night;
    None: there is no such. Of one that was merely late by day nothing is said."""
    zone, after = home(book, person), max(since, one.told or BEGUN, at - DAY)
    due = reminded(book, zone, one, after) if one.days else None
    night = due is not None and awake(book, person, due) == due and awake(book, person, due + STALE) > due + STALE
    return due if due is not None and night and due <= at else None


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """Tell what is due. Nobody is woken, an emergency comes first, and what is hours late is passed over."""
    at, zone = event.at, home(book, person)
    if not active(person) or not (person.reminders or person.withdrawn):
        return person, []
    later = awake(book, person, at)
    if later > at:
        return person, [Wake(at=later, timer=TIMER, serves=event.serves)]
    if person.loop is not None or (person.place is not None and at - person.place.at < BUSY):
        return person, [Wake(at=at + BUSY, timer=TIMER, serves=event.serves)]
    since = datetime.fromisoformat(event.serves) - TICK
    said, left = list[Effect](), list[Reminder]()
    if owes_word(person):
        said += [_gone(book, person, one) for one in person.withdrawn]
        person = person.moved(withdrawn=())
    for one in upcoming(book, person, at):
        if unheard(person, one):
            said.append(_set(book, person, one))
            one = one.moved(new=False)
        due = None if rests(person, one) else owed(book, person, one, since, at)
        if due is not None:
            said.append(_due(book, zone, one, at))
            one = one.moved(told=at, slot=reminded_of(book, zone, one, due))
        elif not rests(person, one) and (late := missed(book, person, one, since, at)) is not None:
            said.append(_missed(book, zone, one, late))
            one = one.moved(told=at, slot=reminded_of(book, zone, one, late))
        left.append(one)
    person = person.moved(reminders=tuple(left))
    again = wake(book, person, at)
    return person, [*([again] if again else []), *said]


def told(book: Book, person: Person, event: Reminded) -> tuple[Person, list[Effect]]:
    """A coordinator has set one, or taken it back. The person learns who did, but is not woken for it.

    In an emergency the call comes first: what is set or taken back is told once that is over.
    """
    if event.reminder is None:
        return _taken_back(book, person, event)
    refused = not (person.permits("show") and active(person)) or awake(book, person, event.at) > event.at
    if refused or person.stopped or len(upcoming(book, person, event.at)) >= MOST:
        return person, []
    later = person.loop is not None
    one = event.reminder.moved(number=person.runs + 1, by=event.by, told=event.at, off=False, slot="", new=later)
    person = person.moved(runs=one.number, reminders=(*upcoming(book, person, event.at), one))
    return person, [] if later else [_set(book, person, one)]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """The list, and switching one off or on."""
    person = person.moved(reminders=upcoming(book, person, event.at))
    found = next((one for one in person.reminders if str(one.number) == event.about), None)
    if found is None or event.option not in ("off", "on") or not person.permits("remind"):
        return person, show(book, person)
    changed = found.moved(off=event.option == "off", told=event.at, new=False)
    person = person.moved(reminders=tuple(changed if one is found else one for one in person.reminders))
    line = (("told", described(book, home(book, person), changed.moved(off=False))),)
    return person, [Say(words=f"reminder.{event.option}", with_=line, buttons=((switch(changed),), (LIST,)))]


def show(book: Book, person: Person) -> list[Effect]:
    """What the team has set."""
    if not person.reminders:
        return [Say(words="reminder.none", buttons=((menu.CHECKINS,), (menu.HOME,)))]
    zone = home(book, person)
    lines = Lines(tuple(described(book, zone, one) for one in person.reminders))
    switches = tuple((switch(one, str(n)),) for n, one in enumerate(person.reminders, 1))
    return [Say(words="reminder.list", with_=(("lines", lines),), buttons=(*switches, (menu.CHECKINS,)))]


def offered(person: Person, effects: list[Effect]) -> list[Effect]:
    """The screen of check-ins, with the way to the reminders at its end."""
    last = effects[-1]
    if not isinstance(last, Say) or not person.reminders or not person.permits("remind"):
        return effects
    return [*effects[:-1], Say(words=last.words, with_=last.with_, buttons=(*last.buttons, (LIST,)))]


def switch(one: Reminder, number: str = "") -> Button:
    """The button that switches it off, or on again. `number`: its line."""
    name, fill = "on" if one.off else "off", (("number", number),) if number else ()
    words = f"button.reminder_{name}_number" if number else f"button.reminder_{name}"
    return Button(words=words, item="reminders", option=name, about=str(one.number), with_=fill)


def described(book: Book, zone: str, one: Reminder) -> Words:
    """One reminder in a line: what, and when by the clocks of the zone."""
    fill: tuple[tuple[str, Fill], ...] = (("what", what(book, one)), ("when", when(book, zone, one)))
    line = Words("reminder.line", fill)
    return Words("reminder.line_off", (("told", line),)) if one.off else line


def at_site(book: Book, zone: str, one: Reminder) -> Words:
    """The same for coordinators: what is on one day by the clock of the site, medicine by that of the person's zone."""
    return described(book, book.pathway.zone if one.day else zone, one)


def what(book: Book, one: Reminder) -> Fill:
    """What it is about: as typed; of medicine, else, in the site's own words."""
    return one.text or (book.pathway.medicine if one.kind == "medicine" else "") or Words(f"reminder.what.{one.kind}")


def when(book: Book, zone: str, one: Reminder) -> Fill:
    """The days and the time of a medicine, the day of a dental check, the day and the time of an appointment.

    Where the clocks of the zone differ from those of the site, both: an appointment is kept by those of the site.
    """
    if one.days:
        days: Fill = tuple(Words(f"day.{day}") for day in one.days)
        days = Words("day.every") if one.days == EVERY_DAY else days
        return Words("reminder.days", (("days", days), ("clock", one.clock)))
    if not one.clock:
        return date.fromisoformat(one.day)
    begins, site = happens(book, zone, one), book.pathway.zone
    here = Moment(begins, zone)
    if in_zone(zone, begins).utcoffset() == in_zone(site, begins).utcoffset():
        return here
    return Words("reminder.abroad", (("site", Moment(begins, site)), ("city", city(zone)), ("here", here)))


def _set(book: Book, person: Person, one: Reminder) -> Say:
    """That a coordinator has set it, with the way to switch it off."""
    later: Fill = Words("reminder.rests") if rests(person, one) else ""
    fill = (("by", spoken(one.by)), ("told", described(book, home(book, person), one)), ("rests", later))
    return Say(words="reminder.set", with_=fill, buttons=((switch(one),), (menu.SYMPTOMS,)))


def _due(book: Book, zone: str, one: Reminder, at: datetime) -> Say:
    name = one.kind
    if not one.days:
        day = today(zone, happens(book, zone, one)) if one.clock else date.fromisoformat(one.day)
        name += "_today" if today(zone, at) >= day else "_tomorrow"
    fill = (("what", what(book, one)), ("when", when(book, zone, one)))
    return Say(words=f"reminder.{name}", with_=fill, buttons=((switch(one),), (menu.SYMPTOMS,)))


def _missed(book: Book, zone: str, one: Reminder, due: datetime) -> Say:
    """What they were not reminded of. Whether to take it late is for the team to say."""
    fill: tuple[tuple[str, Fill], ...] = (("what", what(book, one)), ("when", Moment(due, zone)))
    return Say(words="reminder.missed", with_=fill, buttons=((switch(one),), (menu.SYMPTOMS,)))


def _taken_back(book: Book, person: Person, event: Reminded) -> tuple[Person, list[Effect]]:
    found = next((one for one in person.reminders if one.number == event.number), None)
    if found is None:
        return person, []
    person = person.moved(reminders=tuple(one for one in person.reminders if one is not found))
    if found.new:  # of what nobody has heard nothing has to be taken back
        return person, []
    found = found.moved(by=event.by)
    reached = active(person) and not (person.stopped or person.loop)
    if not reached or awake(book, person, event.at) > event.at:
        return person.moved(withdrawn=(*person.withdrawn, found)), []
    return person, [_gone(book, person, found)]


def _gone(book: Book, person: Person, one: Reminder) -> Say:
    """That a coordinator has taken it back: they must not count on it any more."""
    line = (("told", described(book, home(book, person), one)), ("by", spoken(one.by)))
    return Say(words="reminder.taken_back", with_=line, buttons=((menu.CHECKINS,),))


def _rests_on(book: Book, person: Person) -> object:
    """What the timer rests on."""
    rest, gone = tuple(rests(person, one) for one in person.reminders), (person.withdrawn, owes_word(person))
    return rest, gone, person.reminders, homes(book, person)
