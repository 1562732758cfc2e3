"""The buttons every conversation offers, and words that go with them."""

from flows.effects import Button, Effect, Say
from flows.fills import With
from flows.person import Person

SYMPTOMS = Button(words="button.symptoms", item="menu", option="symptoms")
TREATMENTS = Button(words="button.treatments", item="menu", option="treatments")
CHECKINS = Button(words="button.checkins", item="menu", option="checkins")
MYDATA = Button(words="button.mydata", item="menu", option="mydata")
CONSENT = Button(words="button.consent", item="menu", option="consent")
HOME = Button(words="button.home", item="menu", option="home")
ALERTS = Button(words="button.alerts", item="menu", option="alerts")
DUTY = Button(words="button.duty", item="duty", option="show")
LOG = Button(words="button.log", item="menu", option="log")
PICTURE = Button(words="button.picture", item="picture", option="7")
TEAM = Button(words="button.team", item="team", option="show")
CIRCLE = Button(words="button.circle", item="circle", option="show")
GO_ON = Button(words="button.go_on", item="menu", option="resume")
SUPPORT = Button(words="button.farewell", item="died", option="show")


def why(advice: str) -> tuple[tuple[Button, ...], ...]:
    """The way from a what-to-do screen to its sources."""
    return ((Button(words="button.why", item="why", option=f"advice/{advice}"),),)


def buttons(person: Person) -> tuple[tuple[Button, ...], ...]:
    """What a person can do from here, one button a row."""
    if person.staff and not person.role:
        return ((ALERTS,), (LOG,), (DUTY,), (TREATMENTS,), (MYDATA,))
    staff = ((ALERTS,), (LOG,), (DUTY,)) if person.staff else ()
    if person.farewell:
        return (*staff, (SUPPORT,), (SYMPTOMS,), (MYDATA,))
    keep = ((CHECKINS,), (CIRCLE,)) if person.permits("keep") else ((CONSENT,),)
    return (*staff, (SYMPTOMS,), (TREATMENTS,), *keep, (MYDATA,))


def home(person: Person, words: str = "menu.home", with_: With = ()) -> Effect:
    """The menu, under some words."""
    return Say(words=words, with_=with_, buttons=buttons(person))
