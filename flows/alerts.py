"""An alert until somebody has it: told again, to one more coordinator each time, to all, and to the family.

What becomes of an alert is a list of steps. Told to coordinators: `raised`, `again`, `all`, `left` (who had it has
left), `nobody` (none is there), `reopened` (closed, and no help has come); `held`: to none yet (see flows/hours.py),
and then `begun`. Done by one: `taken`, `reached`, `not_reached`, `hospital`, `note`, `asked` (a colleague to take it
over), `closed`; by a death: `died`. To the family: `family` (nobody has answered). What they said: `says_…`, an answer
of flows/loop.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flows import hours, menu, triage
from flows.book import Book, Urgency
from flows.due import awake
from flows.effects import Alert, Amend, Effect, Say, Tell, Wake
from flows.events import AlertStep, AlertView, CameDue, Handled
from flows.fills import Fill, With, Words
from flows.loop import AMBULANCE, LINE, first, union
from flows.person import Person
from flows.zones import theirs

TIMER, WORD = "alert ", "word "  # of the person the alert is about; then its code
AWAY = "away"  # how somebody on duty and the family are told outside working hours
EARLIER = "earlier"  # how coordinators are told of what they may see only now
HELD, BEGUN = "held", "begun"
LEFT = "left"  # what the timer serves when who had the alert has left
REOPENED = "reopened"
TOLD = frozenset({"raised", "again", "all", "left", "nobody", REOPENED, BEGUN})  # each begins a wait of its own
FRESH = frozenset({"raised", HELD, "left", REOPENED})  # whoever was told before these counts no more
EVERYBODY = frozenset({"all", "nobody"})
MOST_TIMES = 6  # ours: that often all are told; then it stays in /alerts
SHOWN = (AWAY, "taken", "reached", "not_reached", "hospital")  # what the family is told
UNANSWERED = "family.unanswered"
DIED = "died"
ENDS = frozenset({"closed", DIED})
SAYS, HELPED = "says_", "says_here"
MISSED = "missed"
NEWS = frozenset({MISSED, "blocked", "back"})  # of a person, and not of the emergency: no step of an alert
EMERGENCY = Urgency.EMERGENCY


def first_told(rota: tuple[str, ...], on_duty: tuple[str, ...]) -> tuple[str, ...]:
    """Whom an alert is told first: who is on duty; if nobody is, everybody."""
    return on_duty or rota


def told_of(
    book: Book, state: str, views: Sequence[AlertView], rota: Sequence[Person], at: datetime
) -> tuple[str, ...]:
    """Who is told how it goes on with somebody: whoever has an alert; while nobody has the last one, all on duty.

    `views`: what is not closed about them, oldest first. `rota`: the coordinators who can be reached. What is urgent
    for nobody is told to those on duty, and not in their quiet hours: it stands in the digest of the morning. Two
    missed check-ins are never left to that (see `_silence`).
    """
    if state == MISSED:
        return _silence(book, rota, at)
    on_duty = tuple(one.id for one in rota if not one.off_duty)
    urgent = any(view.urgency == EMERGENCY for view in views)
    if state in NEWS and not urgent:
        return tuple(one.id for one in rota if one.id in on_duty and awake(book, one, at) == at)
    everybody = tuple(one.id for one in rota)
    takers = {view.taken_by for view in views if view.taken_by} & set(everybody)
    free = not takers or not views[-1].taken_by
    others = first_told(everybody, on_duty) if free else ()
    return tuple(code for code in everybody if code in takers or code in others)


def raised(alert: str, subject: str, at: datetime, effect: Alert, to: tuple[str, ...]) -> AlertView:
    """A new alert."""
    return AlertView(
        alert=alert,
        subject=subject,
        at=at,
        urgency=effect.urgency,
        signs=effect.signs,
        advice=effect.advice,
        first=effect.first,
        trend=effect.trend,
        shared=effect.shared,
        earlier=effect.earlier,
        steps=(AlertStep(what="raised" if to else HELD, at=at, to=to),),
    )


def stepped(
    alert: AlertView, what: str, at: datetime, *, by: str = "", to: tuple[str, ...] = (), note: str = ""
) -> AlertView:
    """The alert with one step more."""
    return replace(alert, steps=(*alert.steps, AlertStep(what=what, at=at, by=by, to=to, note=note)))


def claimed(alert: AlertView, by: str, at: datetime) -> AlertView:
    """The alert once a coordinator has taken it. Handed over, it was taken when the first one did."""
    return stepped(replace(alert, taken_by=by, taken_at=alert.taken_at or at), "taken", at, by=by)


def opened_again(alert: AlertView) -> AlertView:
    """The alert once nobody has it any more."""
    return replace(alert, taken_by="", taken_at=None)


def settled(alert: AlertView, at: datetime) -> AlertView:
    """The alert once nothing is to be done about it any more, as the patient has died."""
    return stepped(replace(alert, closed=True), DIED, at)


def died(alert: AlertView) -> bool:
    """Whether a death closed it, and nobody else."""
    return alert.closed and next((step.what for step in reversed(alert.steps) if step.what in ENDS), "") == DIED


def had(alert: AlertView, what: str) -> bool:
    """Whether this step is among those of the alert."""
    return any(step.what == what for step in alert.steps)


def asked(alert: AlertView, code: str) -> bool:
    """Whether who has the alert has asked this colleague to take it over."""
    last = max((n for n, step in enumerate(alert.steps) if step.what == "taken"), default=0)
    return any(step.what == "asked" and code in step.to for step in alert.steps[last:])


def helped(alert: AlertView) -> bool:
    """Whether the last that the family said of it is that they have reached help."""
    return next((step.what for step in reversed(alert.steps) if step.what.startswith(SAYS)), "") == HELPED


def rounds(alert: AlertView) -> int:
    """How often coordinators were told: what its timer serves."""
    return sum(step.what in TOLD for step in alert.steps)


def told(alert: AlertView) -> tuple[str, ...]:
    """Which coordinators were told of the alert as it is now."""
    found: tuple[str, ...] = ()
    for step in _lately(alert):
        found = union(found, step.to)
    return found


def due(book: Book, person: Person, alert: AlertView, at: datetime) -> datetime | None:
    """When the alert is told again, if nobody takes it; None: not any more. `person`: whom it is about."""
    if alert.state != "open":
        return None
    site, times = book.pathway, sum(step.what in EVERYBODY for step in _lately(alert))
    if alert.urgency == EMERGENCY:
        return at + site.acknowledge_emergency if times < MOST_TIMES else None
    morning, last = awake(book, person, at), hours.latest(book, alert.at)
    if not times and _held(alert) and at < last and hours.away(book, alert.urgency, at):
        return min(hours.begins(site, at), last)
    waits = times > 0 and morning > at and not _family_knows(alert)  # the family hears of it when it is day
    found = [morning] if waits else []
    if times < MOST_TIMES:
        found += [hours.worked(site, at, site.acknowledge_urgent), *([last] if at < last and not times else [])]
    return min(found, default=None)


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """Nobody has taken the alert. Obeyed while that is so, and while coordinators may know of it."""
    alert = event.alert
    stands = alert is not None and alert.state == "open" and event.serves in (LEFT, str(rounds(alert)))
    if alert is None or not stands or not (alert.shared or person.permits("show")):
        return person, []
    if later := _until_they_work(book, alert, event):
        return person, [Wake(at=later, timer=event.timer, serves=event.serves)]
    known = tuple(code for code in told(alert) if code in event.rota)
    others = tuple(code for code in event.rota if code not in known)
    late = alert.urgency < EMERGENCY and event.at >= hours.latest(book, alert.at)
    if event.serves == LEFT and event.rota:
        what, to = LEFT, first_told(event.rota, event.on_duty)
    elif _held(alert) and event.rota and not late:
        what, to = BEGUN, first_told(event.rota, event.on_duty)
    elif others and not late:
        what, to = "again", (*known, others[0])
    else:
        what, to = "all" if event.rota else "nobody", event.rota
    by = next((step.by for step in reversed(alert.steps) if step.what == "taken"), "") if what == LEFT else ""
    alert = stepped(alert, what, event.at, by=by, to=to)
    says: list[Effect] = []
    if what in EVERYBODY and event.latest and not _family_knows(alert) and _may_say(book, person, alert, event.at):
        says = [_say(book, person, "family.unanswered", alert, event.at)]
        alert = stepped(alert, "family", event.at)
    how = what if what in (LEFT, BEGUN) else "again"
    tells: list[Effect] = [Tell(alert=alert, to=to, how=how)] if to else []
    return person, [*says, *tells, Amend(alert=alert)]


def handled(book: Book, person: Person, event: Handled) -> tuple[Person, list[Effect]]:
    """A coordinator has done something: the family hears it in a sentence, which never replaces the call."""
    alert = event.alert
    if event.what not in SHOWN or person.blocked or not (alert.shared or person.permits("show")):
        return person, []
    if event.what == AWAY:  # they have just told it, and are awake
        from_: tuple[str, Fill] = ("when", theirs(book, person, hours.begins(book.pathway, event.at)))
        said = _say(book, person, f"family.{AWAY}", alert, event.at)
        return person, [replace(said, with_=(*said.with_, from_))]
    if not _may_say(book, person, alert, event.at):
        later = awake(book, person, event.at)
        return person, [Wake(at=later, timer=f"{WORD}{alert.alert}", serves=event.what)]
    step = next((step for step in reversed(alert.steps) if step.what == event.what), None)
    when: tuple[str, Fill] = ("when", theirs(book, person, step.at if step else event.at))
    said = _say(book, person, f"family.{event.what}", alert, event.at)
    return person, [replace(said, with_=(*said.with_, when))]


def word(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """The quiet hours are over: what was done meanwhile."""
    alert = event.alert
    if alert is None or not had(alert, event.serves):
        return person, []
    return handled(book, person, Handled(at=event.at, alert=alert, what=event.serves))


def _until_they_work(book: Book, alert: AlertView, event: CameDue) -> datetime | None:
    """When to tell of it instead, if nobody works now: a timer may be late. What is urgent today is not put off for
    ever, nor what all were told of and the family was not."""
    last, knows = hours.latest(book, alert.at), any(step.what in EVERYBODY for step in _lately(alert))
    late = event.at >= last or (knows and not _family_knows(alert))
    just_over = event.serves != LEFT and not hours.away(book, alert.urgency, event.at - hours.JUST_OVER)
    on_duty = event.serves == LEFT and event.on_duty and not book.pathway.working.held
    if late or just_over or on_duty or not hours.away(book, alert.urgency, event.at):
        return None
    return min(hours.begins(book.pathway, event.at), last)


def _held(alert: AlertView) -> bool:
    """Whether nobody was told of it yet."""
    return had(alert, HELD) and not told(alert)


def _silence(book: Book, rota: Sequence[Person], at: datetime) -> tuple[str, ...]:
    """Who is told that nobody answers: who is on duty and awake; else who is awake; else who is on duty; else all.

    Somebody always is: a lost word about silence is worse than a message at night.
    """
    up = [one for one in rota if awake(book, one, at) == at]
    on_duty = [one for one in rota if not one.off_duty]
    both = [one for one in up if one in on_duty]
    return tuple(one.id for one in both or up or on_duty or rota)


def _lately(alert: AlertView) -> tuple[AlertStep, ...]:
    """What has become of it since it was raised, or open again."""
    begun = max((n for n, step in enumerate(alert.steps) if step.what in FRESH), default=0)
    return alert.steps[begun:]


def _family_knows(alert: AlertView) -> bool:
    """Whether the family was told that nobody has answered, or has reached help and need not be."""
    return helped(alert) or any(step.what == "family" for step in _lately(alert))


def _may_say(book: Book, person: Person, alert: AlertView, at: datetime) -> bool:
    """Whether the family may be told of it now: nobody is woken for what is no emergency."""
    return not person.blocked and (alert.urgency == EMERGENCY or awake(book, person, at) == at)


def _say(book: Book, person: Person, words: str, alert: AlertView, at: datetime) -> Say:
    """A sentence to the family. While the call still stands it ends with that."""
    stands, done = triage.standing(person, at), helped(alert) or words == "family.reached"
    call = stands if person.loop is not None or not (done or words == f"family.{AWAY}") else None
    advice = call.advice if call is not None else alert.advice
    other = first(book, person.loop, advice) if call is not None else ""
    fill: With = (
        ("at", theirs(book, person, alert.told_at)),
        ("call", Words(f"advice.{advice}.title")),
        ("also", Words("family.also", (("call", Words(other)),)) if other else ""),
    )
    screen = book.advice.get(advice)
    called = screen.calls.removeprefix("own_") if screen is not None else AMBULANCE
    if words == UNANSWERED and call is not None and called != LINE:
        key = f"family.unanswered_{called}_call"  # that number was called, and another is to be tried
    else:
        key = f"{words}_call" if call is not None else words
    return Say(words=key, with_=fill, urgency=alert.urgency, buttons=((menu.SYMPTOMS,),))
