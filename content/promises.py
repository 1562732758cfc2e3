"""What must be true of every single thing that happens, whoever it happens to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from content.aftercare import aftercare
from content.alarms import alarms, together
from content.escalation import escalation
from content.leads import led
from content.load import Library
from content.mornings import mornings
from content.openings import openings
from content.reminders import reminding
from content.safety import DENIED, screens_required
from content.states import State
from content.steering import steering
from content.steps import GONE, WORDS, Steps, by_them
from content.transition import AGAIN, Need, Transition, hushed, names
from content.trust import trust
from flows.book import Book, Urgency
from flows.effects import Advise, Ask, Close, Effect, Wake
from flows.events import (
    AlertRaised,
    Called,
    CameDue,
    Commanded,
    Dismissed,
    Edited,
    Entered,
    Event,
    Followed,
    Invited,
    LinkMade,
    Said,
    SentOther,
    Tapped,
    Unblocked,
)
from flows.kin import Enter, Invite
from flows.person import Person
from flows.recognise import recognise

TOGETHER = "two_urgent"
CARD = "handover"  # what it asks is for whoever comes to help


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
    def screens(self) -> dict[tuple[str, str], frozenset[str]]:
        """By (path, option): the screens that requirements.yaml asks for."""
        return screens_required(self.library)

    @cached_property
    def step_ups(self) -> frozenset[str]:
        """What several urgent signs together lead to."""
        screens = (one.screen for one in self.library.requirements.values() if one.requirement == TOGETHER)
        return frozenset(screens) | frozenset(
            one.step_up_advice for one in self.library.book.questionnaires.values() if one.step_up
        )

    def need(self, state: State, event: Event, site: int | None) -> Need | None:
        """What somebody who says this must be told to do; None: nothing. `site`: see Step."""
        match event:
            case Tapped(item=path, option=name):
                need = self._answer(path, name)
                return None if need and _told_for_the_card(state.person, event, need) else need
            case Said(text=text) | Edited(text=text):
                return self._typed(state.person, text, site)
            case SentOther(text=text) if text:
                return self._typed(Person(id="", language=state.person.language), text, site)
            case Commanded(name=name, argument=argument) if argument:
                phrase = recognise(self.steps.book, state.person.language, f"{name} {argument}")
                return Need(WORDS, phrase.urgency, frozenset({phrase.advice})) if phrase else None
            case _:
                return None

    def _typed(self, person: Person, text: str, site: int | None) -> Need | None:
        phrase = self.steps.said(person.place, site).get(text)
        if phrase:
            return Need(WORDS, phrase.urgency, frozenset({phrase.advice}))
        place, found = person.place, self.steps.states.item(person.place)
        name = self.steps.measured[site].get(text) if site is not None else ""
        if place and found and found[1].measure and name:
            return self._answer(f"{place.questionnaire}/{place.item}", name)
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
        return Need(path, Urgency(least), self.screens.get((path, option.id), frozenset({option.advice})))

    def broken(
        self, state: State, event: Event, then: State, effects: list[Effect], need: Need | None
    ) -> Iterator[str]:
        """Every promise that this breaks."""
        register = self.library.register
        t = Transition(state, event, then, effects, need, register.together.within)
        if need and not _told_before(t, need):
            yield from self._unmet(t, need)
            if _asked_for_the_card(state.person, event, need.path) and then.person.place is None:
                yield "what cannot wait is told for the card, and its questions end"
        if not t.seen and _awaited(self.steps.book, state, event, effects):
            yield "nothing is shown"
        if any(place.item == GONE for place in (t.after.place, t.after.waiting) if place):
            yield "a question stays open that the content no longer has"
        yield from _led_on(t)
        yield from steering(self.library.book, t)
        yield from aftercare(self.steps.book, register, t)
        yield from alarms(self.steps.book, register, t)
        yield from escalation(self.steps.book, t)
        yield from mornings(self.steps.book, t)
        yield from openings(t)
        yield from led(t)
        if then is state:
            return  # nothing has changed, and what holds between events holds
        yield from _urgency_fell(state.person, then.person, effects)
        yield from trust(self.steps.book, t)
        yield from reminding(self.steps.book, t)
        if any(isinstance(one, Wake) and one.at <= event.at for one in effects):
            yield "a timer is set in the past"
        yield from _asked(state, then, effects)

    def _unmet(self, t: Transition, need: Need) -> Iterator[str]:
        """What to do is the very next thing shown, as urgent as it must be, and by the screen for that sign."""
        first, stepped = (t.seen[0] if t.seen else None), need.least == Urgency.URGENT and together(t)
        urgency = Urgency.EMERGENCY if stepped else need.least
        least = urgency.name.lower()
        more = " on top of another sign" if stepped else ""
        if not isinstance(first, Advise) or first.urgency < urgency:
            yield f"{need.path}{more} calls for {least}, and what to do is not shown first"
        elif first.advice not in need.advices and not (first.urgency > need.least and first.advice in self._open(t)):
            yield f'{need.path} calls for {" or ".join(sorted(need.advices))}, and "{first.advice}" is shown'
        elif self.library.book.advice[first.advice].urgency < urgency:
            yield f'{need.path}{more} calls for {least}, and "{first.advice}" is less'

    def _open(self, t: Transition) -> frozenset[str]:
        """Where an urgent sign may lead that comes on top of others: also to the emergency that is open already."""
        told = (t.before.loop, t.before.report)
        return self.step_ups | {one.advice for one in told if one is not None}


def _told_before(t: Transition, need: Need) -> bool:
    """Whether this very tap was answered with what to do a moment ago: what is shown then is a notice."""
    report = t.before.report
    if not isinstance(t.event, Tapped) or report is None or t.event.at - report.at >= AGAIN:
        return False
    return t.event.run == report.run and names(report.signs, need.path) and report.urgency >= need.least


def _asked_for_the_card(person: Person, event: Event, path: str) -> bool:
    """Whether the event answers a question for the card that is asked now."""
    place, run = person.place, event.run if isinstance(event, Tapped) else 0
    return place is not None and place.questionnaire == CARD == path.partition("/")[0] and place.run == run


def _told_for_the_card(person: Person, event: Tapped, need: Need) -> bool:
    """Whether a detail for the card, asked now, tells what the emergency is about that is open."""
    loop = person.loop if _asked_for_the_card(person, event, need.path) else None
    return loop is not None and (loop.advice in need.advices or names(loop.signs, need.path))


def _led_on(t: Transition) -> Iterator[str]:
    """Whoever goes on with what waits is asked that."""
    tap = t.tap("menu")
    waits = t.before.waiting or t.before.place
    if tap and tap.option == "resume" and waits is not None and not t.bare:
        run, item = waits.run, waits.item
        if item != GONE and not any(isinstance(one, Ask) and (one.run, one.item) == (run, item) for one in t.seen):
            yield "what waits is not gone on with"


def _asked(state: State, then: State, effects: list[Effect]) -> Iterator[str]:
    """What is asked last is what waits for an answer, and what waits was asked."""
    asks = [one for one in effects if isinstance(one, Ask)]
    before, place = state.person.place, then.person.place
    if asks and (place is None or (place.run, place.item) != (asks[-1].run, asks[-1].item)):
        yield "the question asked is not the one that waits for an answer"
    stands = before is not None and place is not None and (before.run, before.item) == (place.run, place.item)
    if place is not None and not stands and not asks:
        yield f"{place.questionnaire}/{place.item} waits for an answer and is not asked"


def _awaited(book: Book, state: State, event: Event, effects: list[Effect]) -> bool:
    """Whether somebody waits for something to be shown."""
    match event:
        case CameDue(timer=name, serves=serves):
            person = state.person
            loop = name == "loop" and person.loop is not None and str(person.loop.run) == serves
            asleep = name == "missed" and hushed(book, person, event.at)  # it is noted, and nobody is woken
            daily = (
                name in ("nudge", "missed")
                and not asleep
                and any(
                    place is not None and place.questionnaire == "daily" and str(place.run) == serves
                    for place in (person.place, person.waiting)
                )
            )
            plan, (version, _, due) = person.schedule, serves.partition("@")
            live = plan is not None and not plan.paused and str(plan.version) == version and due > plan.asked
            checkin = name == "checkin" and live and person.permits("remind") and person.loop is None
            if person.farewell:
                return loop
            later = any(isinstance(one, Wake) and (one.timer, one.serves) == (name, serves) for one in effects)
            return (loop or daily or checkin) and not later
        case Unblocked():
            return bool(state.person.role)
        case Invited() | Dismissed() | AlertRaised() | Followed() | Called() | LinkMade() | Entered():
            return True
        case _:  # a link, and what came of one, come back as an event of their own
            return by_them(event) and not any(isinstance(one, Invite | Enter) for one in effects)


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
