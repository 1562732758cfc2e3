"""The promises about alerts are held: each rule of flows/alerts.py and flows/handling.py that is broken is found."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from content.looks import Looked, Looks
from content.mutants import made, mutants
from content.promises import Promises
from content.states import START, State, States, after
from content.steps import Steps
from flows.advance import advance
from flows.consent import PERMISSIONS
from flows.digest import wake
from flows.events import Said
from flows.person import Consent, Noting, Person
from tests.talks import LIBRARY

TOP = Path(__file__).parent.parent
NIGHT = START + timedelta(hours=15)


def problems() -> set[str]:
    """What is wrong with any step from some states: of families by day and at night, and of coordinators."""
    book = LIBRARY.book
    given = tuple(Consent(permission=name, given=True, version="", at=START) for name in PERMISSIONS)
    hidden = tuple(one for one in given if one.permission != "show")
    carer = Person(id="PERSON01", language="en", role="caregiver", near="with_them", consents=given)
    told = Said(at=START, text="he can't move his legs")
    telling = after(State(person=carer), told, *advance(book, carer, told))
    unseen = carer.moved(consents=hidden)
    telling_nobody = after(State(person=unseen), told, *advance(book, unseen, told))
    assert telling_nobody.person.loop
    asked = telling.person.moved(loop=telling.person.loop and telling.person.loop.moved(asked=12))
    once = replace(telling_nobody, person=unseen.moved(loop=telling_nobody.person.loop.moved(shared=True)))
    nurse = Person(id="PERSON01", language="en", staff=True)
    people = (
        carer,
        carer.moved(blocked=True),
        unseen,
        nurse,
        nurse.moved(off_duty=True, noting=Noting(alert="ALERT001", at=START)),
        nurse.moved(digest=START - timedelta(days=3)),
    )
    steps = Steps(book, States(book), (book.pathway,))
    looks = Looks(advance, steps, Promises(LIBRARY, steps))
    wakes = (wake(book, START),)
    states = [
        telling,
        telling_nobody,
        once,
        replace(telling, person=asked),
        State(person=nurse, timers=wakes),
        *(State(person=person, now=now) for person in people for now in (START, NIGHT)),
    ]
    marks = [(state, steps.states.mark(state).key) for state in states]
    found = looks.look(
        [(at, Looked(state, key, -1, None, ("near", "signs", "desk", "far"))) for at, (state, key) in enumerate(marks)]
    )
    return {problem.text for problem in found.problems if problem.other is None}


def test_the_flows_keep_every_promise_about_alerts() -> None:
    assert problems() == set()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("claim a taken alert again", "an alert is taken that somebody has already"),
        ("anybody changes an alert that a colleague has", "somebody changes an alert that they do not have"),
        ("anybody takes over what a colleague has", "an alert is taken that somebody has already"),
        ("a message wakes somebody", "a coordinator's message wakes somebody"),
        ("a message reaches somebody who did not permit it", "a coordinator writes to somebody who did not permit it"),
        ("a message stands in no log", "is not read, or does not stand in the log"),
        ("the digest is told again when its timer goes off twice", "unasked, or twice"),
        ("the digest wakes somebody", "somebody is woken by the timer digest"),
        ("the digest is told off duty", "a digest is told off duty"),
        ("whoever joins gets no digest", "a coordinator will be told nothing in the morning"),
        ("stop ends the digest", "a coordinator will be told nothing in the morning"),
        ("the digest leaves out what was longer ago than a day", "something falls between two digests"),
        ("an emergency waits for working hours", "nobody has an alert, and no coordinator is told"),
        ("what is urgent is told again outside working hours", "told of what is urgent outside working hours"),
        ("what waits for working hours is never told", "waits for working hours, and nothing will tell of it then"),
        ("an alert of somebody who is a coordinator now is never told again", "nothing will tell of it then"),
        ("the family does not hear that coordinators do not work", "do not work now, and the family is not told"),
        ("the family hears in the morning only that coordinators do not work", "and the family is not told"),
        ("coordinators may see an open emergency from now on, and are not told of it", "are not told of it once"),
        ("coordinators are told of an emergency of before as if it were told now", "or when it was told"),
        ("coordinators who were told this once are told again when they may see it", "of nothing that was told"),
        ("a death counts as the work of who had the alert", "a coordinator is told otherwise"),
        ("it is not noted who has left", "it is not said who"),
        ("the questions end, and coordinators do not hear that no help was told", "told how the emergency goes on"),
        ("an alert is not told again", "nobody has an alert, and no coordinator is told"),
        ("told again to the same coordinators for ever", "an alert is told again, and to nobody more"),
        ("the family is not told that nobody has answered", "and the family does not know"),
        ("what the team did stands in place of the call", "the call that still stands is not said"),
        ("the family is woken for what is not an emergency", "a family is woken for something that is no emergency"),
        ("an alert is told of whoever has withdrawn the permission", "taken, closed or not theirs to know"),
        ("alert shows no person/subject", "a coordinator is not told whom it is about"),
    ],
)
def test_a_rule_about_alerts_that_is_broken_in_the_flows_is_found(what: str, said: str) -> None:
    change = next(one for one in mutants(TOP / "content") if one.what == what)
    with made(change, TOP / "flows") as fits:
        assert fits
        found = problems()

    assert [text for text in found if said in text], found
