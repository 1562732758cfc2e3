"""Coordinators: alerts, who takes them, and the log."""

from flows import menu
from flows.book import Book, Urgency
from flows.effects import Button, Claim, Effect, Join, Moment, Say, ShowAlerts, ShowLog, Toast, Wake, With, Words
from flows.events import AlertRaised, AlertTaken, AlertView, Commanded, Followed, Tapped
from flows.person import Person, spoken
from flows.questionnaire import leave_all, named

MAX_CODE = 16  # ours: more than a person's code has; what is typed is shown again, and travels in buttons
MAX_PAGE = 9999


def joined(person: Person) -> tuple[Person, list[Effect]]:
    """A good code was used. They see what is open already."""
    person, closed = leave_all(person.moved(staff=True))
    return person, [Join(), menu.home(person, "staff.joined"), ShowAlerts(), *closed]


def bare(person: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    """A coordinator who agreed to nothing for themselves: what they told before or tell now is not remembered."""
    nobody = Person(id=person.id, language=person.language, staff=True, blocked=person.blocked, runs=person.runs)
    return nobody, [effect for effect in effects if not isinstance(effect, Wake)]


def commanded(person: Person, event: Commanded) -> list[Effect]:
    """/alerts and /log [PERSON], for coordinators."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    if event.name == "alerts":
        return [ShowAlerts()]
    code = "".join(letter for letter in event.argument.upper() if letter.isascii() and letter.isalnum())
    return [ShowLog(person=code[:MAX_CODE])]


def raised(book: Book, event: AlertRaised) -> list[Effect]:
    """Tell this coordinator of a red flag. An alert goes ahead of everything but what families are told."""
    alert = event.alert
    return [
        Say(
            words=f"alert.{alert.urgency.name.lower()}",
            with_=about(book, alert),
            buttons=(
                (Button(words="button.take", item="alert", option="take", about=alert.alert),),
                (Button(words="button.person", item="log", option="0", about=alert.subject),),
            ),
            urgency=alert.urgency,
        )
    ]


def taken(person: Person, event: AlertTaken) -> list[Effect]:
    """A colleague took it."""
    alert = event.alert
    if alert.taken_by == person.id:
        return []
    return [Say(words="alert.taken_by", with_=(("person", spoken(alert.subject)), ("by", spoken(alert.taken_by))))]


def followed(event: Followed) -> list[Effect]:
    """How an emergency goes on."""
    fill = (("person", spoken(event.person)), ("state", Words(f"follow.{event.state}")))
    open_log = Button(words="button.person", item="log", option="0", about=event.person)
    return [Say(words="alert.followed", with_=fill, buttons=((open_log,),), urgency=Urgency.URGENT)]


def tapped(book: Book, person: Person, event: Tapped) -> list[Effect]:
    """A button under an alert or in the log. Two at once: one takes it, the other is told who."""
    if not person.staff:
        return [menu.home(person, "staff.only")]
    page = min(int(event.option), MAX_PAGE) if event.option.isdigit() else 0
    if event.item == "log":
        return [ShowLog(person=event.about, page=page, replace=True)]
    if event.item == "alerts":
        return [ShowAlerts(page=page, replace=True)]
    alert = event.alert
    if alert is None:
        return [Say(words="alert.gone", buttons=((menu.ALERTS,),))]
    if alert.taken_by == person.id:
        return [Toast(words="alert.yours_already")]
    if alert.taken_by:
        return [Say(words="alert.taken_by", with_=(("person", spoken(alert.subject)), ("by", spoken(alert.taken_by))))]
    open_log = Button(words="button.person", item="log", option="0", about=alert.subject)
    return [
        Claim(alert=alert),
        Toast(words="alert.yours"),
        Say(words="alert.taken", with_=about(book, alert), buttons=((open_log,), (menu.ALERTS,))),
    ]


def about(book: Book, alert: AlertView) -> With:
    """What an alert's words are filled with."""
    return (
        ("person", spoken(alert.subject)),
        ("at", Moment(alert.at, book.pathway.zone)),
        ("signs", named(alert.signs)),
        ("advice", Words(f"advice.{alert.advice}.title")),
    )
