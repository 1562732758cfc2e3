"""Plays talks without wire or disk: the real flows and words, everybody saved and read back before every event."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import assert_never

from bot.store import PERSON
from content import digest, figures, looked, overview, views
from content.load import Library, load
from content.render import TICKED, render
from content.voice import Message
from flows import alerts
from flows.advance import advance
from flows.deeds import Dismiss, Remind, Review, SendData, ShowDigest, ShowLooked, ShowTeam, Write
from flows.due import TURNS
from flows.effects import (
    Advise,
    Alert,
    Amend,
    Ask,
    Begin,
    CancelTimers,
    Cite,
    Claim,
    Close,
    Effect,
    Explain,
    Follow,
    Forget,
    Inform,
    Join,
    LetGo,
    Record,
    Remember,
    Say,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
    Tell,
    Tick,
    Toast,
    Wake,
)
from flows.events import AlertView, CameDue, Dismissed, Event, Reminded, SentOther, Tapped, Written
from flows.kin import Enter, Invite, PassOn, Settle, ShowFarewell, Uninvite
from flows.person import Person
from flows.press import pressed
from tests import lists
from tests.desk import Desk
from tests.fitting import Shown, fits, spoken_key
from tests.pictured import pictured
from tests.relatives import Relatives

LIBRARY = load(Path(__file__).parent.parent / "content", "demo")
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # a Monday, in London too


@dataclass(slots=True)
class Phone:
    """Somebody's chat as they see it, and what is kept about them. `unheard`: what was said and not yet looked at."""

    saved: bytes
    timers: dict[str, Wake] = field(default_factory=dict)
    shown: list[Message] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    kept: dict[int, views.Entry] = field(default_factory=dict)  # by run

    @property
    def person(self) -> Person:
        return PERSON.validate_json(self.saved)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, and what it changed."""

    name: str
    event: Event
    before: Person
    after: Person
    effects: list[Effect]


@dataclass(slots=True)
class World:
    """Everybody, what they hold, and the time."""

    library: Library = LIBRARY
    now: datetime = START
    phones: dict[str, Phone] = field(default_factory=dict)
    alerts: dict[str, AlertView] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)
    met: int = 0
    links: dict[str, str] = field(default_factory=dict)  # the circle that a one-time code leads to
    made: dict[str, str] = field(default_factory=dict)  # the code a person may pass on

    def meet(self, name: str, person: Person | None = None) -> Phone:
        """Somebody new, or somebody known so far as `person`."""
        self.met += 1
        known = (person or Person(id="", language="en")).moved(id=f"CODE{self.met:04}")
        self.phones[name] = Phone(PERSON.dump_json(known))
        return self.phones[name]

    def happens(self, name: str, event: Event, tapped: int | None = None) -> list[Effect]:
        """Decide one event, then what follows from it for the coordinators. `tapped`: which message had the button."""
        phone = self.phones.get(name) or self.meet(name)
        before = phone.person
        event = Desk(self).filled(before, event)
        person, effects = advance(self.library.book, before, event)
        self.happened.append(Happened(name, event, before, person, effects))
        phone.saved = PERSON.dump_json(person)
        assert phone.person == person, "what is read back is not what was saved"
        told: list[tuple[str, Event]] = []
        for effect in effects:
            told += self._done(phone, person, effect, tapped)
        for other, follows in told:
            self.happens(other, follows)
        return effects

    def _done(self, phone: Phone, person: Person, effect: Effect, tapped: int | None) -> list[tuple[str, Event]]:
        match effect:
            case Toast():
                phone.unheard.append(effect.words)
                fits(render(self.library, person, effect))
            case Say() | Ask() | Tick() | Advise() | Explain() | Cite():
                self._show(phone, person, effect, tapped)
            case ShowCircle() | ShowFarewell() | ShowDigest() | ShowTeam() | ShowLooked():
                self._show(phone, person, effect, tapped)
            case ShowAlerts() | ShowLog() | ShowPerson() | ShowData() | ShowPicture() | ShowFigures():
                self._show(phone, person, effect, tapped)
            case SendData():
                phone.unheard.append(spoken_key(effect))
            case Dismiss(person=code):
                return [(Desk(self).name_of(code), Dismissed(at=self.now, by=person.id))]
            case Review():
                lists.review(self, person.id, effect)
            case Wake(timer=timer):
                phone.timers[timer] = effect
            case CancelTimers(timers=timers):
                for timer in timers or [name for name in phone.timers if not name.startswith(alerts.TIMER)]:
                    phone.timers.pop(timer, None)
            case Begin() | Record() | Close():
                self._keep(phone, person, effect)
            case Alert() | Follow() | Claim() | Amend() | Tell() | Inform() | LetGo() | Settle():
                return Desk(self).done(phone, person, effect)
            case Write(to=code, text=text):
                return [(Desk(self).name_of(code), Written(at=self.now, by=person.id, text=text))]
            case Remind(to=code, reminder=one, number=number):
                return [(Desk(self).name_of(code), Reminded(at=self.now, by=person.id, reminder=one, number=number))]
            case Forget():
                self._forget(phone, person)
            case Invite() | Uninvite() | Enter() | PassOn():
                return Relatives(self).done(phone, person, effect)
            case Remember() | Join():
                pass  # where a person is kept is not the flows' business
            case _:
                assert_never(effect)
        return []

    def _show(self, phone: Phone, person: Person, effect: Shown, tapped: int | None) -> None:
        message, *more = self._messages(person, effect)
        for one in (message, *more):
            fits(one)
        if isinstance(effect, Tick):
            if tapped is not None:
                phone.shown[tapped] = replace(phone.shown[tapped], buttons=message.buttons)
            return
        phone.unheard.append(spoken_key(effect))
        if message.kind == "edit" and tapped is not None:
            phone.shown[tapped] = message
        else:
            phone.shown += [message, *more]

    def _messages(self, person: Person, effect: Shown) -> list[Message]:
        if isinstance(effect, ShowPicture):
            seen = next((one for one in self.phones.values() if one.person.id == (effect.person or person.id)), None)
            kept = list(seen.kept.items()) if seen else []
            return pictured(self.library, person, seen.person if seen else None, kept, effect, self.now)
        return [self._message(person, effect)]

    def _message(self, person: Person, effect: Shown) -> Message:
        match effect:
            case ShowFigures():
                none = figures.count([], [], self.library.book.pathway, self.now, figures.WEEKS)
                return figures.message(self.library, person, none)
            case ShowAlerts():
                found = [alert for alert in Desk(self).seen() if not alert.closed]
                found.sort(key=lambda one: (one.state == "open", one.urgency, one.at), reverse=True)
                return views.alerts(self.library, person, effect, found)
            case ShowLog():
                entries = lists.log(self, effect, views.page_size(effect))
                return views.log(self.library, person, effect, entries, lists.waiting(self))
            case ShowPerson():
                return overview.page(self.library, person, effect, lists.someone(self, effect))
            case ShowCircle() | ShowFarewell():
                return Relatives(self).shown(person, effect)
            case ShowDigest():
                return digest.page(self.library, person, effect, lists.digest(self, effect))
            case ShowTeam():
                return looked.team(self.library, person, [self.phones[name].person for name in self.staff()])
            case ShowLooked():
                return looked.page(self.library, person, effect, [])
            case ShowPicture() | SendData():
                raise TypeError(effect)
            case ShowData():
                return views.data(self.library, person, effect, views.Kept(responses=0, answers=0, alerts=0))
            case _:
                return render(self.library, person, effect)

    def _keep(self, phone: Phone, person: Person, effect: Begin | Record | Close) -> None:
        match effect:
            case Begin(run=run, questionnaire=name):
                assert run not in phone.kept, "a response begun twice"
                entry = views.Entry(
                    person=person.id, questionnaire=name, at=self.now, state="in-progress", urgency=None, answers=()
                )
                phone.kept[run] = replace(entry, run=run)
            case Record(run=run, item=item, option=option, value=value, version=version):
                given = views.Answered(item=item, option=option, value=value, at=self.now, version=version)
                answer = replace(given, urgency=effect.urgency)
                entry = phone.kept[run]
                assert entry.state == "in-progress", "an answer to a response that has ended"
                phone.kept[run] = replace(entry, answers=(*entry.answers, answer))
            case Close(run=run, state=state, urgency=urgency):
                assert phone.kept[run].state == "in-progress", "a response ended twice"
                phone.kept[run] = replace(phone.kept[run], state=state, urgency=urgency)

    def _forget(self, phone: Phone, person: Person) -> None:
        self.met += 1
        phone.saved = PERSON.dump_json(person.moved(id=f"CODE{self.met:04}"))
        phone.kept, phone.timers = {}, {}
        self.alerts = {code: alert for code, alert in self.alerts.items() if alert.subject != person.id}

    def staff(self) -> list[str]:
        """Who is a coordinator."""
        return [name for name, phone in self.phones.items() if phone.person.staff]

    def taps(self, name: str, data: str, shown: int | None = None) -> list[Effect]:
        """A tap on a button with this callback data, read as bot/telegram.py and bot/turn.py read it."""
        parts = pressed(data)
        if parts is None:
            return self.happens(name, SentOther(at=self.now, kind="button"), shown)
        item, option, about, version = parts
        event = Tapped(at=self.now, item=item, option=option, about=about, version=version)
        event = replace(event, review=lists.reviews(self, event)) if item == "reviewed" else event
        return self.happens(name, event, shown)

    def buttons(self, name: str) -> Iterator[tuple[int, str, str]]:
        """(message, label, callback data) of every button on the phone, newest message first."""
        shown = self.phones[name].shown
        for number in range(len(shown) - 1, -1, -1):
            for row in shown[number].buttons:
                for label, data in row:
                    yield number, label.removeprefix(TICKED), data

    def fires(self, name: str, wake: Wake) -> list[Effect]:
        """A timer that is still set goes off now; one no longer set is not heard of (bot/turn.py: `_new`)."""
        phone = self.phones[name]
        if phone.timers.get(wake.timer) != wake:
            return []
        del phone.timers[wake.timer]
        return self.happens(name, CameDue(at=self.now, timer=wake.timer, serves=wake.serves))

    def next_timer(self) -> tuple[str, Wake] | None:
        """The timer whose turn comes first, of those that are due; else the one due first. And whose it is."""
        found = [(name, wake) for name, phone in self.phones.items() for wake in phone.timers.values()]
        due = [(name, wake) for name, wake in found if wake.at <= self.now]
        return min(due or found, key=lambda one: (_turn(one[1].timer) if due else 0, one[1].at), default=None)

    def wait(self, span: timedelta, *, down: bool = False) -> None:
        """Move the clock; what falls due on the way happens at its time, or at the end if the bot was `down`."""
        until = self.now + span
        self.now = until if down else self.now
        while (found := self.next_timer()) and found[1].at <= until:
            self.now = max(self.now, found[1].at)
            self.fires(*found)
        self.now = until


def _turn(timer: str) -> int:
    """As bot/store.py puts timers in order that are due."""
    return next((n for n, names in enumerate(TURNS) if timer.startswith(names)), len(TURNS))
