"""The promises about reminders are held: each rule of flows/reminders.py that is broken is found."""

from datetime import timedelta
from pathlib import Path

import pytest

from content.groups import GROUPS
from content.looks import Looked, Looks
from content.mutants import made, mutants
from content.promises import Promises
from content.recall import SET
from content.states import START, State, States, after
from content.steps import Steps
from flows.advance import advance
from flows.consent import PERMISSIONS
from flows.events import Reminded, Said
from flows.person import Consent, Person, Schedule
from tests.talks import LIBRARY

TOP = Path(__file__).parent.parent
NIGHT = START + timedelta(hours=15)


def problems() -> set[str]:
    """What is wrong with any step from some states of a family that has a reminder, or may get one."""
    book = LIBRARY.book
    given = tuple(Consent(permission=name, given=True, version="", at=START) for name in PERMISSIONS)
    carer = Person(id="PERSON01", language="en", role="caregiver", near="with_them", consents=given)
    states = [State(person=carer), State(person=carer.moved(consents=given[:2]))]
    for one in SET.values():
        event = Reminded(at=START, by="OTHER001", reminder=one)
        states.append(after(states[0], event, *advance(book, carer, event)))
    medicine = states[3]
    told = Said(at=START, text="he can't move his legs")
    states.append(after(medicine, told, *advance(book, medicine.person, told)))
    plan = Schedule(version=1, days="0", clock="09:00", zone=book.pathway.zone, paused=True)
    off = tuple(one.moved(off=True) for one in medicine.person.reminders)
    for changed in (medicine.person.moved(schedule=plan), medicine.person.moved(reminders=off)):
        states.append(State(person=changed, timers=medicine.timers, now=START))
    states.append(State(person=medicine.person, timers=medicine.timers, now=NIGHT))
    steps = Steps(book, States(book), (book.pathway,))
    looks = Looks(advance, steps, Promises(LIBRARY, steps))
    marks = [(state, steps.states.mark(state).key) for state in states]
    found = looks.look([(at, Looked(state, key, -1, None, tuple(GROUPS))) for at, (state, key) in enumerate(marks)])
    return {problem.text for problem in found.problems if problem.other is None}


def test_the_flows_keep_every_promise_about_reminders() -> None:
    assert problems() == set()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a reminder wakes somebody", "somebody is woken by the timer remind"),
        ("medicine days go on in a pause", "somebody is reminded of medicine days in a pause"),
        ("a reminder is set without leave to remind", "a reminder is set without leave"),
        ("what is switched off is told", "somebody is reminded of what they have switched off"),
        ("reminders stay without leave", "reminders stay without leave to remind"),
        ("a reminder interrupts an emergency", "somebody is reminded without leave, in an emergency"),
        ("a reminder that is set never comes", "a reminder is set, and it will not come"),
    ],
)
def test_a_rule_about_reminders_that_is_broken_in_the_flows_is_found(what: str, said: str) -> None:
    change = next(one for one in mutants(TOP / "content") if one.what == what)
    with made(change, TOP / "flows") as fits:
        assert fits
        found = problems()

    assert [text for text in found if said in text], found
