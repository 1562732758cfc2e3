"""What comes of a step, as it is compared between states that count as one, and as it is read by people."""

from content.groups import Label
from content.states import State
from flows.deeds import Dismiss, Remind, Review, SendData, ShowDigest, ShowLooked, ShowTeam, Write
from flows.effects import (
    Advise,
    Alert,
    Amend,
    Ask,
    Begin,
    CancelTimers,
    Cite,
    Claim,
    Close,
    Effect,
    Explain,
    Follow,
    Forget,
    Inform,
    Join,
    LetGo,
    Record,
    Remember,
    Say,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
    Tell,
    Tick,
    Toast,
    Wake,
)
from flows.events import (
    AlertRaised,
    AlertTaken,
    Blocked,
    Called,
    CalledFromGroup,
    CameDue,
    Commanded,
    Dismissed,
    Edited,
    Entered,
    Event,
    Followed,
    Handled,
    Invited,
    LinkMade,
    Reminded,
    Said,
    SentOther,
    Tapped,
    Told,
    Unblocked,
    Written,
)
from flows.kin import Enter, Invite, PassOn, Settle, ShowFarewell, Uninvite


def outcome(before: State, event: Event, effects: list[Effect], advices: frozenset[str]) -> Label:
    """The effects without run numbers, times, codes, and without which sign and screen it was.

    `advices`: the screens that the event itself calls for; that one of them was shown is part of the outcome. To ask
    the open question again is the same, whichever it is.
    """
    return tuple(_plain(before, event, effect, advices) for effect in effects)


def _plain(before: State, event: Event, effect: Effect, advices: frozenset[str]) -> Label:
    own = (event.item, event.option) if isinstance(event, Tapped) else ("", "")
    match effect:
        case Say(words=words, with_=fill):
            places = tuple(name for name, _ in fill)
            return ("say", words, places, _buttons(effect), effect.urgency, effect.replace, effect.panic_button)
        case Ask(questionnaire=name, item=item, run=run, step=step, skips=skips):
            place = before.person.place
            again = place is not None and (run, item) == (place.run, place.item)
            return ("ask again", skips) if again else ("ask", name, item, step)
        case Tick(questionnaire=name, item=item, chosen=chosen):
            return ("tick", (f"{name}/{item}", chosen) == own)
        case Advise(advice=advice, urgency=urgency):
            return ("advise", urgency, advice in advices, bool(effect.signs), _buttons(effect))
        case Explain() | Cite() | Toast() | CancelTimers():
            return (effect,)
        case Wake(timer=timer):
            return ("wake", timer)
        case Begin(questionnaire=name):
            return ("begin", name)
        case Record(questionnaire=name, item=item, urgency=urgency, option=option):
            return ("record", (f"{name}/{item}", option) == own, urgency, bool(option))
        case Close(state=state):
            return ("close", state)
        case Alert(urgency=urgency, first=first):
            return ("alert", urgency, first)
        case Follow(state=state):
            return ("follow", state)
        case Amend() | Tell() | Inform() | ShowAlerts() | ShowLog() | ShowPerson() | Review() | Write() | Remind():
            return _of_coordinators(effect)
        case ShowData():
            return ("data", _buttons(effect), effect.replace)
        case ShowTeam() | SendData() | Dismiss() | ShowLooked():
            return (effect,)
        case ShowPicture(person=person, days=days):
            return ("picture", bool(person), days)
        case Claim() | Remember() | Forget() | Join() | LetGo() | ShowFigures() | ShowDigest():
            return (type(effect).__name__,)
        case _:
            return _of_circles(effect)


def _of_coordinators(
    effect: Amend | Tell | Inform | ShowAlerts | ShowLog | ShowPerson | Review | Write | Remind,
) -> Label:
    match effect:
        case Amend(alert=alert):
            return ("amend", alert.state, alert.steps[-1].what)
        case Tell(how=how, to=to):
            return ("tell", how, len(to))
        case Inform(what=what):
            return ("inform", what)
        case ShowAlerts():
            return ("alerts", effect.page, effect.replace)
        case ShowLog(person=person, page=page, replace=replace, only=only):
            return ("log", person, page, replace, only, effect.since is None)
        case ShowPerson(person=person, replace=replace):
            return ("person", person, replace)
        case Review(person=person, runs=runs):
            return ("review", person, runs)
        case Write(to=to):
            return ("write", to)
        case Remind(to=to, reminder=one):
            return ("remind", to, one and one.kind)


def _of_circles(effect: Invite | Uninvite | Enter | Settle | PassOn | ShowCircle | ShowFarewell) -> Label:
    match effect:
        case Invite() | Uninvite() | Enter() | Settle() | ShowFarewell():
            return (type(effect).__name__,)
        case PassOn(did=did, circle=circle, person=person, by=by, known=known):
            return ("passes on", did, bool(circle), bool(person), by, known)
        case ShowCircle():
            return ("circle", _buttons(effect))


def _buttons(effect: Say | Advise | ShowData | ShowCircle) -> Label:
    """What the buttons do; which screen a `why` explains is left to the screen."""
    return tuple((b.item, "" if b.item == "why" else b.option) for row in effect.buttons for b in row)


def happened(event: Event) -> str:
    """An event as people read it."""
    match event:
        case Tapped(item=item, option=option, about=about):
            return f"taps {item}: {option}" + (f" ({about})" if about else "")
        case Said(text=text):
            return f"types “{text}”"
        case Edited(text=text):
            return f"changes a message to “{text}”"
        case Commanded(name=name, argument=argument):
            return f"/{name} {argument}".strip()
        case SentOther(kind=kind):
            return f"sends: {kind}"
        case CameDue(timer=timer, serves=serves):
            return f"(nothing, until the timer “{timer}” goes off, set for {serves})"
        case Blocked() | Unblocked() | Invited() | CalledFromGroup():
            named = {Blocked: "blocks the bot", Unblocked: "unblocks the bot", Invited: "/start with a good code"}
            return named.get(type(event), "writes in a group")
        case Handled(what=what):
            return f"(a coordinator has done something: {what})"
        case Reminded(reminder=one):
            return f"(a coordinator sets a reminder: {one.kind})" if one else "(a coordinator takes a reminder back)"
        case Written(text=text):
            return f"(a coordinator writes “{text}”)"
        case AlertRaised() | AlertTaken() | Followed():
            return f"(as a coordinator, is told: {type(event).__name__})"
        case Called() | LinkMade() | Entered() | Dismissed():
            return f"(is given: {type(event).__name__})"
        case Told(did=did, by=by):
            return f"(is told by {by}: {did})"


def answered(effect: Effect) -> str:
    """An effect as people read it; empty for what only keeps count."""
    match effect:
        case Say(words=words):
            return words
        case Toast(words=words):
            return f"notice {words}"
        case Ask(questionnaire=name, item=item):
            return f"asks {name}/{item}"
        case Tick(questionnaire=name, item=item, chosen=chosen):
            return f"ticks {name}/{item}: {chosen}"
        case Advise(advice=advice, urgency=urgency):
            return f"what to do: {advice} ({urgency.name.lower()})"
        case Explain(treatment=treatment, section=section):
            return f"explains {treatment}/{section}"
        case Wake(timer=timer, serves=serves):
            return f"(sets the timer {timer} for {serves})"
        case Close(run=run, state=state):
            return f"(ends the response {run}: {state})"
        case Begin(run=run) | Record(run=run) | Follow(run=run) | Alert(run=run):
            return f"({type(effect).__name__} {run})"
        case _:
            return f"({type(effect).__name__})"
