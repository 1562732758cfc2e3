"""Steps of coordinators: what they tap and type, and what happens to those whom an alert is about."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from content import recall
from content.groups import Label
from content.leads import leads
from content.states import State
from content.steps import NONSENSE, SOON, Step, Steps
from flows import digest
from flows.alerts import AWAY, SAYS
from flows.book import Urgency
from flows.due import awake, morning
from flows.events import (
    Addressee,
    AlertRaised,
    AlertStep,
    AlertTaken,
    AlertView,
    CameDue,
    Commanded,
    Followed,
    Handled,
    Invited,
    ReviewView,
    Said,
    Written,
)
from flows.handling import LONGEST_NOTE, NOTE_WITHIN
from flows.hours import JUST_OVER, works
from flows.letters import LONGEST, WITHIN
from flows.person import Noting
from flows.review import FILTERS

OTHER, THIRD = "OTHER001", "OTHER003"
OPTIONS = ("take", "reached", "not_reached", "hospital", "note", "over", f"ask.{OTHER}", "ask.x", "close", "show", "x")
COMMANDS = ("alerts", "log", "duty", "figures")
SOME = ("take", "reached", "show")  # of an alert that is not theirs
DONE = (AWAY, "taken", "reached", "not_reached", "hospital")
AGO = timedelta(minutes=30)


def view(at: datetime, taken_by: str = "", *whats: str, to: tuple[str, ...] = (), urgency: int = 3) -> AlertView:
    """An alert, with these steps after it was raised."""
    then = (AlertStep(what=what, at=at, by="" if what.startswith(SAYS) else taken_by) for what in whats)
    steps = (AlertStep(what="raised", at=at, to=to), *then)
    return AlertView(
        alert="ALERT001", subject="OTHER002", at=at, urgency=Urgency(urgency), signs=("words",), advice="cord",
        taken_by=taken_by, taken_at=at if taken_by else None, closed=bool({"closed", "died"} & {*whats}), steps=steps,
    )  # fmt: skip


def desk(steps: Steps, state: State) -> Iterator[Step]:
    """What coordinators do and are told, and what becomes of it for those whom it is about."""
    yield from _taps(steps, state)
    yield Step(("staff", "alerts"), steps.tap(state.now + SOON, "alerts", "1"))
    yield from _looks(steps, state)
    yield from _notes(state)
    yield from _writes(steps, state)
    yield from _about_them(steps, state)
    yield from _told(state)
    yield from _mornings(steps, state)
    yield from recall.buttons(steps, state)
    yield from leads(steps, state)


def _taps(steps: Steps, state: State) -> Iterator[Step]:
    """Buttons under alerts and about duty, of somebody who may be no coordinator."""
    person, at = state.person, state.now + SOON
    views = {
        "gone": (None, SOME),
        "open": (view(at), SOME),
        "mine": (view(at, person.id, "taken"), OPTIONS),
        "taken": (view(at, OTHER, "taken", "says_here"), SOME),
        "closed": (view(at, OTHER, "taken", "closed"), SOME),
        "died": (view(at, OTHER, "taken", "died"), SOME),
        "asked": (_asked(view(at, OTHER, "taken"), person.id), SOME),
        "another asked": (_asked(view(at, OTHER, "taken"), THIRD), SOME),
    }
    for name, (alert, options) in views.items() if person.staff else (("gone", views["gone"]),):
        for option in options:
            tap = steps.tap(at, "alert", option, "ALERT001")
            yield Step(("staff", name, option), replace(tap, alert=alert, rota=(OTHER, person.id)))
    if person.staff:  # nobody is there to take it over
        yield Step(("staff", "mine alone"), replace(steps.tap(at, "alert", "over", "ALERT001"), alert=views["mine"][0]))
    yield from _all(steps, state)
    for option in ("on", "off", "x"):
        yield Step(("duty", option), steps.tap(at, "duty", option))


def _all(steps: Steps, state: State) -> Iterator[Step]:
    """Handing over all at once: of two alerts, and of none; what was asked of this colleague, and what was not."""
    person, at = state.person, state.now + SOON
    two = tuple(replace(view(at, person.id, "taken"), alert=f"ALERT00{n}") for n in (1, 2))
    theirs = tuple(replace(one, taken_by=OTHER) for one in two)
    asked = (_asked(theirs[0], person.id), theirs[1])
    for option in ("all", f"askall.{OTHER}", "askall.x", "takeall") if person.staff else ("all",):
        tap = steps.tap(at, "alert", option, OTHER if option == "takeall" else "")
        for name, held in (("none", ()), ("mine", two), ("theirs", theirs), ("asked", asked)):
            if (name in ("theirs", "asked")) <= (option == "takeall"):
                yield Step(("staff", name, option), replace(tap, held=held, rota=(OTHER, person.id)))
    if person.staff:
        yield Step(("staff", "all alone"), replace(steps.tap(at, "alert", "all"), held=two))


def _asked(alert: AlertView, code: str) -> AlertView:
    """The alert once who has it has asked a colleague to take it over."""
    return replace(alert, steps=(*alert.steps, AlertStep(what="asked", at=alert.at, by=alert.taken_by, to=(code,))))


def _looks(steps: Steps, state: State) -> Iterator[Step]:
    """The log and its filters, a person's page, and marking what is there: free, marked already, not shown."""
    person, at = state.person, state.now + SOON
    for about in ("OTHER002", *FILTERS, "x") if person.staff else ("OTHER002",):
        yield Step(("log", about), steps.tap(at, "log", "1", about))
    yield Step(("log", "new"), steps.tap(at, "log", "new", "missed"))
    for option in ("open", "here"):
        yield Step(("person", option), steps.tap(at, "person", option, "OTHER002"))
    view, mark = ReviewView(person="OTHER002", runs=()), steps.tap(at, "reviewed", ".1+2", "OTHER002")
    yield Step(("reviewed", "not shown"), mark)
    if not person.staff:
        return
    yield Step(("reviewed", "not ended"), replace(mark, review=view))
    yield Step(("reviewed", "free"), replace(mark, review=replace(view, runs=(1, 2))))
    yield Step(("reviewed", "on a page"), replace(mark, option="3.1", review=replace(view, runs=(1,))))
    yield Step(("reviewed", "mine"), replace(mark, review=replace(view, by=person.id, at=at)))
    yield Step(("reviewed", "by another"), replace(mark, review=replace(view, by=OTHER, at=at)))


def _notes(state: State) -> Iterator[Step]:
    """What a coordinator types after "Add a note"."""
    person, at = state.person, state.now + SOON
    if not person.staff or person.noting is None:
        return
    if person.noting.kind:
        yield from recall.typed(person.noting, at)
        return
    if person.noting.person:
        yield from _messages(person.noting, at)
        return
    mine, others = view(at, person.id, "taken"), view(at, OTHER, "taken")
    for name, alert in (("mine", mine), ("others", others), ("gone", None)):
        for text in (NONSENSE, "x" * (LONGEST_NOTE + 1)):
            said = Said(at=at, text=text, alert=alert)
            yield Step(("notes", name, text), said)
            late = max(person.noting.at + NOTE_WITHIN, at)
            yield Step(("notes late", name, text), replace(said, at=late))


def waits(steps: Steps, at: datetime) -> bool:
    """Whether a digest that is so late waits for the next one."""
    return digest.wake(steps.book, at).at - at < digest.SOON


def _mornings(steps: Steps, state: State) -> Iterator[Step]:
    """The digest: on time while a colleague is on duty or nobody is, at night, shortly before the next, told before."""
    person, at = state.person, state.now + SOON
    if not person.staff:  # they may have been one
        yield Step(("digest", "nobody's"), CameDue(at=at, timer=digest.TIMER, serves=at.isoformat()))
        return
    due = morning(steps.book, state.now + timedelta(days=1))
    for name, serves, then in (
        ("on time", due, due),
        ("hours late", due, due + timedelta(hours=5)),
        ("at night", due, due + timedelta(hours=16)),
        ("just before the next", due, due + timedelta(hours=23, minutes=30)),
        ("told before", person.digest and person.digest - timedelta(minutes=1), due),
    ):
        if serves:
            asleep = awake(steps.book, person, then) != then
            event = CameDue(at=then, timer=digest.TIMER, serves=serves.isoformat())
            for on_duty in ((), (OTHER,)):
                yield Step(("digest", name, asleep, on_duty), replace(event, on_duty=on_duty))
    yield Step(("digest", "set anew"), CameDue(at=at, timer=digest.TIMER, serves=""))


def _writes(steps: Steps, state: State) -> Iterator[Step]:
    """The button that writes to somebody, and what becomes of it for whom it was written to."""
    person, at = state.person, state.now + SOON
    tap = steps.tap(at, "message", "write", "OTHER002")
    for name, to in _readers(at) if person.staff else (("hidden", None),):
        yield Step(("writes", name), replace(tap, to=to))
    asleep = awake(steps.book, person, at) != at
    written = Written(at=at, by=OTHER, text=NONSENSE)
    yield Step(("written", asleep, person.permits("show"), person.loop is None, person.stopped), written)


def _messages(noting: Noting, at: datetime) -> Iterator[Step]:
    for name, to in _readers(at):
        said = Said(at=at, text=NONSENSE, to=to)
        yield Step(("message", name), said)
        yield Step(("message long", name), replace(said, text="x" * (LONGEST + 1)))
        yield Step(("message late", name), replace(said, at=max(noting.at + WITHIN, at)))


def _readers(at: datetime) -> Iterator[tuple[str, Addressee | None]]:
    """Who may be written to, or not."""
    to = Addressee(person="OTHER002")
    yield "hidden", None
    yield "reader", to
    yield "blocked", replace(to, blocked=True)
    yield "stopped", replace(to, stopped=True)
    yield "asleep", replace(to, asleep=at + timedelta(hours=3))


def _about_them(steps: Steps, state: State) -> Iterator[Step]:
    """What happens to somebody whom an alert is about: nobody takes it, or something is done."""
    person, at, shown = state.person, state.now + SOON, state.person.permits("show")
    for urgency in (Urgency.EMERGENCY, Urgency.URGENT):
        label: Label = (urgency, awake(steps.book, person, at) != at)
        for name, due in _due(at, urgency):
            alert = due.alert and replace(due.alert, shared=not shown, subject=person.id)
            yield Step(("alert due", name, *_hours(steps, at), *label), replace(due, alert=alert))
        for what in DONE:
            for helped in ((), ("says_here",)):
                alert = view(at - AGO, OTHER, *helped, "taken", what, urgency=urgency)
                alert = replace(alert, subject=person.id, shared=not shown)
                yield Step(("handled", what, helped, *label), Handled(at=at, alert=alert, what=what))
        sunday = at.replace(hour=12) + timedelta(days=7 - at.isoweekday() or 7)
        due = next(_due(sunday, urgency))[1]
        alert = due.alert and replace(due.alert, shared=not shown, subject=person.id)
        if person.staff:  # of whom little else is remembered
            yield Step(("alert due", "sunday", *_hours(steps, sunday), *label), replace(due, alert=alert))
        word = CameDue(at=at, timer="word ALERT001", serves="taken", alert=alert)
        yield Step(("word", *label), word)
    hidden = replace(view(at - AGO, to=(OTHER,)), subject=person.id)  # told once they had permitted it
    yield Step(("alert due", "hidden"), CameDue(at=at, timer="alert ALERT001", serves="1", alert=hidden, rota=(OTHER,)))
    hidden = replace(view(at - AGO, OTHER, "taken"), subject=person.id)
    yield Step(("handled", "hidden"), Handled(at=at, alert=hidden, what="taken"))
    yield Step(("word", "gone"), CameDue(at=at, timer="word ALERT001", serves="taken"))
    yield Step(("alert due", "gone"), CameDue(at=at, timer="alert ALERT001", serves="1"))


def _hours(steps: Steps, at: datetime) -> tuple[bool, bool]:
    """Whether coordinators work then, and whether they did a moment ago."""
    return works(steps.book.pathway, at), works(steps.book.pathway, at - JUST_OVER)


def _due(at: datetime, urgency: int) -> Iterator[tuple[str, CameDue]]:
    """The timer of an alert, as often as it was told, and whoever is there."""
    one, two = (OTHER,), (OTHER, THIRD)
    raised = view(at - AGO, to=one, urgency=urgency)
    due = CameDue(at=at, timer="alert ALERT001", serves="1", alert=raised, rota=two, on_duty=one)
    every = (*raised.steps, AlertStep(what="all", at=at - AGO, to=two))
    told = (*every, AlertStep(what="family", at=at - AGO))
    nobody = (*raised.steps, AlertStep(what="nobody", at=at - AGO))
    helped = (*raised.steps, AlertStep(what="says_here", at=at - AGO))
    had = (*raised.steps, AlertStep(what="taken", at=at - AGO, by=OTHER))
    held = replace(raised, steps=(AlertStep(what="held", at=at - AGO),))
    yield "one more", due
    yield "all", replace(due, rota=one)
    yield "all, and a newer one", replace(due, rota=one, latest=False)
    yield "all, and helped", replace(due, rota=one, alert=replace(raised, steps=helped))
    yield "all but the family", replace(due, serves="2", alert=replace(raised, steps=every))
    yield "all and the family", replace(due, serves="2", alert=replace(raised, steps=told))
    yield "over", replace(due, serves="7")
    left = replace(due, serves="left", alert=replace(raised, steps=had))
    yield "left", left
    yield "left, nobody on duty", replace(left, on_duty=())
    yield "left, nobody there", replace(left, rota=(), on_duty=())
    yield "nobody there", replace(due, rota=(), on_duty=())
    yield "nobody there again", replace(due, serves="2", rota=(), on_duty=(), alert=replace(raised, steps=nobody))
    yield "held", replace(due, serves="0", alert=held)
    yield "held, nobody on duty", replace(due, serves="0", alert=held, on_duty=())
    yield "held, nobody there", replace(due, serves="0", alert=held, rota=(), on_duty=())
    yield "held, day over", replace(due, serves="0", alert=replace(held, at=at - timedelta(days=2)))
    yield "taken", replace(due, alert=replace(raised, taken_by=OTHER))
    yield "day over", replace(due, alert=replace(raised, at=at - timedelta(days=2)))


def _told(state: State) -> Iterator[Step]:
    """What a coordinator types and is told of alerts and of others; somebody else, that they are one now."""
    person, at = state.person, state.now + SOON
    for name, argument in (*((name, "") for name in COMMANDS), ("log", "today"), ("log", "code-0001")):
        yield Step(("commands", name, argument), Commanded(at=at, name=name, argument=argument))
    if not person.staff:
        yield Step(("joins", bool(person.place), bool(person.waiting), len(state.open)), Invited(at=at))
        return
    for who in (person.id, "OTHER001"):
        yield Step(("alert taken", who == person.id), AlertTaken(at=at, alert=view(at, who, "taken")))
    for how in ("", "away", "earlier", "begun", "again", "left", "reopened", "asks"):
        alert = view(at, *(("OTHER001", "taken") if how == "asks" else ()))
        yield Step(("alert", how), AlertRaised(at=at, alert=alert, how=how))
    asks = view(at, OTHER, "taken")
    yield Step(("alert", "asks_all"), AlertRaised(at=at, alert=asks, how="asks_all"))
    yield Step(("followed",), Followed(at=at, person="OTHER002", state="silent"))
