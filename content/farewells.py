"""What is promised to relatives: nothing stops before a clear yes, nothing is asked after it, nobody joins unasked."""

from collections.abc import Iterator

from content.transition import Transition, offers
from flows.book import Urgency
from flows.effects import Ask, Forget, Say, ShowCircle, ShowPicture
from flows.events import CameDue, Entered, LinkMade, Said, Tapped, Told
from flows.kin import Enter, Invite, PassOn

STAY = frozenset({"loop", "farewell", "digest"})  # of an emergency told since; of the one word; of a coordinator


def farewells(t: Transition) -> Iterator[str]:
    """Every promise about a circle and a death that this breaks."""
    yield from _after(t)
    yield from _begun(t)
    yield from _taken_back(t)
    yield from _circle(t)


def _after(t: Transition) -> Iterator[str]:
    """After a death no question is open, and nothing will be asked unless an emergency is told."""
    if not t.after.farewell:
        return
    if t.after.place or t.after.waiting or t.does(Ask):
        yield "somebody has died, and a question is asked"
    if t.before.farewell and t.tap("picture") and not t.before.staff and t.does(ShowPicture):
        yield "somebody has died, and a picture of how it has been is drawn"
    if t.before.farewell and (t.does(Invite, ShowCircle) or any(offers(one, "circle", "invite") for one in t.seen)):
        yield "somebody has died, and relatives are asked in"
    if not all(_stays(wake.timer) for wake in t.then.timers):
        yield "somebody has died, and a timer is still set"
    if t.before.farewell and isinstance(t.event, CameDue) and not _stays(t.event.timer) and t.seen:
        yield "somebody has died, and a timer says something"


def _stays(timer: str) -> bool:
    """Whether it may go off: of an emergency told since, of its alert, or of the one word."""
    return timer in STAY or timer.startswith(("alert ", "word "))


def _begun(t: Transition) -> Iterator[str]:
    """It takes a yes of their own, or somebody who may say so; to take it back, a tap, or everything is deleted."""
    was, now = t.before.farewell, t.after.farewell
    tap = t.tap("died")
    told = t.event.did if isinstance(t.event, Told) else ""
    if was is None and now is not None:
        if told != "died" and not (tap and tap.option == "yes"):
            yield "everything stops, and nobody said that somebody has died"
        if told != "died" and t.before.role == "patient":
            yield "a patient is taken for dead by their own word"
        if t.after.role == "patient" and t.seen and told == "died":
            yield "the account of somebody who has died is told of it"
    theirs = t.before.loop is not None and t.before.role == "patient"
    if theirs and t.after.loop is None and isinstance(t.event, Told) and t.event.by != "staff":
        yield "a relative says that the patient has died, and what the patient has told is closed"
    erased = t.does(Forget)
    if (
        was is not None
        and now is None
        and not erased
        and not t.bare
        and told != "mistake"
        and not (tap and tap.option == "mistake")
    ):
        yield "a death is forgotten"
    text = t.event.text if isinstance(t.event, Said) else ""
    asks = any(isinstance(one, Say) and one.words == "farewell.ask" for one in t.seen)
    if text == DIED and t.before.role != "patient" and not was and not t.bare and not asks:
        yield "somebody says that the patient has died, and is not asked"


def _taken_back(t: Transition) -> Iterator[str]:
    """Nobody has died: the emergency that ended with it is open again, and whoever must act is told so at once."""
    was, now = t.before.farewell, t.after.farewell
    ended = was.loop if was and now is None and not t.does(Forget) and t.event.at - was.at < t.within else None
    if was is not None and now is not None and was.loop != now.loop:
        yield "an emergency that was open when somebody died is forgotten"
    if ended is None or t.bare:
        return
    advised = t.advised is not None and t.advised.urgency == Urgency.EMERGENCY
    loop = t.after.loop
    open_again = loop is not None and set(ended.signs) <= set(loop.signs) and advised
    if not open_again and not t.before.blocked:
        yield "nobody has died, and the emergency of before is not open again"
    knows = t.after.permits("show") or ended.shared
    if knows and not any(set(ended.signs) <= set(one.signs) and one.urgency == Urgency.EMERGENCY for one in t.alerts):
        yield "nobody has died, and coordinators are not told of the emergency of before"


def _circle(t: Transition) -> Iterator[str]:
    """Nobody is in a circle without leave to keep, or without having agreed; others hear what one lets them hear."""
    if t.after.circle and not t.after.permits("keep"):
        yield "somebody is in a circle without leave to keep"
    if t.after.circle and t.after.circle != t.before.circle and not isinstance(t.event, Entered | LinkMade):
        yield "somebody is in a circle and did not join it"
    if t.does(Enter) and not t.after.permits("keep"):
        yield "somebody joins a circle without having agreed"
    told = [one for one in t.effects if isinstance(one, PassOn) and one.did in ("sign", "emergency", "answered")]
    heard = [one.did for one in told]
    if any((one.by == "patient") != (t.before.role == "patient") for one in told):
        yield "a circle is told of the patient as of a relative, or the other way round"
    if heard and not t.before.permits("circle"):
        yield "a circle is told what it may not know"
    if isinstance(t.event, Tapped) and t.event.item != "circle" and len(set(heard)) < len(heard):
        yield "a circle is told twice"


DIED = "he died"
