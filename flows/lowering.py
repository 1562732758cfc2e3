"""An urgent answer is taken back: ask why, and keep the more urgent one."""

from flows import triage
from flows.book import Book, Urgency
from flows.crisis import CRISES, SELF, kind
from flows.effects import Button, Effect, Say, Toast
from flows.events import Tapped
from flows.person import Person
from flows.questionnaire import named

OTHERS_SAY = "others_say"  # what `they_say` is called on the button, of the reader's own thoughts


def takes_back(person: Person, event: Tapped) -> bool:
    """Whether a tap without urgency stands under a question whose answer was reported as a red flag."""
    return bool(told(person, event))


def told(person: Person, event: Tapped) -> tuple[str, ...]:
    """What was reported as a red flag by answers to the question of this tap.

    Of whichever run, while what was told still stands; later, of that run alone.
    """
    report, stands = person.report, triage.standing(person, event.at)
    own = report.signs if report and event.run == report.run else ()
    signs = dict.fromkeys((*own, *(stands.signs if stands else ())))
    return tuple(one for one in signs if one.partition("#")[0] == event.item)


def lowered(book: Book, signs: tuple[str, ...]) -> list[Effect]:
    """Somebody takes back an answer that told these signs: ask why, and keep the more urgent one.

    A button names whose thoughts of suicide it is about: what was told may be forgotten until it is tapped.
    """
    calls = kind(book, signs)
    words = {"they_say": OTHERS_SAY} if calls == SELF else {}
    rows = tuple(
        (Button(words=f"lower.option.{words.get(name, name)}", item="lower", option=name, about=calls),)
        for name in ("better", "mistake", "they_say")
    )
    kept = Say(words="lower.ask", with_=(("sign", named(signs, "")),), urgency=Urgency.URGENT, buttons=rows)
    return [Toast(words="toast.kept"), kept]


def lowered_why(person: Person, event: Tapped) -> list[Effect]:
    """Whatever the reason, the more urgent answer stays."""
    name = event.option if event.option in ("better", "mistake", "they_say") else "better"
    words = f"lower.{name}_{event.about}" if event.about in CRISES else f"lower.{name}"
    return [Say(words=words, urgency=Urgency.URGENT, buttons=triage.ways_on(person))]
