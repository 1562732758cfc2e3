"""What becomes of circles in a talk, as bot/circles.py does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from content import family
from content.voice import Message
from flows.effects import ShowCircle
from flows.events import Entered, Event, LinkMade, Told
from flows.kin import Enter, Invite, PassOn, ShowFarewell, Uninvite
from flows.person import Person

if TYPE_CHECKING:
    from tests.talks import Phone, World


@dataclass(frozen=True, slots=True)
class Relatives:
    """Those of a world who care for the same patient, and the links into their circles."""

    world: World

    def done(self, phone: Phone, person: Person, effect: Invite | Uninvite | Enter | PassOn) -> list[tuple[str, Event]]:
        """What bot/circles.py makes of it."""
        world, now = self.world, self.world.now
        name = next(name for name, one in world.phones.items() if one is phone)
        match effect:
            case Invite():
                world.links.pop(world.made.pop(name, ""), None)
                code = f"LINK{len(world.happened):06}"
                circle = person.circle or f"RING{len(world.happened):04}"
                world.links[code], world.made[name] = circle, code
                return [(name, LinkMade(at=now, circle=circle, link=f"https://t.me/bot?start={code}"))]
            case Uninvite():
                world.links.pop(world.made.pop(name, ""), None)
                return []
            case Enter(code=code):
                return [(name, Entered(at=now, circle=world.links.pop(code, "")))]
            case PassOn():
                told = Told(at=now, did=effect.did, by=effect.by, known=effect.known)
                return [(one, told) for one in self._concerned(name, effect)]
        assert_never(effect)

    def shown(self, person: Person, effect: ShowCircle | ShowFarewell) -> Message:
        """What bot/shown.py makes of it."""
        everybody = [one.person for one in self.world.phones.values()]
        if isinstance(effect, ShowCircle):
            others = tuple(one.id for one in everybody if one.circle == person.circle and one.id != person.id)
            return family.circle(self.world.library, person, effect, others)
        about = next((one for one in everybody if one.id == effect.person), None)
        known = family.Standing(farewell=about.farewell) if about and about.coded else None
        return family.farewell(self.world.library, person, effect, known)

    def _concerned(self, name: str, effect: PassOn) -> list[str]:
        """The names of those whom somebody tells."""
        among = {other: one.person for other, one in self.world.phones.items()}
        among = {other: one for other, one in among.items() if not effect.circle or one.circle == effect.circle}
        if not effect.person:
            return [other for other in among if effect.circle and other != name]
        reached = [other for other, one in among.items() if one.id == effect.person]
        return [one for one in reached if effect.by != "staff" or among[one].coded]
