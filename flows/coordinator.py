"""Coordinators: the list of alerts. What is done about one alert stands in flows/handling.py."""

from flows import alerts, digest, menu
from flows.book import Urgency
from flows.effects import Button, Effect, Join, Say, ShowAlerts, Wake
from flows.events import Followed, Invited, Tapped
from flows.fills import Fill, Words
from flows.person import Person, spoken
from flows.questionnaire import leave_all
from flows.review import MAX_PAGE

KEPT = (digest.TIMER, alerts.TIMER)  # timers of their work, and of what others must know
MOST_NAMED = 12  # ours: relatives named in a message, so that it fits


def joined(person: Person, event: Invited) -> tuple[Person, list[Effect]]:
    """A good code was used. They see what is open already."""
    person, closed = leave_all(person.moved(staff=True, lead=event.lead))
    words = "staff.joined_lead" if event.lead else "staff.joined"
    return person, [Join(), menu.home(person, words), ShowAlerts(), *closed]


def bare(person: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    """A coordinator who agreed to nothing for themselves: what they told before or tell now is not remembered."""
    nobody = Person(id=person.id, language=person.language, staff=True, blocked=person.blocked, runs=person.runs)
    nobody = nobody.moved(lead=person.lead, off_duty=person.off_duty, noting=person.noting, digest=person.digest)
    return nobody, [one for one in effects if not isinstance(one, Wake) or one.timer.startswith(KEPT)]


def commanded(person: Person) -> list[Effect]:
    """/alerts, for coordinators."""
    return [ShowAlerts()] if person.staff else [menu.home(person, "staff.only")]


def followed(event: Followed) -> list[Effect]:
    """How an emergency goes on."""
    fill = (("person", spoken(event.person)), ("state", Words(f"follow.{event.state}")), beside(event.beside))
    open_log = Button(words="button.person", item="person", option="open", about=event.person)
    return [Say(words="alert.followed", with_=fill, buttons=((open_log,),), urgency=Urgency.URGENT)]


def tapped(person: Person, event: Tapped) -> list[Effect]:
    """A button of the list of alerts."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    page = min(int(event.option), MAX_PAGE) if event.option.isdigit() else 0
    return [ShowAlerts(page=page, replace=True)]


def beside(codes: tuple[str, ...]) -> tuple[str, Fill]:
    """Who else cares for the same patient, or nothing. Of many, the first."""
    named = ", ".join(map(spoken, codes[:MOST_NAMED])) + (" …" if len(codes) > MOST_NAMED else "")
    return ("beside", Words("alert.beside", (("codes", named),)) if codes else "")
