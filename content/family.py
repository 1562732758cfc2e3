"""Those who care for one patient, as they see each other; and what coordinators know of them and of a death."""

from dataclasses import dataclass, replace

from content.load import Library
from content.views import message
from content.voice import Message, Page, Voice
from flows import menu
from flows.coordinator import beside
from flows.effects import Button, ShowCircle
from flows.kin import ShowFarewell
from flows.person import Farewell, Person, spoken
from flows.zones import theirs

MOST_RELATIVES = 12  # buttons to take somebody out of a circle


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What else coordinators know of a person: who cares for the same patient, whether that patient has died, and
    whether they blocked the bot."""

    beside: tuple[str, ...] = ()
    farewell: Farewell | None = None
    blocked: bool = False


def circle(library: Library, person: Person, show: ShowCircle, others: tuple[str, ...]) -> Message:
    """How many care for the same patient, and what of them this person may know."""
    voice, page = Voice(library, person), Page()
    page.add(voice.words("circle.alone" if not others else "circle.title"), voice.fill((("number", str(len(others))),)))
    if person.relative is not None:
        page.blank()
        page.add(
            voice.words("circle.their_last" if person.relative_by else "circle.last"),
            voice.fill((("at", theirs(library.book, person, person.relative)),)),
        )
    page.blank()
    page.add(voice.words("circle.shown" if person.permits("circle") else "circle.hidden"), voice.fill())
    remove = Button(words="button.circle_remove", item="circle", option="remove")
    removed = others[:MOST_RELATIVES] if person.opener else ()
    rows = tuple((replace(remove, about=code, with_=(("person", spoken(code)),)),) for code in removed)
    return message(page, voice.rows((*rows, *show.buttons)), replace=False)


def farewell(library: Library, person: Person, show: ShowFarewell, standing: Standing | None) -> Message:
    """For a coordinator: what is known of a death, or the question whether to say it. No standing: no such person."""
    voice, page = Voice(library, person), Page()
    fill = voice.fill((("person", spoken(show.person)),))
    if standing is None:
        page.add(voice.words("farewell.nobody"), fill)
        return message(page, voice.rows(((menu.LOG,),)), replace=False)
    option = "unset" if standing.farewell else "set"
    page.add(voice.words("farewell.known" if standing.farewell else "farewell.sure"), fill)
    page.text += "".join(f"\n{line}" for line in stands(voice, standing))
    words = "button.farewell_mistake" if standing.farewell else "button.farewell_set"
    button = Button(words=words, item="died", option=option, about=show.person)
    back = Button(words="button.person", item="person", option="open", about=show.person)
    return message(page, voice.rows(((button,), (back,))), replace=False)


def stands(voice: Voice, standing: Standing) -> list[str]:
    """`Has died (told by a relative, 12 Dec)`, and who else cares for the same patient."""
    lines = []
    if standing.farewell:
        at = voice.moment(standing.farewell.at, voice.library.book.pathway.zone)
        lines.append(voice.plain(f"farewell.by_{standing.farewell.by}", (("at", at),)))
    if standing.blocked:
        lines.append(voice.plain("log.blocked"))
    if standing.beside:
        others = Page()
        others.add("{beside}", voice.fill((beside(standing.beside),)))
        lines.append(others.text.strip())
    return lines
