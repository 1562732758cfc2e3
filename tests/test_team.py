"""Leads: who looked at a person's record, and a coordinator who is taken out and can open nothing any more."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app
from bot.attempts import MOST, WITHIN
from bot.sandbox import Phone
from flows.person import spoken
from tests.house import House, house, report, schedule, tap, wording

CARER, NURSE, LEAD, STRANGER = 1001, 1002, 1003, 1004
WORDS = "Quillfeather"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


async def lead(home: House) -> Phone:
    """A lead who has just joined."""
    phone = home.sandbox.phone(LEAD)
    code = (await home.command("invite", "--lead")).stdout.splitlines()[0]
    phone.command(f"/start {code}")
    await phone.wait_for(wording("staff.joined_lead"))
    return phone


async def pressed(phone: Phone, data: str, under: int = 1) -> str:
    """What comes after a tap: the newest message."""
    before = phone.last.id
    await phone.answered(phone.press(under, data))
    return (await phone.wait_for(lambda one: True, since=before)).text


async def test_a_lead_sees_who_looked_at_a_person_and_others_do_not(home: House) -> None:
    nurse, head, carer = await home.staff(NURSE), await lead(home), await home.member(CARER)
    [(code,)] = home.rows("SELECT id FROM people WHERE kind = 'person'")
    by = {row[0] for row in home.rows("SELECT who FROM audit WHERE what = 'joined'")}
    await carer.answered(report(carer))
    await nurse.wait_for(wording("alert.emergency"))
    for _ in range(2):
        await pressed(nurse, f"log:new:{code}:x")

    told = await pressed(head, f"looked:new:{code}:x")

    assert spoken(code) in told
    assert spoken(by.pop()) in told
    assert "saw check-ins (2 times that day)" in told
    assert wording("looked.who") not in await pressed(nurse, f"looked:new:{code}:x")
    assert "saw check-ins" not in await pressed(carer, f"looked:new:{code}:x")
    assert "saw check-ins (2 times that day)" in await pressed(carer, "looked:new::x")
    shown = await pressed(head, f"person:open:{code}:x")
    assert spoken(code) in shown
    await tap(head, f"looked:new:{code}")


async def test_of_somebody_who_shows_nothing_a_lead_sees_no_looks_either(home: House) -> None:
    head = await lead(home)
    await home.member(CARER, show="no")
    [(code,)] = home.rows("SELECT id FROM people WHERE kind = 'person'")

    assert wording("looked.nobody") in await pressed(head, f"looked:new:{code}:x")


async def test_a_coordinator_taken_out_gets_nothing_from_any_button_of_their_open_screens(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await schedule(carer)
    carer.say(f"{WORDS} says her legs are numb")
    await nurse.wait_for(wording("alert.emergency"))
    head = await lead(home)
    [(code,)] = home.rows("SELECT id FROM people WHERE kind = 'person'")
    nurse_code = home.rows("SELECT who FROM audit WHERE what = 'joined'")[0][0]
    await tap(nurse, "alert:take")
    for data in (f"person:open:{code}:x", f"log:new:{code}:x", "log:new::x", f"remind:list:{code}:x", "alerts:0::x"):
        await pressed(nurse, data)
    await pressed(nurse, f"picture:7:{code}:x")
    nurse.command("/alerts")
    await nurse.wait_for(wording("alerts.taken"))
    await pressed(head, "team:show::x")
    await tap(head, f"team:out:{nurse_code}")
    await tap(head, f"team:outsure:{nurse_code}")
    await nurse.wait_for(wording("team.dismissed"))
    await head.wait_for(wording("team.out"))
    last = nurse.last.id
    buttons = {
        (message.id, button.data)
        for message in nurse.received
        for row in message.buttons
        for button in row
        if button.data and message.id < last
    }
    assert len({data.split(":")[0] for _, data in buttons}) >= 8, buttons

    told = [await pressed(nurse, data, under) for under, data in sorted(buttons)]
    for command in ("/alerts", "/log", f"/log {code}", "/figures", "/team", f"/died {code}"):
        before = nurse.last.id
        nurse.command(command)
        told.append((await nurse.wait_for(lambda one: True, since=before)).text)

    for said in told:
        assert not any(one in said for one in (WORDS, spoken(code), "legs", "numb")), said
    assert home.rows("SELECT count(*) FROM people WHERE kind = 'coordinator'") == [(1,)]
    assert home.rows("SELECT state, taken_by FROM alerts") == [("open", None)]
    assert home.rows("SELECT who FROM audit WHERE what = 'taken out' AND whose = ?", nurse_code) != []
    assert home.rows("SELECT count(*) FROM outbox WHERE person = ?", nurse_code) == [(0,)]


async def test_a_lead_takes_out_neither_themself_nor_anybody_by_a_made_up_code(home: House) -> None:
    head, nurse = await lead(home), await home.staff(NURSE)
    codes = dict(home.rows("SELECT what, who FROM audit WHERE what LIKE 'joined%'"))

    await pressed(head, f"team:outsure:{codes['joined as lead']}:x")
    await pressed(head, "team:outsure:ABCD2345:x")
    await pressed(nurse, f"team:outsure:{codes['joined as lead']}:x")

    assert home.rows("SELECT count(*) FROM people WHERE kind = 'coordinator'") == [(2,)]


async def test_a_coordinator_becomes_a_lead_by_a_leads_code_and_stays_one_after_a_restart(home: House) -> None:
    nurse = await home.staff(NURSE)
    code, _ = await app.invite(home.running.database, home.clock.now(), lead=True)
    assert wording("team.leads_only") in await pressed(nurse, "team:show::x")

    nurse.command(f"/start {code}")
    await nurse.wait_for(wording("staff.joined_lead"))
    await home.restart()

    assert wording("team.title") in await pressed(nurse, "team:show::x")


async def test_after_some_wrong_codes_a_chat_waits_an_hour_and_others_do_not(home: House) -> None:
    stranger, nurse = home.sandbox.phone(STRANGER), home.sandbox.phone(NURSE)
    codes = [(await app.invite(home.running.database, home.clock.now()))[0] for _ in range(2)]
    for _ in range(MOST):
        last = stranger.command("/start lorem")
        await stranger.wait_for(wording("staff.bad_code"), since=last)

    last = stranger.command(f"/start {codes[0]}")
    await stranger.wait_for(wording("staff.too_many"), since=last)
    nurse.command(f"/start {codes[1]}")
    await nurse.wait_for(wording("staff.joined"))
    last = stranger.command("/start my legs are numb")
    await stranger.wait_for(wording("advice.watch"), since=last)
    home.clock.advance(home.clock.now() + WITHIN + timedelta(seconds=1))
    stranger.command(f"/start {codes[0]}")

    await stranger.wait_for(wording("staff.joined"), since=last)
