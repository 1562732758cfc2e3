"""The whole way: phones, the Bot API over real sockets, python-telegram-bot, the database on disk, and back."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.person import spoken
from tests.house import TOP, House, agree, calm, everything, house, offers, report, schedule, tap, through, wording

CARER, OTHER, NURSE, DOCTOR = 1001, 1003, 1002, 1004
HALF_A_DAY = timedelta(hours=12)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


async def test_a_red_flag_of_someone_who_agreed_reaches_the_coordinator_who_takes_it(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)

    await carer.answered(report(carer))
    await nurse.wait_for(wording("alert.emergency"))
    await tap(nurse, "alert:take")

    await nurse.wait_for(wording("alert.taken"))
    assert home.rows("SELECT state, urgency FROM alerts") == [("taken", 3)]


async def test_a_red_flag_of_someone_who_did_not_agree_is_answered_and_told_to_nobody(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER, show="no")
    guest = await home.guest(OTHER)

    for phone in (carer, guest):
        before = phone.last.id
        await phone.answered(report(phone))
        await phone.wait_for(wording("advice.watch"), since=before)

    assert home.count("alerts") == 0
    assert wording("alert.emergency") not in "".join(nurse.texts)


async def test_of_two_coordinators_at_once_one_has_the_alert_and_the_other_is_told_who(home: House) -> None:
    nurse, doctor, carer = await home.staff(NURSE), await home.staff(DOCTOR), await home.member(CARER)
    await carer.answered(report(carer))
    shown = [(phone, await phone.wait_for(wording("alert.emergency"))) for phone in (nurse, doctor)]

    for phone, message in shown:
        phone.press(message.id, offers(message, "alert:take"))
    winner, loser = nurse, doctor
    await winner.wait_for(wording("alert.taken"))
    told = await loser.wait_for(wording("alert.taken_by"))

    ((taken_by,),) = home.rows("SELECT taken_by FROM alerts")
    assert spoken(taken_by) in told.text
    assert wording("alert.taken") not in "".join(loser.texts)


async def test_coordinators_page_through_alerts_and_the_log(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    for _ in range(8):
        await carer.answered(report(carer))
    ((code,),) = home.rows("SELECT DISTINCT subject FROM alerts")

    nurse.command("/alerts")
    first = await nurse.wait_for(wording("alerts.title"))
    assert len([label for label in first.labels if spoken(code) in label]) == 6
    await tap(nurse, "alerts:1")
    second = await nurse.wait_until(lambda: first if len(first.labels) < 6 else None)
    assert offers(second, "alerts:0")

    nurse.command("/log")
    log = await nurse.wait_for(wording("log.title"))
    assert log.text.count(spoken(code)) == 6
    nurse.command(f"/log {spoken(code).lower()}")
    await nurse.wait_for(wording("overview.no_schedule"))
    await tap(nurse, "log:0")
    of_one = await nurse.wait_for(f"Check-ins of {spoken(code)}")
    assert offers(of_one, "log:1")
    nurse.command("/log ZZZZ-ZZZZ")
    await nurse.wait_for(wording("log.nobody"))


async def test_alerts_and_log_are_for_coordinators(home: House) -> None:
    carer = await home.member(CARER)
    for command in ("/alerts", "/log"):
        before = carer.last.id
        carer.command(command)
        await carer.wait_for(wording("staff.only"), since=before)


async def test_a_check_in_comes_when_it_is_due_and_is_exported(home: House) -> None:
    carer = await home.member(CARER)
    await schedule(carer)
    due = await home.running.next_checkin()
    assert due is not None

    await home.running.advance(due)
    await carer.wait_for(wording("checkin.hello"))
    await through(carer, "daily", calm)

    lines = [line for line in await home.exported() if line["questionnaire"] == "daily"]
    assert {line["option"] for line in lines} >= {"0", "same", "no"}
    assert set(lines[0]) == {"person", "questionnaire", "item", "option", "at", "content_version", "response"}
    assert len({line["response"] for line in lines}) == 1
    assert home.rows("SELECT state FROM responses WHERE questionnaire = 'daily'") == [("completed",)]


async def test_a_check_in_nobody_answers_is_nudged_once_and_then_missed(home: House) -> None:
    carer = await home.member(CARER)
    await schedule(carer)
    due = await home.running.next_checkin()
    assert due is not None

    await home.running.advance(due + HALF_A_DAY)

    await carer.wait_for(wording("checkin.missed"))
    assert len([text for text in carer.texts if wording("checkin.nudge") in text]) == 1
    assert home.rows("SELECT state FROM responses WHERE questionnaire = 'daily'") == [("missed",)]


async def test_everything_goes_on_after_a_restart_between_any_two_steps(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await home.restart()
    await schedule(carer)
    await home.restart()
    due = await home.running.next_checkin()
    assert due is not None
    await home.running.advance(due)
    question = await carer.wait_for(lambda one: offers(one, "daily/"))
    await home.restart()

    await carer.answered(carer.press(question.id, offers(question, "daily/pain:3")))
    await carer.wait_for(lambda one: offers(one, "daily/"), since=question)
    await home.restart()
    await through(carer, "daily", calm)
    await carer.answered(report(carer))
    await home.restart()
    await nurse.wait_for(wording("alert.emergency"))
    await home.restart()
    await tap(nurse, "alert:take")

    await nurse.wait_for(wording("alert.taken"))
    assert await home.running.next_checkin() == due + timedelta(days=1)
    assert len([text for text in carer.texts if wording("checkin.hello") in text]) == 1
    pains = [line["option"] for line in await home.exported() if line["item"] == "pain"]
    assert pains == ["3"]


async def test_deleting_leaves_no_row_and_the_warning_signs_go_on_working(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await schedule(carer)
    await carer.answered(report(carer))
    await nurse.wait_for(wording("alert.emergency"))
    ((code,),) = home.rows("SELECT id FROM people WHERE kind = 'person'")

    carer.command("/mydata")
    await tap(carer, "data:delete:")
    await tap(carer, "data:deletesure")
    done = await carer.wait_for(wording("mydata.deleted"))

    for table, column in (("people", "id"), ("responses", "person"), ("answers", "person"), ("timers", "person")):
        assert home.rows(f"SELECT * FROM {table} WHERE {column} = ?", code) == []
    assert home.rows("SELECT * FROM outbox WHERE ? IN (person, owner)", code) == []
    await carer.answered(report(carer))
    await carer.wait_for(wording("advice.watch"), since=done)
    await tap(nurse, "alert:take")
    await nurse.wait_for(wording("alert.gone"))


async def test_what_was_sent_is_not_sent_again_by_the_next_start(home: House) -> None:
    carer = await home.member(CARER)
    await carer.answered(report(carer))
    await home.stop()
    assert home.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]

    shown = len(carer.texts)
    await home.start()
    await carer.answered(carer.press(1, "menu:home::x"))
    await home.stop()

    assert len(carer.texts) == shown + 1


async def test_the_log_a_coordinator_looked_at_is_not_kept_as_a_second_copy_of_the_answers(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await carer.answered(report(carer))
    await nurse.wait_for(wording("alert.emergency"))
    await home.stop()
    kept = home.count("outbox")

    await home.start()
    home.sandbox.fail("sendMessage", chat=NURSE, retry_after=1)
    calls = home.sandbox.calls.counts["sendMessage"]
    nurse.command("/log")
    await home.sandbox.calls.wait_for("sendMessage", calls + 1)
    await home.restart()  # it is sent by the next start
    await nurse.wait_for(wording("log.title"))
    await home.stop()

    assert home.count("outbox") == kept


async def test_an_update_that_comes_twice_is_taken_once(home: House) -> None:
    carer = await home.member(CARER)
    await carer.answered(report(carer))

    home.sandbox.repeat()
    await carer.answered(carer.press(1, "menu:home::x"))

    assert home.count("answers") == 1


async def test_ids_that_start_again_lower_are_taken_all_the_same(home: House) -> None:
    carer = await home.member(CARER)
    home.sandbox.next_update_id(77)

    await carer.answered(report(carer))
    await carer.answered(report(carer))

    assert home.count("answers") == 2


async def test_a_red_flag_button_of_a_guest_is_a_report_after_the_memory_of_them_is_gone(home: House) -> None:
    guest = await home.guest(CARER)
    guest.command("/symptoms")
    question = await guest.wait_for(lambda one: offers(one, "red_flags/now:yes"))
    await home.restart()

    await guest.answered(guest.press(question.id, offers(question, "red_flags/now:yes")))

    await guest.wait_for(wording("advice.watch"), since=question)


async def test_a_guest_who_lost_their_place_is_told_and_asked_again(home: House) -> None:
    guest = await home.guest(CARER)
    await tap(guest, "menu:consent")
    await guest.wait_for(lambda one: offers(one, "consent/"))
    guest.command("/help")  # its answer shows that the tap before it was confirmed
    await guest.wait_for(wording("help.all"))
    await home.restart()

    await tap(guest, "consent/adult:yes")
    await guest.wait_for(wording("other.lost_place"))
    await through(guest, "welcome")
    await agree(guest)

    assert home.rows("SELECT kind FROM people") == [("person",)]


async def test_a_group_and_a_channel_are_told_to_write_privately(home: House) -> None:
    carer, group = home.sandbox.phone(CARER), home.sandbox.chat(-500)
    carer.say("my legs have gone weak", chat=group.id)
    home.sandbox.channel_post(-1007, "hello")
    channel = home.sandbox.chat(-1007)

    seen = [chat.messages for chat in (group, channel)]
    while not all(any(wording("other.group") in one.text for one in list(messages.values())) for messages in seen):
        waiter = asyncio.get_running_loop().create_future()
        for chat in (group, channel):
            chat.waiters.append(waiter)
        await asyncio.wait_for(waiter, 5)

    assert home.count("people") == 0


async def test_nothing_a_person_sends_is_met_with_silence(home: House) -> None:
    for phone in (await home.guest(CARER), await home.member(OTHER)):
        before = phone.last.id
        for _ in everything(phone):
            await phone.wait_for(lambda one: True, since=before)
            before = phone.last.id


async def test_every_tap_stops_turning_also_on_buttons_nobody_knows(home: House) -> None:
    for phone in (await home.guest(CARER), await home.member(OTHER)):
        for data in ("no:such:button:x", "☠", "menu:home::x", "treat:list::x", "alert:take:AAAA:x", "data:delete::x"):
            await phone.answered(phone.press(1, data))


def test_words_are_recognised_from_the_command_line() -> None:
    asked = '{"id": 1, "text": "Her legs have gone numb"}\n{"id": 2, "text": "the kettle is on"}\n'
    ran = subprocess.run(
        [sys.executable, str(TOP / "run.py"), "recognise"],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(one["id"], one["level"]) for one in found] == [(1, "emergency"), (2, "none")]
