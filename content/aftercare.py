"""What is promised after an emergency: the questions whether help was reached, telling the team once, and the card."""

from collections.abc import Iterator, Mapping

from content.registers import Loop, Requirements
from content.transition import Transition, offers
from flows.book import Book, Urgency
from flows.crisis import about, fitting, others
from flows.effects import Advise, Alert, Follow, Say, Wake
from flows.events import Blocked, CameDue, Tapped
from flows.fills import Words
from flows.person import Person, spoken
from flows.questionnaire import named as names_of

ANSWERS = ("here", "on_the_way", "told_to_wait", "no_answer", "not_yet", "stop")
BOTH = "both"  # of two that are open at once, help is there for both
NOT_HELPED = frozenset({"told_to_wait", "no_answer", "not_yet"})  # answers that need a screen of their own
VAIN = frozenset({"told_to_wait", "no_answer"})  # answers after which nobody is sent to wait for the line again
SILENT, BLOCKED, NO_MORE = "silent", "blocked", "no_more"


def aftercare(book: Book, register: Requirements, t: Transition) -> Iterator[str]:
    """Every promise about an emergency that is open that this breaks."""
    loop = register.loop
    yield from _waits(loop, t)
    if isinstance(t.event, CameDue):
        yield from _asked(loop, t, t.event)
    elif isinstance(t.event, Blocked) and t.before.loop:
        yield from _passed_on(t, (BLOCKED,))
    elif isinstance(t.event, Tapped):
        if t.event.item == "reached":
            yield from _answered(book, register, t, t.event)
        elif t.event.item == "share":
            yield from _shared(t, t.event)
        elif (t.event.item, t.event.option) == ("menu", "card") and not _shows_card(t):
            yield "the card is not shown"
    if _shows_card(t):
        yield from _card(book, t)


def _waits(loop: Loop, t: Transition) -> Iterator[str]:
    """It is asked again after the time that requirements.yaml says."""
    for one in t.effects:
        if isinstance(one, Wake) and one.timer == "loop" and t.after.loop:
            wait = loop.soon if t.after.loop.asked < loop.times else loop.later
            if one.at - t.event.at != wait:
                yield f"it is asked whether help was reached after {one.at - t.event.at}, not {wait}"


def _asked(loop: Loop, t: Transition, event: CameDue) -> Iterator[str]:
    """The time to ask has come: all answers are offered, as often as promised; then it is said whom to call."""
    was = t.before.loop
    if event.timer != "loop" or was is None or str(was.run) != event.serves:
        return
    first = t.seen[0] if t.seen else None
    if was.asked >= loop.most:
        if not isinstance(first, Say) or not first.words.startswith("loop.last") or t.after.loop is not None:
            yield "nobody is told that this was the last question after the emergency"
    else:
        given = [(b.item, b.option, b.about) for row in first.buttons for b in row] if isinstance(first, Say) else []
        if given != [("reached", option, str(was.run)) for option in ANSWERS]:
            yield "it is not asked whether help was reached, with every answer"
        now = t.after.loop
        if now is None or (now.asked, now.silent) != (was.asked + 1, True):
            yield "it is not counted that nobody has answered yet"
    yield from _passed_on(t, (NO_MORE,) if was.asked >= loop.most else (SILENT,) if was.silent else ())


def _answered(book: Book, register: Requirements, t: Transition, event: Tapped) -> Iterator[str]:
    """Each answer has what to do of its own, and the coordinators learn of it, if they know of the emergency."""
    first = t.seen[0] if t.seen else None
    was, name = t.before.loop, event.option
    if name in NOT_HELPED:
        if not (isinstance(first, Advise) and first.urgency == Urgency.EMERGENCY):
            yield f'"{name}" is not answered with what to do then'
        elif not t.bare and first.advice != (wanted := _wanted(register, t, name)):
            yield f'"{name}" calls for {wanted}, and "{first.advice}" is shown'
        elif was is not None and not set(fitting(book, was.signs, first.advice)) <= set(first.signs):
            yield "what to do then does not name what was told"
        unknown = was is None and t.before.report is None and t.after.loop
        if unknown and unknown.advice != register.loop.forgotten:
            yield "nothing is known of an emergency any more, and it is taken for another"
    if was is None or name not in (*ANSWERS, BOTH) or (event.run != was.run and name not in NOT_HELPED):
        return
    other = name == "here" and bool(was.also)
    words = {"here": "loop.here_other" if other else "loop.here", BOTH: "loop.here"}.get(name, f"loop.{name}")
    if name not in NOT_HELPED and not (isinstance(first, Say) and first.words.startswith(words)):
        yield f'"{name}" is not answered in words of its own'
    now = t.after.loop
    if now is not None and now.silent:
        yield "somebody has answered and counts as silent"
    if now is not None and not now.vain and (was.vain or name in VAIN):
        yield "it is forgotten that somebody was called in vain"
    if now is not None and was.vain and name == "told_to_wait" and "line" in (now.calls, now.also):
        yield "somebody was told to wait again, and the emergency number does not take the place of the line"
    if other and (t.after.loop is None or not (first and offers(first, "reached", BOTH))):
        yield "two emergencies are open, and help for one closes the other"
    yield from _passed_on(t, ("here_one" if other else "here" if name == BOTH else name,))


def _wanted(register: Requirements, t: Transition, name: str) -> str:
    """The screen for an answer, by whom the emergency's own screen says to call."""
    was, advice = t.before.loop, t.after.loop.advice if t.after.loop else register.loop.forgotten
    screen = register.screens.get(advice)
    if screen is None:
        return advice
    calls = was.calls.removeprefix("own_") if was else screen.calls  # it rises where the line was called in vain
    again = {**register.loop.again} if was and was.vain else {}
    leads = (found for one in (again, register.loop.answers) for key, found in one.items() if key == calls)
    return next((found[name] for found in leads if name in found), advice)


def _passed_on(t: Transition, states: tuple[str, ...]) -> Iterator[str]:
    """Coordinators are told how it goes on, if they were told that there is an emergency."""
    was = t.before.loop
    known = was is not None and (t.before.permits("show") or was.shared)
    told = [(one.run, one.state) for one in t.effects if isinstance(one, Follow)]
    if told != [(was.run, state) for state in states if known and was is not None]:
        yield "coordinators are not told how the emergency goes on"


def _shared(t: Transition, event: Tapped) -> Iterator[str]:
    """The team is told of what is open, once; where nothing is open any more, or nobody is there, that is said."""
    first = t.seen[0] if t.seen else None
    if not event.rota and (t.alerts or (isinstance(first, Say) and first.words == "share.done")):
        yield "no coordinator is there, and somebody hears that the team is told"
    if not event.rota:
        return
    was, report, shows = t.before.loop, t.before.report, t.before.permits("show")
    if was is None or was.shared or (shows and report is not None and report.alerted):
        if t.does(Alert):
            yield "coordinators are told twice"
        return
    alert = t.alerts[0] if len(t.alerts) == 1 else None
    told = alert and (alert.signs, alert.advice, alert.urgency) == (was.signs, was.advice, Urgency.EMERGENCY)
    if not told or not t.seen:
        yield "somebody asks to tell the team, and the team is not told"
    elif t.after.loop is None or not (shows or t.after.loop.shared):
        yield "it is forgotten that coordinators were told this once"


def _shows_card(t: Transition) -> bool:
    return any(isinstance(one, Say) and one.words.startswith("card.show") for one in t.seen)


def _card(book: Book, t: Transition) -> Iterator[str]:
    """The card says what was told: every sign but thoughts of suicide, since when, the details, and the code of whoever
    shows answers."""
    card = next(one for one in t.seen if isinstance(one, Say) and one.words.startswith("card.show"))
    fill, person = dict(card.with_), t.after
    told = person.loop or person.report
    named = fill.get("signs")
    keys = [one.key for one in named] if isinstance(named, tuple) else []
    for sign in others(book, told.signs) if told else ():
        if not any(key.startswith(sign.partition("#")[0].replace("/", ".")) for key in keys):
            yield "the card does not name every sign"
    apart = {one.key for sign in (told.signs if told else ()) if about(book, sign) for one in names_of((sign,), "")}
    if apart & set(keys) - {""}:
        yield "the card tells of thoughts of suicide"
    if told and told.onset and fill.get("onset") != Words(f"onset.{told.onset}"):
        yield "the card does not say since when"
    known = person.permits("show") or (person.report is not None and person.report.alerted)
    if known != (fill.get("code") == spoken(person.id)):
        yield "the card does not show the code that coordinators know"
    yield from _details(t, fill, person)


def _details(t: Transition, fill: Mapping[str, object], person: Person) -> Iterator[str]:
    place, known = t.before.place, dict(person.card)
    if place is not None and place.questionnaire == "handover" and t.after.place is not place:
        given = {name: said for name, said in place.answers if said}
        done = t.after.place is None or t.after.place.run != place.run
        if done and not isinstance(t.event, CameDue) and not t.tap("menu") and not given.items() <= known.items():
            yield "details for the card are forgotten"
    for name in ("walked", "bladder"):
        said = known.get(name, "not_sure")
        if said != "not_sure" and fill.get(name) != Words(f"handover.{name}.{said}"):
            yield f"the card does not say what was told: {name}"
    said = known.get("medicines", "skip")
    if said not in ("", "skip") and fill.get("medicines") != said:
        yield "the card does not say what was told: medicines"
