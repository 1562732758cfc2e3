"""What is promised of an emergency of the last day at the end of questions that found nothing new."""

from collections.abc import Iterator

from content.links import MEDICAL
from content.transition import Transition, offers
from flows.book import Urgency
from flows.effects import Advise, Effect, Say
from flows.events import Tapped, Unblocked

CRISES = ("crisis", "own_crisis")  # the card is not about these


def standing(t: Transition) -> Iterator[str]:
    """Its call is repeated and it is open again. Where the person said that help is there, nobody is sent to call."""
    yield from _helped(t)
    yield from _back(t)
    report, place = t.before.report, t.before.place
    if not t.ended or t.bare or place is None or place.questionnaire not in MEDICAL:
        return
    told = report is not None and report.urgency == Urgency.EMERGENCY and t.fresh(report)
    if t.before.loop is None and report is not None and report.helped and told:
        said = next((one for one in t.seen if isinstance(one, Say) and one.words.startswith("triage.helped")), None)
        if said is None or t.does(Advise) or t.after.loop is not None:
            yield "help was reached, and somebody without a new sign is sent to call again"
        elif not offers(said, "menu", "symptoms"):
            yield "it is said that what was told still counts, and the way to tell more is missing"
        elif offers(said, "menu", "card") == said.words.endswith("_crisis"):
            yield "it is said that what was told still counts, with the wrong card"
    elif (t.before.loop is not None or told) and not any(map(_calls, t.seen)):
        yield "an emergency stands, and questions end without its call"


def _back(t: Transition) -> Iterator[str]:
    """A block ends the questions whether help was reached. Who is back, and said of no help, is told the call again."""
    report, back = (
        t.before.report,
        isinstance(t.event, Unblocked) and t.before.blocked and not t.before.farewell and t.before.permits("keep"),
    )
    if not back or report is None or report.urgency < Urgency.EMERGENCY or report.helped or not t.fresh(report):
        return
    if t.after.loop is None or not any(map(_calls, t.seen)):
        yield "somebody who had blocked the bot is back, and the emergency of before is forgotten"


def _calls(one: Effect) -> bool:
    return isinstance(one, Advise) and one.urgency == Urgency.EMERGENCY


def _helped(t: Transition) -> Iterator[str]:
    """Help counts as reached when the person says so of the emergency that is open, and until it is open again."""
    was, now, loop = t.before.report, t.after.report, t.before.loop
    if now is not None and now.helped and t.after.loop is not None:
        yield "an emergency is open, and help counts as reached"
    event = t.event
    answers = isinstance(event, Tapped) and event.item == "reached" and loop is not None and event.run == loop.run
    one = loop is not None and bool(loop.also)  # of two: it is asked whether for both
    helps = ("both",) if one else ("here", "both")
    said = answers and isinstance(event, Tapped) and event.option in helps
    if now is not None and now.helped and not said and (was is None or was.run != now.run or not was.helped):
        yield "help counts as reached, and nobody said so"
    if said and loop is not None and now is not None and now.run == loop.run and not now.helped:
        yield "somebody says that help is there, and it is not remembered"
