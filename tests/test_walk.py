"""The proof about paths: the real flows keep every promise, and flows that break one are found with a conversation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from content.groups import NEAR
from content.load import Library
from content.looks import Advance
from content.screens import screens
from content.walker import Walker, walked
from flows import menu
from flows.advance import advance
from flows.book import Book, Urgency
from flows.effects import Advise, Alert, Ask, Begin, Close, Effect, Remember, Say, Toast, Wake
from flows.events import Blocked, Event, Said, SentOther, Tapped
from flows.person import Person
from tests.talks import LIBRARY
from tests.walks import signs_walked

TOP = Path(__file__).parent.parent
Wrong = Callable[[Person, Event, Person, list[Effect]], tuple[Person, list[Effect]]]


def wrong(change: Wrong) -> Advance:
    """The real flows, with something changed in what they decide."""

    def decide(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
        return change(person, event, *advance(book, person, event))

    return decide


def found(change: Wrong, *, light: bool = True) -> tuple[str, list[str]]:
    """The first problem, and the conversation that shows it."""
    problems = walked(LIBRARY, wrong(change), light=light, most=1).problems
    assert problems, "nothing was found"
    problem, conversation = next(iter(problems.items()))
    return problem, conversation.split("\n")


@pytest.fixture(scope="module")
def real() -> Walker:
    """Warning signs told at any time, by a guest and by somebody who has agreed to everything."""
    return signs_walked()


def broken(real: Walker, flows: Advance) -> Iterator[str]:
    """What is wrong with other flows in the states that the real ones come to."""
    looks = replace(real.looks, advance=flows, known={})
    for at, looked in enumerate(real.looked):
        yield from (problem.text for problem in looks.look([(at, looked)]).problems)


def test_every_path_about_warning_signs_keeps_every_promise() -> None:
    real = walked(LIBRARY, light=True)  # all others: `run.py check`
    assert real.problems == {}
    assert 200 < len(real.counts) < 20_000
    assert real.transitions > 30_000


def without_advice(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [one for one in effects if not isinstance(one, Advise)] or [Toast(words="toast.old")]


def test_flows_that_forget_what_to_do_are_found_in_one_step() -> None:
    problem, conversation = found(without_advice)

    assert problem == "daily/pain calls for urgent, and what to do is not shown first"
    assert conversation == ["  person: taps daily/pain: 8 (0)", "  bot: ticks daily/pain: 8"]


def test_a_walk_in_two_processes_finds_what_a_walk_in_one_does() -> None:
    flows = wrong(without_advice)

    one, two = (walked(LIBRARY, flows, light=True, most=1_000, processes=number) for number in (1, 2))

    assert len(one.problems) > 1
    assert two.problems == one.problems
    assert [state.key for state in two.looked] == [state.key for state in one.looked]
    assert (two.transitions, two.compared, two.shown) == (one.transitions, one.compared, one.shown)


def test_states_that_wrongly_count_as_one_are_found_in_two_processes_too() -> None:
    problem = next(iter(walked(LIBRARY, without=NEAR[0], most=1, processes=2).problems))

    assert problem.startswith("two states that count as one differ")


def deaf(before: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    number = isinstance(event, Said) and event.text[:1].isdigit() and before.place is None
    return (before, [menu.home(before, "other.words")]) if number else (after, effects)


def late_advice(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [Say(words="menu.home"), *effects]


def weaker_advice(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    weak = [replace(one, advice="nothing_on_list") if isinstance(one, Advise) else one for one in effects]
    return after, weak


def silent(_: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [] if isinstance(event, SentOther) and event.kind == "sticker" else effects


def calmer_report(before: Person, _: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    report = after.report if after.report is before.report else None
    return (after.moved(report=replace(report, urgency=Urgency.ROUTINE)) if report else after), effects


def keeping(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [*effects, Begin(run=1, questionnaire="red_flags")]


def telling(before: Person, _: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    urgent = [one for one in effects if isinstance(one, Advise)]
    return after, [*effects, *(Alert(run=1, urgency=one.urgency, signs=(), advice=one.advice) for one in urgent)]


def never_asking(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [one for one in effects if not (isinstance(one, Wake) and one.timer == "loop")]


def forgetting(_: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return (after.moved(loop=None) if isinstance(event, SentOther) and not event.text else after), effects


def left_open(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [one for one in effects if not isinstance(one, Close)]


def not_asking(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [Toast(words="toast.old") if isinstance(one, Ask) else one for one in effects]


def past(_: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return after, [replace(one, at=event.at) if isinstance(one, Wake) else one for one in effects]


def raising(_: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    if isinstance(event, Tapped) and event.option == "not_sure":
        raise KeyError("not_sure")
    return after, effects


def unsaved(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    return (after.moved(runs=str(after.runs)) if after.runs == 1 else after), effects


def reading(_: Person, __: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    place = after.place
    old = place is not None and place.item == "saddle" and place.answer("legs") == "known"
    return after, [*effects, Toast(words="toast.old")] if old else effects


def circling(before: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    place, tapped = before.place, isinstance(event, Tapped) and event.item == "consent/kept"
    if not tapped or place is None or place.item != "kept":
        return after, effects
    return before, [Ask(questionnaire="consent", item="kept", run=place.run, step=(3, 12))]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (deaf, "words calls for emergency, and what to do is not shown first"),
        (late_advice, "daily/pain calls for urgent, and what to do is not shown first"),
        (weaker_advice, 'daily/pain calls for today, and "nothing_on_list" is shown'),
        (calmer_report, "what was told and still counts is forgotten"),
        (keeping, "Begin without leave to keep"),
        (telling, "an alert without leave to show"),
        (never_asking, "an emergency is told and nobody will ask whether help was reached"),
        (left_open, "a response stays open, and nobody will end it"),
        (not_asking, "consent/adult waits for an answer and is not asked"),
        (past, "it is asked whether help was reached after 0:00:00, not 0:15:00"),
        (raising, "KeyError: 'not_sure'"),
    ],
    ids=lambda one: str(getattr(one, "__name__", "")),
)
def test_flows_that_break_a_promise_about_warning_signs_are_found(real: Walker, change: Wrong, said: str) -> None:
    assert any(problem == said for problem in broken(real, wrong(change)))


def test_somebody_who_cannot_be_read_back_as_they_were_saved_is_found() -> None:
    problem, conversation = found(unsaved)

    assert problem == "what is read back after a restart is not what was saved"
    assert conversation[-1].startswith("  bot: ")


def remembering(before: Person, event: Event, after: Person, effects: list[Effect]) -> tuple[Person, list[Effect]]:
    no = isinstance(event, Tapped) and (event.item, event.option) == ("consent/adult", "no") and after.place is None
    return after, [*effects, Remember()] if no and before.place else effects


@pytest.mark.parametrize(
    ("change", "said", "steps"),
    [
        (silent, "nothing is shown", 1),
        (forgetting, "an emergency is forgotten, and nobody closed it", 2),
        (remembering, "somebody is remembered who has said no", 4),
        (circling, "from consent/illness no tap leads on to an end", 4),
    ],
    ids=lambda one: str(getattr(one, "__name__", "")),
)
def test_flows_that_break_another_promise_are_found_by_the_shortest_conversation(
    change: Wrong, said: str, steps: int
) -> None:
    problem, conversation = found(change, light=False)

    assert problem == said
    assert sum(line.startswith("  person: ") for line in conversation) == steps


def test_flows_that_read_what_the_key_leaves_out_are_found_with_both_conversations() -> None:
    problem, conversation = found(reading)

    assert problem.startswith("two states that count as one differ when somebody ")
    assert "and from another:" in conversation
    assert any("red_flags/legs: known" in line for line in conversation)


def feverish(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """The real flows, where saying that one is a patient is taken otherwise at some sites."""
    patient = isinstance(event, Tapped) and (event.item, event.option) == ("welcome/role", "patient")
    return advance(book, person, Blocked(at=event.at) if patient and book.pathway.fever > 37.5 else event)


def test_flows_that_hold_anything_but_a_typed_temperature_against_the_thresholds_of_a_site_are_found() -> None:
    problem, conversation = next(iter(walked(LIBRARY, feverish, most=1).problems.items()))

    assert problem == "AttributeError: 'Pathway' object has no attribute 'fever'"
    assert conversation.split("\n")[-2:] == ["  person: taps welcome/role: patient (1)", "  bot: AttributeError"]


def hotter(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """The real flows, where a fever begins later than the site says, if the site is not the demo."""
    site = book.pathway
    typed = isinstance(event, Said) and event.text[:1].isdigit() and hasattr(site, "fever")
    later = replace(book, pathway=replace(site, fever=site.fever + 0.5)) if typed and site.fever > 37.5 else book
    return advance(later, person, event)


def test_flows_that_are_wrong_about_the_thresholds_of_another_site_are_found(real: Walker) -> None:
    elsewhere = replace(LIBRARY.book.pathway, fever=38.0)

    at_home = list(broken(real, hotter))
    problem = next(iter(walked(LIBRARY, hotter, sites=(elsewhere,), light=True, most=1).problems))

    assert at_home == []
    assert problem == "words calls for emergency, and what to do is not shown first"


def test_a_part_of_the_key_that_is_left_out_is_missed() -> None:
    for part in ("item", "waiting"):
        assert part in NEAR
        problems = walked(LIBRARY, without=part, most=1).problems
        assert {problem[:35] for problem in problems} == {"two states that count as one differ"}


def rewritten(key: str, text: str) -> Library:
    return replace(LIBRARY, words={"en": {**LIBRARY.words["en"], key: text}})


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("menu.home", "You will be fine.", 'says "will be fine", which content/banned.yaml forbids.'),
        ("menu.home", "x" * 4097, "has 4097 characters; a message takes 1 to 4096."),
        ("button.symptoms", "x" * 31, "has 31 characters, not 1 to 30."),
        ("menu.home", "{nobody}", 'words "nobody" are missing.'),
    ],
)
def test_what_cannot_be_shown_is_told_for_every_reader(key: str, text: str, said: str) -> None:
    problems = screens([rewritten(key, text)], [menu.home(Person(id="", language="en"))]).problems

    told = [problem for problem in problems if problem.startswith("Say menu.home (demo, en, ")]
    assert len(told) == 3
    assert all(problem.endswith(said) for problem in told)


def test_excused_words_are_excused_in_their_own_text_alone() -> None:
    words = {"en": {**LIBRARY.words["en"], "menu.home": "It is safe, {team} says.", "button.home": "Menu"}}
    excused = replace(LIBRARY, words=words, excused={"menu.home": "a quotation"})
    also = replace(excused, words={"en": {**words["en"], "menu.home_staff": "You are safe."}})
    reader = Person(id="", language="en")

    assert screens([excused], [menu.home(reader)]).problems == []
    assert len(screens([also], [menu.home(reader, "menu.home_staff")]).problems) == 3
