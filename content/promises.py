"""What must be true of every single thing that happens, whoever it happens to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from content.load import Library
from content.safety import DENIED
from content.states import State
from content.steps import Steps, by_them
from flows.book import Urgency
from flows.effects import (
    Advise,
    Alert,
    Ask,
    Begin,
    Cite,
    Close,
    Effect,
    Explain,
    Follow,
    Record,
    Remember,
    Say,
    ShowAlerts,
    ShowData,
    ShowLog,
    Tick,
    Toast,
    Wake,
)
from flows.events import (
    AlertRaised,
    Blocked,
    CameDue,
    Commanded,
    Edited,
    Event,
    Followed,
    Invited,
    Said,
    SentOther,
    Tapped,
    Unblocked,
)
from flows.person import Person
from flows.recognise import recognise

SHOWN = (Say, Ask, Tick, Advise, Explain, Cite, Toast, ShowAlerts, ShowLog, ShowData)
CLOSING = frozenset({"here", "stop"})  # answers that end the questions after an emergency


@dataclass(frozen=True, slots=True)
class Need:
    """What an event calls for: at least this urgency, by one of these screens. `path`: of the item, or `words`."""

    path: str
    least: Urgency
    advices: frozenset[str]


@dataclass(frozen=True)
class Promises:
    """What is promised of one content."""

    library: Library
    steps: Steps
    _needs: dict[tuple[str, str], Need | None] = field(default_factory=dict)

    @cached_property
    def least(self) -> dict[tuple[str, str], Urgency]:
        """By (path, option): the least that requirements.yaml asks for."""
        found: dict[tuple[str, str], Urgency] = {}
        for name, claims in self.library.signs.items():
            least = self.library.requirements[name].least if name in self.library.requirements else Urgency.ROUTINE
            for claim in claims:
                path, _, one = claim.partition("#")
                item = self.library.book.item(path)
                for option in item[1].options if item else ():
                    if option.id == one if one else option.id not in DENIED:
                        found[path, option.id] = max(least, found.get((path, option.id), least))
        return found

    @cached_property
    def step_ups(self) -> frozenset[str]:
        return frozenset(one.step_up_advice for one in self.library.book.questionnaires.values() if one.step_up)

    def need(self, state: State, event: Event) -> Need | None:
        """What somebody who says this must be told to do; None: nothing."""
        match event:
            case Tapped(item=path, option=name):
                return self._answer(path, name)
            case Said(text=text) | Edited(text=text):
                return self._typed(state.person, text)
            case SentOther(text=text) if text:
                return self._typed(Person(id="", language=state.person.language), text)
            case Commanded(name=name, argument=argument) if argument:
                phrase = recognise(self.steps.book, state.person.language, f"{name} {argument}")
                return Need("words", phrase.urgency, self.step_ups | {phrase.advice}) if phrase else None
            case _:
                return None

    def _typed(self, person: Person, text: str) -> Need | None:
        phrase = self.steps.typed.get(text)
        if phrase:
            return Need("words", phrase.urgency, self.step_ups | {phrase.advice})
        place, found = person.place, self.steps.states.item(person.place)
        if place and found and found[1].measure and self.steps.measured.get(text):
            return self._answer(f"{place.questionnaire}/{place.item}", self.steps.measured[text])
        return None

    def _answer(self, path: str, name: str) -> Need | None:
        if (path, name) not in self._needs:
            self._needs[path, name] = self._needed(path, name)
        return self._needs[path, name]

    def _needed(self, path: str, name: str) -> Need | None:
        found = self.library.book.item(path)
        options = found[1].options if found else ()
        option = next((one for one in options if one.id == name), None)
        if option is None and options:  # it is gone: it counts as the worst that is left
            option = max(options, key=lambda one: one.urgency or 0)
        least = max(self.least.get((path, name), 0), (option and option.urgency) or 0)
        if option is None or least < Urgency.URGENT:
            return None
        return Need(path, Urgency(least), self.step_ups | {option.advice})

    def broken(
        self, state: State, event: Event, then: State, effects: list[Effect], need: Need | None
    ) -> Iterator[str]:
        """Every promise that this breaks."""
        seen = [effect for effect in effects if isinstance(effect, SHOWN)]
        if need and not _told_before(state, event, need):
            yield from self._unmet(need, seen[0] if seen else None)
        if not seen and _awaited(state, event, effects):
            yield "nothing is shown"
        if then is state:
            return  # nothing has changed, and what holds between events holds
        yield from _urgency_fell(state.person, then.person, effects)
        yield from _kept(state, then, effects)
        yield from _told_to_others(state, event, effects)
        yield from _loop(state, event, then, effects)
        if any(isinstance(one, Wake) and one.at <= event.at for one in effects):
            yield "a timer is set in the past"
        yield from _asked(state, then, effects)
        if any(isinstance(effect, Remember) for effect in effects) and self._refused(state, event):
            yield "somebody is remembered who has said no"

    def _refused(self, state: State, event: Event) -> bool:
        """Whether one of the answers, the last included, is one that ends the questions."""
        place = state.person.place
        given = dict(place.answers) if place else {}
        if isinstance(event, Tapped):
            given[event.item.partition("/")[2]] = event.option
        items = self.library.book.questionnaires[place.questionnaire].items if place else ()
        options = [item.option(given[item.id]) for item in items if item.id in given]
        return any(option is not None and option.ends for option in options)

    def _unmet(self, need: Need, first: Effect | None) -> Iterator[str]:
        """What to do is the very next thing shown, as urgent as it must be."""
        least = need.least.name.lower()
        if not isinstance(first, Advise) or first.urgency < need.least:
            yield f"{need.path} calls for {least}, and what to do is not shown first"
        elif first.advice not in need.advices:
            yield f'{need.path} calls for {" or ".join(sorted(need.advices))}, and "{first.advice}" is shown'
        elif self.library.book.advice[first.advice].urgency < need.least:
            yield f'{need.path} calls for {least}, and "{first.advice}" is less'


def _asked(state: State, then: State, effects: list[Effect]) -> Iterator[str]:
    """What is asked last is what waits for an answer, and what waits was asked."""
    asks = [one for one in effects if isinstance(one, Ask)]
    before, place = state.person.place, then.person.place
    if asks and (place is None or (place.run, place.item) != (asks[-1].run, asks[-1].item)):
        yield "the question asked is not the one that waits for an answer"
    stands = before is not None and place is not None and (before.run, before.item) == (place.run, place.item)
    if place is not None and not stands and not asks:
        yield f"{place.questionnaire}/{place.item} waits for an answer and is not asked"


def _told_before(state: State, event: Event, need: Need) -> bool:
    """Whether this very tap was answered with what to do before: what is shown then is a notice."""
    if not isinstance(event, Tapped):
        return False
    place, report = state.person.place, state.person.report
    same = place is not None and event.run == place.run and event.item.partition("/")[0] == place.questionnaire
    if same and place is not None and place.answer(need.path.partition("/")[2]) == event.option:
        return True
    again = report is not None and event.run == report.run and need.path in report.signs
    return again and report is not None and report.urgency >= need.least


def _awaited(state: State, event: Event, effects: list[Effect]) -> bool:
    """Whether somebody waits for something to be shown."""
    match event:
        case CameDue(timer=name, serves=serves):
            person = state.person
            loop = name == "loop" and person.loop is not None and str(person.loop.run) == serves
            daily = name in ("nudge", "missed") and any(
                place is not None and place.questionnaire == "daily" and str(place.run) == serves
                for place in (person.place, person.waiting)
            )
            return (loop or daily) and not any(isinstance(one, Wake) and one.timer == name for one in effects)
        case Unblocked():
            return bool(state.person.role)
        case Invited() | AlertRaised() | Followed():
            return True
        case _:
            return by_them(event)


def _urgency_fell(before: Person, after: Person, effects: list[Effect]) -> Iterator[str]:
    places = {place.run: place.urgency or 0 for place in (before.place, before.waiting) if place}
    for place in (after.place, after.waiting):
        if place is not None and (place.urgency or 0) < places.get(place.run, 0):
            yield f"the urgency of {place.questionnaire} falls"
    for effect in effects:
        if isinstance(effect, Close) and (effect.urgency or 0) < places.get(effect.run, 0):
            yield "the urgency of a response falls as it ends"
    was, now = before.report, after.report
    if was and now and was.run == now.run and now.urgency < was.urgency:
        yield "the urgency of a report falls"
    if was and now and was.run == now.run and not set(was.signs) <= set(now.signs):
        yield "a sign is gone from a report"


def _kept(state: State, then: State, effects: list[Effect]) -> Iterator[str]:
    """Nothing is kept without leave, and a response is open as long as its questions are."""
    kept = [effect for effect in effects if isinstance(effect, Begin | Record | Close)]
    if kept and not state.person.permits("keep"):
        yield f"{type(kept[0]).__name__} without leave to keep"
    opened = set(state.open)
    for effect in kept:
        if isinstance(effect, Begin):
            opened.add(effect.run)
        elif effect.run not in opened:
            yield f"{type(effect).__name__} of a response that is not open"
        if isinstance(effect, Close):
            opened.discard(effect.run)
    runs = {place.run for place in (then.person.place, then.person.waiting) if place}
    if not then.open <= runs:
        yield "a response stays open, and nobody will end it"


def _told_to_others(state: State, event: Event, effects: list[Effect]) -> Iterator[str]:
    person = state.person
    shared = isinstance(event, Tapped) and event.item == "share" and person.loop is not None
    told = person.permits("show") or shared
    if any(isinstance(effect, Alert) for effect in effects) and not told:
        yield "an alert without leave to show"
    if any(isinstance(one, Follow) for one in effects) and not (told or (person.loop and person.loop.shared)):
        yield "coordinators follow an emergency that they were not told of"


def _loop(state: State, event: Event, then: State, effects: list[Effect]) -> Iterator[str]:
    """After an emergency somebody asks whether help was reached, until it is closed or the person says stop."""
    if then.person.staff and not then.person.permits("keep"):
        return  # of a coordinator nothing is remembered, also not that something is wrong
    loop, timer = then.person.loop, then.timer("loop")
    first = next((effect for effect in effects if isinstance(effect, SHOWN)), None)
    told = isinstance(first, Advise) and first.urgency == Urgency.EMERGENCY
    again = isinstance(event, Tapped) and event.item == "reached"
    if told and not again and (loop is None or timer is None):
        yield "an emergency is told and nobody will ask whether help was reached"
    if loop is not None and (timer is None or timer.serves != str(loop.run)):
        yield "an emergency is open and nobody will ask whether help was reached"
    was = state.person.loop
    if was is None or loop is not None:
        return
    closed = isinstance(event, Tapped) and (event.option in CLOSING or event.option == "deletesure")
    rung = isinstance(event, CameDue) and event.timer == "loop"
    stopped = isinstance(event, Commanded) and event.name == "stop"
    if not (closed or rung or stopped or isinstance(event, Blocked)):
        yield "an emergency is forgotten, and nobody closed it"
