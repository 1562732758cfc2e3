"""What is promised about permission: what is kept and shown, what is stored as answered, and check-ins."""

import re
from collections.abc import Iterator

from content.farewells import farewells
from content.states import allowed
from content.steps import by_them
from content.transition import Transition, hushed
from flows.book import Book, Urgency
from flows.deeds import Review, Write
from flows.effects import (
    Ask,
    Begin,
    Claim,
    Close,
    Effect,
    Follow,
    Forget,
    Record,
    Remember,
    Say,
    ShowAlerts,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
)
from flows.events import AlertRaised, AlertView, CameDue, Commanded, Followed, Reminded, Said, Tapped, Told, Written
from flows.person import spoken

MISSED = 2  # so many in a row
PERMISSIONS = ("keep", "show", "remind")
CELSIUS = re.compile(r"[234]\d\.\d")


def trust(book: Book, t: Transition) -> Iterator[str]:
    """Every promise about permission that this breaks."""
    yield from _kept(t)
    yield from _told_to_others(t)
    yield from _agreed(book, t)
    yield from _stored(book, t)
    yield from _scheduled(t)
    yield from _pictures(t)
    yield from _unanswered(t)
    yield from _hushed(book, t)
    yield from _for_staff(book, t)
    yield from farewells(t)


def _kept(t: Transition) -> Iterator[str]:
    """Nothing is kept without leave, and a response is open as long as its questions are."""
    kept = [effect for effect in t.effects if isinstance(effect, Begin | Record | Close)]
    if kept and not allowed(t.before)[0]:
        yield f"{type(kept[0]).__name__} without leave to keep"
    opened = set(t.state.open)
    for effect in kept:
        if isinstance(effect, Begin):
            opened.add(effect.run)
        elif effect.run not in opened:
            yield f"{type(effect).__name__} of a response that is not open"
        if isinstance(effect, Close):
            opened.discard(effect.run)
    runs = {place.run for place in (t.after.place, t.after.waiting) if place}
    if not t.then.open <= runs:
        yield "a response stays open, and nobody will end it"


def _told_to_others(t: Transition) -> Iterator[str]:
    loop = t.before.loop
    told = (
        allowed(t.before)[1]
        or allowed(t.after)[1]
        or (loop is not None and (loop.shared or t.tap("share") is not None))
    )
    if t.alerts and not told:
        yield "an alert without leave to show"
    if t.does(Follow) and not told:
        yield "coordinators follow an emergency that they were not told of"


def _agreed(book: Book, t: Transition) -> Iterator[str]:
    """What is permitted is what was answered, no more and no less, until it is changed."""
    before, after = allowed(t.before), allowed(t.after)
    if tuple(t.after.permits(name) for name in PERMISSIONS) != after:
        yield "something is permitted without leave to keep"
    remembered = t.does(Remember)
    erased = t.does(Forget)
    if erased and any(after):
        yield "what was permitted is still permitted after everything was deleted"
    if remembered:
        given = _answers(t)
        if after != (given.get("keep") == "yes", given.get("show") == "yes", given.get("remind") == "yes"):
            yield "what is permitted is not what was answered"
        if _refused(book, t, given):
            yield "somebody is remembered who has said no"
        if t.after.illness != given.get("illness", ""):
            yield "the illness is not the one that was answered"
        return
    event = t.tap("data")
    name, _, wanted = event.option.partition("_") if event else ("", "", "")
    switched = {name: wanted == "on"} if name in PERMISSIONS and wanted in ("on", "off") and before[0] else {}
    expected = tuple(switched.get(one, was) for one, was in zip(PERMISSIONS, before, strict=True))
    if after != expected and not erased and not t.bare:
        yield "what is permitted has changed, and nobody asked for it"


def _refused(book: Book, t: Transition, given: dict[str, str]) -> bool:
    """Whether one of the answers, the last included, is one that ends the questions."""
    items = book.questionnaires[t.before.place.questionnaire].items if t.before.place else ()
    options = [item.option(given[item.id]) for item in items if item.id in given]
    return any(option is not None and option.ends for option in options)


def _answers(t: Transition) -> dict[str, str]:
    """The answers so far to the open questions, the last included."""
    given = dict(t.before.place.answers) if t.before.place else {}
    if isinstance(t.event, Tapped):
        given[t.event.item.partition("/")[2]] = t.event.option
    return given


def _stored(book: Book, t: Transition) -> Iterator[str]:
    """Who they are, where the patient is and who is with them is stored as answered; and so is every answer."""
    was, now = t.before, t.after
    place = was.place
    if place and place.questionnaire == "welcome" and now.place is None and now.role and isinstance(t.event, Tapped):
        given = _answers(t)
        country = given.get("country", "")
        wanted = (given.get("role", ""), given.get("near", ""), country if country in book.countries else "")
        if (t.event.item.startswith("welcome/")) and (now.role, now.near, now.country) != wanted:
            yield "who they are is not stored as answered"
    elif was.role and not t.bare and (was.role, was.near, was.country, was.illness) != _who(t):
        yield "who they are has changed, and nobody answered so"
    for one in t.effects:
        found = book.item(f"{one.questionnaire}/{one.item}") if isinstance(one, Record) else None
        if found is None or not isinstance(one, Record):
            continue
        option = found[1].option(one.option)
        if option is not None and option.urgency != one.urgency:
            yield f"the answer to {one.questionnaire}/{one.item} is kept with another urgency"
        if found[1].measure and one.value and not CELSIUS.fullmatch(one.value):
            yield "a temperature is not kept in °C"


def _who(t: Transition) -> tuple[str, str, str, str]:
    """Role, nearness, country and illness; the last two may go when everything is deleted, and illness be answered."""
    now, was = t.after, t.before
    free = t.does(Remember, Forget)
    return (now.role, was.near if free else now.near, now.country, was.illness if free else now.illness)


def _scheduled(t: Transition) -> Iterator[str]:
    """Whoever has check-ins that do not rest will be asked; and nobody is without leave to remind."""
    plan, timer = t.after.schedule, t.then.timer("checkin")
    rests = plan is None or plan.paused or t.after.blocked or t.after.farewell or not allowed(t.after)[2]
    if plan is not None and not rests and (timer is None or timer.serves.partition("@")[0] != str(plan.version)):
        yield "check-ins are set, and nobody will ask"
    back = t.then.timer("resume")
    ends = (
        plan is not None
        and plan.paused
        and plan.until
        and not t.after.blocked
        and not t.after.farewell
        and allowed(t.after)[2]
    )
    if plan is not None and ends and (back is None or back.serves != str(plan.version)):
        yield "a pause ends on a day, and nobody will end it"
    due = isinstance(t.event, CameDue) and t.event.timer == "checkin"
    if due and t.does(Ask) and not allowed(t.before)[2]:
        yield "a check-in is asked without leave to remind"
    stopped = isinstance(t.event, Commanded) and t.event.name == "stop"
    goes_on = [wake for wake in t.then.timers if wake.timer != "digest"]  # what coordinators get for their work
    if stopped and (goes_on or t.after.place or t.after.waiting or t.after.loop):
        yield "somebody says stop, and something goes on"
    if t.before.stopped and t.seen and isinstance(t.event, Written | Reminded | Told):
        yield "somebody has said stop, and hears what others write or do"
    if not t.bare and t.after.stopped != stopped and (stopped or by_them(t.event)):
        yield "it is forgotten that somebody has said stop, or that they are there again"


def _pictures(t: Transition) -> Iterator[str]:
    """Pictures and figures of others are for coordinators, and one of one's own is of what may be kept."""
    for one in t.effects:
        others = isinstance(one, ShowFigures) or (isinstance(one, ShowPicture) and one.person)
        if others and not t.after.staff:
            yield "somebody who is no coordinator sees how others are"
        if isinstance(one, ShowPicture) and not one.person and not allowed(t.before)[0]:
            yield "a picture of answers that nobody may keep"
    tap = t.tap("picture")
    shown = [one for one in t.effects if isinstance(one, ShowPicture)]
    mine = allowed(t.before)[0] and not t.before.farewell
    if tap and not shown and (t.before.staff if tap.about else mine):
        yield "a picture is asked for and none is shown"
    if tap and any(one.person != tap.about for one in shown):
        yield "a picture of somebody else is shown"


def _unanswered(t: Transition) -> Iterator[str]:
    """Of two check-ins in a row without an answer coordinators learn once; so of a block and its end."""
    was, now, shown = t.before, t.after, allowed(t.before)[1]
    told = [one.state for one in t.effects if isinstance(one, Follow)]
    second = isinstance(t.event, CameDue) and now.missed == MISSED and was.missed < MISSED
    if ("missed" in told) != (second and shown):
        yield "coordinators are told of missed check-ins out of turn, or not at all"
    ended = {one.run for one in t.effects if isinstance(one, Close) and one.state == "completed"}
    if was.place and was.place.questionnaire == "daily" and was.place.run in ended and now.missed:
        yield "somebody has answered, and counts as missing"
    if t.told and now.missed:
        yield "somebody tells a warning sign, and counts as missing"
    if now.blocked and not was.blocked and shown and not was.farewell and "blocked" not in told:
        yield "somebody blocks the bot, and the coordinators do not learn of it"
    back = was.blocked and not now.blocked and not was.farewell
    if ("back" in told) != (back and shown):
        yield "somebody can be reached again, and the coordinators do not learn of it"


def _hushed(book: Book, t: Transition) -> Iterator[str]:
    """Nobody is written to unasked in the quiet hours, but about an emergency."""
    event = t.event
    if not isinstance(event, CameDue) or not t.seen or not hushed(book, t.before, event.at):
        return
    if event.timer != "loop" and not (event.alert and event.alert.urgency == Urgency.EMERGENCY):
        yield f"somebody is woken by the timer {event.timer}"


def _for_staff(book: Book, t: Transition) -> Iterator[str]:
    """Alerts and the log answer coordinators alone; one alert has one who takes it; and each is about the right one."""
    lists = [one for one in t.effects if isinstance(one, ShowAlerts | ShowLog | ShowPerson | Review)]
    claims = [one for one in t.effects if isinstance(one, Claim)]
    if (lists or claims) and not t.after.staff:
        yield "somebody who is no coordinator sees alerts or the log"
    tap = t.tap("alert")
    view = tap.alert if tap else None
    one_alone = tap is None or tap.option != "takeall"
    if claims and one_alone and (view is None or view.closed or (view.taken_by and not asked_of(view, t.before.id))):
        yield "an alert is taken that somebody has already"
    if tap and tap.option == "take" and view and view.state == "open" and t.before.staff and not claims:
        yield "an alert that is free cannot be taken"
    yield from _reviewed(t)
    yield from _written(book, t)
    match t.event:
        case AlertRaised(alert=alert):
            yield from _about(t.seen, spoken(alert.subject))
        case Followed(person=person):
            yield from _about(t.seen, spoken(person))
        case _:
            pass  # nobody is told of somebody


def _written(book: Book, t: Transition) -> Iterator[str]:
    """Coordinators write to those they may know of, by day; it is read, and stands in the log."""
    writes = [one for one in t.effects if isinstance(one, Write)]
    to = t.event.to if isinstance(t.event, Said) else None
    if any(
        to is None or to.blocked or to.stopped or to.asleep or one.to != to.person or not t.before.staff
        for one in writes
    ):
        yield "somebody is written to who cannot be, or by somebody who may not"
    if not isinstance(t.event, Written):
        return
    said = any(isinstance(one, Say) and ("text", t.event.text) in one.with_ for one in t.seen)
    kept = any(isinstance(one, Record) and one.value == t.event.text for one in t.effects)
    asleep = hushed(book, t.before, t.event.at) and t.before.loop is None
    if not t.before.permits("show") and (said or kept):
        yield "a coordinator writes to somebody who did not permit it"
    if asleep and said:
        yield "a coordinator's message wakes somebody"
    hears = t.before.permits("show") and not (t.before.blocked or t.before.stopped or asleep)
    if hears and not (said and kept):
        yield "what a coordinator writes is not read, or does not stand in the log"


def asked_of(alert: AlertView, code: str) -> bool:
    """Whether the one who has it has asked this colleague to take it over."""
    asks = (step.by == alert.taken_by and code in step.to for step in alert.steps if step.what == "asked")
    return alert.taken_by != code and any(asks)


def _reviewed(t: Transition) -> Iterator[str]:
    """One response has one who reviews it, and only what is shown can be reviewed."""
    tap, marks = t.tap("reviewed"), [one for one in t.effects if isinstance(one, Review)]
    view = tap.review if tap else None
    if any(view is None or (one.person, one.runs) != (view.person, view.runs) for one in marks):
        yield "something is marked as reviewed that is not shown, or was reviewed by another"
    if view is not None and view.runs and t.before.staff and not marks:
        yield "what nobody has reviewed cannot be marked as reviewed"


def _about(seen: list[Effect], code: str) -> Iterator[str]:
    if not any(isinstance(one, Say) and ("person", code) in one.with_ for one in seen):
        yield "a coordinator is not told whom it is about"
