"""What happens to circles in one batch: links made, used and taken back, and what relatives hear of each other."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.draft import Draft
from bot.keys import new_code
from flows.events import Entered, Event, LinkMade, Told
from flows.kin import Enter, Invite, PassOn, Uninvite

CODE_LETTERS = 10  # 49 bits: of a one-time code


@dataclass(frozen=True, slots=True)
class Opened:
    """A circle's one-time code that may still be used. `person`: who made it."""

    hash: bytes
    circle: str
    person: str


@dataclass(slots=True)
class Circles:
    """`whole`: the circles all of whose people are among the drafts. `bot`: its user name."""

    whole: set[str] = field(default_factory=set)
    links: dict[str, Opened] = field(default_factory=dict)  # by code
    invited: dict[str, tuple[str, str]] = field(default_factory=dict)  # a new code and its circle, by who makes it
    uninvited: set[str] = field(default_factory=set)  # whose codes are good no more
    used: set[bytes] = field(default_factory=set)
    bot: str = ""

    def done(
        self, drafts: Collection[Draft], draft: Draft, effect: Invite | Uninvite | Enter | PassOn, at: datetime
    ) -> list[tuple[Draft, Event]]:
        """Do what a turn wants done, and say what follows from it, for whom."""
        code = draft.who.person
        match effect:
            case Invite():
                name, circle = new_code(CODE_LETTERS), draft.person.circle or new_code()
                self.invited[code] = name, circle
                return [(draft, LinkMade(at=at, circle=circle, link=f"https://t.me/{self.bot}?start={name}"))]
            case Uninvite():
                self.uninvited.add(code)
                self.invited.pop(code, None)
                self.links = {name: one for name, one in self.links.items() if one.person != code}
                return []
            case Enter(code=name):
                link = self.links.pop(name, None)
                if link is not None:
                    self.used.add(link.hash)
                return [(draft, Entered(at=at, circle=link.circle if link else ""))]
            case PassOn():
                told = Told(at=at, did=effect.did, by=effect.by, known=effect.known)
                return [(one, told) for one in _concerned(drafts, draft, effect)]


def beside(drafts: Collection[Draft], draft: Draft) -> tuple[str, ...]:
    """Who else cares for the same patient and lets coordinators know."""
    circle = draft.person.circle
    shown = (one for one in drafts if circle and one.person.circle == circle and one is not draft)
    return tuple(one.who.person for one in shown if one.person.permits("show"))


def _concerned(drafts: Collection[Draft], draft: Draft, effect: PassOn) -> list[Draft]:
    """Whom somebody tells: others of the circle; or one person, whom a coordinator must be let know of."""
    among = [one for one in drafts if not effect.circle or one.person.circle == effect.circle]
    if not effect.person:
        return [one for one in among if effect.circle and one is not draft]
    wanted = [one for one in among if one.who.person == effect.person]
    return [one for one in wanted if effect.by != "staff" or (one.person.coded and one.person.role)]
