"""Words in a person's language, their places filled, and the message they become."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import assert_never

from content.load import Library
from flows.book import Country, Sentence, Urgency
from flows.due import in_zone
from flows.effects import Button
from flows.events import AlertStep
from flows.fills import Degrees, Fill, Lines, Moment, Steps, Trend, With, Words
from flows.person import Person, spoken
from flows.press import press

PLACE = re.compile(r"\{(\w+)\}|\*\*")
UK = "GB"  # ISO 3166-1
MOST_STEPS, MOST_CODES, SHORT_NOTE = 10, 6, 100  # lines, codes in a line, characters: an alert fits a message
EXACT = 1e-6  # °C: what was typed in °C has no more than two digits after the point

NAMES = frozenset({"team", "go", "hours", "crisis", "bereavement", "painkiller", "illness"})  # a site's words
OPENING, ENDS, CLOSING = ' “‘"(•·', (".", "!", "?"), '”’")'

MOST_ANSWERS = 7  # changes in a line about a week

Rows = tuple[tuple[tuple[str, str], ...], ...]  # buttons: rows of (words, callback data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is shown. `kind`: `send`, `edit` (the tapped message), `tick` (only its buttons), `toast`.

    `bold`: (offset, length) in UTF-16 units (Bot API, MessageEntity). `panic`: words of the button always in reach.
    `svg`: the picture that the words stand under. `instead`: it shows what somebody told, who may take that back until
    it is sent; then these words are sent, or none if there are none.
    """

    kind: str
    text: str = ""
    bold: tuple[tuple[int, int], ...] = ()
    buttons: Rows = ()
    panic: str = ""
    alert: bool = False
    urgency: Urgency = Urgency.ROUTINE
    svg: str = ""
    instead: str | None = None


@dataclass(slots=True)
class Page:
    """Text under construction, with its bold parts. What is put in is never read as markup."""

    text: str = ""
    bold: list[tuple[int, int]] = field(default_factory=list)

    def add(self, words: str, fill: dict[str, str], *, all_bold: bool = False) -> None:
        """Append words, with their places filled and `**` marks turned to bold.

        A sentence begins with a capital letter, also where a site's own words stand first: `the spine nurses`.
        """
        opened = units(self.text) if all_bold else None
        last = 0
        for mark in PLACE.finditer(words):
            self.text += words[last : mark.start()]
            last = mark.end()
            if mark[1]:
                said = fill[mark[1]]
                self.text += said[:1].upper() + said[1:] if mark[1] in NAMES and self._begins() else said
            elif opened is None:
                opened = units(self.text)
            elif not all_bold:
                self.bold.append((opened, units(self.text) - opened))
                opened = None
        self.text += words[last:]
        if opened is not None:
            self.bold.append((opened, units(self.text) - opened))

    def _begins(self) -> bool:
        """Whether a sentence begins here."""
        before = self.text.rstrip(OPENING)
        ended = before != self.text and before.rstrip(CLOSING).endswith(ENDS)
        return not before or before.endswith("\n") or ended

    def blank(self) -> None:
        """Start a new paragraph."""
        self.text = f"{self.text}\n\n" if self.text else ""


def units(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Voice:
    """Whom the words are for: their language, and what the places are filled with."""

    library: Library
    person: Person

    def words(self, key: str) -> str:
        """The words of a key: for a patient its `_patient` form if there is one. Raises KeyError if there are none."""
        languages = (self.person.language, self.library.book.pathway.language)
        keys = (f"{key}_patient", key) if self.person.role == "patient" else (key,)
        for language in languages:
            for name in keys:
                if name in self.library.words.get(language, {}):
                    return self.library.words[language][name]
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Whether there are such words in the site's language."""
        return key in self.library.words[self.library.book.pathway.language]

    def option(self, path: str, option: str) -> str:
        """The words on an option's button: its own or the shared ones."""
        own = f"{path}.{option}"
        return self.words(own if self.has(own) else f"option.{option}")

    def fill(self, with_: With = (), *, own: bool = False) -> dict[str, str]:
        """What places stand for: the pathway's numbers, and what the effect brings.

        `own`: the numbers where the site is, not where the patient is.
        """
        places = self._here if own else self._there
        return places | {name: self._filled(value) for name, value in with_}

    @cached_property
    def _here(self) -> dict[str, str]:
        site = self.library.book.pathway
        return self._places(Country(id="", emergency=site.emergency, zones=(), crisis=site.crisis))

    @cached_property
    def _there(self) -> dict[str, str]:
        country = self.library.book.countries.get(self.person.country)
        return self._places(country) if country else self._here

    def _places(self, country: Country) -> dict[str, str]:
        site = self.library.book.pathway
        return {
            "emergency": country.emergency,
            "crisis": country.crisis or site.crisis,
            "bereavement": site.bereavement,
            "team": site.team,
            "line": site.line,
            "hours": site.hours,
            "go": site.go,
            "painkiller": site.painkiller,
            "fever": self.degrees(site.fever),
            "low": self.degrees(site.low),
            "illness": self.illness(),
        }

    def _filled(self, value: Fill) -> str:
        match value:
            case str():
                return value
            case Words(key=key, with_=with_):
                return self.plain(key, with_)
            case Moment(at=at, zone=zone):
                return self.moment(at, zone)
            case date():
                return self.day(value)
            case Degrees(celsius=celsius):
                return self.degrees(celsius)
            case Steps(steps=steps, zone=zone):
                return self.steps(steps, zone)
            case Lines(lines=lines):
                return "".join(f"\n{n}. {self._filled(line)}" for n, line in enumerate(lines, 1))
            case Trend(told=told):
                return self.trend(told)
            case tuple():
                return ", ".join(self.plain(word.key) for word in value)
        assert_never(value)

    def illness(self) -> str:
        """What the patient has, as it is said on the telephone."""
        told = bool(self.person.illness) and self.has(f"illness.{self.person.illness}")
        return self.words(f"illness.{self.person.illness}") if told else self.words("card.illness")

    def degrees(self, celsius: float) -> str:
        """A temperature, first as it is read where the site is: `37.5 °C (99.5 °F)`."""
        fine = round(celsius * 100) % 10 and abs(celsius * 100 - round(celsius * 100)) < EXACT
        both = (f"{celsius:.{2 if fine else 1}f} °C", f"{celsius * 9 / 5 + 32:.1f} °F")
        first, second = both if self.library.book.pathway.unit == "C" else both[::-1]
        return f"{first} ({second})"

    def meant(self, sentence: Sentence) -> bool:
        """Whether a sentence is for this person, who may be with the patient, apart or bereaved, and for this site."""
        if sentence.only in ("uk", "elsewhere"):
            return (self.library.book.pathway.country == UK) == (sentence.only == "uk")
        if sentence.only in ("living", "bereaved"):
            bereaved = self.person.farewell is not None and self.person.role != "patient"
            return bereaved == (sentence.only == "bereaved")
        apart = {"apart": "apart", "with_them": "together"}.get(self.person.near, "")
        return not sentence.only or not apart or self.person.role == "patient" or sentence.only == apart

    def plain(self, key: str, with_: With = ()) -> str:
        """Words without bold."""
        page = Page()
        page.add(self.words(key), self.fill(with_))
        return page.text

    def moment(self, at: datetime, zone: str) -> str:
        """A time as the clocks of the zone show it: `Mon 3 Nov, 08:00`."""
        local = in_zone(zone, at)
        day = self.words(f"day.{local.weekday()}")
        return f"{day} {local.day} {self.words(f'month.{local.month}')}, {local:%H:%M}"

    def steps(self, steps: tuple[AlertStep, ...], zone: str) -> str:
        """What became of an alert, a line each, the last ones; of long notes, all but the newest are cut."""
        newest = next((step for step in reversed(steps) if step.note), None)
        lines = []
        for step in steps[-MOST_STEPS:]:
            note = step.note if step is newest or len(step.note) <= SHORT_NOTE else f"{step.note[:SHORT_NOTE]}…"
            to = ", ".join(map(spoken, step.to[:MOST_CODES])) + (" …" if len(step.to) > MOST_CODES else "")
            fill = (("by", spoken(step.by)), ("to", to), ("note", note))
            lines.append(f"{self.moment(step.at, zone)}: {self.plain(f'alert.did.{step.what}', fill)}")
        return "".join(f"\n· {line}" for line in lines)

    def trend(self, told: tuple[tuple[str, str], ...]) -> str:
        """Pain and walking of a week in one line: `pain 2 → 4, walking As before (3×) → Cannot walk`."""
        lines = []
        for item in dict.fromkeys(item for item, _ in told):
            said = [
                self.option(f"daily.{item}", option)
                for one, option in told
                if one == item and self._offers(item, option)
            ]
            runs = [(words, len([*same])) for words, same in groupby(said)][-MOST_ANSWERS:]
            row = " → ".join(f"{words} ({number}×)" if number > 1 else words for words, number in runs)
            lines += [f"{self.plain(f'alert.{item}')} {row}"] if row else []
        return f"\n{self.plain('alert.week', (('told', '; '.join(lines)),))}" if lines else ""

    def _offers(self, item: str, option: str) -> bool:
        """Whether the content still has that answer."""
        found = self.library.book.item(f"daily/{item}")
        return found is not None and found[1].option(option) is not None

    def day(self, day: date) -> str:
        """A day in the calendar: `3 Nov 2026`."""
        return f"{day.day} {self.words(f'month.{day.month}')} {day.year}"

    def rows(self, buttons: tuple[tuple[Button, ...], ...]) -> Rows:
        """Buttons with their words and callback data."""
        return tuple(tuple(self.button(one) for one in row) for row in buttons)

    def button(self, one: Button) -> tuple[str, str]:
        """A button's words and its callback data."""
        return self.plain(one.words, one.with_), press(one.item, one.option, one.about, self.library.book.version)
