"""An urgent answer is taken back: ask why, and keep the more urgent one."""

from flows import triage
from flows.book import Urgency
from flows.effects import Button, Effect, Say, Toast
from flows.events import Tapped
from flows.fills import Words
from flows.person import Person


def takes_back(person: Person, event: Tapped) -> bool:
    """Whether a tap without urgency stands under a question whose answer was reported as a red flag.

    Of whichever run, while what was told still stands; later, of that run alone.
    """
    report, stands = person.report, triage.standing(person, event.at)
    own = report.signs if report and event.run == report.run else ()
    return event.item in {one.partition("#")[0] for one in (*own, *(stands.signs if stands else ()))}


def lowered(sign: str) -> list[Effect]:
    """Somebody takes an urgent answer to this item back: ask why, and keep the more urgent one."""
    names = ("better", "mistake", "they_say")
    rows = tuple((Button(words=f"lower.option.{name}", item="lower", option=name),) for name in names)
    told = (("sign", Words(f"{sign.replace('/', '.')}.sign")),)
    return [Toast(words="toast.kept"), Say(words="lower.ask", with_=told, urgency=Urgency.URGENT, buttons=rows)]


def lowered_why(person: Person, event: Tapped) -> list[Effect]:
    """Whatever the reason, the more urgent answer stays."""
    name = event.option if event.option in ("better", "mistake", "they_say") else "better"
    return [Say(words=f"lower.{name}", urgency=Urgency.URGENT, buttons=triage.ways_on(person))]
