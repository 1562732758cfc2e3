"""On duty or off: whom an alert is told first."""

from flows import menu
from flows.effects import Button, Effect, Say, ShowAlerts
from flows.events import Tapped
from flows.person import Person

ON = Button(words="button.duty_on", item="duty", option="on")
OFF = Button(words="button.duty_off", item="duty", option="off")


def show(person: Person) -> list[Effect]:
    """/duty: how it is now, and the way to change it."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    words, button = ("duty.is_off", ON) if person.off_duty else ("duty.is_on", OFF)
    return [Say(words=words, buttons=((button,), (menu.ALERTS,)))]


def tapped(person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button about duty. Who goes off duty keeps the alerts they have."""
    if not person.staff or event.option not in ("on", "off"):
        return person, show(person)
    if event.option == "off":
        return person.moved(off_duty=True), [Say(words="duty.off", buttons=((ON,), (menu.ALERTS,)))]
    return person.moved(off_duty=False), [Say(words="duty.on"), ShowAlerts()]
