"""What must be done. Rendered to words by content/render.py, carried out by bot/turn.py."""

from dataclasses import dataclass
from datetime import datetime

from flows.book import Urgency
from flows.deeds import OfPeople, Views
from flows.events import AlertView
from flows.fills import With
from flows.kin import Enter, Invite, PassOn, Settle, ShowFarewell, Uninvite


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button: the key of its words and what a tap on it reports (see events.Tapped). `with_`: as in Say."""

    words: str
    item: str
    option: str
    about: str = ""
    with_: With = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One message. `with_` fills the places in its words.

    `replace`: change the message whose button was tapped instead of sending a new one.
    `panic_button`: (re)place the button that is always in reach.
    """

    words: str
    with_: With = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    urgency: Urgency = Urgency.ROUTINE
    replace: bool = False
    panic_button: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask one item of a questionnaire.

    `chosen`: the answer it has already. `last`: the answers of last time that one tap repeats, as (item, option).
    `buttons`: the ways back, past it and on, or what fits here and now besides its options. `skips`: ask why it is
    skipped, on the message that was tapped.
    """

    questionnaire: str
    item: str
    run: int
    step: tuple[int, int]  # this question, of how many as it looks now
    chosen: str = ""
    last: tuple[tuple[str, str], ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    skips: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Show on the tapped message which answer was taken."""

    questionnaire: str
    item: str
    run: int
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advise:
    """The what-to-do screen, sent ahead of everything else.

    `first`: the key of words about another call that still has to be made. `note`: what else is to be said, near its
    end.
    """

    advice: str
    signs: tuple[str, ...]
    urgency: Urgency
    buttons: tuple[tuple[Button, ...], ...] = ()
    onset: str = ""  # the option that says since when, empty if not told
    degrees: float | None = None  # °C, if one was told
    first: str = ""
    note: Say | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """One page of a treatment."""

    treatment: str
    section: str
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    """Why: the sources of a screen, `advice/<id>` or the path of an item, in plain words."""

    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """A short notice over the chat, in answer to a tap. `alert`: it stays until it is dismissed."""

    words: str
    with_: With = ()
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Set the timer of this name; one of each name a person, a new one replaces the old."""

    at: datetime
    timer: str
    serves: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimers:
    """Take back these timers; none named: all but those about alerts, which go on whatever a person stops."""

    timers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A response opens (FHIR: QuestionnaireResponse, in-progress). `run` tells a person's responses apart."""

    run: int
    questionnaire: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Keep one answer. `version` is that of the content on whose screen it was given. `option` or `value`, not both."""

    run: int
    questionnaire: str
    item: str
    version: str
    urgency: Urgency | None
    option: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """A response ends: `completed`, `stopped` or `missed`. `urgency`: the highest it called for."""

    run: int
    state: str
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Tell the coordinators on duty; if there are none, all. `first`: of the screen, see Advise."""

    run: int
    urgency: Urgency
    signs: tuple[str, ...]
    advice: str
    first: str = ""
    trend: tuple[tuple[str, str], ...] = ()  # pain and walking of the last week, as (item, option), by time
    shared: bool = False  # this once, without a permission
    earlier: datetime | None = None  # when it was told, if coordinators may see it only now


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Tell who has the alert, or all on duty, how it goes on: an option of flows/loop.py, `silent` or `no_more`."""

    run: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """This coordinator takes the alert; whether it was free was decided from the event."""

    alert: AlertView


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """The alert as it is from now on. Its timer follows from that (see `due` in flows/alerts.py)."""

    alert: AlertView


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell these coordinators of the alert (see events.AlertRaised)."""

    alert: AlertView
    to: tuple[str, ...]
    how: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inform:
    """Tell the family what was done about their alert (see events.Handled)."""

    alert: AlertView
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """What this coordinator has taken and not closed is open again, and told to the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """The person agreed: move them from memory to disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Erase everything kept of the person; what is said in the same turn is still sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The person is a coordinator from now on, and remembered as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCircle:
    """Who is in the person's circle; for the one who opened it, with a button to take somebody out."""

    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAlerts:
    """List what nobody has taken, then what is taken and not closed; each most urgent first, then newest."""

    page: int = 0
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowLog:
    """Page through recent check-ins; of one person if `person` is a code.

    `only`: those of a filter (see flows/review.py) that began at `since` or later.
    """

    person: str = ""
    page: int = 0
    replace: bool = False
    only: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPerson:
    """What coordinators may know of one person, on one page."""

    person: str
    at: datetime
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPicture:
    """Draw pain and walking of the last `days`: the person's own, or of `person` if that is a code."""

    person: str = ""
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFigures:
    """Draw how many check-ins were answered, and how soon alerts were taken. Counts only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowData:
    """What is kept about the person, in plain words."""

    buttons: tuple[tuple[Button, ...], ...] = ()
    replace: bool = False


Shown = Say | Ask | Tick | Advise | Explain | Cite | Toast
Lists = ShowAlerts | ShowLog | ShowPerson | ShowData | ShowPicture | ShowFigures | ShowCircle | ShowFarewell | Views
OfAlerts = Alert | Follow | Claim | Amend | Tell | Inform | LetGo | Settle
OfCircles = Invite | Uninvite | Enter | PassOn
Kept = Begin | Record | Close
Effect = Shown | Lists | OfAlerts | OfCircles | OfPeople | Kept | Wake | CancelTimers | Remember | Forget | Join
