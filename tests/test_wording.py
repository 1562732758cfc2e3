"""What words must hold, each broken in a small content: whatever a screen, an answer, the name of a sign must say."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from content.check import banned_words, facts_of
from content.longest import MAX_BUTTON
from content.readable import grade
from content.safety import requirements_met
from content.voice import NAMES, Page
from content.wording import screens_say, texts_say
from tests.small import FILES
from tests.talks import LIBRARY
from tests.test_safety import HERE, SAID, WORDS, told

FACTS = facts_of(LIBRARY, Path(__file__).parent.parent / "flows")


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


def test_a_text_outside_the_screens_that_does_not_say_what_is_held_is_told(tmp_path: Path) -> None:
    register, place = FILES["requirements.yaml"], f'{HERE}/questionnaires.yaml:4: "red_flags.taken.ask"'

    assert told(tmp_path / "a", locales__en__questionnaires=WORDS.replace("Was a dose taken?", "Was it?")) == [
        f'{place} does not say "dose", as requirements.yaml asks.'
    ]
    assert told(tmp_path / "b", locales__en__questionnaires=WORDS.replace("Was a dose", "Later. Was a dose")) == [
        f'{place} says "later" and no "not" before it.'
    ]
    assert told(tmp_path / "c", requirements=register.replace("red_flags.taken.ask:", "red_flags.taken.aks:")) == [
        'content/requirements.yaml: texts: there are no words "red_flags.taken.aks" in "en". '
        'Did you mean "red_flags.taken.ask"?',
        'content/requirements.yaml: texts does not say what "red_flags.taken.ask" must say in "en".',
    ]
    assert told(tmp_path / "d", locales__en__questionnaires=WORDS.replace("title: Doses", 'title: "Call {line}"')) == [
        'content/requirements.yaml: texts does not say what "red_flags.title" must say in "en".'
    ]


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("lower.better", "*", "Tell the team at the next visit"),
        ("lower.mistake", "Make the call", "You can keep the number"),
        ("loop.on_the_way", " It gets worse on the way? Call {emergency}.", ""),
        ("loop.on_the_way_crisis", " It gets worse on the way? Call the emergency number again.", ""),
        ("loop.here", " Nobody with you any more? Call {emergency}.", ""),
        ("loop.here_crisis", "Call the crisis line or the emergency number again.", ""),
        ("loop.stop", "Call {emergency}** or {line} ({team}).", "**"),
        ("loop.stop_crisis", "Call the crisis line** or the emergency number again.", "**"),
        ("loop.last", "Call {emergency}** or go to {go}.", "**"),
        ("loop.last_crisis", "Call the crisis line** or the emergency number again.", "**"),
        ("share.done", "**Make the call yourself, now:** {call}", "They wait."),
        ("share.done", "They may be slow, or away.", "They will call you."),
        ("triage.that_was_all", "*", "Nothing more to do today"),
        ("triage.that_was_all", "Those were all my questions.", "Nothing more to do today."),
        ("advice.told_to_wait.do.not", "*", "Wait for it, and go to bed meanwhile"),
        ("advice.told_to_wait.do.not", "Do not wait longer.", "Wait for it."),
        ("advice.cord.do.wait", "Do not wait for morning.", "Do not wait. Later you can go back to bed."),
        ("advice.cord.watch.again", "1 hour", "1 day"),
        ("advice.cauda.watch.again", "1 hour", "1 day"),
        ("advice.sepsis.do.tablets", "*", "Give paracetamol for the fever"),
        ("advice.sepsis.do.far", "Not with them?", "Give {painkiller} for the fever."),
        ("red_flags.back_new.ask", "A little counts.", "Less than a day does not count."),
        ("red_flags.back_new.ask", "A little counts.", "A little counts. Less than a day does not count."),
        ("red_flags.pain_control.ask", ", or very bad pain with no medicine", ""),
        ("red_flags.opioid.ask", "None taken? Tap No", "None taken, or the usual dose? Tap No"),
        ("red_flags.treatment.ask", ", or in the last weeks", ""),
        ("red_flags.treatment.ask", "or tablets such as lenalidomide", "in a hospital"),
        ("red_flags.treatment.ask", "drips or steroids", "and so on"),
        ("red_flags.treatment.ask", "CAR-T cells, a bispecific antibody or a transplant, ever", "Not sure"),
    ],
)  # fmt: skip
def test_false_comfort_and_a_lost_call_are_noticed_in_our_own_words(key: str, old: str, new: str) -> None:
    said = LIBRARY.words["en"][key]
    worse = {**LIBRARY.words["en"], key: new if old == "*" else re.sub(re.escape(old), new, said, flags=re.IGNORECASE)}
    assert worse[key] != said

    facts = replace(FACTS, library=replace(LIBRARY, words={"en": worse}))

    assert [one for check in (texts_say, screens_say, requirements_met, banned_words) for one in check(facts)]


def test_what_is_held_of_the_patients_words_and_of_both_forms_alike_is_told() -> None:
    register = LIBRARY.register
    key = "weekly.low_often.ask"
    texts = {"en": {**register.texts["en"], f"{key}_patient": register.texts["en"][key]}}
    doubled = replace(FACTS, library=replace(LIBRARY, register=register.model_copy(update={"texts": texts})))

    assert list(texts_say(FACTS)) == []
    assert list(texts_say(doubled)) == [
        f'content/requirements.yaml: texts: "{key}_patient" is held by the entry without _patient: leave it out.'
    ]


def test_a_line_lost_from_the_first_screen_is_told() -> None:
    asked = LIBRARY.words["en"]["red_flags.now.ask"]
    for line in asked.split("\n"):
        words = {**LIBRARY.words["en"], "red_flags.now.ask": asked.replace(line, "")}
        assert list(requirements_met(replace(FACTS, library=replace(LIBRARY, words={"en": words})))), line


def test_a_question_says_of_which_time_it_asks_and_of_what_is_new() -> None:
    for key, said in (
        ("red_flags.temperature.ask", " in the last 24 hours"),
        ("red_flags.legs.ask", ", missing a step"),
        ("daily.feeling.ask", ": is anything new or worse?"),
    ):
        assert said in LIBRARY.words["en"][key]
        words = {**LIBRARY.words["en"], key: LIBRARY.words["en"][key].replace(said, "")}
        assert list(requirements_met(replace(FACTS, library=replace(LIBRARY, words={"en": words})))), key


def test_the_button_of_every_zone_that_a_site_may_be_in_fits() -> None:
    zones = {zone for country in LIBRARY.countries.values() for zone in country.zones}
    words = LIBRARY.words["en"]["schedule.zone.site"]

    assert [zone for zone in sorted(zones) if len(words.replace("{zone}", zone)) > MAX_BUTTON] == []


def test_a_text_too_hard_for_a_tired_reader_is_told_unless_it_has_a_reason(tmp_path: Path) -> None:
    hard = "Immediate multidisciplinary consultation regarding neurological deterioration is recommended."
    said = SAID.replace("Short breath.", hard)
    banned = FILES["banned.yaml"] + "hard: {advice.missed.watch.breath: it is a quotation}\n"

    refused = told(tmp_path / "a", locales__en__advice=said)
    excused = told(tmp_path / "b", locales__en__advice=said, banned=banned)
    needless = told(tmp_path / "c", banned=banned)

    assert [
        one.startswith(f'{HERE}/advice.yaml:6: "advice.missed.watch.breath" is hard to read:') for one in refused
    ] == [True]
    assert excused == []
    assert needless == ['content/banned.yaml: "advice.missed.watch.breath" is not hard to read.']


def test_the_grade_is_flesch_and_kincaids() -> None:
    simple = "The cat sat on the mat. It was a big cat, and it sat there all day."

    assert grade(simple, "en") == pytest.approx(0.39 * 17 / 2 + 11.8 * 17 / 17 - 15.59)
    assert grade("Vertebroplasty: what to", "en") == 0
    assert grade("**Call 999.** Then call {team}: {line}, and wait.", "en") == grade("Call. Then call: and wait.", "en")


BEGUN = re.compile(r"(?:^|\n|[.!?][”’\")]* )[“‘\"(•· ]*a site's own words")


@pytest.mark.parametrize("language", LIBRARY.words)
def test_no_sentence_begins_with_a_small_letter_where_a_site_names_itself_in_small_letters(language: str) -> None:
    begun = set[str]()
    for key, words in LIBRARY.words[language].items():
        page, fill = (
            Page(),
            dict.fromkeys(re.findall(r"{(\w+)}", words), "X") | dict.fromkeys(NAMES, "a site's own words"),
        )
        page.add(words, fill)
        begun |= {key} if "A site's own words" in page.text else set()
        assert not BEGUN.search(page.text), f"{key}: {page.text}"

    assert begun >= {"farewell.staff", "reminder.set", "reminder.taken_back", "reminder.none"}


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("{team} calls.", "The team calls."),
        ("Call {team}.", "Call the team."),
        ("Yes. {team} calls.", "Yes. The team calls."),
        ("**Now.** {team} calls.", "Now. The team calls."),
        ("Now: {team}.", "Now: the team."),
        ("“{team}.”", "“The team.”"),
        ("Call?\n{team}", "Call?\nThe team"),
        ("“So?” {team} calls.", "“So?” The team calls."),
        ("v1.{team}", "v1.the team"),
        ("• {team}", "• The team"),
        ("{text}", "as they typed it"),
        ("{line} ({team})", "1 (the team)"),
    ],
)  # fmt: skip
def test_a_name_is_written_large_where_a_sentence_begins_and_nowhere_else(words: str, shown: str) -> None:
    page = Page()
    page.add(words, {"team": "the team", "text": "as they typed it", "line": "1"})

    assert page.text == shown
