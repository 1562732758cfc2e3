"""A step is one thing that happens to a person, with a name that tells what of the past its outcome may rest on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby

from content.groups import Label
from content.links import MEDICAL
from content.states import READ, TOGETHER, State, States
from flows.advance import BY_THEM
from flows.book import Book, Option, Pathway, Phrase, Questionnaire, Urgency
from flows.events import (
    CalledFromGroup,
    Event,
    Tapped,
)
from flows.person import Place
from flows.recognise import listen, recognise

SOON, LATER, NEXT_DAYS = timedelta(minutes=1), timedelta(hours=20), timedelta(days=2)
GONE = "gone"  # an item that the content no longer has
NONSENSE = "lorem ipsum"
WORDS = "words"  # the path of what was typed
THRESHOLDS = ("fever", "low")  # what of a pathway only typed temperatures are held against


@dataclass(frozen=True, slots=True)
class Step:
    """One event. Two steps of the same `label`, from states of the same key, must have the same outcome.

    `shown`: a tap on what the open question offers. `site`: which of Steps.sites it happens at; None: at any of them.
    """

    label: Label
    event: Event
    shown: bool = False
    site: int | None = None


@dataclass(frozen=True)
class Steps:
    """What steps are made of, for one content. `sites`: one pathway for each pair of thresholds a site may have."""

    full: Book
    states: States
    sites: tuple[Pathway, ...]

    @cached_property
    def old(self) -> tuple[tuple[str, Option], ...]:
        """Of every questionnaire one option for each (urgency, advice), with the path of its item."""
        found: dict[tuple[object, ...], tuple[str, Option]] = {}
        for questionnaire in self.full.questionnaires.values():
            for item in questionnaire.items:
                for option in (one for one in item.options if not one.hidden):
                    kind = (questionnaire.id, option.urgency, option.advice)
                    found.setdefault(kind, (f"{questionnaire.id}/{item.id}", option))
        return tuple(found.values())

    @cached_property
    def gone(self) -> tuple[tuple[str, Option | None], ...]:
        """Of every questionnaire an item that is urgent at worst, and one that is not, with what a lost answer was."""
        found: dict[tuple[str, bool], tuple[str, Option | None]] = {}
        for questionnaire in self.full.questionnaires.values():
            for item in questionnaire.items:
                worst = max(item.options, key=lambda one: one.urgency or 0, default=None)
                urgent = worst if worst and (worst.urgency or 0) >= Urgency.URGENT else None
                found.setdefault((questionnaire.id, urgent is not None), (f"{questionnaire.id}/{item.id}", urgent))
        return tuple(found.values())

    @cached_property
    def typed(self) -> dict[str, Phrase]:
        """Words of which each means another (advice, urgency), with what is recognised in them."""
        found: dict[tuple[str, int], tuple[str, Phrase]] = {}
        language = self.full.pathway.language
        for phrase in self.full.phrases.get(language, ()):
            text = sample(phrase)
            heard = recognise(self.full, language, text)
            if heard is not None and (heard.advice, heard.urgency) == (phrase.advice, phrase.urgency):
                found.setdefault((phrase.advice, phrase.urgency), (text, heard))
        return dict(found.values())

    @cached_property
    def numbers(self) -> tuple[dict[str, Phrase], ...]:
        """By site: temperatures that call for action, also where none was asked for, with what each means."""
        items = (item for one in self.full.questionnaires.values() if one.id in MEDICAL for item in one.items)
        item = next((item for item in items if item.measure), None)
        options = [{text: item and item.option(name) for text, name in texts.items()} for texts in self.measured]
        return tuple(
            {
                text: Phrase(advice=option.advice, urgency=option.urgency, groups=())
                for text, option in found.items()
                if option and option.urgency
            }
            for found in options
        )

    @cached_property
    def book(self) -> Book:
        """With one short phrase of each kind, as the flows read no more of it than advice and urgency.

        Its thresholds cannot be read at all: what is walked with it goes the same at every site.
        """
        language, site = self.full.pathway.language, replace(self.full.pathway)
        for name in THRESHOLDS:
            object.__delattr__(site, name)  # whoever reads it raises AttributeError, which the walk tells
        short = tuple(replace(one, groups=tuple((group[0],) for group in one.groups)) for one in self.typed.values())
        return replace(self.full, phrases={language: listen(short, ())}, pathway=site)

    def at(self, site: int | None) -> Book:
        """The book that a step is taken with: see Step."""
        return self.book if site is None else self.books[site]

    @cached_property
    def books(self) -> tuple[Book, ...]:
        """The same by site, with its thresholds."""
        at = [replace(self.full.pathway, **{name: getattr(one, name) for name in THRESHOLDS}) for one in self.sites]
        return tuple(replace(self.book, pathway=one) for one in at)

    @cached_property
    def measured(self) -> tuple[dict[str, str], ...]:
        """By site: numbers at and beside its thresholds, as typed, and which option each is."""
        return tuple(self._measured(site) for site in self.sites)

    def _measured(self, site: Pathway) -> dict[str, str]:
        return {
            f"{site.fever:.1f}": "high",
            f"{site.fever * 9 / 5 + 32:.2f}F": "high",
            f"{site.fever:.1f}".replace(".", ","): "high",
            f"{site.fever * 9 / 5 + 32:.2f}": "high",
            "41.9": "high",
            f"{site.low - 0.1:.1f}": "low",
            f"{site.low:.1f}": "between",
            f"{site.fever - 0.1:.1f}": "between",
            "1000": "",
        }

    def said(self, place: Place | None, site: int | None) -> dict[str, Phrase]:
        """What may be typed that means a red flag: words at any site, or the numbers of one. A question that takes
        words reads numbers itself."""
        found = self.states.item(place)
        if site is None:
            return self.typed
        return {} if found and found[1].words else self.numbers[site]

    def tap(self, at: datetime, item: str, option: str, about: str = "") -> Tapped:
        """A tap on a button of this content."""
        return Tapped(at=at, item=item, option=option, about=about, version=self.full.version)

    def read(self, questionnaire: Questionnaire) -> frozenset[str]:
        """The items whose answers something reads later."""
        waited = (when.item for item in questionnaire.items for when in item.when)
        return frozenset((*waited, *READ.get(questionnaire.id, ())))


def sample(phrase: Phrase) -> str:
    """Words that hold the phrase."""
    return " ".join(group[0].rstrip("*") for group in phrase.groups)


def over(state: State) -> int:
    """A run that is over and that nothing refers to any more; 0 if there is none yet."""
    person = state.person
    used = {one.run for one in (person.place, person.waiting, person.report, person.loop) if one}
    return next((run for run in range(person.runs, 0, -1) if run not in used), 0)


def times(state: State, told: str, advice: str, urgency: Urgency | None, run: int) -> list[tuple[Label, datetime]]:
    """When a sign may be told, with how it stands to the last report and to the emergency that is open. Only what calls
    for action is compared with these. `told`: as in Report.signs."""
    report, loop = state.person.report, state.person.loop
    if urgency is None or urgency < Urgency.URGENT or (report is None and loop is None):
        return [((), state.now + SOON)]
    known: Label = (loop is not None and told in loop.signs, loop is not None and loop.advice == advice)
    if report is None:
        return [(known, state.now + SOON)]
    same = (report.urgency, report.signs == (told,), told in report.signs, report.advice == advice, report.alerted)
    label = (*known, *same, typed(report.signs), report.run == run)
    waits = (SOON, LATER, NEXT_DAYS) if urgency == Urgency.URGENT or typed((told,)) else (SOON,)
    found = [(_age(at - report.at), at) for at in (state.now + wait for wait in waits)]
    return [((*label, age), next(group)[1]) for age, group in groupby(found, key=lambda one: one[0])]


def told_lately(state: State, path: str) -> bool:
    """Whether it was told, in any run, what a question asks: of an open emergency, or lately enough to count."""
    report, loop = state.person.report, state.person.loop
    fresh = report is not None and state.now + SOON - report.at < TOGETHER
    signs = (*(report.signs if report and fresh else ()), *(loop.signs if loop else ()))
    return path in {one.partition("#")[0] for one in signs}


def typed(signs: tuple[str, ...]) -> bool:
    """Whether one of the signs was told in typed words."""
    return any(sign.startswith(WORDS) for sign in signs)


def _age(passed: timedelta) -> int:
    """0: within a quarter of an hour, 1: while it counts, 2: longer ago."""
    return (passed >= timedelta(minutes=15)) + (passed >= TOGETHER)


def by_them(event: Event) -> bool:
    """Whether a person did it, so that they wait for an answer."""
    return isinstance(event, (*BY_THEM, CalledFromGroup))
