"""The handover card: what somebody who comes to help must know, on one screen. Of guests it is never stored."""

from datetime import datetime

from flows import menu, triage
from flows.book import Book, Urgency
from flows.crisis import others
from flows.effects import Button, Effect, Say
from flows.fills import Fill, Words
from flows.person import Person, Place, spoken
from flows.questionnaire import begin, leave, named, resume, set_aside
from flows.zones import theirs

MORE = Button(words="button.card_more", item="menu", option="cardmore")
UNKNOWN = Words("card.unknown")
LONGEST = 600  # characters of medicines: the card is one screen, and one message


def show(book: Book, person: Person) -> list[Effect]:
    """The card with what is known so far."""
    known, report = _known(person), triage.last_told(person)
    told = others(book, report.signs) if report else ()
    medicines = known.get("medicines", "")
    medicines = f"{medicines[:LONGEST]}…" if len(medicines) > LONGEST else medicines
    fill: tuple[tuple[str, Fill], ...] = (
        ("signs", named(told) if told else Words("card.none")),
        ("onset", Words(f"onset.{report.onset}") if report and report.onset else UNKNOWN),
        ("known", named(report.known) if report and report.known else Words("card.none")),
        ("told", theirs(book, person, report.at) if report else UNKNOWN),
        ("walked", _detail(known, "walked")),
        ("bladder", _detail(known, "bladder")),
        ("medicines", medicines if medicines not in ("", "skip") else UNKNOWN),
        ("code", spoken(person.id) if person.coded else Words("card.no_code")),
    )
    rows = ((menu.SYMPTOMS,), (menu.HOME,)) if person.card else ((MORE,), (menu.SYMPTOMS,))
    return [Say(words="card.show", with_=fill, urgency=Urgency.URGENT, buttons=rows)]


def more(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Ask for the details. What was open waits."""
    if person.staff and not person.permits("keep"):
        return person, [menu.home(person, "staff.symptoms")]
    person, put_away = set_aside(person)
    person, asked = begin(book, person, "handover", at)
    return person, [*put_away, *asked]


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The details are known: show the card, then go on with what was open before."""
    person, closed = leave(person.moved(place=place, card=place.answers), "completed")
    card = show(book, person)
    person, asked = resume(book, person)
    return person, [*card, *closed, *asked]


def _known(person: Person) -> dict[str, str]:
    """The details told so far, also while they are still being asked for."""
    open_card = [place for place in (person.place, person.waiting) if place and place.questionnaire == "handover"]
    return dict(person.card) | {name: said for place in open_card for name, said in place.answers}


def _detail(known: dict[str, str], name: str) -> Fill:
    return Words(f"handover.{name}.{known[name]}") if known.get(name, "not_sure") != "not_sure" else UNKNOWN
