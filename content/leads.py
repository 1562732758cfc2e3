"""Leads: what they and others tap about coordinators and about who looked, and what is promised of that."""

from collections.abc import Iterator

from content.states import State, allowed
from content.steps import SOON, Step, Steps
from content.transition import Transition
from flows.deeds import Dismiss, SendData, ShowLooked, ShowTeam
from flows.events import Commanded, Dismissed, Invited

OTHER = "OTHER001"


def leads(steps: Steps, state: State) -> Iterator[Step]:
    """Everything about leads, of one, of another coordinator, and of somebody who is neither."""
    person, at = state.person, state.now + SOON
    yield Step(("commands", "team", person.lead), Commanded(at=at, name="team"))
    for option, about in (("show", ""), ("out", OTHER), ("outsure", OTHER), ("outsure", person.id), ("x", OTHER)):
        mine = about == person.id
        yield Step(("team", option, mine, person.lead), steps.tap(at, "team", option, about))
    for option in ("new", "3", "x"):
        yield Step(("looked", option, person.lead), steps.tap(at, "looked", option, "OTHER002"))
    if person.staff:
        yield Step(("dismissed", bool(person.role)), Dismissed(at=at, by=OTHER))
    else:
        label = ("joins as lead", bool(person.place), bool(person.waiting), len(state.open))
        yield Step(label, Invited(at=at, lead=True))


def led(t: Transition) -> Iterator[str]:
    """Only leads see who looked at somebody's record and take others out; who was taken out is no coordinator."""
    lead = t.before.staff and t.before.lead
    of_leads = [one for one in t.effects if isinstance(one, ShowTeam | Dismiss) or _of_others(one)]
    if of_leads and not lead:
        yield "somebody who is no lead sees who looked, or takes a coordinator out"
    if any(isinstance(one, Dismiss) and one.person == t.before.id for one in t.effects):
        yield "a lead takes out themself"
    team, looked, own = t.tap("team"), t.tap("looked"), t.tap("data")
    if lead and team and team.option == "outsure" and team.about == OTHER and not t.does(Dismiss):
        yield "a lead cannot take a coordinator out"
    if looked and (lead if looked.about else allowed(t.before)[0]) and not t.does(ShowLooked):
        yield "who may see who looked does not"
    if isinstance(t.event, Dismissed) and t.after.staff:
        yield "who was taken out is a coordinator still"
    asked = own is not None and own.option == "file" and allowed(t.before)[0]
    if t.does(SendData) != asked:
        yield "what is kept is sent to somebody who did not ask for it, or is not sent"


def _of_others(effect: object) -> bool:
    return isinstance(effect, ShowLooked) and bool(effect.person)
