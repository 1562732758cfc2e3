"""What can happen to a person. Every time is aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from flows.book import Urgency
from flows.person import Reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStep:
    """Something that became of an alert (see flows/alerts.py), by whom, and which coordinators were told."""

    what: str
    at: datetime
    by: str = ""
    to: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert as it stands when somebody looks at it. `subject` is the code of the person it is about."""

    alert: str
    subject: str
    at: datetime
    urgency: Urgency
    signs: tuple[str, ...]  # paths of items, or `words`: recognised in typed words
    advice: str  # the what-to-do screen the person was shown
    first: str = ""  # and what it said of another call (see effects.Advise)
    trend: tuple[tuple[str, str], ...] = ()  # see effects.Alert
    taken_by: str = ""
    taken_at: datetime | None = None
    shared: bool = False  # told this once, without a permission
    earlier: datetime | None = None  # when it was told, if coordinators may see it only since `at`
    closed: bool = False
    steps: tuple[AlertStep, ...] = ()
    beside: tuple[str, ...] = ()  # codes of others who care for the same patient, as far as coordinators know them

    @property
    def told_at(self) -> datetime:
        """When the person told it."""
        return self.earlier or self.at

    @property
    def state(self) -> str:
        """Nobody has it (`open`), somebody has (`taken`), or it is done with (`closed`)."""
        return "closed" if self.closed else "taken" if self.taken_by else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """Responses of somebody who shows them: the runs nobody has marked as reviewed, and who last marked another."""

    person: str
    runs: tuple[int, ...]
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody to whom a coordinator writes, or sets reminders, as far as that may be now."""

    person: str
    blocked: bool = False
    asleep: datetime | None = None  # their quiet hours end then; None: now is no such hour
    stopped: bool = False  # they have said /stop
    emergency: bool = False  # one of theirs is open
    paused: bool = False  # their check-ins rest, and medicine days with them
    reminds: bool = False  # they allow reminders
    zone: str = ""  # where they are
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """`/name argument`. A deep link arrives as `/start argument`. `refused`: it is a one-time code, and nobody has
    looked whether it is good, as too many before were not."""

    at: datetime
    name: str
    argument: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Typed words. Filled in at loading, where a coordinator writes: a note to an `alert`, or `to` a person."""

    at: datetime
    text: str
    alert: AlertView | None = None
    to: Addressee | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A button, old or new. `about`: what the button belonged to (the run of a questionnaire, an alert, a page).

    `version` is that of the content on whose screen the button stood. Filled in at loading: `alert`, for buttons under
    alerts, and with it `rota` and `on_duty` (see CameDue), also for those that share an emergency; `held`, for those
    about every alert that a coordinator has; `review`, for those that mark responses as reviewed, if their person shows
    them; `to`, for those that write to somebody.
    """

    at: datetime
    item: str
    option: str
    about: str
    version: str
    alert: AlertView | None = None
    rota: tuple[str, ...] = ()
    on_duty: tuple[str, ...] = ()
    held: tuple[AlertView, ...] = ()
    review: ReviewView | None = None
    to: Addressee | None = None

    @property
    def run(self) -> int:
        """The run the button belonged to, 0 if it says none."""
        return int(self.about) if self.about.isascii() and self.about.isdigit() and len(self.about) < 10 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOther:
    """Something that is not words: a sticker, a photo, a voice note, a location; or a button nobody can read."""

    at: datetime
    kind: str
    text: str = ""  # of a forwarded message: it may name a red flag, but answers nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A message sent earlier was changed to `text`."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledFromGroup:
    """Somebody spoke to the bot in a group or a channel."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The person blocked the bot, or Telegram says that they cannot be reached."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblocked:
    """The person lets the bot write again."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CameDue:
    """A timer went off. `serves` names what it was set for, so that one come too late can be told apart.

    Filled in at loading, of timers about an alert: `alert`; whether it is the `latest` about the person; `rota`, the
    codes of all coordinators who can be reached, those on duty first; `on_duty`, those of them, also for a digest.
    """

    at: datetime
    timer: str
    serves: str
    alert: AlertView | None = None
    latest: bool = True
    rota: tuple[str, ...] = ()
    on_duty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The person used a coordinator's one-time code, and the code was good. `lead`: it was a lead's."""

    at: datetime
    lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed:
    """A lead (`by`) has taken this coordinator out."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """A coordinator is told of a person's red flag.

    `how`: for the first time (empty, outside working hours `away`, of what was told `earlier`), when these have
    `begun`, `again` as nobody has it, since who had it has `left`, `reopened` (see flows/alerts.py), or as who has it
    `asks` them to take it over, or (`asks_all`) all the `number` that they have, of which this is the most urgent.
    """

    at: datetime
    alert: AlertView
    how: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTaken:
    """A coordinator's colleague took an alert."""

    at: datetime
    alert: AlertView


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A coordinator has done something about the person's alert: the step `what`; or all are `away` until they work."""

    at: datetime
    alert: AlertView
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A coordinator has written to the person. `by`: the coordinator's code."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A coordinator (`by`) has set a reminder for the person; None: has taken back the one of this `number`."""

    at: datetime
    by: str
    reminder: Reminder | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A coordinator is told how somebody's emergency goes on."""

    at: datetime
    person: str
    state: str
    beside: tuple[str, ...] = ()  # as in AlertView


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The person came by the one-time link of a circle. `code` is what the link carried, and is still good."""

    at: datetime
    code: str
    circle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade:
    """The one-time link the person asked for. `circle`: theirs, or a new one."""

    at: datetime
    circle: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The person used the link of a circle. `circle` empty: it is not good any more."""

    at: datetime
    circle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody else did something that concerns this person: `joined`, `answered`, `sign` or `emergency` (a red flag),
    `removed`, `died`, `mistake` (nobody has died). `by`: a `relative` of the circle, the `patient` themselves, or
    `staff`. `known`: coordinators were told already."""

    at: datetime
    did: str
    by: str = "relative"
    known: bool = False


ByThem = Commanded | Said | Tapped | SentOther | Edited | CalledFromGroup | Blocked | Unblocked | Invited | Called
OfAlerts = AlertRaised | AlertTaken | Handled | Followed
Event = ByThem | OfAlerts | CameDue | Written | Reminded | Dismissed | LinkMade | Entered | Told
