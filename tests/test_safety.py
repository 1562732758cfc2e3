"""The promises about triage, each broken in a small content: signs, sources that disagree, hazards, readers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from content.check import CHECKS, check
from content.facts import Facts, sites
from content.load import load
from content.mentions import mentions
from content.rules import sourced
from content.safety import requirements_met
from tests.facts import CONFLICTS as DISAGREEING
from tests.facts import HAZARDS as KNOWN_HAZARDS
from tests.facts import ROWS
from tests.small import FILES, FLOW, small
from tests.talks import LIBRARY

QUESTIONS, ADVICE, SOURCES = (FILES[f"{n}.yaml"] for n in ("questionnaires/red_flags", "advice", "sources"))
WORDS, SAID = FILES["locales/en/questionnaires.yaml"], FILES["locales/en/advice.yaml"]
CONFLICTS, HAZARDS, TREATED = FILES["conflicts.yaml"], FILES["hazards.yaml"], FILES["locales/en/treatments.yaml"]
PROVEN = "tests/test_dose.py::test_a_dose_is_asked_about"
HERE = "content/locales/en"


def facts(folder: Path, **changed: str) -> Facts:
    """What the checks see of a small content with some files changed."""
    for name, text in (
        ("flows/hello.py", FLOW),
        ("tests/test_dose.py", "async def test_a_dose_is_asked_about(): ...\n"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    names = frozenset(one.__name__ for one in CHECKS)
    library = load(small(folder, **changed), "town")
    return Facts(library, mentions(folder / "flows"), folder, names, tuple(sites(folder / "content")))


def told(folder: Path, **changed: str) -> list[str]:
    """What all checks say."""
    return check(facts(folder, **changed).library, folder / "flows").problems


def unmet(folder: Path, **changed: str) -> list[str]:
    return list(requirements_met(facts(folder, **changed)))


def test_a_sign_that_is_asked_about_as_required_is_met(tmp_path: Path) -> None:
    assert unmet(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("questionnaires/red_flags", "    signs: [dose_missed]\n", "",
         "content/requirements.yaml: nothing in red_flags "
         'asks about "dose_missed" (a dose left out).'),
        ("questionnaires/red_flags", "[dose_missed]", "[dose_misssed]", 'red_flags/dose: claims "dose_misssed", which '
         'requirements.yaml does not know. Did you mean "dose_missed"?'),
        ("questionnaires/red_flags", "[dose_missed]", "[dose_missed#never]",
         'red_flags/dose#never: claims "dose_missed" '
         "for an option that it does not have."),
        ("questionnaires/red_flags",
         "      yes: {urgency: emergency, advice: missed}\n      not_sure: {urgency: emergency",
         "      yes: {urgency: urgent, advice: missed}\n      not_sure: {urgency: urgent",
         'red_flags/dose: "yes" is less '
         'than emergency, which "dose_missed" needs at least.'),
        ("questionnaires/red_flags", "      no: {ends: true}", "      no: {}\n      maybe: {}",
         'red_flags/dose: "maybe" is '
         'less than emergency, which "dose_missed" needs at least.'),
        ("questionnaires/red_flags", "is: [no]", "is: [yes]",
         'red_flags/dose: is not asked after "no" to "taken", as "dose_missed" needs.'),
        ("questionnaires/red_flags", "    signs: [dose_missed]\n", "  - item: other\n    source: [s4]\n    options: "
         "{no: {}}\n    signs: [dose_missed]\n", 'red_flags/other: claims "dose_missed" and no answer admits it.'),
        ("locales/en/questionnaires", "the red one?**", "the one?**",
         f'{HERE}/questionnaires.yaml:5: "red_flags.dose.ask" '
         'claims "dose_missed" and does not say "red".'),
        ("locales/en/questionnaires", "take the red one", "take the hundred", f"{HERE}/questionnaires.yaml:5: "
         '"red_flags.dose.ask_patient" claims "dose_missed" and does not say "red".'),
        ("requirements", "{en: [red]}", "{fr: [rouge]}",
         'content/requirements.yaml: "dose_missed" has nothing under asked '
         'in "en".'),
        ("requirements", "screen: missed", "screen: mised",
         'content/requirements.yaml: "dose_missed" leads to "mised", which is no screen. Did you mean "missed"?'),
    ],
)  # fmt: skip
def test_a_sign_dropped_or_weakened_is_missed(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    assert FILES[f"{file}.yaml"].count(old) == 1

    assert said in unmet(tmp_path, **{file.replace("/", "__"): FILES[f"{file}.yaml"].replace(old, new)})


def test_what_can_be_an_emergency_is_not_answered_as_last_time(tmp_path: Path) -> None:
    repeated = QUESTIONS.replace("    signs: [dose_missed]\n", "    signs: [dose_missed]\n    same: true\n")

    assert told(tmp_path, questionnaires__red_flags=repeated) == [
        "red_flags/dose: can be an emergency, and one tap answers it as last time."
    ]


OTHER = "  other: {urgency: emergency, do: [{call: [s4]}], say: [{script: [s4]}], watch: [{breath: [s4]}]}\n"


def test_a_sign_that_leads_to_another_screen_as_urgent_is_told(tmp_path: Path) -> None:
    led = QUESTIONS.replace("yes: {urgency: emergency, advice: missed}", "yes: {urgency: emergency, advice: other}")

    assert unmet(tmp_path, advice=ADVICE + OTHER, questionnaires__red_flags=led) == [
        'red_flags/dose: "yes" leads to "other", and requirements.yaml asks for "missed".'
    ]


def test_of_two_signs_that_lead_elsewhere_one_is_claimed_by_its_answer(tmp_path: Path) -> None:
    more = FILES["requirements.yaml"] + FILES["requirements.yaml"].partition("requirements:\n")[2].replace(
        "dose_missed", "dose_lost"
    ).replace("screen: missed", "screen: other")
    both = QUESTIONS.replace("[dose_missed]", "[dose_missed, dose_lost]")
    apart = QUESTIONS.replace("[dose_missed]", "[dose_missed, dose_lost#yes]").replace(
        "yes: {urgency: emergency, advice: missed}", "yes: {urgency: emergency, advice: other}"
    )

    told_both = unmet(tmp_path / "a", advice=ADVICE + OTHER, requirements=more, questionnaires__red_flags=both)
    told_apart = unmet(tmp_path / "b", advice=ADVICE + OTHER, requirements=more, questionnaires__red_flags=apart)

    said = 'red_flags/dose: the signs claimed for "{}" ask for missed and other: claim one by name.'
    assert told_both == [said.format("yes"), said.format("not_sure")]
    assert told_apart == []


@pytest.mark.parametrize("who", ["x", "Reviewed", "A. Nurse", "A. Nurse, spine nurse, 2999-01-01"])
def test_a_review_without_a_name_and_a_role_or_yet_to_come_is_told(tmp_path: Path, who: str) -> None:
    signed = SOURCES.replace('reviewed_by: ""', f'reviewed_by: "{who}"')

    assert [one.partition(" has no ")[2].partition(":")[0] for one in told(tmp_path, sources=signed)] in (
        ["reviewer"],
        ["day that has come"],
    )
    assert (
        told(tmp_path / "a", sources=SOURCES.replace('reviewed_by: ""', 'reviewed_by: "A. Nurse, spine nurse"')) == []
    )


def test_no_sign_of_the_clinical_facts_and_no_conflict_of_sources_is_deleted() -> None:
    assert sorted(sign for row in ROWS.values() for sign in row.split()) == sorted(LIBRARY.requirements)
    assert sorted(DISAGREEING.split()) == sorted(LIBRARY.conflicts)


def test_no_hazard_is_left_out(tmp_path: Path) -> None:
    renumbered = HAZARDS.replace("hazard: H1", "hazard: H2")

    assert list(LIBRARY.hazards) == [f"H{number}" for number in range(1, KNOWN_HAZARDS + 1)]
    assert told(tmp_path, hazards=renumbered) == [
        'content/hazards.yaml: "H2" stands where H1 should: none is left out.'
    ]


def test_a_place_in_a_source_that_is_gone_is_told(tmp_path: Path) -> None:
    looked = facts(tmp_path)
    source = looked.library.book.sources["s4"]
    book = replace(looked.library.book, sources={"s4": replace(source, places={"page-1": source.places["page-1"]})})

    assert list(sourced(replace(looked, library=replace(looked.library, book=book)))) == [
        'advice missed, script: source "s4" has no place "page-2".',
        'conflict when: source "s4" has no place "page-2".',
    ]


def test_one_answer_may_admit_a_sign_that_the_others_do_not(tmp_path: Path) -> None:
    questions = QUESTIONS.replace("[dose_missed]", "[dose_missed#yes]").replace("not_sure: {urgency", "rest: {}\n      "
    "not_sure: {urgency")  # fmt: skip
    words = WORDS.replace("the red one?**", "that one?**").replace("sign: a", "yes: Reddish, rest: x, sign: a")

    assert unmet(tmp_path, questionnaires__red_flags=questions, locales__en__questionnaires=words) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("step_up: {urgent: 2,", "step_up: {urgent: 3,"), ("step_up: {urgent: 2, advice: missed, source: [s4]}\n", "")],
)
def test_several_urgent_signs_together_stay_an_emergency(tmp_path: Path, old: str, new: str) -> None:
    said = "step_up must count 2 urgent answers as an emergency, as requirements.yaml says."

    report = told(tmp_path, questionnaires__red_flags=QUESTIONS.replace(old, new))

    assert report == [f"content/questionnaires/red_flags.yaml: {said}"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("won: [s4#page-1]", "won: [s4#page-2]", "s4#page-1 is the stricter and has to win."),
        ("won: [s4#page-1]", "won: []", "s4#page-1 is the stricter and has to win."),
        ("won: [s4#page-1]", "won: [s5]", '"s5" has won and takes no part.'),
        ("urgency: emergency, limit: 0", "urgency: urgent, limit: 0", "s4#page-2 is the stricter and has to win."),
        ("limit: 0}", "limit: 48}", "s4#page-2 is the stricter and has to win."),
        ("    limit: hours\n", "", "all positions have a limit and limit says what it counts, or none has."),
        (", limit: 24}", "}", "all positions have a limit and limit says what it counts, or none has."),
        ("urgency: emergency, limit: 24", "limit: 24", "some positions have an urgency and some have none."),
        ("[red_flags/dose]", "[red_flags/doze]", '"red_flags/doze" is no question, and no page of a treatment.'),
        (
            "[red_flags/dose]",
            "[treatments/syrup/why]",
            '"treatments/syrup/why" is no question, and no page of a treatment.',
        ),
        ("[red_flags/dose]", "[red_flags/taken]", '"yes" of red_flags/taken is less than emergency.'),
    ],
)
def test_the_stricter_of_two_sources_wins_where_it_matters(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert CONFLICTS.count(old) == 1

    assert f'content/conflicts.yaml: "when": {said}' in told(tmp_path, conflicts=CONFLICTS.replace(old, new))


def test_what_won_is_cited_where_it_is_followed_and_both_are_where_none_won(tmp_path: Path) -> None:
    second = SOURCES + SOURCES.partition("\n")[2].replace("s4:", "s5:")
    stances = CONFLICTS.replace(", urgency: emergency, limit: 0", "").replace(", urgency: emergency, limit: 24", "")
    stances = stances.replace("    limit: hours\n", "").replace("source: s4#page-1", "source: s5")
    none = stances.replace("won: [s4#page-1]", "won: []")

    lost = told(tmp_path / "a", sources=second, conflicts=stances.replace("won: [s4#page-1]", "won: [s5]"))
    hidden = told(tmp_path / "b", sources=second, conflicts=none.replace("red_flags/dose", "treatments/syrup/what"))

    assert lost == ['content/conflicts.yaml: "when": red_flags/dose cites none of s5.']
    assert hidden == ['content/conflicts.yaml: "when": treatments/syrup/what cites not all of s4, s5.']


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (PROVEN, ""),
        (f'["check: limits", {PROVEN}]', ""),
        ("tests/test_dose.py::test_a_dose_is_asked_abut", 'there is no test "test_a_dose_is_asked_abut" in '
         'tests/test_dose.py. Did you mean "test_a_dose_is_asked_about"?'),
        ("tests/test_gone.py::test_x", 'there is no file "tests/test_gone.py".'),
        ("tests/dialogs/gone.yaml", 'there is no file "tests/dialogs/gone.yaml".'),
        ('"check: limit"', 'there is no check "limit". Did you mean "limits"?'),
        ("we are careful", '"we are careful" is no proof; name tests/test_x.py::test_y, tests/dialogs/x.yaml or check: '
         "name."),
        ("tests/test_dose.py",
         '"tests/test_dose.py" is no proof; name tests/test_x.py::test_y, tests/dialogs/x.yaml or '
         "check: name."),
    ],
)  # fmt: skip
def test_a_control_without_a_proof_is_told(tmp_path: Path, proof: str, said: str) -> None:
    hazards = HAZARDS.replace('"check: limits"', proof)

    assert told(tmp_path, hazards=hazards) == ([f"content/hazards.yaml: H1: {said}"] if said else [])


def test_what_rests_on_a_study_without_an_illness_says_so_in_every_form(tmp_path: Path) -> None:
    sources = "illnesses: {flu: {en: flu}}\n" + SOURCES.replace("    url:", "    excludes: [flu]\n    url:")
    said = SAID.replace("Call {team}: {line}.", "Call {team}: {line}. Not for flu.").replace(
        "is {sign}", "is {sign} (Flu)"
    )
    said = said.replace("Short breath.", "Influence.").replace("breath: I", "breath_patient: Not in flu., breath: I")

    report = told(
        tmp_path,
        sources=sources,
        locales__en__advice=said,
        locales__en__treatments=TREATED.replace("liked it", "with no **flu** liked it"),
    )

    assert report == [
        f'{HERE}/advice.yaml:6: "advice.missed.watch.breath" rests on a study without flu and does not say "flu".'
    ]


def test_a_pathway_that_nobody_uses_is_looked_at_too(tmp_path: Path) -> None:
    town = FILES["pathways/town.yaml"]

    wrong = told(tmp_path / "a", pathways__village=town.replace("pathway: town", "pathway: vilage").replace("GB", "XX"))
    named = told(tmp_path / "b", pathways__village=town.replace("Europe/London", "'FILL IN: your zone'"))
    long = told(tmp_path / "c", pathways__village=town.replace("y: town", "y: village").replace("nurses", "n" * 4100))

    assert wrong == ['content/pathways/village.yaml:6: country "XX" is unknown.']
    assert named == ['content/pathways/village.yaml:1: pathway "town" must have the name of its file, "village".']
    assert [one.startswith("pathway village: advice missed in en for a ") for one in long] == [True, True]


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: str(one.__name__))
def test_no_check_finds_fault_with_a_sound_content(tmp_path: Path, one: Callable[[Facts], Iterator[str]]) -> None:
    assert list(one(facts(tmp_path))) == []
