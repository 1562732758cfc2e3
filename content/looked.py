"""Who has looked at somebody's record, for themself and for a lead; and who the coordinators are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from content.load import Library
from content.views import message
from content.voice import Message, Page, Rows, Voice
from flows import menu
from flows.deeds import ShowLooked
from flows.effects import Button
from flows.person import Person, spoken

SITE = "site"  # who: the command line
A_PAGE = 15  # lines
MOST_TEAM = 40  # coordinators that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a coordinator, or the `site`, looked at on one day; the last time, and how many there were."""

    who: str
    what: str
    at: datetime
    number: int


def line(voice: Voice, look: Look) -> str:
    """`Mon 3 Nov, 08:00: coordinator ABCD-EFGH saw an alert`."""
    who = voice.plain("looked.site" if look.who == SITE else "looked.who", (("code", spoken(look.who)),))
    at = voice.moment(look.at, voice.library.book.pathway.zone)
    fill = (("at", at), ("who", who), ("what", voice.plain(f"looked.what.{look.what.replace(' ', '_')}")))
    if look.number > 1:
        return voice.plain("looked.times", (*fill, ("number", str(look.number))))
    return voice.plain("looked.line", fill)


def page(library: Library, reader: Person, show: ShowLooked, looks: Sequence[Look] | None) -> Message:
    """The newest first; `looks` holds one more than a page if there are more. None: nobody who may be looked at."""
    voice, text = Voice(library, reader), Page()
    if looks is None:
        text.add(voice.words("looked.nobody"), {"person": spoken(show.person)})
        return message(text, voice.rows(((menu.LOG,),)), replace=show.replace)
    text.add(voice.words("looked.title_of" if show.person else "looked.title"), {"person": spoken(show.person)})
    text.bold.append((0, len(text.text)))
    text.blank()
    if not looks:
        text.add(voice.words("looked.end" if show.page else "looked.none"), {})
    for n, look in enumerate(looks[:A_PAGE]):
        text.text += f"{chr(10) if n else ''}{line(voice, look)}"
    text.blank()
    text.add(voice.words("looked.hint"), voice.fill())
    return message(text, _ways(voice, show, more=len(looks) > A_PAGE), replace=show.replace)


def _ways(voice: Voice, show: ShowLooked, *, more: bool) -> Rows:
    newer = (Button(words="button.newer", item="looked", option=str(show.page - 1), about=show.person),)
    older = (Button(words="button.older", item="looked", option=str(show.page + 1), about=show.person),)
    turn = (*(newer if show.page else ()), *(older if more else ()))
    back = Button(words="button.summary", item="person", option="here", about=show.person) if show.person else menu.HOME
    return voice.rows((*((turn,) if turn else ()), (back,)))


def team(library: Library, reader: Person, colleagues: Sequence[Person]) -> Message:
    """The coordinators, by their codes; each of the others can be taken out."""
    voice, text = Voice(library, reader), Page()
    text.add(voice.words("team.title"), {}, all_bold=True)
    for one in colleagues[:MOST_TEAM]:
        duty = voice.plain("team.off" if one.off_duty else "team.on")
        words = "team.you" if one.id == reader.id else "team.lead" if one.lead else "team.one"
        text.text += "\n" + voice.plain(words, (("code", spoken(one.id)), ("duty", duty)))
    if len(colleagues) > MOST_TEAM:
        text.text += "\n" + voice.plain("team.more", (("number", str(len(colleagues) - MOST_TEAM)),))
    others = [one.id for one in colleagues[:MOST_TEAM] if one.id != reader.id]
    outs = [
        Button(words="button.team_out", item="team", option="out", about=code, with_=(("code", spoken(code)),))
        for code in others
    ]
    return message(text, voice.rows((*((one,) for one in outs), (menu.HOME,))), replace=False)
