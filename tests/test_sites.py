"""A site's own numbers and words that would send a family nowhere: each told with its line and what to do."""

import re
from pathlib import Path

import pytest

from content.load import load
from content.sites import NEVER_CLOSES, PARACETAMOL
from tests.facts import AMBULANCE, CRISIS
from tests.test_pathways import CONTENT, GB, said_of, site


def place(file: Path, field: str) -> int:
    return next(n for n, line in enumerate(file.read_text().splitlines(), 1) if line.startswith(f"{field}:"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("111", "is a short number, of no team: write the number of the team's own line, with its country, such as +44 "
         "and the digits after it."),
        ("988", "is a short number, of no team"),
        ("3114", "is a short number, of no team"),
        ("+44 20 7123", "has too few digits, too many, or some that no telephone there has: write the number of the "
         "team's own line, as you dial it from abroad."),
        ("+44 1632 5551234567", "has too few digits, too many"),
        ("+44 4632 555123", "has too few digits, too many"),
        ("+44 2000000000", "has too few digits, too many"),
        ("+44 0000000000", "has a 0 after +44, which is dialled inside the country alone"),
        ("+44 01632 555123", "has a 0 after +44"),
        ("+44 906 5551234", "costs more than an ordinary call"),
    ],
)  # fmt: skip
def test_a_line_that_never_reaches_a_team_is_refused(tmp_path: Path, line: str, said: str) -> None:
    file = site(tmp_path, line=line)

    [told] = said_of(file)

    assert told.startswith(f"ours:{place(file, 'line')}: line {line} {said}")


@pytest.mark.parametrize(
    ("country", "line", "right"),
    [
        ("US", "+1 202 555", False),
        ("US", "+1 900 555 2345", False),
        ("US", "+1 202 155 2345", False),
        ("US", "+1 202 555 2345", True),
        ("FR", "+33 1 55 51 23", False),
        ("FR", "+33 1 55 51 23 45", True),
        ("ES", "+34 806 555 123", False),
        ("ES", "+34 915 551 234", True),
        ("IT", "+39 06 5551234", True),
        ("IS", "+354 555 1234", True),
        ("IS", "+354 55512", False),
        ("GB", "+44 800 555123", True),
        ("GB", "+44 20 7123 4567", True),
    ],
)
def test_the_digits_are_those_of_the_country(tmp_path: Path, country: str, line: str, right: bool) -> None:
    zone = load(CONTENT, "demo").countries[country].zones[0]
    file = site(
        tmp_path, "eu112", {**GB, "country": country, "zone": zone, "line": line, "crisis": "the line, 116 123"}
    )

    told = [one for one in said_of(file) if ": line " in one]

    assert (told == []) is right


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("team", "the MSCC coordinator", 'team names "MSCC", a line for professionals that families never call: write '
         "what they call the team of the alert card, such as the spine nurses."),
        ("team", "the cord compression coordinator", 'team names "cord compression coordinator", a line'),
        ("go", "your GP in the morning", 'go is "your GP in the morning", and families may come at any hour of any '
         'day: "GP" does not fit that. Write a place that never closes, such as the emergency department'),
        ("go", "the day unit", 'go is "the day unit", and families may come at any hour'),
        ("go", "ward 7, 9am to 5pm", 'go is "ward 7, 9am to 5pm", and families may come at any hour'),
        ("team", r"the spine\nnurses", "team holds a character that is not seen, breaks the line or turns words round "
         "(U+000A): type it anew by hand, on one line."),
        ("go", r"the \u202Eward", "go holds a character that is not seen, breaks the line or turns words round "
         "(U+202E): "),
        ("crisis", "a line, open 24/7", 'crisis "a line, open 24/7" has no number that can be dialled: write the name'),
        ("crisis", "Samaritans on 000", 'crisis "Samaritans on 000" has no number that can be dialled'),
        ("painkiller", "co-codamol", 'painkiller names "co-codamol": write what paracetamol is called there'),
        ("painkiller", "paracetamol with codeine", 'painkiller names "codeine": write what paracetamol is'),
        ("painkiller", "water", 'painkiller "water" is not what paracetamol is called there: write paracetamol or'),
        ("fever", "36.9", "fever counts from 36.9 °C, which a healthy body has: write 37.0 or more, as the team does."),
    ],
)  # fmt: skip
def test_words_that_would_lead_a_family_astray_are_refused(tmp_path: Path, field: str, text: str, said: str) -> None:
    file = site(tmp_path, **{field: text})

    [told] = said_of(file)

    assert told.startswith(f"ours:{place(file, field)}: {said}")


@pytest.mark.parametrize(
    "changed",
    [
        {"go": "the emergency department, which never closes; no appointment needed"},
        {"go": "A&E at the Morningside hospital"},
        {"crisis": "Lifeline on 13 11 14"},
        {"crisis": "the line, 024"},
        {"painkiller": "Acetaminophen (Tylenol)"},
        {"fever": "37.0"},
        {"team": "the nurses’ team at Hôpital Sainte-Anne"},
    ],
)
def test_what_a_site_may_well_say_is_not_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    assert said_of(site(tmp_path, **changed)) == []


def test_every_language_knows_what_paracetamol_is_called() -> None:
    assert PARACETAMOL.keys() == load(CONTENT, "demo").words.keys()


def test_every_language_can_say_that_a_line_never_closes() -> None:
    assert NEVER_CLOSES.keys() == load(CONTENT, "demo").words.keys()


def test_what_a_site_says_of_medicine_days_is_held_as_its_other_words_are(tmp_path: Path) -> None:
    file = site(tmp_path)
    file.write_text(f"{file.read_text()}\nmedicine: the tablets on your plan\n")
    assert said_of(file) == []

    file.write_text(file.read_text().replace("the tablets", "the safe tablets"))

    assert [one for one in said_of(file) if 'medicine says "safe"' in one]


def test_working_hours_so_short_that_what_is_urgent_waits_for_days_are_refused(tmp_path: Path) -> None:
    file = site(tmp_path)
    days, rest = re.split("until: 18:00", file.read_text().replace("from: 08:00", "from: 22:00"))

    file.write_text(f"{days}until: 01:59{rest}")
    [told] = said_of(file)

    assert "working_hours from 22:00 until 01:59 are less than 4 hours: what is urgent would wait too long." in told
    file.write_text(f"{days}until: 02:00{rest}")
    assert said_of(file) == []


def test_every_country_that_families_are_offered_has_a_crisis_line_and_the_others_a_zone_and_a_prefix() -> None:
    library = load(CONTENT, "demo")
    found = library.book.item("welcome/country")
    assert found

    offered = {option.id for option in found[1].options}

    assert [name for name in sorted(offered) if not library.countries[name].crisis] == []
    known = {name: country for name, country in library.countries.items() if name != "other"}
    assert [name for name, country in known.items() if not (country.zones and country.prefix)] == []


def test_the_numbers_of_every_country_are_as_the_facts_say() -> None:
    countries = load(CONTENT, "demo").countries

    assert {name: countries[name].emergency for name in AMBULANCE} == AMBULANCE
    assert {one.emergency for name, one in countries.items() if name not in AMBULANCE} == {"112"}
    for name, numbers in CRISIS.items():
        assert all(number in countries[name].crisis for number in numbers)
