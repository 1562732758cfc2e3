"""Check-ins: choosing when, asking when due, one nudge, then missed."""

from datetime import datetime, timedelta

from flows import menu, triage
from flows.book import Book
from flows.due import next_due, quiet, read_clock, read_zone
from flows.effects import Button, CancelTimers, Effect, Moment, Say, Wake, Words
from flows.events import CameDue, Tapped
from flows.person import Person, Place, Schedule
from flows.questionnaire import begin, closing, leave, resume

WEEK = 7
TIMERS = ("checkin", "nudge", "missed")
BUSY = timedelta(minutes=30)  # a check-in and its nudge wait this long for somebody in the middle of answering
STALE = timedelta(hours=4)  # one that comes later than this is not asked any more
SET = Button(words="button.checkins_set", item="checkins", option="set")
CHANGE = Button(words="button.checkins_change", item="checkins", option="set")
PAUSE = Button(words="button.checkins_pause", item="checkins", option="pause")
RESUME = Button(words="button.checkins_resume", item="checkins", option="resume")
END = Button(words="button.checkins_end", item="checkins", option="end")
NOW = Button(words="button.checkins_now", item="checkins", option="now")


def show(book: Book, person: Person, at: datetime) -> list[Effect]:
    """/checkins: what is set, and what can be changed."""
    if not person.permits("keep"):
        return [Say(words="checkins.need_keep", buttons=((menu.CONSENT,), (menu.SYMPTOMS,), (menu.HOME,)))]
    if not person.permits("remind"):
        remind = Button(words="button.remind_on", item="data", option="remind_on")
        return [Say(words="checkins.need_remind", buttons=((remind,), (NOW,), (menu.HOME,)))]
    schedule = person.schedule
    if schedule is None:
        return [Say(words="checkins.none", buttons=((SET,), (NOW,), (menu.HOME,)))]
    if schedule.paused:
        return [Say(words="checkins.paused", buttons=((RESUME,), (CHANGE,), (NOW,), (END,), (menu.HOME,)))]
    return [_set("checkins.menu", schedule, at, ((CHANGE,), (PAUSE,), (NOW,), (END,), (menu.HOME,)))]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button under /checkins."""
    schedule = person.schedule
    if event.option == "now" and person.permits("keep"):
        return _open(book, person, event.at, ())
    if not person.permits("remind"):
        return person, show(book, person, event.at)
    if event.option == "set":
        return begin(book, person, "schedule", event.at)
    if event.option == "pause" and schedule and not schedule.paused:
        paused = schedule.moved(paused=True, version=schedule.version + 1)
        return person.moved(schedule=paused), [CancelTimers(timers=TIMERS), Say(words="checkins.paused_now")]
    if event.option == "resume" and schedule and schedule.paused:
        return _scheduled(person, schedule.moved(paused=False, version=schedule.version + 1), event.at)
    if event.option == "end" and schedule:
        ended = Say(words="checkins.ended", buttons=((SET,), (menu.HOME,)))
        return person.moved(schedule=None), [CancelTimers(timers=TIMERS), ended]
    return person, show(book, person, event.at)


def typed(book: Book, person: Person, place: Place, text: str, at: datetime) -> str | None:
    """What typed words mean as an answer to a question about the schedule; None if nothing."""
    if place.item == "time":
        clock = read_clock(text)
        return f"{clock:%H%M}" if clock else None
    return read_zone(book, person.country, text, at)


def refused(book: Book, place: Place, said: str) -> Effect | None:
    """What to say to a time that cannot be had, None if it can."""
    clock = read_clock(said) if place.item == "time" else None
    if clock is None or not quiet(book.times, clock):
        return None
    hours = (("from", f"{book.times.quiet_from:%H:%M}"), ("until", f"{book.times.quiet_until:%H:%M}"))
    return Say(words="checkins.quiet", with_=hours)


def chosen(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Days, time and zone are known."""
    person, closed = leave(person.moved(place=place), "completed")
    clock, days = read_clock(place.answer("time")), _days(book, place)
    if clock is None or not days or not person.permits("remind"):
        return person, [*closed, *show(book, person, place.at)]
    schedule = Schedule(
        version=person.schedule.version + 1 if person.schedule else 1,
        days=days,
        clock=f"{clock:%H:%M}",
        zone=place.answer("zone_typed") or book.pathway.zone,
    )
    person, effects = _scheduled(person, schedule, place.at)
    return person, [*closed, *effects]


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """The time of a check-in, its nudge, or its end. Obeyed only while what it serves is still open."""
    match event.timer:
        case "checkin":
            return _checkin_due(book, person, event)
        case "nudge" | "missed" if waiting_for(person, event.serves) is not None and _busy(person, event.at):
            return person, [Wake(at=event.at + BUSY, timer=event.timer, serves=event.serves)]
        case "nudge" if waiting_for(person, event.serves) is not None:
            missed = Wake(at=event.at + book.pathway.missed_after, timer="missed", serves=event.serves)
            person, asked = resume(book, person)
            return person, [missed, Say(words="checkin.nudge"), *asked]
        case "missed" if (place := waiting_for(person, event.serves)) is not None:
            gone = person.moved(place=None) if place is person.place else person.moved(waiting=None)
            return gone, [*closing(person, place, "missed"), Say(words="checkin.missed", buttons=((menu.SYMPTOMS,),))]
        case "nudge" | "missed":
            return person, []  # it was answered while the timer was on its way
        case _:
            return person, []  # a timer that this version does not set; a later one knows what it is for


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The last question of a check-in was answered, without an emergency. What was told before still stands."""
    person, closed = leave(person.moved(place=place), "completed")
    closed = [*closed, CancelTimers(timers=("nudge", "missed"))]
    person, repeated = triage.called_again(book, person, place)
    if repeated:
        return person, [*repeated, *closed]
    words = "checkin.done" if place.urgency is None else "checkin.done_urgent"
    return person, [*closed, Say(words=words, buttons=((menu.SYMPTOMS,),))]


def waiting_for(person: Person, serves: str) -> Place | None:
    """The check-in that is still open, whether asked or set aside."""
    for place in (person.place, person.waiting):
        if place is not None and place.questionnaire == "daily" and str(place.run) == serves:
            return place
    return None


def _checkin_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    schedule = person.schedule
    version, _, due = event.serves.partition("@")
    if schedule is None or schedule.paused or str(schedule.version) != version or not person.permits("remind"):
        return person, []
    if due <= schedule.asked:
        return person, []  # a timer that went off twice
    if person.place is not None and person.place.questionnaire != "daily" and _busy(person, event.at):
        return person, [Wake(at=event.at + BUSY, timer="checkin", serves=event.serves)]
    again = _wake(schedule, event.at)
    person = person.moved(schedule=schedule.moved(asked=due))
    if event.at - datetime.fromisoformat(due) > STALE:
        return person, [again, Say(words="checkin.late", buttons=((NOW,), (menu.SYMPTOMS,)))]
    return _open(book, person, event.at, (again,))


def _open(book: Book, person: Person, at: datetime, first: tuple[Effect, ...]) -> tuple[Person, list[Effect]]:
    """Ask the first question of a check-in. One still open is missed by now."""
    effects: list[Effect] = list(first)
    for place in (person.place, person.waiting):
        if place is not None:
            effects += closing(person, place, "missed" if place.questionnaire == "daily" else "stopped")
    person, asked = begin(book, person.moved(place=None, waiting=None), "daily", at)
    nudge = Wake(at=at + book.pathway.nudge_after, timer="nudge", serves=str(person.runs))
    reminds = [nudge] if person.permits("remind") else []
    old = CancelTimers(timers=("nudge", "missed"))
    return person, [*effects, old, *reminds, Say(words="checkin.hello"), *asked]


def _busy(person: Person, at: datetime) -> bool:
    """Whether the person answered something a short while ago."""
    return person.place is not None and at - person.place.at < BUSY


def taken_up(person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """The person can be reached again: the schedule goes on."""
    assert person.schedule is not None
    return _scheduled(person, person.schedule.moved(version=person.schedule.version + 1), at)


def _scheduled(person: Person, schedule: Schedule, at: datetime) -> tuple[Person, list[Effect]]:
    said = _set("checkins.set", schedule, at, ((CHANGE,), (menu.HOME,)))
    return person.moved(schedule=schedule), [_wake(schedule, at), said]


def _wake(schedule: Schedule, after: datetime) -> Wake:
    due = next_due(schedule, after)
    return Wake(at=due, timer="checkin", serves=f"{schedule.version}@{due.isoformat()}")


def _days(book: Book, place: Place) -> str:
    """The weekdays that were chosen; empty if the content has that answer no more."""
    found = book.item("schedule/days")
    option = found[1].option(place.answer("days")) if found else None
    return option.days if option else ""


def _set(words: str, schedule: Schedule, at: datetime, buttons: tuple[tuple[Button, ...], ...]) -> Say:
    days = tuple(Words(f"day.{day}") for day in schedule.days) if len(schedule.days) < WEEK else Words("day.every")
    due = Moment(next_due(schedule, at), schedule.zone)
    fill = (("days", days), ("clock", schedule.clock), ("zone", schedule.zone), ("next", due))
    return Say(words=words, with_=fill, buttons=buttons)
