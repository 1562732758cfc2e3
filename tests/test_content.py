"""The promises about texts: each broken in a small content, all kept in the real one."""

import re
from pathlib import Path

import pytest

from content.check import Report, check
from content.load import load
from content.mentions import mentions
from content.render import commands, render
from content.strict import ContentError
from content.voice import Voice
from flows.book import Urgency
from flows.effects import Say
from flows.lowering import lowered
from flows.person import Person
from flows.questionnaire import sign
from tests.small import FILES, FLOW, small
from tests.talks import LIBRARY

ROOT = Path(__file__).parent.parent
FACE, QUESTIONS = FILES["locales/en/interface.yaml"], FILES["locales/en/questionnaires.yaml"]
ADVICE, TREATMENTS, BANNED = (FILES[f"{n}.yaml"] for n in ("locales/en/advice", "locales/en/treatments", "banned"))
HERE = "content/locales/en"


def checked(folder: Path, flow: str = FLOW, **changed: str) -> Report:
    """The report on a small content with some files changed."""
    flows = folder / "flows"
    flows.mkdir(parents=True)
    (flows / "hello.py").write_text(flow)
    return check(load(small(folder, **changed), "town"), flows)


def test_a_sound_content_has_no_problems(tmp_path: Path) -> None:
    report = checked(tmp_path)

    assert report.problems == []
    assert report.counts["items"] == 2
    assert report.counts["options"] == 5
    assert report.counts["sentences"] == 4


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("questionnaires", "dose: {ask: ", "dose: {aks: ", 'locales/en: "red_flags.dose.ask" is missing.'),
        ("questionnaires", "not_sure: Not sure", "may_be: Perhaps", 'locales/en: "option.not_sure" is missing.'),
        ("questionnaires", "not_sure: Not", "dunno: x, not_sure: Not", f'{HERE}/questionnaires.yaml:1: nobody uses '
         '"option.dunno".'),
        ("questionnaires", ", sign: a red dose left out", "", 'locales/en: "red_flags.dose.sign" is missing.'),
        ("questionnaires", "Was a dose taken?", "Was {dose} taken?", f"{HERE}/questionnaires.yaml:4: nothing fills "
         '{dose} in "red_flags.taken.ask". Did you mean "zone"?'),
        ("questionnaires", "red one?**", "red one?", f'{HERE}/questionnaires.yaml:5: a ** in "red_flags.dose.ask" has '
         "no partner."),
        ("questionnaires", "Not sure", f'"{"not sure " * 4}"', 'red_flags/dose in en for a caregiver: "not sure not '
         'sure not sure not…" has 35 characters; a button takes 1 to 30.'),
        ("questionnaires", "a red dose left out", "red", ""),
        ("advice", "Short breath.", "It is FINE. Don’t  worry", f'{HERE}/advice.yaml:6: "advice.missed.watch.breath" '
         'says "don\'t worry", which content/banned.yaml forbids.'),
        ("advice", "Short breath.", "'{line'", f'{HERE}/advice.yaml:6: a brace in "advice.missed.watch.breath" belongs '
         "to no {place}."),
        ("treatments", "In a study of 2021, 3 of 10", "3 of 10", f'{HERE}/treatments.yaml:5: '
         '"treatments.syrup.what.one" has a figure and not the year of its study.'),
        ("treatments", "In a study of 2021, 3 of 10 liked it", "One in ten liked it", f'{HERE}/treatments.yaml:5: '
         '"treatments.syrup.what.one" has a figure and not the year of its study.'),
        ("interface", "hello: {all: ", "hello: {every: ", 'flows/hello.py:6: words "hello.all" are missing in '
         "locales/en."),
        ("interface", "hello: {all: ", "hello: {day: x, all: ", f'{HERE}/interface.yaml:2: nobody uses "hello.day".'),
        ("interface", "{name}", "{nam}", f'{HERE}/interface.yaml:2: nothing fills {{nam}} in "hello.all". '
         'Did you mean "name"?'),
        ("interface", "{name}", "{signs}", f'{HERE}/interface.yaml:2: nothing fills {{signs}} in "hello.all". '
         'Did you mean "crisis"?'),
        ("interface", "{at}: {signs}", "{at}: {title}", "alerts in en: nothing fills {title} there."),
        ("interface", "Hello, {name}.", "Within 24 hours, {name}.", f'{HERE}/interface.yaml:2: "hello.all" has a '
         "figure. Move it into content, or allow it in content/banned.yaml."),
        ("interface", '"6": Sun', "more: Sun", 'dates in en: words "day.6" are missing.'),
        ("interface", "home: Home", f"home: {'x' * 31}", f'{HERE}/interface.yaml:13: "button.home": "{"x" * 30}…" has '
         "31 characters; a button takes 1 to 30."),
    ],
)  # fmt: skip
def test_a_broken_promise_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    text = FILES[f"locales/en/{file}.yaml"]
    assert old in text

    report = checked(tmp_path, **{f"locales__en__{file}": text.replace(old, new)})

    if said:
        assert said in report.problems
    else:
        assert report.problems == []


def test_a_screen_that_telegram_would_refuse_is_told(tmp_path: Path) -> None:
    report = checked(tmp_path, locales__en__advice=ADVICE.replace("Short breath.", "x" * 4000))

    told = [one for one in report.problems if one.startswith("advice missed in en for a caregiver:")]
    assert [one.endswith("characters; a message takes 1 to 4096.") for one in told] == [True]


def test_what_a_flow_names_must_exist(tmp_path: Path) -> None:
    flow = FLOW + 'a = Advise(advice="gone")\nb = Say(words=f"bye.{1}")\nc = home(person, "bye.all")\n'

    report = checked(tmp_path, flow)

    assert report.problems == [
        'flows/hello.py:14: words "bye.all" are missing in locales/en.',
        'flows/hello.py:13: no words in locales/en are named "bye.…".',
        'flows/hello.py:12: advice "gone" is unknown.',
    ]


def test_a_toast_is_short(tmp_path: Path) -> None:
    flow = FLOW + 'a = Toast(words="hello.toast")\n'

    report = checked(tmp_path, flow, locales__en__interface=FACE + f"hello.toast: {'x' * 201}\n")

    assert report.problems == [
        f'{HERE}/interface.yaml:18: "hello.toast": "{"x" * 30}…" has 201 characters; a toast takes 1 to 200.'
    ]


def test_a_description_is_as_short_as_telegram_wants_it(tmp_path: Path) -> None:
    flow = FLOW + 'a = Say(words="bot.description")\nb = Say(words="bot.short_description")\n'
    words = f"bot: {{description: {'x' * 513}, short_description: {'x' * 121}}}\n"

    report = checked(tmp_path, flow, locales__en__interface=FACE + words)

    assert [problem.partition('…" has ')[2] for problem in report.problems] == [
        "513 characters; a description takes 1 to 512.",
        "121 characters; a short description takes 1 to 120.",
    ]


def test_the_commands_menu_is_one_that_telegram_takes() -> None:
    names = [one["command"] for one in commands(LIBRARY, "en", staff=True)]

    assert {"alerts", "log", "duty", "figures", "died"} <= {*names}
    assert "died" not in {one["command"] for one in commands(LIBRARY, "en", staff=False)}
    assert all(re.fullmatch("[a-z0-9_]{1,32}", name) for name in names)
    assert 0 < len(names) <= 100


def test_a_button_that_telegram_would_refuse_is_told(tmp_path: Path) -> None:
    long = "a_very_long_name_for_a_question_about_the_dose_of_today"
    questions = FILES["questionnaires/red_flags.yaml"].replace("item: dose", f"item: {long}")

    report = checked(
        tmp_path,
        questionnaires__red_flags=questions,
        locales__en__questionnaires=QUESTIONS.replace("  dose:", f"  {long}:"),
    )

    assert any(f"red_flags/{long}" in problem and "a button takes 64" in problem for problem in report.problems)


def test_what_the_flows_know_by_name_must_be_in_the_content(tmp_path: Path) -> None:
    flow = """\
begun = begin(book, person, "red_flags", at)
later = begin(book, person, "reddflags", at)
given = place.answer("takken") == "yes" or place.answer("taken") == "yess"
ONSETS = {"yes", "today"}
"""

    report = checked(tmp_path, FLOW + flow)

    assert sorted(report.problems) == [
        'flows/hello.py:13: there is no questionnaire "reddflags". Did you mean "red_flags"?',
        'flows/hello.py:14: no item "taken" in red_flags has the option "yess". Did you mean "yes"?',
        'flows/hello.py:14: there is no item "takken" in red_flags. Did you mean "taken"?',
        'flows/hello.py:15: no item in red_flags has the option "today".',
    ]


def test_all_that_the_real_flows_know_by_name_is_read_from_them() -> None:
    named = mentions(ROOT / "flows").named

    assert {name.questionnaire for name in named} - {""} == LIBRARY.book.questionnaires.keys()
    assert {name.item for name in named} - {""} == {
        *("role", "near", "country"),
        *("adult", "illness", "patient_agrees", "keep", "show", "remind"),
        *("days", "time", "first", "second", "zone", "until"),
        *("walked", "bladder", "medicines"),
    }
    assert {name.option for name in named} - {""} == {
        *("patient", "caregiver", "yes", "no", "today", "week", "longer"),
        "twice",
    }


def test_a_choice_of_days_says_which_days_it_is(tmp_path: Path) -> None:
    schedule = "questionnaire: schedule\nversion: '1'\nitems:\n  - item: days\n    options:\n"

    with pytest.raises(ContentError, match=r'schedule.yaml:6: option "weekends" does not say its days'):
        load(small(tmp_path, questionnaires__schedule=schedule + "      weekends: {}\n"), "town")
    with pytest.raises(ContentError, match=r'schedule.yaml:6: .*"saturday", not one of mon, tue'):
        load(small(tmp_path, questionnaires__schedule=schedule + "      weekends: {days: [saturday]}\n"), "town")
    found = load(small(tmp_path, questionnaires__schedule=schedule + "      weekends: {days: [sun, sat]}\n"), "town")

    assert [option.days for option in found.book.questionnaires["schedule"].items[0].options] == ["56"]


@pytest.mark.parametrize("role", ["caregiver", "patient"])
def test_an_answer_taken_back_is_named_whichever_it_was(role: str) -> None:
    person = Person(id="", language="en", role=role)
    acute = {
        sign(f"{questionnaire.id}/{item.id}", option)
        for questionnaire in LIBRARY.book.questionnaires.values()
        for item in questionnaire.items
        for option in item.options
        if (option.urgency or 0) >= Urgency.URGENT
    }
    asked = {one: lowered(LIBRARY.book, (one,)) for one in acute}

    for one, effects in asked.items():
        [asks] = [effect for effect in effects if isinstance(effect, Say)]
        said = render(LIBRARY, person, asks).text
        path, mark, option = one.replace("/", ".").partition("#")
        assert Voice(LIBRARY, person).plain(f"{path}.sign_{option}" if mark else f"{path}.sign") in said
    assert len(acute) > 30


def test_advice_that_nothing_leads_to_is_told(tmp_path: Path) -> None:
    spare = FILES["advice.yaml"] + "  spare:\n    urgency: routine\n    do: [{rest: [s4]}]\n"
    words = ADVICE + "  spare: {title: Rest, do: {rest: Rest.}}\n"

    assert checked(tmp_path, advice=spare, locales__en__advice=words).problems == [
        'content/advice.yaml: nothing leads to "spare".'
    ]


def test_a_language_has_the_same_words_and_places_as_the_others(tmp_path: Path) -> None:
    texts = {f"locales__fr__{Path(name).stem}": text for name, text in FILES.items() if name.startswith("locales/en/")}
    texts["locales__fr__advice"] = ADVICE.replace("Call {emergency}", "Call {line}")
    texts["locales__fr__interface"] = FACE.replace("watch: Look for", "look: Look for")

    report = checked(tmp_path, **texts)

    assert set(report.problems) == {
        'content/locales/fr/advice.yaml:3: "advice.missed.title" has other {places} than in '
        "content/locales/en/advice.yaml:3.",
        f'locales/fr: "advice.watch" is missing; it is in {HERE}/interface.yaml:3.',
        'locales/en: "advice.look" is missing; it is in content/locales/fr/interface.yaml:3.',
        'flows/hello.py:2: words "advice.watch" are missing in locales/fr.',
        'content/locales/fr/interface.yaml:3: nobody uses "advice.look".',
        'content/requirements.yaml: "dose_missed" has nothing under asked in "fr".',
        'content/typed.yaml: nobody has typed a sign in "fr".',
        'content/requirements.yaml: screens says nothing of "missed" in "fr".',
        'content/requirements.yaml: labels has nothing in "fr".',
        'content/requirements.yaml: texts does not say what "red_flags.taken.ask" must say in "fr".',
    }


def test_an_exception_needs_a_reason_and_an_occasion(tmp_path: Path) -> None:
    banned = BANNED + "excused:\n  hello.all: they say it of the weather\n  hello.none: no reason\n"
    face = FACE.replace("Hello, {name}.", "The weather is fine.")

    report = checked(tmp_path / "a", banned=banned, locales__en__interface=face)
    with pytest.raises(ContentError, match=r'content/banned.yaml:4: "hello.all" must be words'):
        checked(tmp_path / "b", banned=BANNED + "excused:\n  hello.all: ''\n")

    assert report.problems == ['content/banned.yaml: "hello.none" needs no excuse.']


def test_the_real_content_keeps_every_promise() -> None:
    report = check(load(ROOT / "content", "demo"), ROOT / "flows")

    assert report.problems == []
