"""Loading content: what is refused, and how it is said."""

import contextlib
from datetime import date, time, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.load import load
from content.strict import ContentError
from flows.book import Urgency
from tests.small import FILES, small
from tests.test_strict import PIECES

ADVICE, QUESTIONS, SOURCES = FILES["advice.yaml"], FILES["questionnaires/red_flags.yaml"], FILES["sources.yaml"]
TOWN, WORDS = FILES["pathways/town.yaml"], FILES["locales/en/treatments.yaml"]


def problems(folder: Path, pathway: str | Path = "town", **changed: str) -> list[str]:
    """What loading says is wrong."""
    with pytest.raises(ContentError) as refused:
        load(small(folder, **changed), pathway)
    return list(refused.value.problems)


def test_a_sound_folder_becomes_a_book(tmp_path: Path) -> None:
    library = load(small(tmp_path), "town")

    book = library.book
    dose = book.questionnaires["red_flags"].items[1]
    assert [option.id for option in dose.options] == ["yes", "not_sure", "no"]
    assert dose.options[0].urgency == Urgency.EMERGENCY
    assert dose.options[2].ends
    assert dose.when[0].options == ("no",)
    assert book.questionnaires["red_flags"].step_up_advice == "missed"
    assert book.advice["missed"].say[0].sources == ("s4#page-2",)
    assert book.phrases["en"].every[0].groups == (("forgot", "left out"), ("dose*",))
    assert book.times.clocks == (time(8), time(12, 30))
    assert (book.pathway.nudge_after, book.pathway.missed_after) == (timedelta(hours=2), timedelta(minutes=30))
    assert book.pathway.digest == time(8)
    assert book.sources["s4"].read == date(2026, 11, 22)
    assert book.panic == {"en": "Signs"}
    assert library.words["en"]["red_flags.dose.sign"] == "a red dose left out"
    assert library.where["en"]["red_flags.title"] == "content/locales/en/questionnaires.yaml:3"


def test_what_was_loaded_cannot_be_changed(tmp_path: Path) -> None:
    library = load(small(tmp_path), "town")

    mappings = (library.words, library.words["en"], library.book.advice, library.book.phrases, library.book.countries)

    assert all(isinstance(mapping, MappingProxyType) for mapping in mappings)


def test_an_item_without_options_is_answered_in_words(tmp_path: Path) -> None:
    diary = 'questionnaire: diary\nversion: "1"\nitems:\n  - item: taste\n'

    book = load(small(tmp_path, questionnaires__diary=diary), "town").book

    assert book.questionnaires["diary"].items[0].words


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("questionnaires/red_flags", "[s4#page-1]", "[s9]", ':11: source "s9" is unknown. Did you mean "s4"?'),
        ("questionnaires/red_flags", "[s4#page-1]", '["s4#"]', ':11: "s4#" names no place after the #.'),
        ("questionnaires/red_flags", "    source: [s4#page-1]\n", "", ':10: item "dose" has no source.'),
        ("questionnaires/red_flags", "source: [s4#page-1]", "sorce: [s4]", ':11: "sorce" is not known here. '
         'Did you mean "source"?'),
        ("questionnaires/red_flags", "item: dose", "item: taken", ':10: item "taken" is already asked above.'),
        ("questionnaires/red_flags", "item: dose", "item: Dose!", ':10: "Dose!" may hold only a-z, 0-9 and _.'),
        ("questionnaires/red_flags", "      no: {ends", "      no-no: {ends", ':17: "no-no" may hold only A-Z, a-z, '
         "0-9 and _."),
        ("questionnaires/red_flags", "item: taken, is", "item: takn, is", ':12: "takn" is not an item asked before '
         '"dose". Did you mean "taken"?'),
        ("questionnaires/red_flags", "item: taken, is", "item: dose, is", ':12: "dose" is not an item asked before '
         '"dose".'),
        ("questionnaires/red_flags", "is: [no]", "is: [noo]", ':12: "noo" is not an option of "taken". '
         'Did you mean "no"?'),
        ("questionnaires/red_flags", "columns: 2", "columns: two", ':13: "columns": input should be a valid integer, '
         "unable to parse string as an integer."),
        ("questionnaires/red_flags", "yes: {urgency: emergency, advice: missed}", "yes: {urgency: emergency}",
         ':15: option "yes" is emergency and names no advice.'),
        ("questionnaires/red_flags", "advice: missed}\n      not", "advice: mised}\n      not",
         ':15: advice "mised" is unknown. Did you mean "missed"?'),
        ("questionnaires/red_flags", "yes: {urgency: emergency", "yes: {urgency: emergancy",
         ':15: "urgency" is "emergancy", not one of emergency, urgent, routine. Did you mean "emergency"?'),
        ("questionnaires/red_flags", "      not_sure: {urgency: emergency, advice: missed}\n", "",
         ':10: item "dose" can be an emergency and has no option "not_sure".'),
        ("questionnaires/red_flags", "not_sure: {urgency: emergency", "not_sure: {urgency: urgent",
         ':16: "not_sure" of "dose" is less urgent than yes.'),
        ("questionnaires/red_flags", "no: {ends: true}", "no: {advice: missed}", ':17: leads to advice "missed" and '
         "has no urgency."),
        ("questionnaires/red_flags", "questionnaire: red_flags", "questionnaire: flags",
         ':1: questionnaire "flags" must have the name of its file, "red_flags".'),
        ("questionnaires/red_flags", 'version: "1"\n', "", ':1: "version" is missing.'),
        ("advice", "[{breath: [s4]}]", "[{breath: [s4]}, {breath: [s4]}]", ':6: sentence "breath" is already above.'),
        ("advice", "    do: [{call: [s4]}]\n", "", ':2: advice "missed" says nothing to do.'),
        ("treatments/syrup", "[{one: [s4]}]", "[{one: [s5]}]", ':4: source "s5" is unknown. Did you mean "s4"?'),
        ("treatments/syrup", "[{one: [s4]}]", "[{one: []}]", ':4: "source": list should have at least 1 item after '
         "validation, not 0."),
        ("phrases", "advice: missed", "advice: gone", ':3: advice "gone" is unknown.'),
        ("phrases", "  en:", "  fr:", ':2: there are no words in the language "fr".'),
        ("phrases", "left out", "left / out", ':3: "left / out" never matches: write words, and . or ? apart '
         "from them, with ' for ’."),
        ("sources", "year: 2021", "year: last year", ':5: "last year" must be a year such as 2023.'),
        ("sources", "read: 2026-11-22", "read: 2026-02-30", ':8: "2026-02-30" is not a day in the calendar.'),
        ("sources", "read: 2026-11-22", "read: 22 Nov", ':8: "22 Nov" must be a day such as 2026-03-09.'),
        ("sources", "review_on: 2027", "review_on: 2025", ":10: review_on 2025-05-22 is before read 2026-11-22."),
        ("sources", "title: On doses", "title:", ':3: "title" must be words.'),
        ("times", "08:00", "8", ':1: "8" must be a time such as 08:30.'),
        ("sources", "    url:", "    excludes: [flu]\n    url:", ':11: "flu" is not one of illnesses.'),
        ("advice", "[{call: [s4]}]", "[{call: {source: [s9], only: apart}}]", ':4: source "s9" is unknown. '
         'Did you mean "s4"?'),
        ("advice", "[{call: [s4]}]", "[{call: {source: [s4], only: alone}}]",
         ':4: "only" is "alone", not one of apart, '
         "together, uk, elsewhere, living, bereaved."),
        ("advice", "[{call: [s4]}]", "[{call: {source: [s4], onyl: apart}}]", ':4: "onyl" is not known here. '
         'Did you mean "only"?'),
        ("questionnaires/red_flags", "      no: {ends: true}", "      no: {hidden: true}",
         ':17: "no" of "dose" is hidden, '
         "and no measure becomes it."),
        ("questionnaires/red_flags", "    columns: 2", "    measure: temperature",
         ':13: "dose" is measured and cannot be '
         "typed: add words: true."),
        ("questionnaires/red_flags", "    columns: 2", "    measure: temperature", ':14: "high" of "dose" must be an '
         "option with hidden: true."),
        ("questionnaires/red_flags", "signs: [dose_missed]", "signs: [dose-missed]",
         ':18: "dose-missed" must be the name '
         "of a requirement, or with an option: name#option."),
        ("requirements", "source: [s4]", "source: [s9]", ':1: source "s9" is unknown. Did you mean "s4"?'),
        ("requirements", "least: emergency", "least: emergancy", ':12: "emergancy" is not one of emergency, urgent, '
         "routine."),
        ("conflicts", "source: s4#page-2", "source: s9", ':6: source "s9" is unknown. Did you mean "s4"?'),
        ("conflicts", "s4#page-2", "s4#page-3", ':6: source "s4" has no place "page-3" in sources.yaml. '
         "Did you mean \"page-2\"?"),
        ("conflicts", "limit: hours", "limit: days", ':3: "limit" is "days", not one of hours, degrees, signs.'),
        ("hazards", "severity: minor", "severity: bad", ':6: "severity" is "bad", not one of catastrophic, major, '
         "considerable, significant, minor."),
        ("hazards", "  - hazard: H1\n",
         "  - {hazard: H1, what: a, cause: a, effect: a, severity: minor, likelihood: low, "
         "controls: [{control: a, proof: a}], residual: a}\n  - hazard: H1\n", ':3: hazard "H1" is already above.'),
        ("locales/en/treatments", "title: Syrup", "title:", ':4: "treatments.syrup.title" must be words.'),
        ("locales/en/treatments", "title: Syrup", "title: [Syrup]", ':4: "treatments.syrup.title" must be words.'),
        ("locales/en/treatments", "section: {what", "red_flags.title: x\nsection: {what",
         ':1: "red_flags.title" is already in content/locales/en/questionnaires.yaml:3.'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    text = FILES[f"{file}.yaml"]
    assert old in text

    told = problems(tmp_path, **{file.replace("/", "__"): text.replace(old, new, 1)})

    assert f"content/{file}.yaml{said}" in told


def test_advice_is_at_least_as_urgent_as_what_leads_to_it(tmp_path: Path) -> None:
    told = problems(tmp_path, advice=ADVICE.replace("urgency: emergency", "urgency: urgent"))

    said = 'advice "missed" is urgent, less than the emergency that leads to it.'
    files = ("questionnaires/red_flags.yaml:3", "questionnaires/red_flags.yaml:15", "questionnaires/red_flags.yaml:16")
    assert told == [f"content/{file}: {said}" for file in (*files, "phrases.yaml:3")]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    questions = QUESTIONS.replace("[s4#page-1]", "[s9]").replace("is: [no]", "is: [never]")

    told = problems(
        tmp_path,
        questionnaires__red_flags=questions,
        times="clocks: [8]\nquiet: {from: 22:00}\n",
        pathways__town=TOWN.replace("Europe/London", "Atlantis"),
        locales__en__treatments=WORDS.replace("title: Syrup", "title: ''"),
    )

    assert sorted(told) == [
        'content/locales/en/treatments.yaml:4: "treatments.syrup.title" must be words.',
        'content/pathways/town.yaml:7: zone "Atlantis" is unknown. Did you mean "Atlantic/Azores"?',
        'content/questionnaires/red_flags.yaml:11: source "s9" is unknown. Did you mean "s4"?',
        'content/questionnaires/red_flags.yaml:12: "never" is not an option of "taken".',
        'content/times.yaml:1: "8" must be a time such as 08:30.',
        'content/times.yaml:2: "until" is missing.',
    ]


def test_a_mistake_in_the_sources_does_not_make_every_source_unknown(tmp_path: Path) -> None:
    told = problems(tmp_path, sources=SOURCES.replace("year: 2021", "year: soon"))

    assert told == ['content/sources.yaml:5: "soon" must be a year such as 2023.']


@pytest.mark.parametrize(
    "name",
    ["advice", "banned", "conflicts", "countries", "hazards", "phrases", "requirements", "sources", "times", "typed"],
)
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    folder = small(tmp_path)
    (folder / f"{name}.yaml").unlink()

    with pytest.raises(ContentError) as refused:
        load(folder, "town")

    assert f"content/{name}.yaml: cannot be read: No such file or directory." in refused.value.problems


def test_missing_folders_are_told(tmp_path: Path) -> None:
    folder = small(tmp_path)
    (folder / "treatments" / "syrup.yaml").rename(folder / "treatments" / "syrup.yml")

    with pytest.raises(ContentError) as refused:
        load(folder, "town")
    with pytest.raises(ContentError, match="there is no such folder"):
        load(tmp_path / "nowhere", "town")

    assert refused.value.problems == (
        "content/treatments: there is no such folder, or no .yaml file in it.",
        "content/treatments/syrup.yml: must end in .yaml.",
    )


def test_a_sentence_may_be_for_some_and_a_question_for_a_thermometer(tmp_path: Path) -> None:
    advice = ADVICE.replace("[{call: [s4]}]", "[{call: {source: [s4], only: apart}}]")
    measured = "    words: true\n    measure: temperature\n    options:\n"
    measured += "".join(f"      {one}: {{hidden: true}}\n" for one in ("high", "low", "between"))
    questions = QUESTIONS.replace("    columns: 2\n    options:\n", measured)

    library = load(small(tmp_path, advice=advice, questionnaires__red_flags=questions), "town")

    dose = library.book.questionnaires["red_flags"].items[1]
    assert library.book.advice["missed"].do[0].only == "apart"
    assert dose.measure == "temperature"
    assert [option.id for option in dose.options if option.hidden] == ["high", "low", "between"]
    assert library.signs == {"dose_missed": ("red_flags/dose",)}


def test_the_version_changes_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    versions = [load(small(tmp_path / "same"), "town").book.version, load(small(tmp_path / "as"), "town").book.version]
    for name, text in FILES.items():
        changed = {name.removesuffix(".yaml").replace("/", "__"): text + "# read again\n"}
        versions.append(load(small(tmp_path / name.replace("/", "_"), **changed), "town").book.version)

    assert versions[0] == versions[1]
    assert len(set(versions)) == len(FILES) + 1
    assert all(len(version) == 6 and version.isalnum() and version == version.lower() for version in versions)


@given(name=st.sampled_from(sorted(FILES)), at=st.integers(0, 2000), piece=PIECES, cut=st.integers(0, 30))
@settings(max_examples=200, deadline=None)
def test_a_spoilt_file_is_refused_or_loads_but_breaks_nothing(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, piece: str, cut: int
) -> None:
    text = FILES[name]
    at %= len(text)
    spoilt = {name.removesuffix(".yaml").replace("/", "__"): text[:at] + piece + text[at + cut :]}
    folder = small(tmp_path_factory.mktemp("spoilt"), **spoilt)

    with contextlib.suppress(ContentError):
        load(folder, "town")
