"""Coordinators: the lists of alerts and the log. What is done about one alert stands in flows/handling.py."""

from flows import menu
from flows.book import Urgency
from flows.effects import Button, Effect, Join, Say, ShowAlerts, ShowLog, Wake
from flows.events import Commanded, Followed, Tapped
from flows.fills import Words
from flows.person import Person, spoken
from flows.questionnaire import leave_all

MAX_CODE = 16  # ours: more than a person's code has; what is typed is shown again, and travels in buttons
MAX_PAGE = 9999


def joined(person: Person) -> tuple[Person, list[Effect]]:
    """A good code was used. They see what is open already."""
    person, closed = leave_all(person.moved(staff=True))
    return person, [Join(), menu.home(person, "staff.joined"), ShowAlerts(), *closed]


def bare(person: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    """A coordinator who agreed to nothing for themselves: what they told before or tell now is not remembered."""
    nobody = Person(id=person.id, language=person.language, staff=True, blocked=person.blocked, runs=person.runs)
    nobody = nobody.moved(off_duty=person.off_duty, noting=person.noting)
    return nobody, [effect for effect in effects if not isinstance(effect, Wake)]


def commanded(person: Person, event: Commanded) -> list[Effect]:
    """/alerts and /log [PERSON], for coordinators."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    if event.name == "alerts":
        return [ShowAlerts()]
    code = "".join(letter for letter in event.argument.upper() if letter.isascii() and letter.isalnum())
    return [ShowLog(person=code[:MAX_CODE])]


def followed(event: Followed) -> list[Effect]:
    """How an emergency goes on."""
    fill = (("person", spoken(event.person)), ("state", Words(f"follow.{event.state}")))
    open_log = Button(words="button.person", item="log", option="0", about=event.person)
    return [Say(words="alert.followed", with_=fill, buttons=((open_log,),), urgency=Urgency.URGENT)]


def tapped(person: Person, event: Tapped) -> list[Effect]:
    """A button of the lists."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    page = min(int(event.option), MAX_PAGE) if event.option.isdigit() else 0
    if event.item == "log":
        return [ShowLog(person=event.about, page=page, replace=True)]
    return [ShowAlerts(page=page, replace=True)]
