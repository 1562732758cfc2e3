"""How it has been: pain and walking as a picture, and how the check-ins of all go as figures."""

from flows import menu
from flows.effects import Button, Effect, Say, ShowFigures, ShowPicture
from flows.events import Tapped
from flows.person import Person

SPANS = (7, 30, 90)  # days; the first is shown where none is named


def tapped(person: Person, event: Tapped) -> list[Effect]:
    """A button with a span of days: of oneself, or for a coordinator of the person whose code is `about`."""
    days = next((span for span in SPANS if str(span) == event.option), SPANS[0])
    if event.about and not person.staff:
        return [menu.home(person, "staff.only")]
    if event.about:
        return [ShowPicture(person=event.about, days=days)]
    if not person.permits("keep"):
        return [Say(words="checkins.need_keep", buttons=((menu.CONSENT,), (menu.SYMPTOMS,), (menu.HOME,)))]
    return [ShowPicture(days=days)]


def figures(person: Person) -> list[Effect]:
    """/figures, for coordinators."""
    return [ShowFigures()] if person.staff else [menu.home(person, "staff.only")]


def buttons(person: str, days: int) -> tuple[tuple[Button, ...], ...]:
    """Under a picture: the other spans, and the way back."""
    spans = (
        Button(words=f"button.picture_{span}", item="picture", option=str(span), about=person)
        for span in SPANS
        if span != days
    )
    back = Button(words="button.summary", item="person", option="open", about=person) if person else menu.HOME
    return (tuple(spans), (back,))
