"""/mydata: who looked, and everything that is kept as files; for the person alone, and nowhere on disk in clear."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from bot.sandbox import Phone
from flows.person import spoken
from tests.house import House, house, report, schedule, tap, through, wording
from tests.test_fhir import faults
from tests.test_no_trace import traces

CARER, OTHER, NURSE = 1001, 1002, 1003
WORDS = "Quillfeather"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


async def files(home: House, phone: Phone) -> list[Any]:
    """What a tap on the button under /mydata brings, each read."""
    before = phone.last.id
    await phone.answered(phone.press(1, "data:file::x"))
    await phone.wait_until(lambda: len([one for one in phone.received if one.id > before]) == 2 or None)
    sent = [one.content["document"]["file_id"] for one in phone.received if one.id > before]
    return [json.loads(home.sandbox.world.files[one].data) for one in sent]


async def test_everything_kept_comes_as_a_file_and_as_a_bundle_that_loads_elsewhere(home: House) -> None:
    nurse, carer, other = await home.staff(NURSE), await home.member(CARER), await home.member(OTHER)
    other.say("lorem ipsum, her arms are weak")
    await other.wait_for(wording("advice.watch"))
    await schedule(carer)
    carer.say(f"{WORDS} says her legs are numb")
    await nurse.wait_for(lambda one: WORDS not in one.text and wording("alert.emergency") in one.text)
    await tap(carer, "menu:symptoms")
    await through(carer, "red_flags", lambda item: item.options[-1].id)
    await tap(nurse, "alert:take")
    code = next(line["person"] for line in await home.exported() if WORDS in str(line.get("value")))

    told, bundle = await files(home, carer)

    assert told["code"] == spoken(code)
    assert WORDS in json.dumps(told["responses"])
    assert {one["questionnaire"] for one in told["responses"]} == {"words", "red_flags"}
    assert all(one["question"] and one["answer"] for part in told["responses"] for one in part["answers"])
    assert [one["permission"] for one in told["consents"]] == ["keep", "show", "remind"]
    assert told["schedule"]["clock"] == "09:00"
    assert len(told["alerts"]) >= 1
    assert {"at", "by", "note", "to", "what"} == told["alerts"][0]["steps"][0].keys()
    assert any(wording("advice.watch") in one["text"] for one in told["messages"])
    assert {one["what"] for one in told["who_looked"]} >= {"alert"}
    assert "lorem" not in json.dumps([told, bundle])
    Bundle.model_validate(bundle)
    assert faults(bundle) == []
    assert WORDS in json.dumps(bundle)
    await home.stop()
    assert home.rows("SELECT id FROM outbox WHERE kind = 'sendDocument'") == []  # dropped once it is sent
    assert traces(home.folder / "data", WORDS) == []


async def test_mydata_says_who_looked_last_and_until_when_it_is_kept(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    carer.command("/mydata")
    first = await carer.wait_for(wording("mydata.kept"))
    assert wording("looked.none") in first.text
    assert "for a year" in first.text
    await carer.answered(report(carer))
    await nurse.wait_for(wording("alert.emergency"))
    [(by,)] = home.rows("SELECT id FROM people WHERE kind = 'coordinator'")

    carer.command("/mydata")

    said = await carer.wait_for(wording("mydata.kept"), since=carer.last)
    assert f"coordinator {spoken(by)} saw an alert" in said.text


async def test_a_guest_and_a_coordinator_are_told_that_nothing_is_kept_and_get_no_file(home: House) -> None:
    guest, nurse = await home.guest(CARER), await home.staff(NURSE)
    for phone, said in ((guest, "mydata.nothing"), (nurse, "mydata.staff")):
        for data in ("data:file::x", "menu:mydata::x"):
            before = phone.last.id
            await phone.answered(phone.press(1, data))
            assert wording(said) in (await phone.wait_for(lambda one: True, since=before)).text
    assert not any("document" in one.content for phone in (guest, nurse) for one in phone.received)


async def test_who_deletes_everything_before_the_file_is_sent_is_sent_none(home: House) -> None:
    carer = await home.member(CARER)
    home.sandbox.fail("sendDocument", status=429, retry_after=1)
    await carer.answered(carer.press(1, "data:file::x"))
    await home.sandbox.calls.wait_for("sendDocument", 1)

    await carer.answered(carer.press(1, "data:deletesure::x"))

    await carer.wait_for(wording("mydata.deleted"))
    assert not any("document" in one.content for one in carer.received)
