"""Treatments explained, page by page. Explains; recommends none."""

from flows import menu
from flows.book import Book
from flows.effects import Button, Effect, Explain, Say
from flows.events import Tapped
from flows.person import Person


def start(book: Book, *, replace: bool = False) -> list[Effect]:
    """The list of what is explained."""
    rows = tuple((Button(words=f"treatments.{name}.title", item="treat", option=name),) for name in book.treatments)
    return [Say(words="treatments.list", buttons=(*rows, (menu.HOME,)), replace=replace)]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A page of a treatment; a page that is no longer there shows the list."""
    treatment = book.treatments.get(event.option)
    if treatment is None:
        return person, start(book, replace=event.option == "list")
    sections = [section.id for section in treatment.sections]
    section = event.about if event.about in sections else sections[0]
    return person, [Explain(treatment=treatment.id, section=section, replace=bool(event.about))]


def neighbours(book: Book, treatment: str, section: str) -> tuple[tuple[Button, ...], ...]:
    """The buttons under a page: every other page by name, then the list, then the way to act."""
    pages = [
        Button(words=f"section.{other.id}", item="treat", option=treatment, about=other.id)
        for other in book.treatments[treatment].sections
        if other.id != section
    ]
    rows = tuple(tuple(pages[n : n + 2]) for n in range(0, len(pages), 2))
    back = Button(words="button.treatment_list", item="treat", option="list")
    return (*rows, (back,), (menu.SYMPTOMS,))
