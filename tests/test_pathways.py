"""Pathways and countries: what is refused, what a site has still to fill in, and those we bring."""

from datetime import date
from pathlib import Path

import pytest

from content.load import load, overdue, unfilled
from tests.small import FILES, small
from tests.test_load import problems

CONTENT = Path(__file__).parent.parent / "content"
TOWN = FILES["pathways/town.yaml"]
LINE = 'line: "+44 1632 960123"'


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("countries", "  other", "  XX", ':1: the entry "other" is missing.'),
        ("countries", "GB:", "gb:", ':2: "gb" must be two capital letters (ISO 3166), or "other".'),
        ("countries", "Europe/London", "Europe/Londn", ':2: zone "Europe/Londn" is unknown. '
         'Did you mean "Europe/London"?'),
        ("pathways/town", "Europe/London", "London", ':7: zone "London" is unknown. Did you mean "Europe/London"?'),
        ("pathways/town", "country: GB", "country: FR", ':6: country "FR" is unknown.'),
        ("pathways/town", "language: en", "language: fr", ':8: language "fr" is unknown.'),
        ("pathways/town", "r: 2h", "r: 2 hours", ':11: "2 hours" must be a wait such as 2h or 30m.'),
        ("pathways/town", "r: 2h", "r: 0h", ':11: "0h" must be a wait such as 2h or 30m.'),
        ("pathways/town", "review_on: 2027", "review_on: 2025", ":10: review_on 2025-05-22 is before reviewed_on "
         "2026-11-22."),
        ("pathways/town", LINE, 'line: "01632 960123"', ':3: "01632 960123" cannot be dialled: write '
         "it as +44 1632 960123, or as 999."),
        ("pathways/town", LINE, 'line: "FILL IN: "', ':3: "FILL IN: " does not say what to fill in, '
         "such as FILL IN: the number of your line."),
        ("pathways/town", 'emergency: "999"', 'emergency: "999 or 112"',
         ':4: "999 or 112" must be a number such as 112.'),
        ("pathways/town", "fever: 37.5", "fever: 99.5", ':15: "99.5" must be a temperature in °C such as 37.5.'),
        ("pathways/town", "low: 36.0", "low: 38", ":16: low 38.0 must be below fever 37.5."),
        ("pathways/town", "unit: C", "unit: K", ':17: "unit" is "K", not one of C, F.'),
        ("pathways/town", "painkiller: powder\n", "", ':1: "painkiller" is missing.'),
        ("countries", 'crisis: "the listeners, 116 123", ', "", ':2: "crisis" is missing.'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    text = FILES[f"{file}.yaml"]
    assert old in text

    told = problems(tmp_path, **{file.replace("/", "__"): text.replace(old, new, 1)})

    assert f"content/{file}.yaml{said}" in told


def test_a_pathway_is_a_name_or_a_file(tmp_path: Path) -> None:
    folder = small(tmp_path)
    elsewhere = tmp_path / "village.yaml"
    elsewhere.write_text(TOWN.replace("pathway: town", "pathway: village"))

    assert load(folder, "town").book.pathway.id == "town"
    assert load(folder, elsewhere).book.pathway.id == "village"
    assert load(folder, str(elsewhere)).book.pathway.id == "village"


def test_an_unknown_pathway_is_told_with_those_there_are(tmp_path: Path) -> None:
    assert problems(tmp_path, "twon") == [
        'pathway "twon" is neither a file nor one of content/pathways (town). Did you mean "town"?'
    ]


def test_a_mistake_in_a_pathway_elsewhere_is_told_with_its_full_path(tmp_path: Path) -> None:
    elsewhere = tmp_path / "village.yaml"
    elsewhere.write_text(TOWN.replace("country: GB", "country: great"))

    told = problems(tmp_path, elsewhere)

    assert told == [f'{elsewhere}:6: "great" must be two capital letters (ISO 3166), or "other".']


def test_a_pathway_is_overdue_the_day_after_it_should_be_reviewed(tmp_path: Path) -> None:
    pathway = load(small(tmp_path), "town").book.pathway

    assert not overdue(pathway, date(2027, 5, 22))
    assert overdue(pathway, date(2027, 5, 23))


def test_what_a_site_has_still_to_fill_in_is_listed(tmp_path: Path) -> None:
    line = '"FILL IN: the number on the card"'
    town = TOWN.replace('"+44 1632 960123"', line).replace("review_on: 2027-05-22", "review_on: 'FILL IN: a day'")
    town = town.replace("Europe/London", "'fill in the zone'").replace("country: GB", "country: 'FILL IN: two letters'")

    assert unfilled(load(small(tmp_path, pathways__town=town), "town").book.pathway) == (
        "line: the number on the card",
        "country: two letters",
        "zone: the zone",
        "review_on: a day such as 2026-11-22",
    )
    assert unfilled(load(small(tmp_path), "town").book.pathway) == ()


def test_every_pathway_of_ours_says_what_to_fill_in_and_the_demo_nothing() -> None:
    names = {path.stem for path in (CONTENT / "pathways").glob("*.yaml")}

    open_in = {name: {one.partition(":")[0] for one in unfilled(load(CONTENT, name).book.pathway)} for name in names}

    every = {"team", "line", "hours", "go", "reviewed_on", "review_on"}
    assert open_in == {
        "demo": set(),
        "gb": every,
        "fr": every,
        "us": every | {"zone"},
        "es": every | {"zone"},
        "eu112": every | {"zone", "country", "crisis"},
    }


def test_the_version_is_the_same_for_a_pathway_by_name_and_by_file(tmp_path: Path) -> None:
    folder = small(tmp_path)

    assert load(folder, "town").book.version == load(folder, folder / "pathways" / "town.yaml").book.version
