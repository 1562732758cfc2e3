"""Check-ins that rest: until a day, or until the person says."""

from datetime import date, datetime, timedelta

from flows import menu
from flows.book import Book
from flows.choosing import until
from flows.due import awake, resumes
from flows.effects import Button, CancelTimers, Effect, Say, Wake
from flows.events import CameDue
from flows.fills import Fill, With, Words
from flows.person import Person, Place, Schedule
from flows.questionnaire import begin, leave_all, put_by

TIMER = "resume"
RESUME = Button(words="button.checkins_resume", item="checkins", option="resume")
AGAIN = Button(words="button.checkins_repause", item="checkins", option="repause")
WAIT = timedelta(minutes=30)  # while an emergency is open, or they are answering


def said(schedule: Schedule, words: str, *more: tuple[Button, ...], with_: With = ()) -> Say:
    """That check-ins rest, and until when; `words` have another form for a pause that ends by itself."""
    rows = ((RESUME,), *more)
    if not schedule.until:
        return Say(words=f"checkins.{words}", with_=with_, buttons=rows)
    day = ("day", date.fromisoformat(schedule.until))
    return Say(words=f"checkins.{words}_until", with_=(day, *with_), buttons=rows)


def begun(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Ask until when. A check-in that is open waits for the answer."""
    person, put_away = put_by(person)
    person, asked = begin(book, person, "pause", at)
    return person, [*put_away, *asked]


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Until when is known: the check-ins rest, one that is open too."""
    person, closed = leave_all(person.moved(place=place))
    schedule = person.schedule
    if schedule is None:
        return person, [*closed, menu.home(person, "other.old_question")]
    paused = schedule.moved(paused=True, until=until(book, person, place), version=schedule.version + 1)
    rest = CancelTimers(timers=("checkin", "nudge", "missed", TIMER))
    set_ = person.permits("remind") and any(not one.off for one in person.reminders)
    also: Fill = Words("checkins.paused_reminders") if set_ else ""
    words = said(paused, "paused_now", (menu.HOME,), with_=(("reminders", also),))
    return person.moved(schedule=paused), [*closed, rest, *wakes(book, paused, place.at), words]


def wakes(book: Book, schedule: Schedule, at: datetime) -> list[Effect]:
    """The timer that ends the pause by itself, if it does. A day that has come ends it at once."""
    if not schedule.until:
        return []
    ends = resumes(book.times, schedule.zone, date.fromisoformat(schedule.until))
    return [Wake(at=max(ends, at + timedelta(minutes=1)), timer=TIMER, serves=str(schedule.version))]


def over(book: Book, person: Person, event: CameDue) -> Wake | Schedule | None:
    """The day has come: the schedule that goes on; or the timer again, if now is no time to say so; or nothing."""
    schedule = person.schedule
    live = schedule is not None and schedule.paused and schedule.until and str(schedule.version) == event.serves
    if schedule is None or not live or not person.permits("remind"):
        return None
    later = awake(book, person, event.at)
    if later > event.at:
        return Wake(at=later, timer=TIMER, serves=event.serves)
    if person.loop is not None or (person.place is not None and event.at - person.place.at < WAIT):
        return Wake(at=event.at + WAIT, timer=TIMER, serves=event.serves)
    return schedule.moved(paused=False, until="", version=schedule.version + 1, asked=event.at.isoformat())
