"""`run.py export` as CSV and as FHIR: the same answers, none that runs in a spreadsheet, and each person noted."""

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle

from bot.export import harmless
from tests.house import House, house, report, wording
from tests.test_fhir import faults

CARER, OTHER, QUIET = 1001, 1002, 1003
FORMULA = "=2+5, her legs are numb"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Two who agreed and told something, and a guest who did."""
    async with house(tmp_path) as it:
        first, second, guest = await it.member(CARER), await it.member(OTHER), await it.guest(QUIET)
        first.say(FORMULA)
        await first.wait_for(wording("advice.watch"))
        await second.answered(report(second))
        await guest.answered(report(guest))
        yield it


async def test_as_csv_the_answers_are_the_same_and_none_is_a_formula(home: House) -> None:
    told, file = await home.exported(), home.folder / "answers.csv"

    ran = await home.command("export", "--format", "csv", "--out", str(file))

    assert ran.returncode == 0, ran.stderr
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [{name: said for name, said in row.items() if said} for row in rows] == [
        {name: f"'{said}" if said == FORMULA else said for name, said in one.items()} for one in told
    ]
    assert len(rows) == 2


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", " =1", "\t=1", "\tx", "\r1", "\n1"])
def test_what_a_spreadsheet_would_run_is_words(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "1", "her = legs", "a-b", "2026-11-22"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


async def test_as_fhir_everybody_who_agreed_is_in_one_bundle_that_loads_elsewhere(home: House) -> None:
    ran = await home.command("export", "--format", "fhir")

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    Bundle.model_validate(found)
    assert faults(found) == []
    kinds = [one["resource"]["resourceType"] for one in found["entry"]]
    assert (kinds.count("Patient"), kinds.count("QuestionnaireResponse"), kinds.count("Consent")) == (2, 2, 6)
    assert len(home.rows("SELECT whose FROM audit WHERE what = 'export'")) == 2


async def test_as_fhir_of_nobody_it_is_a_bundle_too(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        ran = await home.command("export", "--format", "fhir")

        Bundle.model_validate(json.loads(ran.stdout))
        assert (await home.command("export", "--format", "csv")).stdout.count("\n") == 1
