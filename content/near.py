"""Steps about the open question: its buttons, earlier answers changed, what is typed, and the timers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from content import desk, recall
from content.far import PLANS
from content.groups import Label
from content.states import State, plan
from content.steps import GONE, NONSENSE, SOON, Step, Steps, over, times
from flows import digest, reminders, schedule
from flows.book import Book, Item, Questionnaire
from flows.checkin import BUSY, HOUR, week_over
from flows.choosing import OWN, TIMES
from flows.due import awake, home, today
from flows.effects import Wake
from flows.events import CameDue, Commanded, Said
from flows.person import Person, Place
from flows.questionnaire import sign
from flows.ways import SKIPPED, before, reasons, skippable, skipped_signs
from flows.zones import read_zones

AWAY = timedelta(hours=5)  # the bot was off when a timer was due
NIGHT = timedelta(hours=3)  # so late that one of the evening comes in the quiet hours, and is not stale
TYPED = (NONSENSE, "07:30", "23:30", "madrid")
WHEN = ("mon thu", "in 5 days", "2020-01-01", "2040-01-01")  # typed besides where it is asked when


def near(steps: Steps, state: State) -> Iterator[Step]:
    """What is about the open question, and the timers."""
    for found in (_open, _ways, _typed, _planned):
        yield from _onward(steps, state, found(steps, state))
    yield from _timers(steps, state)


def earlier(steps: Steps, state: State) -> Iterator[Step]:
    """Other answers to questions of the same run that were asked before."""
    yield from _onward(steps, state, _earlier(steps, state))


def _onward(steps: Steps, state: State, found: Iterator[Step]) -> Iterator[Step]:
    """The same, with what leads on from a question that somebody was led back to."""
    onward = steps.states.onward(state.person.place)
    for step in found:
        yield replace(step, label=(*step.label, *onward)) if onward else step


def _open(steps: Steps, state: State) -> Iterator[Step]:
    """The buttons of the open question."""
    place, found = state.person.place, steps.states.item(state.person.place)
    if place is None or found is None:
        return
    questionnaire, item = found
    path = f"{questionnaire.id}/{item.id}"
    for option in (option for option in item.options if not option.hidden):
        for label, at in times(state, sign(path, option), option.advice, option.urgency, place.run):
            event = steps.tap(at, path, option.id, str(place.run))
            again = place.answer(item.id) == option.id
            label = (again, _left(questionnaire, place, item, option.id), *label)
            label = (*_resumed(steps, state, questionnaire.id), *_when(state), *label)
            yield Step(("answers", option.id, *label), event, shown=True)


def _ways(steps: Steps, state: State) -> Iterator[Step]:
    """Back, past the question with a reason, on, as last time, and not now; by day, and before the quiet hours."""
    place, found, person = state.person.place, steps.states.item(state.person.place), state.person
    at = state.now + SOON
    if place is None or found is None or not found[0].steered:
        yield Step(("ways", "old"), steps.tap(at, "checkin", "back", str(over(state))))
        return
    yield Step(("ways", "old"), steps.tap(at, "checkin", "same", str(over(state))))
    more = _resumed(steps, state, found[0].id)
    for option in ("back", "skip", "on", "same", "x"):
        again: Label = (option == "same" and steps.states.again(place), place.item, *more)
        first = before(found[0], place) if option == "back" else None
        given = first.option(place.answer(first.id)) if first else None
        again = (*again, first and first.id, given and given.urgency, steps.states.skipped(place))
        event = steps.tap(at, "checkin", option, str(place.run))
        yield Step(("ways", option, *again), event, shown=option == "on")
    rests = plan(person)
    evening = at.replace(hour=21, minute=30) + timedelta(days=at.hour > 20)
    for when in (at, evening):
        event = steps.tap(when, "checkin", "later", str(place.run))
        asleep = awake(steps.book, person, when + HOUR) != when + HOUR
        yield Step(("ways", "later", place.later, bool(place.answers), asleep, *rests), event)
    path = f"{found[0].id}/{place.item}"
    for button in (row[0] for row in reasons(found[1], place) if skippable(found[1])):
        if button.option in SKIPPED:
            again = (place.answer(place.item) == button.option, _left(found[0], place, found[1], button.option))
            yield Step(
                ("skips", button.option, *again, *more), steps.tap(at, path, button.option, str(place.run)), shown=True
            )


def _left(questionnaire: Questionnaire, place: Place, item: Item, said: str) -> bool:
    """Whether a question about a warning sign stays skipped after this answer."""
    answers = tuple({**dict(place.answers), item.id: said}.items())
    return questionnaire.steered and skipped_signs(questionnaire, place.moved(answers=answers))


def _resumed(steps: Steps, state: State, questionnaire: str) -> Label:
    """What waits, where the end of a questionnaire goes on with it; whether the questions of a week come after it."""
    if questionnaire in ("daily", "weekly"):
        return (week_over(state.person, state.now + SOON), state.person.cares)
    return steps.states.whole(state.person.waiting) if questionnaire == "handover" else ()


def _earlier(steps: Steps, state: State) -> Iterator[Step]:
    """Changing an earlier answer of the open run: of each kind of answer one, and each that something reads."""
    place, found = state.person.place, steps.states.item(state.person.place)
    if place is None or found is None:
        return
    questionnaire, typed = found[0], not found[1].options  # without buttons of its own those above are the way on
    read, seen = steps.read(questionnaire), set[Label]()
    for name, said in place.answers:
        item = questionnaire.item(name)
        given = item.option(said) if item and name != place.item else None
        if item is None or given is None:
            continue
        path = f"{questionnaire.id}/{name}"
        for option in item.options:
            own: Label = (name, option.id, given.id, steps.states.answered(place)) if name in read else ()
            own = (name, option.id, given.id) if name in TIMES else own
            left = _left(questionnaire, place, item, option.id)
            kind = (given.urgency, option.urgency, option.advice, given.id == option.id, option.ends, left, *own)
            if kind in seen or option.hidden:
                continue
            seen.add(kind)
            for label, at in times(state, sign(path, option), option.advice, option.urgency, place.run):
                event = steps.tap(at, path, option.id, str(place.run))
                resumed = _resumed(steps, state, questionnaire.id)
                yield Step(("changes", *kind, *resumed, *_when(state), *label), event, shown=typed)


def _typed(steps: Steps, state: State) -> Iterator[Step]:
    """Nonsense, and what the open question may take."""
    at, found = state.now + SOON, steps.states.item(state.person.place)
    taken = found is not None and found[1].words
    when = WHEN if found is not None and found[0].id in OWN else ()
    for text in (*TYPED, *when) if taken else (NONSENSE,):
        resumed = _resumed(steps, state, found[0].id) if taken and found else ()
        resumed = (*resumed, steps.states.skipped(state.person.place)) if taken else resumed
        place = state.person.place
        zones = read_zones(steps.book, state.person.country, text, at) if place and place.item == "zone" else ()
        yield Step(("types", text, *resumed, *_when(state), len(zones)), Said(at=at, text=text))
    if found is None or not found[1].measure or state.person.place is None:
        return
    for site, texts in enumerate(steps.measured):
        for text, name in texts.items():
            option = found[1].option(name)
            told, urgency = f"{found[0].id}/{found[1].id}", option.urgency if option else None
            for label, then in times(state, told, option.advice if option else "", urgency, state.person.place.run):
                yield Step(("measures", site, text, *label), Said(at=then, text=text), site=site)


def _when(state: State) -> Label:
    """What the questions of when rest on besides: the other time of the day, and whether check-ins are set and rest."""
    place = state.person.place
    if place is None or place.questionnaire not in OWN:
        return ()
    return (place.answer("first"), place.answer("second"), bool(place.answer("zone")), plan(state.person))


def _planned(steps: Steps, state: State) -> Iterator[Step]:
    """The buttons besides the options of a question of when."""
    place, at = state.person.place, state.now + SOON
    for option, about in PLANS if place is not None and place.questionnaire in OWN else ():
        event = steps.tap(at, "plan", option, about)
        yield Step(("plan", option, about, *_when(state)), event, shown=(option, about) == PLANS[-2])


def _timers(steps: Steps, state: State) -> Iterator[Step]:
    """Every timer that is set goes off, in time and late."""
    person = state.person
    for wake in state.timers:
        for late in (timedelta(0), AWAY, *((NIGHT,) if wake.timer == reminders.TIMER else ())):
            at = max(wake.at, state.now + SOON) + late
            yield Step(_rung(steps, state, wake, at), CameDue(at=at, timer=wake.timer, serves=wake.serves))
    if person.place:  # the content changed since, and has that question no more
        yield Step(
            ("content changed", person.role == "patient"), Commanded(at=state.now + SOON, name="help", argument=GONE)
        )


def _rung(steps: Steps, state: State, wake: Wake, at: datetime) -> Label:
    person = state.person
    busy = person.place is not None and at - person.place.at < BUSY
    asleep = awake(steps.book, person, at) != at
    begun = tuple(bool(one.answers) for one in (person.place, person.waiting) if one and one.questionnaire == "daily")
    held: Label = (asleep, person.loop is not None, person.missed, begun)
    answered = _answered_today(steps.full, person, at)
    match wake.timer:
        case "loop":
            loop = person.loop
            live = loop is not None and str(loop.run) == wake.serves
            return ("rings", "loop", live and loop and (loop.asked, loop.silent))
        case "checkin":
            set_ = person.schedule
            version, _, due = wake.serves.partition("@")
            live = set_ is not None and not set_.paused and str(set_.version) == version and due > set_.asked
            late = at - datetime.fromisoformat(due) > schedule.STALE
            return ("rings", "checkin", live, late, busy, *held, answered)
        case "resume":
            rests = person.schedule
            return (
                "rings",
                "resume",
                rests is not None and str(rests.version) == wake.serves,
                busy,
                *plan(person),
                *held,
            )
        case reminders.TIMER:
            return recall.rung(steps, state, wake, at)
        case digest.TIMER:
            return ("rings", "digest", asleep, desk.waits(steps, at))
        case name if name.startswith(("circle ", "farewell")):
            return ("rings", name, wake.serves.partition("@")[0], bool(person.circle), asleep)
        case _:
            places = [place and str(place.run) == wake.serves for place in (person.place, person.waiting)]
            return ("rings", wake.timer, *places, busy, *held, answered, steps.states.whole(person.waiting))


def _answered_today(book: Book, person: Person, at: datetime) -> object:
    """Whether a relative has answered on the day that it is, or the patient."""
    zone, last = home(book, person), person.relative
    now = bool(person.circle) and last is not None and today(zone, last) == today(zone, at)
    return now and (person.relative_by or "relative")
