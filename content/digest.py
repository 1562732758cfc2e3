"""The morning digest as coordinators read it: by codes, and of nobody who does not let them see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from content.load import Library
from content.pictures import figure
from content.series import WEEK, Rise, Told, days, rise
from content.views import message
from content.voice import Message, Page, Rows, Voice
from flows import menu
from flows.book import Urgency
from flows.deeds import ShowDigest
from flows.effects import Button
from flows.events import AlertView
from flows.person import Person, spoken

RISEN = 2  # of 10: points of pain that are worth a word
MOST_CODES = 20  # in a line; more are counted
MOST_LINES = 10  # of alerts, and of whose pain is up; more are counted
MOST_PAGES = 4  # buttons that lead to somebody's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A check-in that ended since the last digest, or is open. `urgency`: the highest it called for."""

    person: str
    state: str
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Codes of people; who answered one check-in of several has answered. `alerts`: those to be named, of `number`."""

    answered: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    alerts: tuple[AlertView, ...] = ()
    number: int = 0
    risen: tuple[tuple[str, Rise], ...] = ()


def gathered(
    people: Mapping[str, Person],
    checks: Collection[Checked],
    alerts: Sequence[AlertView],
    told: Mapping[str, Iterable[Told]],
    show: ShowDigest,
    zone: str,
) -> Digest:
    """What is told, of those `people` who let coordinators see. After a death only what is open.

    `alerts`: all that are not closed, the worst first. `told`: what was said of pain in two weeks. `zone`: of those
    who have no check-ins.
    """
    shown = {code for code, person in people.items() if person.permits("show")}
    asked = {code for code in shown if not people[code].farewell}
    answered = {one.person for one in checks if one.state == "completed" or _broken_off(one)} & asked
    missed = {one.person for one in checks if one.state == "missed"} & asked - answered
    waiting = {one.person for one in checks if one.state == "in-progress"} & asked - answered - missed
    higher = {code: up for code in sorted(told.keys() & asked) if (up := _risen(people[code], told[code], show, zone))}
    return Digest(
        answered=tuple(sorted(answered)),
        missed=tuple(sorted(missed)),
        waiting=tuple(sorted(waiting)),
        blocked=tuple(sorted(code for code in asked if people[code].blocked)),
        alerts=tuple(one for one in alerts if one.subject in shown),
        number=len(alerts),
        risen=tuple(sorted(higher.items(), key=lambda one: (-one[1].by, one[0]))),
    )


def page(library: Library, reader: Person, show: ShowDigest, found: Digest) -> Message:
    """One message, whatever there is to tell, and the ways on."""
    voice, text = Voice(library, reader), Page()
    text.add(voice.words("digest.title"), {"since": voice.moment(show.since, library.book.pathway.zone)}, all_bold=True)
    for name, codes in (("missed", found.missed), ("answered", found.answered), ("waiting", found.waiting)):
        if codes:
            text.text += "\n"
            text.add(voice.words(f"digest.{name}"), _counted(voice, codes))
    if not (found.missed or found.answered or found.waiting):
        text.text += "\n"
        text.add(voice.words("digest.none_due"), {})
    if found.blocked:
        text.text += "\n"
        text.add(voice.words("digest.blocked"), _counted(voice, found.blocked))
    _alerts(voice, text, found)
    _pain(voice, text, found)
    return message(text, _buttons(voice, found), replace=False)


def named(found: Digest) -> tuple[str, ...]:
    """Whom the message names."""
    groups = (found.missed, found.answered, found.waiting, found.blocked)
    codes = [code for group in groups for code in group[:MOST_CODES]]
    codes += [alert.subject for alert in found.alerts[:MOST_LINES]]
    return tuple(dict.fromkeys([*codes, *(code for code, _ in found.risen[:MOST_LINES])]))


def _broken_off(one: Checked) -> bool:
    """Whether it ended because what was told could not wait."""
    return one.state == "stopped" and one.urgency is not None


def _risen(person: Person, told: Iterable[Told], show: ShowDigest, zone: str) -> Rise | None:
    there = person.schedule.zone if person.schedule else zone
    found = rise(days(told, there, show.at, 2 * WEEK))
    return found if found and found.by >= RISEN else None


def _counted(voice: Voice, codes: tuple[str, ...]) -> dict[str, str]:
    return {"number": str(len(codes)), "codes": _codes(voice, codes)}


def _codes(voice: Voice, codes: tuple[str, ...]) -> str:
    said = ", ".join(map(spoken, codes[:MOST_CODES]))
    more = len(codes) - MOST_CODES
    return f"{said}, {voice.plain('digest.more', (('number', str(more)),))}" if more > 0 else said


def _alerts(voice: Voice, text: Page, found: Digest) -> None:
    text.blank()
    if not found.number:
        text.add(voice.words("digest.no_alerts"), {})
        return
    text.add(voice.words("digest.alerts"), {"number": str(found.number)})
    for alert in found.alerts[:MOST_LINES]:
        fill = {
            "person": spoken(alert.subject),
            "urgency": voice.plain(f"urgency.{alert.urgency.name.lower()}"),
            "at": voice.moment(alert.told_at, voice.library.book.pathway.zone),
            "by": spoken(alert.taken_by),
        }
        text.text += "\n"
        text.add(voice.words("digest.alert_taken" if alert.taken_by else "digest.alert"), fill)
    _more(voice, text, found.number - len(found.alerts[:MOST_LINES]))


def _pain(voice: Voice, text: Page, found: Digest) -> None:
    if not found.risen:
        return
    text.blank()
    text.add(voice.words("digest.risen"), {"much": str(RISEN)})
    for code, higher in found.risen[:MOST_LINES]:
        fill = {"person": spoken(code), "before": figure(higher.before), "now": figure(higher.now)}
        text.text += "\n"
        text.add(voice.words("digest.rise_average" if higher.average else "digest.rise"), fill)
    _more(voice, text, len(found.risen) - MOST_LINES)


def _more(voice: Voice, text: Page, number: int) -> None:
    if number > 0:
        text.text += f"\n· {voice.plain('digest.more', (('number', str(number)),))}"


def _buttons(voice: Voice, found: Digest) -> Rows:
    """What is open first, then who did not answer, whose pain is up, and what nobody has reviewed."""
    rows = [(menu.ALERTS,)] if found.number else []
    rows += [(_log("missed"),)] if found.missed else []
    pages = [
        (spoken(code), voice.button(Button(words="button.person", item="person", option="open", about=code))[1])
        for code, _ in found.risen[:MOST_PAGES]
    ]
    people = tuple(tuple(pages[n : n + 2]) for n in range(0, len(pages), 2))
    return (*voice.rows(tuple(rows)), *people, *voice.rows(((_log("open"),),)))


def _log(only: str) -> Button:
    """The log by a filter, as a message of its own."""
    return Button(words=f"button.log_{only}", item="log", option="new", about=only)
