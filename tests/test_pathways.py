"""Pathways and countries: what is refused, what a site has still to fill in, and those we bring."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content.load import load, overdue, unfilled
from content.sites import refused
from tests.facts import LINES
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
         "it as +44 1632 960123, with its country."),
        ("pathways/town", LINE, 'line: "FILL IN: "', ':3: "FILL IN: " does not say what to fill in, '
         "such as FILL IN: the number of your line."),
        ("pathways/town", 'emergency: "999"', 'emergency: "999 or 112"',
         ':4: "999 or 112" must be a number such as 112.'),
        ("pathways/town", "fever: 37.5", "fever: 99.5", ':15: "99.5" must be a temperature in °C such as 37.5.'),
        ("pathways/town", "low: 36.0", "low: 38", ":16: low 38.0 must be below fever 37.5."),
        ("pathways/town", "unit: C", "unit: K", ':17: "unit" is "K", not one of C, F.'),
        ("pathways/town", "painkiller: powder\n", "", ':1: "painkiller" is missing.'),
        ("pathways/town", "unit: C", "working_hours: {days: []}\nunit: C", ":17: working_hours has no day: "
         "write those on which coordinators work, such as [mon, tue]."),
        ("pathways/town", "unit: C", "working_hours: {days: [mon, tues]}\nunit: C", ':17: "days" is "tues", not one of '
         'mon, tue, wed, thu, fri, sat, sun. Did you mean "tue"?'),
        ("pathways/town", "unit: C", "working_hours: {from: 8}\nunit: C", ':17: "8" must be a time such as 08:30.'),
        ("pathways/town", "unit: C", "working_hours: {from: 08:00}\nunit: C", ":17: working_hours say no until: "
         "write it as well, or leave out both for the whole day."),
        ("pathways/town", "unit: C", "working_hours: {until: 18:00}\nunit: C", ":17: working_hours say no from: "
         "write it as well, or leave out both for the whole day."),
        ("pathways/town", "unit: C", "working_hours: {from: 08:00, until: 08:00}\nunit: C", ":17: working_hours are "
         "from 08:00 until the same time: leave out from and until for the whole day."),
        ("pathways/town", "unit: C", "working_hours: {outside: wait}\nunit: C", ':17: "outside" is "wait", not one of '
         "on_duty, hold."),
        ("countries", 'crisis: "the listeners, 116 123", ', "", ':2: "crisis" is missing.'),
        ("countries", "zones: [Eu", "prefix: 0044, zones: [Eu", ':2: "0044" must be how telephone numbers begin '
         "there, such as +44."),
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
        "eu112": every | {"zone", "country", "crisis", "bereavement"},
    }


def test_the_version_is_the_same_for_a_pathway_by_name_and_by_file(tmp_path: Path) -> None:
    folder = small(tmp_path)

    assert load(folder, "town").book.version == load(folder, folder / "pathways" / "town.yaml").book.version


# -- what no family may be shown

TODAY = date(2026, 11, 22)
EVERYWHERE_112 = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
PLACE = {"gb": "GB", "us": "US", "es": "ES", "fr": "FR", "eu112": "DE"}
GB = {
    "line": "+44 1632 555123",
    "hours": "day and night",
    "team": "the spine nurses",
    "go": "the emergency department",
    "reviewed_on": "2026-11-20",
    "review_on": "2027-05-20",
}


def site(folder: Path, pack: str = "gb", filled: Mapping[str, str] = GB, /, **changed: str) -> Path:
    """One of our pathways as a site fills it in, and what it changes besides."""
    said = {**filled, **changed}
    lines = (CONTENT / "pathways" / f"{pack}.yaml").read_text().splitlines()
    file = folder / "ours.yaml"
    file.write_text(
        "\n".join(f'{name}: "{said[name]}"' if (name := one.partition(":")[0]) in said else one for one in lines)
    )
    return file


def said_of(file: Path, today: date = TODAY) -> list[str]:
    """What is wrong with it, with its name in place of its path."""
    return [one.replace(f"{file}:", "ours:") for one in refused(load(CONTENT, file), today)]


def test_a_pathway_filled_in_with_care_is_not_refused(tmp_path: Path) -> None:
    assert said_of(site(tmp_path)) == []


def test_the_demo_is_not_refused_but_its_number_is_under_another_name(tmp_path: Path) -> None:
    assert list(refused(load(CONTENT, "demo"), TODAY)) == []

    copied = site(tmp_path, "demo", {}, pathway="ours")

    assert said_of(copied) == [
        "ours:4: line +44 1632 960123 is an example that nobody answers: write the number of the team's own line."
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fever": "38.0"}, "fever: fever counts from 38.0 °C; requirements.yaml lets GB say 37.5."),
        ({"low": "35.5"}, "low: low_temperature counts from 35.5 °C; requirements.yaml lets other say 36.0."),
        ({"emergency": "911"}, "emergency: emergency 911 is no number for an ambulance in GB: write 999 or 112. "
         "Another one is right? Add it under also of GB in content/countries.yaml"),
        ({"country": "other"}, 'country: country is "other": name the site\'s own'),
        ({"line": "999"}, "line: line 999 is an emergency number"),
        ({"line": "911"}, "line: line 911 is an emergency number"),
        ({"line": "+49 30 5551234"}, "line: line +49 30 5551234 is not a number in GB, where they begin with +44."),
        ({"line": "+44 20 7946 0123"}, "line: line +44 20 7946 0123 is an example that nobody answers"),
        ({"hours": "Monday to Friday 9 to 5"}, "hours: hours is \"Monday to Friday 9 to 5\", and families are told to "
         "call the line at night: give one that answers day and night, or the hospital's switchboard."),
        ({"hours": "Day and night"}, 'hours: hours is "Day and night", and'),
        ({"hours": "day and night on weekdays"}, 'hours: hours is "day and night on weekdays", and'),
        ({"crisis": "nobody"}, 'crisis: crisis "nobody" has no number'),
        ({"zone": "America/New_York"}, "zone: zone America/New_York is not one of GB: write Europe/London."),
        ({"nudge_after": "400h"}, "nudge_after: nudge_after must be between 15m and 12h"),
        ({"missed_after": "14m"}, "missed_after: missed_after must be between 15m and 12h"),
        ({"digest": "22:30"}, "digest: digest 22:30 is in the quiet hours, 22:00 to 07:00: write a time of the day"),
        ({"team": "the nurses FILLIN"}, 'team: team still says "the nurses FILLIN": fill it in.'),
        ({"go": "ward 7 (fill in the floor)"}, 'go: go still says "ward 7 (fill in the floor)": fill it in.'),
        ({"go": "-"}, 'go: go still says "-": fill it in.'),
        ({"team": "XXXX"}, 'team: team still says "XXXX": fill it in.'),
        ({"painkiller": "To be confirmed"}, 'painkiller: painkiller still says "To be confirmed": fill it in.'),
        ({"go": "ward ???"}, 'go: go still says "ward ???": fill it in.'),
        ({"go": "Don’t worry, ward 7"}, 'go: go says "don\'t worry", which content/banned.yaml forbids'),
        ({"painkiller": "the safe paracetamol"}, 'painkiller: painkiller says "safe", which content/banned'),
        ({"painkiller": "Ibuprofen 400"}, 'painkiller: painkiller names "Ibuprofen": write what paracetamol is called'),
        ({"painkiller": "paracetamol or an NSAID"}, 'painkiller: painkiller names "NSAID": write what paracetamol is'),
        ({"team": "the nurses " * 10}, "team: team has 110 characters, and 100 are the most: say it in fewer words."),
        ({"reviewed_on": "2026-11-24"}, "reviewed_on: reviewed_on 2026-11-24 is still to come"),
        ({"review_on": "2027-05-24"}, "review_on: review_on 2027-05-24 is more than half a year later: "
         "write 2027-05-23 at the latest."),
        ({"reviewed_on": "2026-05-20", "review_on": "2026-11-20"}, "review_on: the pathway was to be reviewed by "
         "2026-11-20. Check every number in it, then set"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_with_its_line_and_what_to_do(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    file = site(tmp_path, **changed)
    field, _, text = said.partition(": ")
    number = next(n for n, line in enumerate(file.read_text().splitlines(), 1) if line.startswith(f"{field}:"))

    told = said_of(file)

    assert len(told) == 1
    assert told[0].startswith(f"ours:{number}: {text}")


@pytest.mark.parametrize(
    "changed",
    [
        {"emergency": "112"},
        {"nudge_after": "15m", "missed_after": "12h"},
        {"reviewed_on": "2026-11-23", "review_on": "2027-05-26"},
        {"reviewed_on": "2026-05-22", "review_on": "2026-11-22"},
        {"fever": "37.0", "low": "36.5"},
        {"hours": "24/7"},
    ],
    ids=[
        "another number there",
        "waits at their ends",
        "half a year from tomorrow",
        "the last day",
        "stricter",
        "typed",
    ],
)
def test_what_lies_within_the_limits_is_not_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    assert said_of(site(tmp_path, **changed)) == []


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = said_of(site(tmp_path, fever="38.5", emergency="000", crisis="FILL IN: the crisis line"))

    assert [re.sub(r"ours:\d+: (\w+).*", r"\1", one) for one in told] == ["crisis", "fever", "emergency"]


@pytest.mark.parametrize("pack", ["gb", "us", "es", "fr", "eu112"])
def test_the_example_number_of_every_pathway_of_ours_is_refused(tmp_path: Path, pack: str) -> None:
    example = re.search(r"written as (\+[\d ]+\d)", (CONTENT / "pathways" / f"{pack}.yaml").read_text())
    assert example

    told = said_of(
        site(tmp_path, pack, {**GB, "line": example[1], "country": PLACE[pack], "crisis": "the line, 116 123"})
    )

    assert any(f"line {example[1]} is an example that nobody answers" in one for one in told)


def test_the_plain_pathway_serves_every_country_where_112_is_known_to_work(tmp_path: Path) -> None:
    own = {"country": "GB", "zone": "UTC", "crisis": "116 123", "bereavement": "Cruse, 0808 808 1677"}
    library = load(CONTENT, site(tmp_path, "eu112", {**GB, **own}))

    told = {}
    for name in EVERYWHERE_112.split():
        land = library.countries[name]
        line = LINES.get(name, f"{land.prefix} 1555123")
        there = replace(library.book.pathway, country=name, zone=land.zones[0], line=line)
        told[name] = list(refused(replace(library, book=replace(library.book, pathway=there)), TODAY))

    assert {name: problems for name, problems in told.items() if problems} == {}
