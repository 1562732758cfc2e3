"""A walk short enough for a test."""

from content.looks import Looks
from content.promises import Promises
from content.states import START, States
from content.steps import Steps
from content.walker import Walker
from flows.advance import advance
from flows.consent import PERMISSIONS
from flows.person import Consent, Person
from tests.talks import LIBRARY


def signs_walked() -> Walker:
    """Every warning sign told at any time, by a guest and by somebody who has agreed to everything."""
    given = tuple(Consent(permission=name, given=True, version="", at=START) for name in PERMISSIONS)
    steps = Steps(LIBRARY.book, States(LIBRARY.book), (LIBRARY.book.pathway,))
    walker = Walker(Looks(advance, steps, Promises(LIBRARY, steps)), groups=("signs",), enough=1)
    guest = Person(id="PERSON01", language="en", role="caregiver", near="with_them")
    walker.walk(guest, guest.moved(consents=given))
    assert all("no tap leads on" in problem for problem in walker.problems)  # the open question's own taps are left out
    return walker
