"""The one record of somebody the bot talks with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from flows.book import Urgency


class Record:
    """What changes by being made anew, with all that is the same taken over."""

    __slots__: tuple[str, ...] = ()

    def moved(self, **changes: Any) -> Self:
        """The same, changed."""
        return type(self)(**{name: getattr(self, name) for name in self.__slots__} | changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One permission (`keep`, `show`, `remind`), given or refused, with the version of the text and the time."""

    permission: str
    given: bool
    version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Record):
    """Where the person is in a questionnaire. `urgency` is the highest so far and never falls.

    `item` is the question waiting for an answer. `answers` are (item, option or words), in the order they were given.
    `last`: those of last time that one tap may repeat. `later`: it may still be put off for an hour.
    """

    questionnaire: str
    run: int
    item: str
    at: datetime  # of the last answer
    answers: tuple[tuple[str, str], ...] = ()
    urgency: Urgency | None = None
    last: tuple[tuple[str, str], ...] = ()
    later: bool = False

    def answer(self, item: str) -> str:
        """What was answered last, empty if nothing was."""
        return dict(self.answers).get(item, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last check-in that was answered to its end: what one tap may repeat next time, as (item, option)."""

    at: datetime
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """An answer of a check-in of the last days, about pain or walking: see flows/trend.py."""

    run: int
    item: str
    said: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """The last red flags told, so that a button tapped twice is told apart from a new report.

    `signs`: see `sign` in flows/questionnaire.py. `onset`: the option that says since when, empty if not told.
    `degrees`: the temperature told with them (°C).
    `known`: signs that are old, checked and unchanged. `alerted`: the coordinators were told of it. `helped`: the
    person said that help was reached.
    """

    run: int
    signs: tuple[str, ...]
    urgency: Urgency
    advice: str
    at: datetime
    onset: str = ""
    degrees: float | None = None
    known: tuple[str, ...] = ()
    alerted: bool = False
    helped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop(Record):
    """An emergency until somebody says how it ended. `run` is that of its report.

    `at`: when it was first told. `calls`: whom its screen says to call (see book.Advice). `also`: whom else, where
    thoughts of suicide and another emergency are open at once. `onset`: the option that says since when, empty if not
    told. `asked` counts the questions "have you reached help?"; `silent`: the last one was not answered. `shared`: told
    to the coordinators this once, without a permission. `vain`: the team's line was called once without help.
    """

    run: int
    signs: tuple[str, ...]
    advice: str
    onset: str
    at: datetime
    calls: str = "line"
    also: str = ""
    asked: int = 0
    silent: bool = False
    shared: bool = False
    vain: bool = False
    degrees: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Record):
    """When to check in: weekdays as digits (0 is Monday), local time `HH:MM`, IANA zone. A change raises `version`.

    `second`: the other time of the day, empty if it is once a day. `until`: the day on which a pause ends by itself
    (ISO 8601), empty if it lasts until they say. `asked`: the time (ISO 8601, UTC) for which the last check-in was
    asked, and `slot` the local day and time it was asked for, so that none is asked twice.
    """

    version: int
    days: str
    clock: str
    zone: str
    second: str = ""
    paused: bool = False
    until: str = ""
    asked: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder(Record):
    """Of what a coordinator (`by`) has somebody reminded: an `appointment`, `medicine` days, a `dental` check.

    `number` tells those of one person apart. An appointment has a day (ISO 8601) and a time `HH:MM` at the site, a
    dental check a day; medicine has weekdays (as in Schedule) and a time where the person is. `text`: what it is, as
    typed; may be empty. `off`: the person has switched it off. `told`: when it was last told, set, or taken up again;
    `slot`: as in Schedule, or of one day the `evening` before or its `morning`. `new`: it was set in an emergency, and
    they have not heard of it yet.
    """

    kind: str
    by: str
    number: int = 0
    day: str = ""
    clock: str = ""
    days: str = ""
    text: str = ""
    off: bool = False
    told: datetime | None = None
    slot: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noting(Record):
    """The next words that a coordinator types are a note to this alert, or a message to this person.

    If they come soon after `at`. `kind`: they are a reminder of this kind instead.
    """

    alert: str = ""
    at: datetime
    person: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """The patient has died, as somebody told: `self`, a `relative` of the circle, or `staff`.

    `loop`: the emergency that was open until then.
    """

    at: datetime
    by: str
    loop: Loop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """`runs` counts the questionnaires begun. `waiting` is a place set aside by something more urgent, or for later.

    `lately`: pain and walking of the check-ins of the last days.
    `weekly`: when the questions of a week were asked last; at first, when the first check-in ended. `missed`: how many
    check-ins in a row were left without any answer.
    `ended`: the check-ins they had last, once there are none: what was asked of a day is not asked again.
    `withdrawn`: reminders that a coordinator (then `by`) has taken back, and they have not heard of it yet.
    `circle`: the code shared by those who care for the same patient; empty: alone. `opener`: they opened it. `invited`:
    the one-time code a guest came in by, until they agree. `relative`: when somebody else of the circle last answered a
    check-in and lets the circle know; `relative_by`: `patient`, if it was the patient.
    `lead`, `off_duty`, `noting` and `digest` are of coordinators; `digest`: when they were last told in the morning.
    `stopped`: they have said /stop, and done nothing since.
    """

    id: str
    language: str
    role: str = ""  # caregiver or patient; empty: not asked yet
    country: str = ""  # where the patient is; empty: where the site is
    near: str = ""  # of a caregiver: with_them or apart
    illness: str = ""
    staff: bool = False
    lead: bool = False
    off_duty: bool = False
    noting: Noting | None = None
    digest: datetime | None = None
    blocked: bool = False
    stopped: bool = False
    consents: tuple[Consent, ...] = ()
    place: Place | None = None
    waiting: Place | None = None
    report: Report | None = None
    loop: Loop | None = None
    card: tuple[tuple[str, str], ...] = ()  # details for the handover card
    schedule: Schedule | None = None
    ended: Schedule | None = None
    reminders: tuple[Reminder, ...] = ()
    withdrawn: tuple[Reminder, ...] = ()
    last: Last | None = None
    lately: tuple[Lately, ...] = ()
    weekly: datetime | None = None
    missed: int = 0
    circle: str = ""
    opener: bool = False
    invited: str = ""
    relative: datetime | None = None
    relative_by: str = ""
    farewell: Farewell | None = None
    runs: int = 0

    def permits(self, permission: str) -> bool:
        """Whether the last word on this permission was yes. Nothing is permitted without `keep`."""
        said = {consent.permission: consent.given for consent in self.consents}
        return said.get("keep", False) and said.get(permission, False)

    def unscheduled(self) -> Self:
        """The same without check-ins. The zone stays known: in it they sleep, and are told what the team sets."""
        return self.moved(schedule=None, ended=self.schedule or self.ended)

    @property
    def cares(self) -> bool:
        """Whether they are a carer, and not the patient."""
        return self.role == "caregiver"

    @property
    def coded(self) -> bool:
        """Whether the coordinators can know of this person, by the code."""
        return self.permits("show") or (self.report is not None and self.report.alerted)


def spoken(code: str) -> str:
    """A person's code as it is read aloud."""
    return f"{code[:4]}-{code[4:]}"
