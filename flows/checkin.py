"""Check-ins: asked when due, one nudge, then missed. When is chosen in flows/schedule.py."""

from datetime import datetime, timedelta

from flows import menu, schedule, triage
from flows.book import Book
from flows.due import awake, next_due, slot
from flows.effects import CancelTimers, Effect, Follow, Say, Wake
from flows.events import CameDue
from flows.fills import Moment
from flows.person import Last, Person, Place
from flows.questionnaire import begin, closing, leave, resume, set_aside
from flows.ways import SKIPPED, UNSURE, skipped_signs
from flows.zones import theirs

BUSY = timedelta(minutes=30)  # a check-in and its nudge wait this long for somebody in the middle of answering
HOUR = timedelta(hours=1)
STILL = timedelta(days=3)  # how long "as last time" is offered
WEEK = timedelta(days=6, hours=12)
NOTHING = frozenset({*SKIPPED, UNSURE})  # answers that tell nothing
PATIENTS = (("strain_often", "patient"), ("strain_much", "patient"))  # who cares for nobody is not asked about it
IN_A_ROW = 2  # so many without any answer: something may be wrong
MISSED = Say(words="checkin.missed", buttons=((menu.SYMPTOMS,),))


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """The time of a check-in, its nudge, or its end. Obeyed only while what it serves is still open."""
    before = person
    match event.timer:
        case "checkin":
            return _checkin_due(book, person, event)
        case "resume":
            return schedule.resumed(book, person, event)
        case "nudge" | "missed" if waiting_for(person, event.serves) is not None and (
            _busy(person, event.at) or person.loop is not None
        ):
            return person, [Wake(at=event.at + BUSY, timer=event.timer, serves=event.serves)]
        case "nudge" if waiting_for(person, event.serves) is not None and _asleep(book, person, event.at):
            later = awake(book, person, event.at)
            return person, [Wake(at=later, timer="nudge", serves=event.serves)]
        case "nudge" if waiting_for(person, event.serves) is not None:
            missed = Wake(at=event.at + book.pathway.missed_after, timer="missed", serves=event.serves)
            person, asked = resume(book, person)
            return person, [missed, Say(words="checkin.nudge"), *asked]
        case "missed" if (place := waiting_for(person, event.serves)) is not None:
            asleep = _asleep(book, person, event.at)
            gone = person.moved(place=None) if place is person.place else person.moved(waiting=None)
            person, ended = _missed(gone, place)
            if asleep and any(isinstance(one, Follow) for one in ended):  # nobody is told of it at night
                return before, [Wake(at=awake(book, before, event.at), timer="missed", serves=event.serves)]
            return person, [*ended, *([] if asleep else [MISSED])]
        case "nudge" | "missed":
            return person, []  # it was answered while the timer was on its way
        case _:
            return person, []  # a timer that this version does not set; a later one knows what it is for


def put_off(book: Book, person: Person, place: Place, at: datetime) -> tuple[Person, list[Effect]]:
    """Not now: asked again in an hour, this once. If that is in quiet hours, the next one comes when it is due."""
    plan, then = person.schedule, at + HOUR
    if awake(book, person, then) == then:
        person, left = set_aside(person.moved(place=place.moved(later=False)))
        again = Wake(at=then, timer="nudge", serves=str(place.run))
        said = Say(
            words="checkin.later",
            with_=(("at", theirs(book, person, then)),),
            buttons=((menu.GO_ON,), (menu.SYMPTOMS,)),
        )
        return person, [*left, CancelTimers(timers=("missed",)), again, said]
    person, closed = leave(person)
    effects: list[Effect] = [*closed, CancelTimers(timers=("nudge", "missed"))]
    rows = ((schedule.NOW,), (menu.SYMPTOMS,))
    if plan is None or plan.paused:
        return person, [*effects, Say(words="checkin.later_none", buttons=rows)]
    due = Moment(next_due(plan, at), plan.zone)
    return person, [*effects, Say(words="checkin.later_next", with_=(("next", due),), buttons=rows)]


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The last question of a check-in was answered, without an emergency. What was told before still stands."""
    person, closed = leave(person.moved(place=place), "completed")
    closed = [*closed, CancelTimers(timers=("nudge", "missed"))]
    due = week_over(person, place.at)
    weekly = person.weekly or place.at  # the first comes a week after the first check-in
    person = person.moved(last=_to_repeat(book, place), weekly=weekly, missed=0)
    person, repeated = triage.called_again(book, person, place)
    if repeated:
        return person, [*repeated, *closed]
    words = "checkin.done" if place.urgency is None else "checkin.done_urgent"
    if place.urgency is None and skipped_signs(book.questionnaires["daily"], place):
        words = "checkin.done_skipped"
    done: list[Effect] = [*closed, Say(words=words, buttons=((menu.SYMPTOMS,),))]
    if place.urgency is not None or not due:
        return person, done
    person, asked = begin(
        book, person.moved(weekly=place.at), "weekly", place.at, known=() if person.cares else PATIENTS
    )
    return person, [*done, Say(words="weekly.hello"), *asked]


def weekly_finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The last question of the week was answered. What was told before still stands."""
    person, closed = leave(person.moved(place=place), "completed")
    person, repeated = triage.called_again(book, person, place)
    return person, [*(repeated or [Say(words="weekly.done", buttons=((menu.SYMPTOMS,),))]), *closed]


def week_over(person: Person, at: datetime) -> bool:
    """Whether the questions of a week are due: some hours less count too, as nobody answers to the minute."""
    return person.weekly is not None and at - person.weekly >= WEEK


def _to_repeat(book: Book, place: Place) -> Last:
    """Of the answers those that one tap may repeat next time: none with urgency, none that was skipped."""
    given = ((item, item.option(place.answer(item.id))) for item in book.questionnaires["daily"].items if item.same)
    again = ((item.id, option.id) for item, option in given if option and option.urgency is None)
    return Last(at=place.at, answers=tuple((item, said) for item, said in again if said not in NOTHING))


def waiting_for(person: Person, serves: str) -> Place | None:
    """The check-in that is still open, whether asked or set aside."""
    for place in (person.place, person.waiting):
        if place is not None and place.questionnaire == "daily" and str(place.run) == serves:
            return place
    return None


def _checkin_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    plan = person.schedule
    version, _, due = event.serves.partition("@")
    if plan is None or plan.paused or str(plan.version) != version or not person.permits("remind"):
        return person, []
    if due <= plan.asked:
        return person, []  # a timer that went off twice
    at_it = person.place is not None and (person.place.questionnaire != "daily" or bool(person.place.answers))
    if at_it and _busy(person, event.at):  # nothing is torn away from somebody who is answering
        return person, [Wake(at=event.at + BUSY, timer="checkin", serves=event.serves)]
    moment = datetime.fromisoformat(due)
    late = event.at - moment > schedule.STALE
    if person.loop is not None and not late:  # whether help was reached comes first
        return person, [Wake(at=event.at + BUSY, timer="checkin", serves=event.serves)]
    if _asleep(book, person, event.at):
        return person, [Wake(at=awake(book, person, event.at), timer="checkin", serves=event.serves)]
    plan = plan.moved(asked=due, slot=max(slot(plan, moment), plan.slot))
    again = schedule.wake(plan, event.at)
    person = person.moved(schedule=plan)
    if person.loop is not None:
        return person, [again]
    if late:
        person, ended = _superseded(person)
        return person, [again, *ended, Say(words="checkin.late", buttons=((schedule.NOW,), (menu.SYMPTOMS,)))]
    return opened(book, person, event.at, (again,))


def _superseded(person: Person) -> tuple[Person, list[Effect]]:
    """The one before that is still open is missed: after the bot was away nobody is asked for two."""
    effects: list[Effect] = []
    for place in (person.place, person.waiting):
        if place is not None and place.questionnaire == "daily":
            gone = person.moved(place=None) if place is person.place else person.moved(waiting=None)
            person, ended = _missed(gone, place)
            effects += [*ended, CancelTimers(timers=("nudge", "missed"))]
    return person, effects


def opened(book: Book, person: Person, at: datetime, first: tuple[Effect, ...]) -> tuple[Person, list[Effect]]:
    """Ask the first question of a check-in. One still open is missed by now."""
    effects: list[Effect] = list(first)
    for place in (person.place, person.waiting):
        if place is not None and place.questionnaire == "daily":
            person, ended = _missed(person, place)
            effects += ended
        elif place is not None:
            effects += closing(person, place, "stopped")
    if not first:  # they ask for it themselves, and are there
        person, effects = person.moved(missed=0), [one for one in effects if not isinstance(one, Follow)]
    calm = person.last is not None and at - person.last.at <= STILL and triage.standing(person, at) is None
    last = person.last.answers if person.last and calm else ()
    later, person = person.permits("remind"), person.moved(place=None, waiting=None)
    person, asked = begin(book, person, "daily", at, last=last, later=later)
    due = awake(book, person, at + book.pathway.nudge_after)
    nudge = Wake(at=due, timer="nudge", serves=str(person.runs))
    reminds = [nudge] if person.permits("remind") else []
    old = CancelTimers(timers=("nudge", "missed"))
    return person, [*effects, old, *reminds, Say(words="checkin.hello"), *asked]


def _missed(person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """A check-in ends without its last answer. Of two in a row without any the coordinators learn, if they may."""
    row = 0 if place.answers else min(person.missed + 1, IN_A_ROW + 1)
    told: list[Effect] = [Follow(run=place.run, state="missed")] if row == IN_A_ROW and person.permits("show") else []
    return person.moved(missed=row), [*closing(person, place, "missed"), *told]


def _asleep(book: Book, person: Person, at: datetime) -> bool:
    """Whether it is in the quiet hours where they are."""
    return awake(book, person, at) > at


def _busy(person: Person, at: datetime) -> bool:
    """Whether the person answered something a short while ago."""
    return person.place is not None and at - person.place.at < BUSY
