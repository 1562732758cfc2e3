"""After a death nothing is asked any more. What a person asks for themselves is still answered, danger first of all."""

from flows import alerts, answer, digest, farewell, heard, loop, lowering, menu
from flows.book import Book, Urgency
from flows.effects import Ask, Begin, Effect, Say, Wake
from flows.events import CameDue, Commanded, Edited, Event, Said, SentOther, Tapped, Told, Unblocked
from flows.person import Person

STAY = frozenset({loop.TIMER, farewell.TIMER, digest.TIMER})  # of an emergency told since; of one word; of their work
ENDED = frozenset({"checkins", "consent", "resume", "cardmore"})  # of the menu
LEAVING = frozenset({"leave", "leavesure", "no"})  # of a circle: nobody is asked into it any more
COMMANDS = frozenset({"treatments", "mydata", "stop", "help", "alerts", "log", "duty", "figures", "died"})

Decided = tuple[Person, list[Effect]]


def instead(book: Book, person: Person, event: Event) -> Decided | None:
    """What an event leads to where it would go on as if nobody had died; None: it goes on as always."""
    match event:
        case Said(text=text) | Edited(text=text) | SentOther(text=text) if heard.alarming(book, person.language, text):
            return None
        case Commanded() if heard.alarming(book, person.language, f"{event.name} {event.argument}"):
            return None
        case Said() if person.staff and person.noting:
            return None
        case Said(text=text) if text in book.panic.values():
            return person, _danger(person)
        case Commanded(name="symptoms"):
            return person, _danger(person)
        case Commanded(name=name) if name in COMMANDS:
            return None
        case Said() | Edited() | SentOther() | Commanded():
            return person, farewell.show(person)
        case Tapped(item="menu", option="symptoms"):
            return person, _danger(person)
        case Tapped(item="menu", option=option) if option in ENDED:
            return person, farewell.show(person)
        case Tapped(item="circle", option=option) if option not in LEAVING or not person.circle:
            return person, farewell.show(person)
        case Tapped(item="picture", about=""):
            return person, farewell.show(person)
        case Tapped(item="checkins" | "plan" | "checkin" | "reminders"):
            return person, farewell.show(person)
        case Tapped(item=item) if "/" in item:
            if _acts(book, event) or lowering.takes_back(person, event):
                return answer.pressed(book, person, event)
            return person, farewell.show(person)
        case CameDue(timer=name) if not _stays(name):
            return person, []
        case Unblocked():
            person = person.moved(blocked=False)
            back: list[Effect] = [menu.home(person, "other.unblocked")] if person.role else []
            return person, back
        case Told(did=did) if did not in ("died", "mistake"):
            return person, []
        case _:
            return None


def quiet(person: Person, effects: list[Effect]) -> Decided:
    """Whatever was decided, no question stays open and nothing will be asked later."""
    begun = person.place.run if person.place else 0
    kept: list[Effect] = [
        one
        for one in effects
        if not isinstance(one, Ask)
        and not (isinstance(one, Wake) and not _stays(one.timer))
        and not (isinstance(one, Begin) and one.run == begun)
    ]
    return person.moved(place=None, waiting=None), kept


def _stays(timer: str) -> bool:
    """Whether it may still go off: of an emergency told since, of its alert, or the one word."""
    return timer in STAY or timer.startswith((alerts.TIMER, alerts.WORD))


def _acts(book: Book, event: Tapped) -> bool:
    """Whether a button of a question tells a red flag, or may have."""
    found = book.item(event.item)
    if found is None:
        return False
    option = found[1].option(event.option) or max(found[1].options, key=lambda one: one.urgency or 0, default=None)
    return option is not None and (option.urgency or 0) >= Urgency.URGENT


def _danger(person: Person) -> list[Effect]:
    """Something is wrong: it can no longer be about the patient, unless it is the patient who says so."""
    if person.role == "patient":
        return farewell.show(person)
    rows = ((menu.SUPPORT,), (menu.MYDATA,), (farewell.MISTAKE,))
    return [Say(words="farewell.danger", urgency=Urgency.URGENT, buttons=rows)]
