"""Stories as families tell them, played through the real questions: nobody who must act now is told to wait.

`python -m tests.test_vignettes [FOLDER]` counts how the content, or that of another folder, does.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import click
import pytest
from pydantic import Field, TypeAdapter

from content.kinds import Id, OptionId, Text
from content.load import load
from content.shapes import Shape
from content.strict import ContentError, Data, parse
from flows.advance import advance
from flows.book import Book, Item, Urgency
from flows.effects import Advise, Ask, Effect, Explain, Say, Toast
from flows.events import Commanded, Said, Tapped
from flows.person import Person

TOP = Path(__file__).parent.parent
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FLAGS = "red_flags"
LEVELS = {"none": Urgency.ROUTINE, "urgent": Urgency.URGENT, "emergency": Urgency.EMERGENCY}
USUAL = {"temperature": "none"}  # what a story that does not name the question answers; everything else: no
DOUBT = frozenset({"yes", "today", "week", "longer", "me", "them"})  # answers that somebody may also be not sure of


class Vignette(Shape):
    """One story. `row`: the requirement it tries; `least`: the least urgency it may get."""

    story: Text
    row: Id
    least: Literal["emergency", "urgent", "none"]
    tricky: bool = False
    role: Literal["caregiver", "patient"] = "caregiver"
    answers: dict[Id, OptionId] = Field(default={})
    typed: dict[Id, Text] = Field(default={})


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a story. `late`: questions whose answer called for advice that was not the next thing shown."""

    urgency: Urgency
    asked: tuple[str, ...]
    late: tuple[str, ...]


def read(file: Path) -> Data:
    """The file's data, every word a word. Raises ContentError if it cannot be read."""
    document = parse(file.read_bytes(), f"{file.parent.name}/{file.name}")
    if document.problems:
        raise ContentError(document.problems)
    return document.data


def stories() -> list[Vignette]:
    shape = TypeAdapter(list[Vignette])
    return [story for file in sorted(TOP.glob("tests/vignettes/*.yaml")) for story in shape.validate_python(read(file))]


def play(book: Book, story: Vignette) -> Played:
    """Answer as the story does until no question is open."""
    person = Person(id="family", language="en", role=story.role, country="GB")
    person, effects = advance(book, person, Commanded(at=NOON, name="symptoms"))
    asked: list[str] = []
    late: list[str] = []
    highest = Urgency.ROUTINE
    while (question := next((e for e in effects if isinstance(e, Ask) and e.questionnaire == FLAGS), None)) is not None:
        item = question.item
        assert item not in asked, f"{item} is asked again: its answer was not taken. {story.story}"
        asked.append(item)
        answer, calls_for = reply(book, story, question)
        person, effects = advance(book, person, answer)
        told = max((e.urgency for e in effects if isinstance(e, Advise)), default=Urgency.ROUTINE)
        if max(told, calls_for) > Urgency.ROUTINE and not comes_next(effects, max(told, calls_for)):
            late.append(item)
        highest = max(highest, told)
    assert person.place is None or person.place.questionnaire != FLAGS, f"nobody asks: {person.place}. {story.story}"
    return Played(highest, tuple(asked), tuple(late))


def reply(book: Book, story: Vignette, question: Ask) -> tuple[Said | Tapped, Urgency]:
    """The story's answer to a question, and the urgency that the content gives to it (a typed one: not known here)."""
    if question.item in story.typed:
        return Said(at=NOON, text=story.typed[question.item]), Urgency.ROUTINE
    path = f"{question.questionnaire}/{question.item}"
    name = story.answers.get(question.item, USUAL.get(question.item, "no"))
    found = book.item(path)
    option = found[1].option(name) if found else None
    assert option is not None, f'{path} has no option "{name}". {story.story}'
    assert not option.hidden, f'{path} has no button "{name}". {story.story}'
    tap = Tapped(at=NOON, item=path, option=name, about=str(question.run), version=book.version)
    return tap, option.urgency or Urgency.ROUTINE


def comes_next(effects: list[Effect], urgency: Urgency) -> bool:
    """Whether the first thing shown is what to do, as urgent as it must be."""
    shown = next((e for e in effects if isinstance(e, Advise | Ask | Explain | Say | Toast)), None)
    return isinstance(shown, Advise) and shown.urgency >= urgency


def broken(book: Book, story: Vignette, played: Played) -> list[str]:
    """Answers of the story that nobody asked for, though no emergency had ended the questions before."""
    items = [item.id for item in book.questionnaires[FLAGS].items]
    reached = items.index(played.asked[-1]) if played.urgency == Urgency.EMERGENCY else len(items)
    named = {**story.answers, **story.typed}
    return [name for name in named if name not in played.asked and name not in items[reached + 1 :]]


def doubtful(item: Item | None, option: str) -> str:
    """The same answer from somebody who is not sure."""
    return "not_sure" if option in DOUBT and item is not None and item.option("not_sure") else option


STORIES = stories()
BOOK = load(TOP / "content", "demo").book
each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.story[:40])


@each_story
def test_no_story_is_less_urgent_than_the_facts_say(story: Vignette) -> None:
    played = play(BOOK, story)

    assert broken(BOOK, story, played) == [], f"not asked: {story.story}"
    assert played.urgency >= LEVELS[story.least], f"under-triaged: {story.story}"


@each_story
def test_what_to_do_is_the_next_thing_shown(story: Vignette) -> None:
    assert play(BOOK, story).late == (), story.story


@each_story
def test_who_skips_the_first_screen_is_caught_by_a_later_question(story: Vignette) -> None:
    later = {name: option for name, option in story.answers.items() if name != "now"}

    assert play(BOOK, story.model_copy(update={"answers": later})).urgency >= LEVELS[story.least], story.story


@pytest.mark.parametrize("option", ["yes", "not_sure"])
@pytest.mark.parametrize("story", [s for s in STORIES if "now" in s.answers], ids=lambda story: story.story[:40])
def test_one_tap_is_enough_when_the_worst_is_happening(story: Vignette, option: str) -> None:
    played = play(BOOK, story.model_copy(update={"answers": {**story.answers, "now": option}}))

    assert played == Played(Urgency.EMERGENCY, ("now",), ()), story.story


@each_story
def test_not_sure_counts_as_yes_for_an_emergency(story: Vignette) -> None:
    items = BOOK.questionnaires[FLAGS].item
    unsure = story.model_copy(update={"answers": {n: doubtful(items(n), o) for n, o in story.answers.items()}})

    assert play(BOOK, unsure).urgency >= LEVELS[story.least], story.story


def test_every_sign_that_must_be_asked_about_has_a_story() -> None:
    shape = TypeAdapter(dict[str, Any])
    signs = shape.validate_python(read(TOP / "content" / "requirements.yaml"))["requirements"]
    asked = [sign for sign in signs if "red_flags" in str(sign.get("asked_in", ["red_flags"]))]
    required = {sign["requirement"]: LEVELS[sign["least"]] for sign in asked}
    tried = {row: max(LEVELS[s.least] for s in STORIES if s.row == row) for row in {s.row for s in STORIES}}

    assert sorted(tried.keys() - required.keys()) == []
    assert [row for row, least in required.items() if tried.get(row, 0) < least] == []


def test_a_sign_taken_for_nothing_would_be_noticed() -> None:
    deaf = Vignette(story="Asked of everything, says no to all.", row="limb_weakness", least="none")
    weak = Vignette(story="Says what nobody asks.", row="limb_weakness", least="emergency", answers={"toes": "yes"})

    assert play(BOOK, deaf).urgency == Urgency.ROUTINE
    assert broken(BOOK, weak, play(BOOK, weak)) == ["toes"]
    assert not comes_next(
        [Say(words="hello.all"), Advise(advice="cord", signs=(), urgency=Urgency.EMERGENCY)], Urgency.EMERGENCY
    )


def count(book: Book) -> tuple[list[Vignette], list[tuple[Vignette, Urgency]], str]:
    """Who is under-triaged, who is over-triaged and to what, and both in words."""
    played = [(story, play(book, story).urgency) for story in STORIES]
    under = [story for story, urgency in played if urgency < LEVELS[story.least]]
    over = [(story, urgency) for story, urgency in played if urgency > LEVELS[story.least]]
    steps = Counter((story.least, urgency.name.lower()) for story, urgency in over)
    told = [
        f"{len(STORIES)} stories, {sum(story.tricky for story in STORIES)} of them tricky",
        f"under-triaged: {len(under)}",
        *(f"over-triaged, {least} to {given}: {n}" for (least, given), n in sorted(steps.items())),
    ]
    return under, over, "\n".join(told)


def test_stories_are_counted() -> None:
    under, over, told = count(BOOK)
    click.echo(f"\n{told}")

    assert under == []
    assert len(STORIES) >= 90
    assert sum(story.tricky for story in STORIES) >= 24
    assert all(LEVELS[story.least] < urgency for story, urgency in over)


if __name__ == "__main__":
    given = sys.argv[1:]
    missed, beyond, summary = count(load(Path(*given) if given else TOP / "content", "demo").book)
    click.echo(summary)
    for one, reached in beyond:
        click.echo(f"  {one.least} to {reached.name.lower()}: {one.story}")
    for one in missed:
        click.echo(f"  UNDER-TRIAGED ({one.least}): {one.story}")
    sys.exit(bool(missed))
