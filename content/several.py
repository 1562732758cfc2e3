"""What is promised of several signs in one typed text: each is told, and two urgent ones are an emergency."""

from collections.abc import Iterator

from content.facts import Facts
from content.states import START
from flows.advance import advance
from flows.effects import Advise, Alert
from flows.events import Said
from flows.person import Consent, Person


def told_together(facts: Facts) -> Iterator[str]:
    """Every sign that somebody types is named on the screens and to coordinators, the most urgent call first."""
    given = tuple(Consent(permission=name, given=True, version="", at=START) for name in ("keep", "show"))
    for language in facts.library.words:
        for one in facts.library.together.get(language, ()):
            person = Person(id="", language=language, role="caregiver", consents=given)
            _, effects = advance(facts.library.book, person, Said(at=START, text=one.text))
            screens = [effect for effect in effects if isinstance(effect, Advise)]
            alerts = [effect for effect in effects if isinstance(effect, Alert)]
            first = screens[0].advice if screens else "nothing"
            if first != one.screen:
                yield f'content/typed.yaml: "{one.text}" leads to {first}, not to {one.screen}.'
            if screens and one.degrees != (screens[0].degrees and round(screens[0].degrees, 1)):
                yield f'content/typed.yaml: "{one.text}" is told with {screens[0].degrees} °C, not {one.degrees}.'
            wanted = {f"words/{sign}" for sign in one.signs}
            for where, named in (("the screens", screens), ("coordinators", alerts)):
                told = {sign for each in named for sign in each.signs}
                if told != wanted:
                    said = ", ".join(sorted(sign.partition("/")[2] for sign in told ^ wanted))
                    yield f'content/typed.yaml: "{one.text}" is told to {where} without, or with too much: {said}.'
