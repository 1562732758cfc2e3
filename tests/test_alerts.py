"""An alert until somebody has it, over the real wire and through restarts: told again, to the next, to the family."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from flows.loop import SOON
from flows.person import spoken
from tests.house import TOP, House, house, report, tap, wording

CARER, NURSE, DOCTOR = 7, 8, 9
AGAIN, LIMIT = "nobody has this yet", timedelta(minutes=10)  # the demo pathway's
UNANSWERED = wording("family.unanswered_call")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as started:
        yield started


async def passes(home: House) -> None:
    """As much time as a coordinator has."""
    await home.running.advance(home.clock.now() + LIMIT)


async def off_duty(home: House, number: int) -> None:
    phone = home.sandbox.phone(number)
    phone.command("/duty")
    await tap(phone, "duty:off")
    await phone.wait_for(wording("duty.off"))


async def test_an_alert_nobody_takes_is_told_again_then_to_the_next_then_the_family_hears(home: House) -> None:
    nurse, doctor, carer = await home.staff(NURSE), await home.staff(DOCTOR), await home.member(CARER)
    await off_duty(home, DOCTOR)
    await carer.answered(report(carer))
    first = await nurse.wait_for(wording("alert.emergency"))

    await home.restart()
    await passes(home)
    again = await nurse.wait_for(AGAIN, since=first)
    to_next = await doctor.wait_for(AGAIN)
    assert UNANSWERED not in "".join(carer.texts)

    await home.restart()
    await passes(home)
    await nurse.wait_for(AGAIN, since=again)
    await doctor.wait_for(AGAIN, since=to_next)
    told = await carer.wait_for(UNANSWERED)
    assert "+44 1632 960123" in told.text
    assert wording("alert.emergency") not in "".join(doctor.texts)


async def test_an_alert_that_somebody_has_is_told_to_nobody_again_and_its_steps_are_kept(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await carer.answered(report(carer))
    await tap(nurse, "alert:take")
    await carer.wait_for(wording("family.taken_call"))
    await tap(nurse, "alert:note")
    nurse.say("Quillfeather has the key")
    await nurse.wait_for("Quillfeather has the key")

    await home.restart()
    before = nurse.last
    for _ in range(3):
        await passes(home)
    await tap(nurse, "alert:not_reached")
    shown = await nurse.wait_for("Quillfeather has the key", since=before)
    await carer.wait_for(wording("family.not_reached_call"))
    assert "called and did not reach them" in shown.text
    assert AGAIN not in "".join(nurse.texts)
    assert UNANSWERED not in "".join(carer.texts)
    assert "Quillfeather" not in "".join(carer.texts)
    assert "Quillfeather" not in str(home.rows("SELECT * FROM alerts"))
    await tap(nurse, "alert:close")
    await nurse.wait_for(wording("alert.closed"))
    assert home.rows("SELECT state FROM alerts") == [("closed",)]


async def test_an_alert_whose_coordinator_leaves_is_told_to_the_others_at_once(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await carer.answered(report(carer))
    await tap(nurse, "alert:take")
    await nurse.wait_for(wording("alert.taken"))
    doctor = await home.staff(DOCTOR)
    ((code,),) = home.rows("SELECT subject FROM alerts")

    ((nurse_code,),) = home.rows("SELECT taken_by FROM alerts")
    assert (await home.command("erase", nurse_code)).returncode == 0
    await home.running.ticker.tick()

    told = await doctor.wait_for("open again")
    assert spoken(code) in told.text


async def test_a_closed_alert_is_open_again_when_the_family_has_reached_no_help(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await carer.answered(report(carer))
    await tap(nurse, "alert:take")
    await nurse.wait_for(wording("alert.taken"))
    await tap(nurse, "alert:close")
    await nurse.wait_for(wording("alert.closed"))
    await home.running.advance(home.clock.now() + SOON)
    await carer.wait_for(wording("loop.ask"))
    await home.restart()
    assert home.rows("SELECT state FROM alerts") == [("closed",)]

    await tap(carer, "reached:no_answer")
    told = await nurse.wait_for("open again")
    assert home.rows("SELECT state, taken_by FROM alerts") == [("open", None)]
    assert "cannot get through" in told.text

    await home.restart()
    await passes(home)
    await nurse.wait_for(AGAIN, since=told)


async def test_a_closed_alert_is_open_again_when_somebody_is_back_who_told_of_no_help(home: House) -> None:
    await home.running.advance(
        (home.clock.now() + timedelta(days=1)).replace(hour=12)
    )  # by night they hear of no block
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await carer.answered(report(carer))
    await tap(nurse, "alert:take")
    await nurse.wait_for(wording("alert.taken"))
    await tap(nurse, "alert:close")
    await nurse.wait_for(wording("alert.closed"))
    carer.block()
    await nurse.wait_for("has blocked me")
    await home.restart()
    assert home.rows("SELECT state FROM alerts") == [("closed",)]

    carer.unblock()
    await nurse.wait_for("can be reached again")
    told = await nurse.wait_for("open again")
    assert home.rows("SELECT state, taken_by FROM alerts") == [("open", None)]
    assert "had blocked me and is back" in told.text


async def test_an_emergency_told_before_coordinators_might_see_it_is_told_them_when_they_may(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER, show="no")
    await carer.answered(report(carer))
    await home.running.advance(home.clock.now() + timedelta(minutes=5))
    assert home.rows("SELECT * FROM alerts") == []

    carer.command("/mydata")
    await tap(carer, "data:show_on")
    told = await nurse.wait_for("told earlier")
    ((code,),) = home.rows("SELECT subject FROM alerts")
    assert spoken(code) in told.text

    # hidden and shown again: the same alert, told again at once
    await tap(carer, "data:show_off")
    await home.restart()
    await tap(carer, "data:show_on")
    await home.running.ticker.tick()
    again = await nurse.wait_for(AGAIN)
    assert told.text.splitlines()[1] == again.text.splitlines()[1]  # when it was told, and what
    assert home.count("alerts") == 1


async def test_outside_working_hours_who_is_on_duty_is_told_and_the_family_hears_so_at_once(home: House) -> None:
    saturday = home.clock.now() + timedelta(days=12 - home.clock.now().weekday())
    await home.running.advance(saturday.replace(hour=12))
    nurse, doctor, carer = await home.staff(NURSE), await home.staff(DOCTOR), await home.member(CARER)
    await off_duty(home, DOCTOR)
    before = carer.last.id

    carer.say("my back hurts")
    told = await carer.wait_for(wording("family.away"))
    await nurse.wait_for(wording("alert.away"))

    said = [one.text for one in carer.received if one.id > before]
    assert said.index(told.text) == 1, "what to do comes first, then that nobody works"
    assert "08:00" in told.text
    ((raised, due),) = home.rows("SELECT alerts.at, due FROM alerts, timers WHERE timers.name = 'alert ' || alerts.id")
    assert datetime.fromisoformat(due) - datetime.fromisoformat(raised) == timedelta(days=1)
    await home.restart()
    await home.running.advance(datetime.fromisoformat(due))
    await doctor.wait_for(AGAIN)
    assert wording("alert.away") not in "".join(doctor.texts)


async def test_no_coordinator_at_all_is_told_to_the_family(home: House) -> None:
    carer = await home.member(CARER)
    await carer.answered(report(carer))

    await passes(home)

    await carer.wait_for(UNANSWERED)


def test_an_alert_that_stood_open_before_the_upgrade_is_told_again(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(TOP / "bot" / "migrations"))
    now = datetime.now(UTC)
    with create_engine(f"sqlite:///{tmp_path}/old.db").begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        for name, state, age in (("NEW", "open", 1), ("OLD", "open", 30), ("HAD", "taken", 1)):
            row = {"id": name, "state": state, "at": (now - timedelta(hours=age)).isoformat()}
            db.execute(text("INSERT INTO alerts VALUES (:id, 'P', 3, :at, :state, NULL, NULL, x'')"), row)

        command.upgrade(config, "head")

        assert db.execute(text("SELECT person, name, serves FROM timers")).all() == [("P", "alert NEW", "0")]
