"""What a lead may do besides: see who has looked at a person's record, and take a coordinator out."""

from flows import digest, menu
from flows.deeds import Dismiss, ShowLooked, ShowTeam
from flows.effects import Button, CancelTimers, Effect, Forget, LetGo, Say
from flows.events import Tapped
from flows.person import Person, spoken
from flows.review import MAX_PAGE, as_code


def show(person: Person) -> list[Effect]:
    """/team: the coordinators."""
    return [ShowTeam()] if person.staff and person.lead else _refused(person)


def tapped(person: Person, event: Tapped) -> list[Effect]:
    """A button about a coordinator, or who has looked. One question is asked before somebody is taken out; nobody takes
    out themself."""
    if event.item == "looked":
        return _looked(person, event)
    code = as_code(event.about)
    if not (person.staff and person.lead) or event.option not in ("out", "outsure") or code in ("", person.id):
        return show(person)
    fill = (("code", spoken(code)),)
    if event.option == "outsure":
        return [Dismiss(person=code), Say(words="team.out", with_=fill, buttons=((menu.TEAM,), (menu.HOME,)))]
    sure = Button(words="button.team_sure", item="team", option="outsure", about=code)
    return [Say(words="team.sure", with_=fill, buttons=((sure,), (menu.TEAM,)))]


def _looked(person: Person, event: Tapped) -> list[Effect]:
    """Who has looked: at one's own record; for a lead, at that of the person whose code the button carries."""
    page = min(int(event.option), MAX_PAGE) if event.option.isascii() and event.option.isdigit() else 0
    show_ = ShowLooked(person=as_code(event.about), page=page, replace=event.option != "new")
    if event.about:
        return [show_] if person.staff and person.lead else _refused(person)
    return [show_] if person.permits("keep") else [menu.home(person, "mydata.nothing")]


def dismissed(person: Person) -> tuple[Person, list[Effect]]:
    """They are no coordinator any more, and nothing of their work is kept; what they allowed for themselves stays."""
    if not person.staff:
        return person, []
    if person.permits("keep"):
        person = person.moved(staff=False, lead=False, off_duty=False, noting=None, digest=None)
        return person, [LetGo(), CancelTimers(timers=(digest.TIMER,)), menu.home(person, "team.dismissed")]
    person = Person(id=person.id, language=person.language, runs=person.runs)
    return person, [menu.home(person, "team.dismissed"), LetGo(), Forget()]


def _refused(person: Person) -> list[Effect]:
    return [menu.home(person, "team.leads_only" if person.staff else "staff.only")]
