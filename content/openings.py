"""What is promised of questions that are open: nothing about check-ins themselves tears them away."""

from collections.abc import Iterator
from datetime import timedelta

from content.steps import GONE
from content.transition import Transition
from flows.effects import Say
from flows.events import CameDue

ABOUT = frozenset({"set", "travel", "pause", "repause"})  # buttons that ask when check-ins come, or where somebody is
CHECKINS = frozenset({"daily", "weekly"})
AT_IT = timedelta(minutes=30)  # so long nobody speaks of something else to somebody who is answering


def openings(t: Transition) -> Iterator[str]:
    """Every promise about open questions that this breaks."""
    place, tap = t.before.place, t.tap("checkins")
    if place is None or place.item == GONE or t.after.farewell:
        return
    still = {one.run for one in (t.after.place, t.after.waiting) if one}
    if tap and tap.option in ABOUT and place.questionnaire in CHECKINS and place.run not in still:
        yield "a check-in is gone as its own days or a pause are asked about"
    late = any(isinstance(one, Say) and one.words == "checkin.late" for one in t.seen)
    if late and any(one and one.questionnaire == "daily" for one in (t.after.place, t.after.waiting)):
        yield "after the bot was away somebody is asked for two check-ins"
    over = any(isinstance(one, Say) and one.words == "checkins.resumed" for one in t.seen)
    if over and isinstance(t.event, CameDue) and t.event.at - place.at < AT_IT:
        yield "somebody is told that a pause is over in the midst of answering"
