"""Coordinators: nothing of their own is remembered, and no alert is lost with them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import records
from flows.advance import advance
from flows.effects import Alert, Begin, Join, Record, ShowAlerts, Wake
from flows.events import Invited, Said, Tapped, Unblocked
from flows.person import Person, spoken
from tests.house import House, house, offers, report, tap, wording
from tests.talks import LIBRARY, START

BOOK = LIBRARY.book
CARER, NURSE, DOCTOR, OTHER = 7, 8, 9, 10


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as started:
        yield started


async def test_an_alert_whose_coordinator_leaves_is_open_again(home: House) -> None:
    nurse, doctor, carer = await home.staff(NURSE), await home.staff(DOCTOR), await home.member(CARER)
    await carer.answered(report(carer))
    shown = await nurse.wait_for(wording("alert.emergency"))
    nurse.press(shown.id, offers(shown, "alert:take"))
    await nurse.wait_for(wording("alert.taken"))

    nurse.press(shown.id, "data:deletesure::x")
    await nurse.wait_for(wording("mydata.deleted"))

    assert home.rows("SELECT state, taken_by FROM alerts") == [("open", None)]
    doctor.command("/alerts")
    await doctor.wait_for(wording("alerts.title"), since=doctor.last)


async def test_what_is_new_of_an_emergency_reaches_the_others_and_once_taken_who_has_it(home: House) -> None:
    nurse, doctor, carer = await home.staff(NURSE), await home.staff(DOCTOR), await home.member(CARER)
    await carer.answered(report(carer))
    shown = await nurse.wait_for(wording("alert.emergency"))
    await doctor.wait_for(wording("alert.emergency"))

    carer.block()
    for colleague in (nurse, doctor):  # nobody has it yet
        await colleague.wait_for(wording("follow.blocked"))
    nurse.press(shown.id, offers(shown, "alert:take"))
    taken = await nurse.wait_for(wording("alert.taken"))
    heard = await doctor.wait_for(wording("alert.last.taken"))
    carer.unblock()
    back = await nurse.wait_for(wording("follow.back"), since=taken.id)

    assert spoken(home.rows("SELECT taken_by FROM alerts")[0][0]) in heard.text
    assert spoken(home.rows("SELECT subject FROM alerts")[0][0]) in back.text
    assert doctor.last.id == heard.id  # the nurse has it: nobody else is told
    assert wording("follow.blocked") not in taken.text  # it is of the person, and no step of the alert


async def test_a_colleague_who_says_yes_has_the_alert_and_it_was_taken_when_the_first_one_did(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    doctor = await home.staff(DOCTOR)
    await carer.answered(report(carer))
    shown = await nurse.wait_for(wording("alert.emergency"))
    nurse.press(shown.id, offers(shown, "alert:take"))
    first = await nurse.wait_for(wording("alert.taken"))
    nurse.press(first.id, offers(first, "alert:over"))
    colleagues = await nurse.wait_for(wording("alert.over"), since=first.id)
    before = home.rows("SELECT taken_by, taken_at FROM alerts")

    nurse.press(colleagues.id, offers(colleagues, "alert:ask."))
    asked = await doctor.wait_for(wording("alert.asks"))
    assert home.rows("SELECT taken_by, taken_at FROM alerts") == before
    doctor.press(asked.id, offers(asked, "alert:take"))
    await doctor.wait_for(wording("alert.taken"))

    after = home.rows("SELECT taken_by, taken_at FROM alerts")
    assert after[0][0] != before[0][0]
    assert after[0][1] == before[0][1]


async def test_a_colleague_who_says_yes_once_has_all_the_alerts(home: House) -> None:
    nurse, carer, other = await home.staff(NURSE), await home.member(CARER), await home.member(OTHER)
    for member in (carer, other):
        before = nurse.last.id
        await member.answered(report(member))
        shown = await nurse.wait_for(wording("alert.emergency"), since=before)
        nurse.press(shown.id, offers(shown, "alert:take"))
        await nurse.wait_for(wording("alert.taken"), since=shown.id)
    doctor = await home.staff(DOCTOR)
    nurse.command("/alerts")
    await tap(nurse, "alert:all")
    await tap(nurse, "alert:askall.")
    asked = await doctor.wait_for(wording("alert.asks_all"))
    held = home.rows("SELECT DISTINCT taken_by FROM alerts")

    doctor.press(asked.id, offers(asked, "alert:takeall"))
    await doctor.wait_for(wording("alert.all_taken"))

    after = home.rows("SELECT taken_by FROM alerts")
    assert len(held) == 1
    assert len(after) == 2
    assert not {*held} & {*after}


async def test_a_message_reaches_one_person_and_is_sealed_and_no_answer_of_theirs(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    [(code,)] = home.rows("SELECT id FROM people WHERE kind = 'person'")
    await carer.answered(report(carer))  # in an emergency a message is read at any hour
    nurse.press(1, f"message:write:{code}:x")
    await nurse.wait_for(wording("letter.ask"))

    nurse.say("the bed comes on Thursday")

    await nurse.wait_for(wording("letter.sent"))
    await carer.wait_for(lambda one: "the bed comes on Thursday" in one.text)
    assert home.rows("SELECT person, state FROM responses WHERE questionnaire = 'letter'") == [(code, "completed")]
    assert not any(b"Thursday" in row[0] for row in home.rows("SELECT sealed FROM answers"))
    async with home.running.database.transaction() as db:
        assert len(await records.answers_after(db, home.running.database.vault, 0, 10)) == 1  # the sign alone


async def test_what_a_guest_was_told_before_they_joined_does_not_reach_the_disk(home: House) -> None:
    carer = home.sandbox.phone(CARER)
    carer.say("my legs are numb")
    await carer.wait_for(wording("advice.watch"))
    assert home.count("outbox") == 0
    phone = await home.staff(CARER)

    await phone.wait_for(wording("alerts.none"))
    assert home.rows("SELECT kind FROM outbox WHERE state = 'sent'") == []


def test_what_a_guest_told_before_becoming_a_coordinator_is_not_remembered() -> None:
    guest = Person(id="X", language="en", role="caregiver", country="GB")
    guest, _ = advance(BOOK, guest, Said(at=START, text="his legs are numb"))

    nurse, effects = advance(BOOK, guest, Invited(at=START))

    assert nurse == Person(id="X", language="en", staff=True, runs=nurse.runs)
    assert effects[0] == Join()
    assert ShowAlerts() in effects


def test_a_coordinators_own_red_flag_is_answered_and_leaves_nothing() -> None:
    nurse = Person(id="X", language="en", staff=True)

    after, effects = advance(BOOK, nurse, Said(at=START, text="my legs are numb"))

    assert after == nurse.moved(runs=after.runs)
    assert not [effect for effect in effects if isinstance(effect, Begin | Record | Alert | Wake)]


def test_a_coordinator_who_can_be_reached_again_is_shown_what_is_open() -> None:
    nurse = Person(id="X", language="en", staff=True, blocked=True)

    _, effects = advance(BOOK, nurse, Unblocked(at=START))

    assert ShowAlerts() in effects


def test_an_old_button_of_a_question_that_is_gone_starts_the_questions() -> None:
    tap = Tapped(at=START, item="daily/wings", option="yes", about="1", version="older")

    after, _ = advance(BOOK, Person(id="X", language="en", role="patient"), tap)

    assert after.place is not None
    assert after.place.questionnaire == "red_flags"
