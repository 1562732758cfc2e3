"""What words must hold, each broken in a small content: whatever a screen, an answer, the name of a sign must say."""

from dataclasses import replace
from pathlib import Path

import pytest

from content.check import facts_of
from content.longest import MAX_BUTTON
from content.safety import requirements_met
from tests.small import FILES
from tests.talks import LIBRARY
from tests.test_safety import HERE, SAID, WORDS, told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title: "Call {emergency}"', 'title: "Call today"', '"advice.missed.title" does not say "{emergency}", as '
         "requirements.yaml asks."),
        ("Call {team}: {line}.", "Call {team}.", '"advice.missed.do.call" does not say "{line}", as requirements.yaml '
         "asks."),
        ("Short breath.", "You wait. Do not stay.", '"advice.missed.watch.breath" says "wait" and no "not" before it.'),
    ],
)  # fmt: skip
def test_a_screen_that_says_the_opposite_or_not_whom_to_call_is_told(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert [one.partition(": ")[2] for one in told(tmp_path, locales__en__advice=SAID.replace(old, new))] == [said]


def test_what_a_screen_must_say_is_asked_in_every_language_and_of_every_urgent_screen(tmp_path: Path) -> None:
    register = FILES["requirements.yaml"]
    negated = SAID.replace("Short breath.", "Do not wait. Nobody has to wait.")

    assert told(tmp_path / "a", locales__en__advice=negated) == []
    assert told(tmp_path / "b", requirements=register.replace("words: {en:", "words: {fr:")) == [
        'content/requirements.yaml: screens says nothing of "missed" in "en".'
    ]
    assert told(tmp_path / "c", requirements=register.replace("  missed: {calls", "  gone: {calls")) == [
        'content/requirements.yaml: there is no screen "gone".',
        'content/requirements.yaml: screens does not say what "missed" must say.',
    ]
    assert told(tmp_path / "d", requirements=register.replace("calls: line", "calls: crisis")) == [
        'content/requirements.yaml: "missed" calls the crisis, and in advice.yaml the line.'
    ]


def test_exchanged_answers_and_a_sign_by_another_name_are_told(tmp_path: Path) -> None:
    exchanged = WORDS.replace("{yes: Yes, no: No,", "{yes: No, no: Yes,")
    named = WORDS.replace("sign: a red dose left out", "sign: a headache")

    assert told(tmp_path / "a", locales__en__questionnaires=exchanged) == [
        f'{HERE}/questionnaires.yaml:1: "option.yes" does not begin with Yes, as requirements.yaml says.',
        f'{HERE}/questionnaires.yaml:1: "option.no" does not begin with No, as requirements.yaml says.',
    ]
    assert told(tmp_path / "b", locales__en__questionnaires=named) == [
        f'{HERE}/questionnaires.yaml:5: "red_flags.dose.sign" has no word of what is asked there.'
    ]


def test_an_answer_that_reads_otherwise_than_agreed_at_its_own_question_is_told(tmp_path: Path) -> None:
    agreed = FILES["requirements.yaml"].replace("no: [No]}", "no: [No], red_flags.dose.no: [No red one]}")
    said = WORDS.replace("sign: a red", "no: No red one, sign: a red")

    assert told(tmp_path / "a", requirements=agreed, locales__en__questionnaires=said) == []
    assert told(tmp_path / "b", requirements=agreed, locales__en__questionnaires=said.replace("No red", "No blue")) == [
        f'{HERE}/questionnaires.yaml:5: "red_flags.dose.no" does not begin with No red one, as requirements.yaml says.'
    ]


def test_a_line_lost_from_the_first_screen_is_told() -> None:
    asked = LIBRARY.words["en"]["red_flags.now.ask"]
    facts = facts_of(LIBRARY, Path(__file__).parent.parent / "flows")

    for line in asked.split("\n"):
        words = {**LIBRARY.words["en"], "red_flags.now.ask": asked.replace(line, "")}
        assert list(requirements_met(replace(facts, library=replace(LIBRARY, words={"en": words})))), line


def test_a_question_says_of_which_time_it_asks_and_of_what_is_new() -> None:
    facts = facts_of(LIBRARY, Path(__file__).parent.parent / "flows")

    for key, said in (
        ("red_flags.temperature.ask", " in the last 24 hours"),
        ("red_flags.legs.ask", ", missing a step"),
        ("daily.feeling.ask", ": is anything new or worse?"),
    ):
        assert said in LIBRARY.words["en"][key]
        words = {**LIBRARY.words["en"], key: LIBRARY.words["en"][key].replace(said, "")}
        assert list(requirements_met(replace(facts, library=replace(LIBRARY, words={"en": words})))), key


def test_the_button_of_every_zone_that_a_site_may_be_in_fits() -> None:
    zones = {zone for country in LIBRARY.countries.values() for zone in country.zones}
    words = LIBRARY.words["en"]["schedule.zone.site"]

    assert [zone for zone in sorted(zones) if len(words.replace("{zone}", zone)) > MAX_BUTTON] == []
