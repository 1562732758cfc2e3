"""What is promised from the moment that somebody tells a warning sign."""

from collections.abc import Iterator

from content.helped import standing
from content.registers import Requirements
from content.steps import WORDS, typed
from content.transition import AGAIN, Transition, names, offers
from flows.book import Book, Option, Urgency
from flows.crisis import CRISES, SELF, about
from flows.effects import Advise, Effect, Forget, Say
from flows.events import Blocked, CameDue, Commanded, Said, Tapped, Told
from flows.person import Loop
from flows.questionnaire import named, sign

CLOSING = frozenset({"here", "both", "stop"})  # answers that end the questions after an emergency
ONSETS = frozenset({"today", "week", "longer"})  # answers that say since when
CRISIS = "crisis"  # whose screen is about thoughts of suicide, and not for the doctors
CALM = frozenset(
    {"checkin.done", "checkin.done_skipped", "weekly.done"}
)  # words at the end of questions of which none called for anything


def alarms(book: Book, register: Requirements, t: Transition) -> Iterator[str]:
    """Every promise about telling a sign that this breaks."""
    yield from _comfort(t)
    yield from _all_asked(book, t)
    yield from _lowered(book, t)
    yield from _apart(book, t)
    yield from _remembered(t)
    yield from _open(t)
    if any(one.trend for one in t.alerts) and not (t.before.permits("show") or t.after.permits("show")):
        yield "coordinators see how somebody was who does not show it"
    if t.advised and t.after.loop:
        yield from _other_call(register, t, t.advised)
    yield from standing(t)
    if t.told and t.need:
        yield from _screen(register, t, t.told)
        if isinstance(t.event, Said) and t.need.path != WORDS and t.told.degrees is None:
            yield "a temperature is typed, and the words to say leave it out"
        yield from _alerted(t, t.told)
    elif _may_see_it_now(t):
        yield from _told_earlier(t)
    elif t.alerts and not t.tap("share") and not t.advised:
        yield "coordinators are alerted of nothing that was told"


def together(t: Transition) -> bool:
    """Whether the urgent sign that is told comes on top of another, so that it is an emergency."""
    need, report, place = t.need, t.before.report, t.before.place
    if need is None or t.bare:
        return False
    if isinstance(t.event, Tapped) and place is not None and t.event.run == place.run:
        urgent = report.signs if report and report.run == place.run else ()
        if any(sign != need.path for sign in urgent):
            return True
    if t.before.loop is not None:
        return True
    if report is None or not t.fresh(report):
        return False
    if need.path == WORDS or typed(report.signs):
        return report.advice not in need.advices
    return not names(report.signs, need.path)


def repeated(t: Transition) -> bool:
    """Whether coordinators know it already: the same was typed a moment ago, or stands as part of an emergency."""
    report, need = t.before.report, t.need
    if report is None or need is None or not report.alerted:
        return False
    loop = t.before.loop
    emergency = loop is not None or (report.urgency == Urgency.EMERGENCY and t.fresh(report))
    if need.least == Urgency.URGENT and emergency:
        stands = [sign for sign in (*report.signs, *(loop.signs if loop else ())) if sign.startswith(need.path)]
        if need.path != WORDS or any(sign.endswith(tuple(need.advices)) for sign in stands):
            return bool(stands)
    again = need.path == WORDS and typed(report.signs) and t.event.at - report.at < AGAIN
    return again and report.urgency >= need.least and report.advice in need.advices


def _screen(register: Requirements, t: Transition, told: Advise) -> Iterator[str]:
    """The screen names the sign and since when, says why, and leads to the card and to the team."""
    path, person = t.need.path if t.need else "", t.after
    if not names(told.signs, path):
        yield f"{path} is told, and the screen does not name it"
    option = t.event.option if isinstance(t.event, Tapped) else ""
    if option in ONSETS and told.onset != option:
        yield f"{path} began {option}, and the screen does not say so"
    if not offers(told, "why", f"advice/{told.advice}"):
        yield "a screen does not lead to its own sources"
    if told.urgency < Urgency.EMERGENCY:
        return
    crisis = register.screens[told.advice].calls == CRISIS if told.advice in register.screens else False
    crisis = crisis and not (person.loop and {person.loop.calls, person.loop.also} & {"line", "ambulance"})
    if offers(told, "menu", "card") == crisis:
        yield f"the card is {'' if crisis else 'not '}offered under {told.advice}"
    alone = person.loop is not None and not person.permits("show") and not person.loop.shared
    if alone and not offers(told, "share", "once"):
        yield "an emergency is told, and telling the team this once is not offered"
    if person.loop is not None and not (_follows(register, t, told) and names(person.loop.signs, path)):
        yield "what was told as an emergency is not what is open"
    if option in ONSETS and person.loop is not None and not person.loop.onset:
        yield "since when it is so is forgotten"


def _other_call(register: Requirements, t: Transition, told: Advise) -> Iterator[str]:
    """A call told before that is faster, or that thoughts of suicide need where this is none, is not forgotten."""
    stand = {calls for loop in (t.before.loop, t.after.loop) if loop is not None for calls in _called(loop)}
    now = register.screens[told.advice].calls if told.advice in register.screens else ""
    faster = {"line": {"ambulance", CRISIS}, "ambulance": {CRISIS}, CRISIS: {"line", "ambulance"}}
    other = stand & faster.get(now, set())
    if told.urgency == Urgency.EMERGENCY and now and bool(other) != bool(told.first):
        yield f"{told.advice} is shown, and another call {'that stands is left out' if other else 'is made up'}"


def _called(loop: Loop) -> set[str]:
    """Whom an open emergency says to call, whoever is in danger."""
    return {calls.removeprefix("own_") for calls in (loop.calls, loop.also) if calls}


def _follows(register: Requirements, t: Transition, told: Advise) -> bool:
    """Whether what is open is what was told, or was open before and is the faster call."""
    was, now = t.before.loop, t.after.loop
    if now is None or now.advice == told.advice:
        return True
    screen = register.screens.get(told.advice)
    faster = was is not None and screen is not None and screen.calls == "line" and "ambulance" in (was.calls, was.also)
    return was is not None and was.advice == now.advice and faster


def _alerted(t: Transition, told: Advise) -> Iterator[str]:
    """Whoever lets the coordinators see answers has them alerted once: how urgent it is, of what, by which screen."""
    if not t.before.permits("show"):
        return
    if len(t.alerts) != 1 and (t.alerts or not repeated(t)):
        yield f"{len(t.alerts)} alerts of what was told"
    for alert in t.alerts:
        if (alert.urgency, alert.advice, alert.first) != (told.urgency, told.advice, told.first):
            yield "coordinators are told something else than the family"
        if t.need and not names(alert.signs, t.need.path):
            yield "an alert does not name the sign"


def _may_see_it_now(t: Transition) -> bool:
    """Whether coordinators may see, from this step on, an emergency that is open and that they were not told of."""
    loop = t.before.loop
    return loop is not None and not loop.shared and t.after.permits("show") and not t.before.permits("show")


def _told_earlier(t: Transition) -> Iterator[str]:
    """They are alerted of it once, as it was told, and when."""
    alert, loop = t.alerts[0] if len(t.alerts) == 1 else None, t.after.loop
    if alert is None or loop is None or alert.urgency != Urgency.EMERGENCY:
        yield "coordinators may see an emergency that is open, and are not told of it once"
    elif (alert.signs, alert.advice, alert.earlier) != (loop.signs, loop.advice, loop.at):
        yield "coordinators are told of an emergency of before, and not what it is, or when it was told"


def _remembered(t: Transition) -> Iterator[str]:
    """What was told is remembered while it counts, as urgent as it was."""
    was, now = t.before.report, t.after.report
    gone = t.bare or t.does(Forget)
    if t.told and t.need:
        same = now is not None and now.at == t.event.at and now.urgency >= t.told.urgency
        if now is None or not same or now.advice != t.told.advice or not names(now.signs, t.need.path):
            yield "what was told is not remembered as it was told"
        elif now.alerted and not t.alerts and not repeated(t):
            yield "it is remembered that coordinators were alerted, and they were not"
    elif was is not None and t.fresh(was) and (now is None or now.urgency < was.urgency) and not gone:
        yield "what was told and still counts is forgotten"
    loop, then = t.before.loop, t.after.loop
    if loop is None or then is None or then is loop:
        return
    lost = _called(loop) - _called(then)
    if lost and not (lost == {"line"} and "ambulance" in _called(then)):
        yield "whom an open emergency calls is forgotten"
    if not set(loop.signs) <= set(then.signs):
        yield "a sign of the emergency that is open is forgotten"
    if loop.shared and not then.shared:
        yield "it is forgotten that coordinators were told this once"
    if loop.onset and not then.onset:
        yield "since when it is so is forgotten"
    if loop.vain and not then.vain:
        yield "it is forgotten that somebody was called in vain"


def _comfort(t: Transition) -> Iterator[str]:
    """Nobody hears that nothing is on the list while an emergency is open, or an urgent sign still counts."""
    place, loop = t.before.place, t.after.loop
    told = place is not None and (place.urgency or 0) >= Urgency.URGENT and isinstance(t.event, Tapped)
    if not told and loop is None and not t.fresh(t.after.report):
        return
    for one in filter(_calm, t.seen):
        what = one.advice if isinstance(one, Advise) else one.words if isinstance(one, Say) else ""
        yield f'"{what}" is shown although something was told that cannot wait'


def _all_asked(book: Book, t: Transition) -> Iterator[str]:
    """The questions about signs end without a call only when each was answered."""
    place = t.before.place
    ends = place is not None and (t.after.place is None or t.after.place.run != place.run)
    if place is None or not ends or not any(_calm(one) for one in t.seen):
        return
    given = {place.item: "typed", **dict(place.answers)}  # who went back has answered it before
    if isinstance(t.event, Tapped):
        given[t.event.item.partition("/")[2]] = t.event.option
    for item in book.questionnaires[place.questionnaire].items:
        if item.id not in given and all(
            when.item in given and (given[when.item] in when.options) != when.other for when in item.when
        ):
            yield f"{place.questionnaire} ends, and {item.id} was not asked"


def _calm(one: Effect) -> bool:
    """Whether it is shown to whom nothing was called for."""
    less = isinstance(one, Advise) and one.urgency < Urgency.URGENT
    return less or (isinstance(one, Say) and one.words in CALM)


def _lowered(book: Book, t: Transition) -> Iterator[str]:
    """Whoever takes an urgent answer back is asked why, and the more urgent one stays."""
    event, place, report = t.event, t.before.place, t.before.report
    found = book.item(event.item) if isinstance(event, Tapped) else None
    option = found[1].option(event.option) if found and isinstance(event, Tapped) else None
    if not isinstance(event, Tapped) or found is None or option is None or t.bare:
        return
    now = option.urgency or 0
    loop, lately = t.before.loop, t.fresh(report)
    told = report.signs if report and (lately or report.run == event.run) else ()
    kept = tuple(one for one in (*told, *(loop.signs if loop else ())) if one.partition("#")[0] == event.item)
    if place is not None and place.questionnaire == found[0].id and place.run == event.run:
        before = found[1].option(place.answer(found[1].id))
        asked = _urgent(before) > now
        kept = (sign(event.item, before),) if before else kept
        then = t.after.place
        if (
            asked
            and then is not None
            and then.run == place.run
            and then.answer(found[1].id) != place.answer(found[1].id)
        ):
            yield f"the urgent answer to {event.item} is replaced by a lesser one"
    else:
        asked = bool(kept) and now < Urgency.URGENT
    asks = next((one for one in t.seen if isinstance(one, Say) and one.words.startswith("lower.ask")), None)
    if asked and asks is None:
        yield f"the urgent answer to {event.item} is taken back, and nobody asks why"
    if asks is None:
        return
    fill = dict(asks.with_).get("sign")
    if set(fill if isinstance(fill, tuple) else ()) != set(named(kept, "")):
        yield f"the urgent answer to {event.item} is taken back, and what was told is not named"
    crisis = any(about(book, one) for one in kept)
    if crisis != all(one.about in CRISES for row in asks.buttons for one in row):
        yield "thoughts of suicide are taken back, and it is forgotten that they were these"


def _urgent(option: Option | None) -> int:
    urgency = (option.urgency or 0) if option else 0
    return urgency if urgency >= Urgency.URGENT else 0


def _open(t: Transition) -> Iterator[str]:
    """After an emergency somebody asks whether help was reached, until it is closed or the person says stop."""
    if t.bare:
        return  # of a coordinator nothing is remembered, also not that something is wrong
    loop, timer = t.after.loop, t.then.timer("loop")
    if t.advised and t.advised.urgency == Urgency.EMERGENCY and (loop is None or timer is None):
        yield "an emergency is told and nobody will ask whether help was reached"
    if loop is not None and (timer is None or timer.serves != str(loop.run)):
        yield "an emergency is open and nobody will ask whether help was reached"
    if t.before.loop is not None and loop is None and not _closed(t):
        yield "an emergency is forgotten, and nobody closed it"


def _closed(t: Transition) -> bool:
    event = t.event
    if isinstance(event, Tapped):
        died = (event.item, event.option) == ("died", "yes") and not _own_crisis(t)
        return (event.item == "reached" and event.option in CLOSING) or event.option == "deletesure" or died
    if isinstance(event, Told):
        return event.did == "died" and not _own_crisis(t)
    rung = isinstance(event, CameDue) and event.timer == "loop"
    return rung or isinstance(event, Blocked) or (isinstance(event, Commanded) and event.name == "stop")


def _own_crisis(t: Transition) -> bool:
    """Whether the emergency that was open is about the person's own thoughts of suicide, or was told by the patient
    and it is a relative who says that they have died: a death ends no such one."""
    loop = t.before.loop
    patient = t.before.role == "patient" and not (isinstance(t.event, Told) and t.event.by == "staff")
    return loop is not None and (patient or SELF in (loop.calls, loop.also))


def _apart(book: Book, t: Transition) -> Iterator[str]:
    """Thoughts of suicide are not read out among the signs of the patient, nor stand on their card."""
    for one in t.seen:
        if isinstance(one, Advise) and len({about(book, sign) for sign in one.signs}) > 1:
            yield "thoughts of suicide and another sign stand on one screen"
