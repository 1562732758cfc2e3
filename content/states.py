"""Where a person can be, and what two such states must share to count as one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from content.groups import FAR, NEAR, Key, Label, Mark
from flows.alerts import TIMER, WORD
from flows.book import Book, Item, Questionnaire, Urgency
from flows.checkin import week_over
from flows.due import awake
from flows.effects import Begin, CancelTimers, Close, Effect, Forget, Wake
from flows.events import CameDue, Event
from flows.handling import NOTE_WITHIN
from flows.person import Loop, Person, Place
from flows.reminders import TIMER as REMIND
from flows.ways import enabled, offered, skipped_signs

TOGETHER = timedelta(hours=36)  # how long what was told counts
MINUTE = timedelta(minutes=1)
ANSWERING = timedelta(minutes=30)  # so long somebody is in the middle of a questionnaire
DISTANT = 3  # days: what is further away is not told soon
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
READ = {  # answers that the end of a questionnaire or its first question read, besides those other questions wait for
    "welcome": ("role",),
    "consent": ("adult", "patient_agrees", "keep", "show", "remind"),
}

NOWHERE: Label = (("", "", None, False), (), (), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A person, what will go off for them, which of their responses are open, and the time of the last event."""

    person: Person
    timers: tuple[Wake, ...] = ()
    open: frozenset[int] = frozenset()
    now: datetime = START

    def timer(self, name: str) -> Wake | None:
        """The timer of this name, if it is set."""
        return next((wake for wake in self.timers if wake.timer == name), None)


def after(state: State, event: Event, person: Person, effects: list[Effect]) -> State:
    """The state once the effects are carried out."""
    timers = {wake.timer: wake for wake in state.timers}
    opened = set(state.open)
    if isinstance(event, CameDue) and (wake := timers.get(event.timer)) and wake.serves == event.serves:
        del timers[event.timer]
    for effect in effects:
        match effect:
            case Wake(timer=name) if name.startswith((TIMER, WORD)):
                pass  # it may go off at any time: see desk.py
            case Wake(timer=name):
                timers[name] = effect
            case CancelTimers(timers=names):
                timers = {name: wake for name, wake in timers.items() if names and name not in names}
            case Begin(run=run):
                opened.add(run)
            case Close(run=run):
                opened.discard(run)
            case Forget():
                timers, opened = {}, set()
            case _:
                pass  # changes nothing that is asked after here
    kept = tuple(timers[name] for name in sorted(timers))
    return State(person=person, timers=kept, open=frozenset(opened), now=event.at)


@dataclass(frozen=True)
class States:
    """Keys of states, for one content. `without`: a part of the key left out, to see that it is needed."""

    book: Book
    without: str = ""
    _fronts: dict[Label, Label] = field(default_factory=dict)

    def item(self, place: Place | None) -> tuple[Questionnaire, Item] | None:
        """The open question."""
        return self.book.item(f"{place.questionnaire}/{place.item}") if place else None

    def front(self, place: Place | None) -> Label:
        """What of a place the rest of its questionnaire rests on. Of the answers: those that something reads.

        Which conditional questions are called for, and answered; those an end reads; how far the person got (an
        earlier answer changed leads back).
        """
        front = self.whole(place)
        return (front[0], *NOWHERE[1:]) if self.onward(place) else front

    def onward(self, place: Place | None) -> Label:
        """Of a place that somebody was led back to, with later questions answered: what leads on from there. Labels
        name it."""
        return (self.whole(place), self.answered(place)) if place and self._led_back(place) else ()

    def answered(self, place: Place) -> Label:
        """Which conditional questions have an answer: it counts when they are called for again. Labels name it."""
        items, answers = self.book.questionnaires[place.questionnaire].items, dict(place.answers)
        return tuple(item.id in answers for item in items if item.when)

    def _led_back(self, place: Place) -> bool:
        ids, answers = [item.id for item in self.book.questionnaires[place.questionnaire].items], dict(place.answers)
        return place.item in ids and any(name in answers for name in ids[ids.index(place.item) :])

    def whole(self, place: Place | None) -> Label:
        """The same, also where somebody was led back."""
        if place is None:
            return NOWHERE
        name = (place.questionnaire, place.item, place.answers, place.urgency)
        if name not in self._fronts:
            self._fronts[name] = self._front(place)
        return self._fronts[name]

    def _front(self, place: Place) -> Label:
        questionnaire, answers = self.book.questionnaires[place.questionnaire], dict(place.answers)
        items = questionnaire.items
        conditions = tuple(enabled(item, answers) and (item.id in answers,) for item in items if item.when)
        read = tuple(answers.get(name) for name in READ.get(questionnaire.id, ()))
        rest = (item.id for item in items if item.id not in answers and not item.when and item.id != place.item)
        return (
            (questionnaire.id, place.item, self._given(place), self._led_back(place)),
            conditions,
            read,
            next(rest, ""),
        )

    def _given(self, place: Place) -> object:
        """How urgent the answer is that the open question has already, where somebody went back to it."""
        item = self.book.questionnaires[place.questionnaire].item(place.item)
        option = item.option(place.answer(place.item)) if item and place.answer(place.item) else None
        return (option.urgency or 0) if option else None

    def mark(self, state: State) -> Mark:
        """What of a state is looked at."""
        near, far = self._key(state)
        parts, person = self.parts(state), state.person
        asked = (person.place.questionnaire, person.place.item) if person.place else ("", "")
        said = tuple([place and (place.answers, place.last, place.later) for place in (person.place, person.waiting)])
        whole = (near, far, asked, parts, said)
        if self.without:
            near = tuple(None if name == self.without else part for name, part in zip(NEAR, near, strict=True))
            far = tuple(None if name == self.without else part for name, part in zip(FAR, far, strict=True))
        return Mark(Key(near, far), whole, asked, parts)

    def _key(self, state: State) -> tuple[Label, Label]:
        person = state.person
        item, conditions, read, _ = self.front(person.place)  # how far they got, `onward` names
        permits = allowed(person)
        waiting = person.waiting.questionnaire if person.waiting else ""
        known = bool(person.role)
        died = person.farewell and (person.role == "patient",)  # what is said then is not said to the patient
        near: Label = (*permits[:2], died, item, conditions, read, bool(waiting))
        asked = person.place.questionnaire if person.place else ""
        far: Label = (known, _blocked(person), died, *permits, asked, waiting)
        return near, far

    def skipped(self, place: Place | None) -> bool:
        """Whether a question about a warning sign was skipped. Labels name it where the end reads it."""
        return place is not None and skipped_signs(self.book.questionnaires[place.questionnaire], place)

    def again(self, place: Place | None) -> tuple[str, ...]:
        """The questions that one tap answers as last time."""
        return tuple(name for name, _ in offered(self.book.questionnaires[place.questionnaire], place)) if place else ()

    def _ending(self, place: Place | None, *stands: object) -> Iterator[Label]:
        """What counts of what was told before, where the open question is the last."""
        if place is not None and not self.whole(place)[3]:
            yield ("ending", *stands)

    def _said(self, place: Place | None, loop: Loop | None) -> Iterator[Label]:
        """Every answer by button given so far: (item, option, whether it cannot wait and an emergency is open)."""
        questionnaire = self.book.questionnaires[place.questionnaire] if place else None
        items = {item.id: item for item in questionnaire.items} if questionnaire else {}
        for name, said in place.answers if place else ():
            option = items[name].option(said) if name in items else None
            acute = option is not None and (option.urgency or 0) >= Urgency.URGENT
            yield name, said if option else "", acute and loop is not None

    def parts(self, state: State) -> tuple[Label, ...]:
        """What the key leaves out, in parts: first those about the open question (every earlier answer is one)."""
        person, report, loop = state.person, state.person.report, state.person.loop
        place, (near, _) = person.place, beside(state)
        soon, week = state.now + MINUTE, person.weekly and week_over(person, state.now)
        told = report and (report.urgency, report.signs[0].startswith("words"), bool(place and report.run == place.run))
        return (
            ("who", *near[:4]),
            ("beside", near[4]),
            ("sharing", near[5]),
            ("standing", bool(loop), near[7]),
            *self._ending(place, bool(loop), near[7], near[9], week),
            ("ways", self.again(place), bool(place and place.later), week, _no_more(place)),
            ("skipped", self.skipped(place)),
            *(("said", *said) for said in self._said(place, loop)),
            ("waiting", self.front(person.waiting)),
            ("staff", person.staff, bool(person.role), *allowed(person)),
            ("shared", person.staff, near[5]),
            ("stands", *_stands(state)),
            ("several", bool(loop), *near[7:9], bool(report and len(report.signs) > 1)),
            ("circle", near[-1], person.opener, bool(person.relative), person.relative_by),
            ("kin", bool(person.circle), person.role == "patient", bool(loop)),
            ("died", person.farewell and (person.role, bool(person.farewell.loop))),
            ("report", told),
            ("loop", loop and (loop.asked, loop.silent)),
            ("silent", loop and loop.silent, report and report.alerted),
            ("schedule", plan(person), bool(person.ended), person.blocked),
            ("last", bool(person.last), week_over(person, state.now)),
            ("missed", person.missed),
            ("reminders", tuple((one.kind, one.off, one.new) for one in person.reminders), bool(person.withdrawn)),
            ("desk", person.staff, person.lead, *_desk(state)),
            ("role", person.role, bool(person.card)),
            ("stopped", person.stopped, bool(person.circle)),
            (
                "night",
                awake(self.book, person, soon) != soon,
                person.permits("show"),
                bool(loop),
                person.blocked,
                bool(person.reminders or person.withdrawn),
            ),
            ("onset", bool(loop and loop.onset), bool(report and report.onset)),
            *(("timer", wake.timer) for wake in state.timers),
            *(("meets", wake.timer, *_met(state, wake)) for wake in state.timers),
        )


def allowed(person: Person) -> tuple[bool, bool, bool]:
    """Whether they permit to keep, to show, to remind."""
    said = {consent.permission: consent.given for consent in person.consents}
    keep = said.get("keep", False)
    return keep, keep and said.get("show", False), keep and said.get("remind", False)


def beside(state: State) -> tuple[Label, Label]:
    """What the near and the far part of a key leave to the labels of steps."""
    person = state.person
    waiting = person.waiting.questionnaire if person.waiting else ""
    shared = person.loop and person.loop.shared
    who = (bool(person.role), person.staff, _blocked(person), allowed(person)[2])
    stands, at_desk = _stands(state), _desk(state)
    circle = (bool(person.circle), person.permits("circle"), bool(person.invited))
    more = (*stands, *at_desk, reminders(state), circle)
    return (*who, waiting, shared, *more), (person.staff, shared, *more)


def _stands(state: State) -> Label:
    """What was told and still counts: whom an open emergency calls, and what was told a short while ago."""
    report, loop = state.person.report, state.person.loop
    fresh = report is not None and state.now - report.at < TOGETHER
    told, helped = report is not None and report.alerted, bool(report and report.helped)
    return (loop and (loop.calls, loop.also, loop.vain), report.urgency if report and fresh else None, told, helped)


def _no_more(place: Place | None) -> bool:
    """Whether something was told that cannot wait, where answers of last time might be offered."""
    return place is not None and bool(place.last) and (place.urgency or 0) >= Urgency.URGENT


def _desk(state: State) -> Label:
    """Of a coordinator: whether they are off duty, and whether what they type is a note, or a message."""
    noting = state.person.noting
    fresh = noting and state.now + MINUTE - noting.at < NOTE_WITHIN
    return state.person.off_duty, noting and (fresh, bool(noting.person), noting.kind)


def _met(state: State, wake: Wake) -> Label:
    """What a timer meets when it goes off: an emergency, somebody who is answering, and what it is to tell."""
    person, at = state.person, max(wake.at, state.now + MINUTE)
    answering = person.place is not None and at - person.place.at < ANSWERING
    told = tuple((one.kind, one.off, one.new) for one in person.reminders) if wake.timer == REMIND else ()
    return (bool(person.loop), answering, *plan(person), *told)


def plan(person: Person) -> Label:
    """Whether check-ins are set, and whether they rest, until a day or until they say."""
    return (person.schedule.paused, bool(person.schedule.until)) if person.schedule else ()


def reminders(state: State) -> Label:
    """What the team has set: which kinds, what is switched off, and what is so near that the hour counts."""
    found = list[Label]()
    for one in state.person.reminders:
        left = (date.fromisoformat(one.day) - state.now.date()).days if one.day else DISTANT
        found.append((one.kind, one.off, one.new, () if left >= DISTANT else (left, state.now.hour)))
    return (*found, True, state.person.stopped) if state.person.withdrawn else tuple(found)


def _blocked(person: Person) -> bool | Label:
    """Whether they blocked the bot, and then whether check-ins begin again with the first sign of life."""
    return (plan(person),) if person.blocked else False
