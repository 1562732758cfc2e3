"""What is promised about an alert until somebody has it, about what is done then, and what the family hears of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from content.transition import Transition, hushed
from content.trust import asked_of
from flows.book import Book, Urgency
from flows.deeds import Review
from flows.due import in_zone
from flows.effects import Amend, Claim, Say, Tell, Toast, Wake
from flows.events import AlertView, CameDue, Handled, Tapped
from flows.fills import Words
from flows.person import spoken

FAMILY = "family."
UNANSWERED = f"{FAMILY}unanswered"
DAY, JUST_OVER = timedelta(days=1), timedelta(minutes=30)  # what was due when they worked is told a little later
ENOUGH = ("family", "says_here")  # the family was told before, or has reached help


def escalation(book: Book, t: Transition) -> Iterator[str]:
    """Every promise about alerts that this breaks."""
    yield from _amended(t)
    yield from _all_at_once(t)
    yield from _reviewed(t)
    yield from _ended(t)
    event = t.event
    if isinstance(event, CameDue) and event.timer.startswith("alert ") and event.alert:
        yield from _told_again(book, t, event, event.alert)
    if isinstance(event, CameDue | Handled):
        yield from _family(book, t)
        yield from _away(t)


def _reviewed(t: Transition) -> Iterator[str]:
    """What a colleague has marked is not marked again, and who comes second is told by whom."""
    view = t.event.review if isinstance(t.event, Tapped) and t.event.item == "reviewed" else None
    if view is None or view.runs or not t.before.staff or view.by in ("", t.before.id):
        return
    told = any(isinstance(one, Toast) and dict(one.with_).get("by") == spoken(view.by) for one in t.seen)
    if not told or t.does(Review):
        yield "a colleague has reviewed it, and who comes second is not told who"


def _ended(t: Transition) -> Iterator[str]:
    """Who looks at an alert that a death has closed is told that, and of nobody who closed it."""
    tap = t.tap("alert") if t.before.staff else None
    died = tap is not None and tap.alert is not None and tap.alert.closed and tap.alert.steps[-1].what == "died"
    if died and [one.words for one in t.seen if isinstance(one, Say)] != ["alert.closed_died"]:
        yield "a death has closed an alert, and a coordinator is told otherwise"


def _told_again(book: Book, t: Transition, event: CameDue, alert: AlertView) -> Iterator[str]:
    """While nobody has it, more coordinators are told each time, then all; then the family is."""
    tells = [one for one in t.effects if isinstance(one, Tell)]
    amends = [one for one in t.effects if isinstance(one, Amend)]
    rota, known = event.rota, {code for step in alert.steps for code in step.to}
    if alert.state != "open" or not (alert.shared or t.before.permits("show")):
        if tells or amends or t.seen:
            yield "somebody is told of an alert that is taken, closed or not theirs to know"
        return
    if event.serves not in (
        "left",
        str(sum(step.what != "asked" and bool(step.to or step.what == "nobody") for step in alert.steps)),
    ):
        if tells or amends or t.seen:
            yield "an alert is told again out of its turn"
        return
    if _waits(book, event, alert):
        later = [one for one in t.effects if isinstance(one, Wake)]
        if tells or amends or t.seen:
            yield "somebody is told of what is urgent outside working hours"
        if [(one.timer, one.serves) for one in later] != [(event.timer, event.serves)]:
            yield "what is urgent waits for working hours, and nothing will tell of it then"
        elif not event.at < later[0].at <= max(alert.at + DAY, event.at):
            yield "what is urgent waits for more than a day"
        return
    to = {code for one in tells for code in one.to}
    left = event.serves == "left" and bool(rota)
    if rota and (not to or not to <= set(rota)):
        yield "nobody has an alert, and no coordinator is told"
    if rota and not left and not (to > known & set(rota) or to == set(rota)):
        yield "an alert is told again, and to nobody more"
    if any(step.what == "left" and not step.by for one in amends for step in one.alert.steps):
        yield "somebody who had an alert has left, and it is not said who"
    if len(amends) != 1 or len(amends[0].alert.steps) <= len(alert.steps):
        yield "what was done about an alert is not noted"
    last = not left and known >= set(rota)
    silent = t.before.blocked or not event.latest or any(step.what in ENOUGH for step in alert.steps)
    said = any(isinstance(one, Say) and one.words.startswith(UNANSWERED) for one in t.seen)
    asleep = alert.urgency < Urgency.EMERGENCY and hushed(book, t.before, t.event.at)
    if last and not silent and not asleep and not said:
        yield "all coordinators were told, nobody has the alert, and the family does not know"


def _waits(book: Book, event: CameDue, alert: AlertView) -> bool:
    """Whether nobody is to be told now, as coordinators do not work: not of an emergency, nor once it is a day old, nor
    while all were told of it and the family was not."""
    if alert.urgency == Urgency.EMERGENCY or event.at - alert.at >= DAY or _at_work(book, event.at):
        return False
    if event.serves == "left":
        return not event.on_duty or book.pathway.working.held
    said = {step.what for step in alert.steps}
    return not _at_work(book, event.at - JUST_OVER) and (not said & {"all", "nobody"} or bool(said & set(ENOUGH)))


def _at_work(book: Book, at: datetime) -> bool:
    """Whether coordinators work, at a site whose hours do not go on past midnight."""
    hours, here = book.pathway.working, in_zone(book.pathway.zone, at)
    return hours.always or (str(here.weekday()) in hours.days and hours.start <= here.time() < hours.end)


def _family(book: Book, t: Transition) -> Iterator[str]:
    """What the family hears never takes the place of the call, and does not wake them unless it is an emergency."""
    event, loop = t.event, t.after.loop
    alert = event.alert if isinstance(event, CameDue | Handled) else None
    for one in t.seen:
        if alert is None or not isinstance(one, Say) or not one.words.startswith(FAMILY):
            continue
        if t.before.blocked or not (alert.shared or t.before.permits("show")):
            yield "a family that cannot be reached, or has not permitted it, hears of coordinators"
        told = isinstance(event, Handled) and event.what == "away"
        if told and loop is None and (one.words != "family.away" or "when" not in dict(one.with_)):
            yield "coordinators do not work now, and the family does not hear from when on, and whom to call"
        if loop is not None and dict(one.with_).get("call") != Words(f"advice.{loop.advice}.title"):
            yield "the family hears of coordinators in an emergency, and not whom to call"
        if loop is not None and not one.words.endswith("_call"):
            yield "the call that still stands is not said"
        if alert.urgency < Urgency.EMERGENCY and hushed(book, t.before, t.event.at) and not told:
            yield "a family is woken for something that is no emergency"


def _away(t: Transition) -> Iterator[str]:
    """Whoever has told something while coordinators do not work hears so at once."""
    event = t.event
    unsaid = isinstance(event, Handled) and event.what == "away" and not t.before.blocked and not t.seen
    if unsaid and isinstance(event, Handled) and (event.alert.shared or t.before.permits("show")):
        yield "coordinators do not work now, and the family is not told"


def _amended(t: Transition) -> Iterator[str]:
    """Who has an alert changes it, besides a note; a closed one stays closed, and no step is forgotten."""
    event = t.event
    for one in t.effects:
        if isinstance(one, Amend) and isinstance(event, Tapped) and event.alert is not None:
            was, now = event.alert, one.alert
            if was.closed or was.taken_by != t.before.id:
                yield "somebody changes an alert that they do not have"
            if now.steps[: len(was.steps)] != was.steps or len(now.steps) != len(was.steps) + 1:
                yield "what was done about an alert is forgotten"
        if isinstance(one, Amend) and isinstance(event, Tapped) and event.alert is None:
            mine = [held for held in event.held if held.alert == one.alert.alert and held.taken_by == t.before.id]
            if not mine or one.alert.steps[: len(mine[0].steps)] != mine[0].steps:
                yield "somebody hands over an alert that they do not have"
        if isinstance(one, Amend | Claim) and isinstance(event, Tapped) and not t.before.staff:
            yield "somebody who is no coordinator changes an alert"


def _all_at_once(t: Transition) -> Iterator[str]:
    """All that a coordinator has: a colleague is asked for every alert, and takes what was asked of them."""
    tap = t.tap("alert") if t.before.staff else None
    if tap is None or not tap.held:
        return
    claims = [one.alert for one in t.effects if isinstance(one, Claim)]
    if tap.option == "takeall" and claims != [one for one in tap.held if asked_of(one, t.before.id)]:
        yield "what was asked of a colleague is not what they take over"
    code, there = tap.option.partition(".")[2], tap.option.startswith("askall.")
    asks = [one for one in t.effects if isinstance(one, Tell) and one.how == "asks_all"]
    told = any(one.to == (code,) for one in asks)
    if any((one.number, one.alert.urgency) != (len(tap.held), max(view.urgency for view in tap.held)) for one in asks):
        yield "a colleague is asked to take over all, and not told how many there are or how urgent"
    if told != (there and code in tap.rota and code != t.before.id):
        yield "a colleague is to be asked to take over all, and is not"
    if told and [one.alert.alert for one in t.effects if isinstance(one, Amend)] != [one.alert for one in tap.held]:
        yield "a colleague is asked to take over all, and not of every alert"
