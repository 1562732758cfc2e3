"""What the content is made of. Built by content/load.py, never changed, carries no words: only keys to words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import IntEnum
from functools import cached_property


class Urgency(IntEnum):
    """How fast to act, not how bad it is (UKONS: red, amber, green)."""

    ROUTINE = 1  # tell the team at the next contact
    URGENT = 2  # call today, never later than 24 hours
    EMERGENCY = 3  # act now


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a sentence comes from."""

    id: str
    title: str
    publisher: str
    year: int
    population: str  # whom it studied or is written for
    first_hand: bool  # False: read in a secondary source
    read: date
    reviewed_by: str  # the clinician who checked our use of it; empty: nobody yet
    review_on: date
    url: str
    places: Mapping[str, str]  # where in it, by the name of the place
    excludes: tuple[str, ...] = ()  # illnesses its study left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One medical sentence: the key of its words and its sources, each `id` or `id#place`.

    `only`: for a caregiver who is `apart` from the patient, or `together` with them; where the site is in the United
    Kingdom (`uk`), or `elsewhere`; empty: for all.
    """

    id: str
    sources: tuple[str, ...]
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer (FHIR: answerOption). `urgency` None: nothing to act on. `advice`: the what-to-do screen it calls for.

    `ends`: nothing more is asked after this answer. `hidden`: it has no button; a typed measure becomes it.
    `days`: the weekdays it stands for, as digits (0 is Monday). `named`: its sign has words of its own.
    """

    id: str
    urgency: Urgency | None = None
    advice: str = ""
    ends: bool = False
    hidden: bool = False
    days: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The item is asked only if `item` was answered with one of `options` (FHIR: enableWhen, operator =).

    `other`: with anything else instead (operator !=).
    """

    item: str
    options: tuple[str, ...]
    other: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question. `when`: every condition must hold (FHIR: enableBehavior all).

    `words`: typed words are an answer too (FHIR: open-choice, or text where there are no options).
    `measure`: they are a number (`temperature`), which becomes one of the options. `same`: one tap answers it as last
    time.
    """

    id: str
    options: tuple[Option, ...]
    words: bool = False
    sources: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    columns: int = 1  # buttons in a row
    measure: str = ""
    same: bool = False

    def option(self, name: str) -> Option | None:
        return self._named.get(name)

    @cached_property
    def _named(self) -> Mapping[str, Option]:
        return {option.id: option for option in self.options}


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """Questions in the order they are asked.

    `step_up`: that many urgent answers together count as an emergency, with `step_up_advice`; 0: never. `steered`: with
    ways back and past a question (see flows/steer.py).
    """

    id: str
    version: str
    items: tuple[Item, ...]
    step_up: int = 0
    step_up_advice: str = ""
    steered: bool = False

    def item(self, name: str) -> Item | None:
        return self._named.get(name)

    @cached_property
    def _named(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A what-to-do screen: what to do now (`do`), words for the telephone (`say`), what to look for next (`watch`).

    `calls`: whom its title says to call: the team's `line`, an `ambulance`, or help against suicide, for somebody else
    (`crisis`) or for the reader (`own_crisis`).
    """

    id: str
    urgency: Urgency
    do: tuple[Sentence, ...]
    say: tuple[Sentence, ...]
    watch: tuple[Sentence, ...]
    calls: str = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of a treatment."""

    id: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A treatment explained, page by page."""

    id: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that together mean a red flag in typed text: one of each group, near each other, in any order."""

    advice: str
    urgency: Urgency
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Phrases:
    """All that is listened for in one language. `denials`: `no …` denies a sign that follows, `… does .` after it takes
    that back; words without … are no sign.

    The rest is the same, in the shape that finds it fast: `listen` in flows/recognise.py makes it. `members`: (phrase,
    group, words) by how they start. `deny`: what stands before the … of a denial, `undo`: after it. `idle`: the others.
    """

    every: tuple[Phrase, ...]
    denials: tuple[str, ...]
    members: Mapping[str, list[tuple[int, int, tuple[str, ...]]]]
    deny: tuple[tuple[str, ...], ...]
    undo: tuple[tuple[str, ...], ...]
    idle: tuple[tuple[str, ...], ...]

    def __iter__(self) -> Iterator[Phrase]:
        return iter(self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewells:
    """Words that say that somebody has died (`said`), unless there are others beside them (`unless`)."""

    said: Phrases
    unless: Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When coordinators work, by the clock of the site: on these days (as in Schedule), from `start` until `end`, which
    may be past midnight.

    The same time twice: the whole day. `held`: what is urgent waits for them, also where somebody is on duty.
    """

    days: str = "0123456"
    start: time = time(0)
    end: time = time(0)
    held: bool = False

    @property
    def always(self) -> bool:
        """Round the clock."""
        return self.start == self.end and len(self.days) == len("0123456")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """A site's own numbers, hours and thresholds."""

    id: str
    team: str  # what families call the team
    line: str  # the team's 24-hour telephone number, international form
    emergency: str  # the emergency number where the site is
    country: str  # ISO 3166-1 alpha-2
    zone: str  # IANA
    language: str
    crisis: str  # the crisis line's name and number
    bereavement: str = ""  # who helps people when somebody has died, with a number
    hours: str = ""  # when the line answers
    go: str = ""  # where to go
    fever: float = 37.5  # °C, at or above
    low: float = 36.0  # °C, below
    painkiller: str = ""  # what paracetamol is called here
    unit: str = "C"  # which degrees people there read
    reviewed_on: date
    review_on: date
    nudge_after: timedelta
    missed_after: timedelta  # counted from the nudge
    acknowledge_emergency: timedelta = timedelta(minutes=10)  # an alert nobody has taken by then is told again
    acknowledge_urgent: timedelta = timedelta(hours=4)  # of the time in which coordinators work
    working: Hours = Hours()
    medicine: str = ""  # what a medicine day is about, where a coordinator types nothing
    digest: time = time(8)  # when coordinators are told what is new, in the zone of the site


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Where the patient may be: the emergency number there. `id` is ISO 3166-1 alpha-2, or `other`."""

    id: str
    emergency: str
    zones: tuple[str, ...]
    crisis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What a person may choose for check-ins. `apart`: how far two times of a day must be from each other."""

    clocks: tuple[time, ...]
    quiet_from: time
    quiet_until: time
    apart: timedelta = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything the flows know. `version` changes with every change of content."""

    version: str
    questionnaires: Mapping[str, Questionnaire]
    advice: Mapping[str, Advice]
    treatments: Mapping[str, Treatment]
    sources: Mapping[str, Source]
    countries: Mapping[str, Country]
    phrases: Mapping[str, Phrases]  # by language
    farewells: Mapping[str, Farewells]  # by language
    panic: Mapping[str, str]  # by language: the words on the button that is always in reach
    pathway: Pathway
    times: Times

    def item(self, path: str) -> tuple[Questionnaire, Item] | None:
        """The item at `questionnaire/item`, or None if there is none (any more)."""
        name, _, rest = path.partition("/")
        questionnaire = self.questionnaires.get(name)
        item = questionnaire.item(rest) if questionnaire else None
        return (questionnaire, item) if questionnaire and item else None
