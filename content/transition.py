"""One thing that happened on the walk, as the promises look at it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from content.states import TOGETHER, State
from flows.book import Book, Urgency
from flows.deeds import SendData, ShowDigest, ShowLooked, ShowTeam
from flows.due import homes, in_zone
from flows.effects import (
    Advise,
    Alert,
    Ask,
    Cite,
    Effect,
    Explain,
    Say,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
    Tick,
    Toast,
)
from flows.events import Event, Said, Tapped
from flows.kin import ShowFarewell
from flows.person import Person, Report

LISTS = (ShowAlerts, ShowLog, ShowPerson, ShowData, ShowPicture, ShowFigures, ShowCircle, ShowFarewell)
SHOWN = (Say, Ask, Tick, Advise, Explain, Cite, Toast, *LISTS, ShowDigest, ShowTeam, ShowLooked, SendData)
AGAIN = timedelta(minutes=15)  # what is repeated within this time may be confirmed only


@dataclass(frozen=True, slots=True)
class Need:
    """What an event calls for: at least this urgency, by one of these screens. `path`: of the item, or `words`."""

    path: str
    least: Urgency
    advices: frozenset[str]


@dataclass(slots=True)
class Transition:
    """What was, what happened, what was done and what is then. `need`: what it called for, if for anything.

    `seen`: of the effects what is shown. `advised`: the what-to-do screen, if that is the first of these and cannot
    wait. `bare`: it is a coordinator of whom nothing is remembered. `told`: `advised`, where it answers what the event
    called for, of somebody whose answers are remembered.
    """

    state: State
    event: Event
    then: State
    effects: list[Effect]
    need: Need | None = None
    within: timedelta = TOGETHER  # in which signs count together
    before: Person = field(init=False)
    after: Person = field(init=False)
    seen: list[Effect] = field(init=False)
    advised: Advise | None = field(init=False)
    bare: bool = field(init=False)
    told: Advise | None = field(init=False)
    _kinds: frozenset[type] = field(init=False)

    def __post_init__(self) -> None:
        """All promises ask for these, of every step of a walk."""
        self.before, self.after = self.state.person, self.then.person
        self.seen = [effect for effect in self.effects if isinstance(effect, SHOWN)]
        self._kinds = frozenset(map(type, self.effects))
        first = self.seen[0] if self.seen else None
        self.advised = first if isinstance(first, Advise) and first.urgency >= Urgency.URGENT else None
        self.bare = self.after.staff and not self.after.permits("keep")
        self.told = self.advised if self.need and not self.bare else None

    def does(self, *kinds: type) -> bool:
        """Whether one of the effects is of such a kind."""
        return not self._kinds.isdisjoint(kinds)

    @property
    def alerts(self) -> list[Alert]:
        return [effect for effect in self.effects if isinstance(effect, Alert)] if self.does(Alert) else []

    @property
    def ended(self) -> bool:
        """Whether an answer that called for nothing was the last one to the questions that were open."""
        place, event = self.before.place, self.event
        if place is None or self.need or (self.after.place is not None and self.after.place.run == place.run):
            return False
        if isinstance(event, Tapped):
            way = event.item == "checkin" and event.option in ("on", "same")
            return (way or event.item.startswith(f"{place.questionnaire}/")) and event.run == place.run
        return isinstance(event, Said) and self.after.place is None

    def tap(self, item: str) -> Tapped | None:
        """The event, if it is a tap on such a button."""
        return self.event if isinstance(self.event, Tapped) and self.event.item == item else None

    def fresh(self, report: Report | None) -> bool:
        """Whether something was told that still counts together with what is told now."""
        return report is not None and report.urgency >= Urgency.URGENT and self.event.at - report.at < self.within


def names(signs: tuple[str, ...], path: str) -> bool:
    """Whether one of the signs is this one."""
    return any(sign.startswith(path) for sign in signs)


def hushed(book: Book, person: Person, at: datetime) -> bool:
    """Whether it is in the quiet hours in any zone where somebody may be."""
    times, clocks = book.times, [in_zone(zone, at).time() for zone in homes(book, person)]
    if times.quiet_from < times.quiet_until:
        return any(times.quiet_from <= clock < times.quiet_until for clock in clocks)
    return not all(times.quiet_until <= clock < times.quiet_from for clock in clocks)


def offers(effect: Effect, item: str, option: str) -> bool:
    """Whether a button with this stands under it."""
    rows = effect.buttons if isinstance(effect, Say | Advise) else ()
    return any((button.item, button.option) == (item, option) for row in rows for button in row)
