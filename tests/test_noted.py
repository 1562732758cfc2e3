"""What stands in the log: every read of somebody's record by staff, every change, and nothing of guests."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.house import House, house, offers, report, tap, wording

CARER, OTHER, NURSE = 1001, 1002, 1003


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


def code(home: House, kind: str) -> str:
    (found,) = {row[0] for row in home.rows("SELECT id FROM people WHERE kind = ?", kind)}
    return f"{found[:4]}-{found[4:]}"


async def whats(home: House) -> Counter[tuple[str, str]]:
    """(who, what) of the lines that are there."""
    shown = (await home.command("audit")).stdout.splitlines()[1:]
    return Counter((line[30:40].strip(), line[41:57].strip()) for line in shown)


async def test_every_screen_on_which_a_coordinator_sees_somebody_is_a_line(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    by, whose = code(home, "coordinator"), code(home, "person")
    plain = whose.replace("-", "")
    before = await whats(home)
    await carer.answered(report(carer))
    shown = await nurse.wait_for(wording("alert.emergency"))

    async def looked(*what: str) -> None:
        nonlocal before
        now = await whats(home)
        assert now - before == Counter((by, one) for one in what), now - before
        before = now

    await looked("alert")
    for data, what in {
        f"person:open:{plain}:x": "page",
        f"log:new:{plain}:x": "log",
        "log:new::x": "log",
        f"picture:7:{plain}:x": "picture",
        "menu:alerts::x": "alert list",
        f"remind:list:{plain}:x": "reminders",
        f"died:look:{plain}:x": "page",
    }.items():
        last = nurse.last.id
        await nurse.answered(nurse.press(shown.id, data))
        await nurse.wait_for(lambda one: True, since=last)
        await looked(what)
    nurse.command(f"/log {whose}")
    await nurse.wait_for(wording("overview.title"), since=nurse.last.id)
    await looked("page")
    last = nurse.last.id
    nurse.command("/figures")
    await nurse.wait_for(lambda one: True, since=last)
    await looked()
    await home.running.advance(home.clock.now() + timedelta(hours=26))
    await nurse.wait_for(wording("digest.title"), since=last)
    now = await whats(home)
    assert (now - before)[by, "digest"] in (1, 2)  # of one morning or two
    before = now
    await home.exported()
    assert ((await whats(home)) - before)["site", "export"] == 1
    rows = home.rows("SELECT DISTINCT whose FROM audit WHERE what NOT IN ('invited', 'joined')")
    assert len(rows) == 1
    assert plain not in str(rows)
    mine = (await home.command("audit", "--person", whose)).stdout.splitlines()[1:]
    assert len(mine) == home.rows("SELECT count(*) FROM audit WHERE whose = ?", rows[0][0])[0][0]
    assert all(line.endswith(whose) for line in mine)


async def test_every_change_of_a_record_is_a_line(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER, remind="no")
    by, whose = code(home, "coordinator"), code(home, "person")
    plain = whose.replace("-", "")
    await carer.answered(report(carer))
    shown = await nurse.wait_for(wording("alert.emergency"))
    for option in ("take", "reached", "note"):
        await tap(nurse, f"alert:{option}")
    nurse.say("lorem ipsum")
    await nurse.wait_for(wording("alert.noted"))
    await tap(nurse, "alert:close")
    await nurse.answered(nurse.press(shown.id, f"message:write:{plain}:x"))
    nurse.say("dolor sit amet")
    await nurse.wait_for(wording("letter.sent"))
    await nurse.answered(nurse.press(shown.id, f"person:open:{plain}:x"))
    await tap(nurse, "reviewed:")
    for option in ("remind_on", "show_off"):
        await carer.answered(carer.press(shown.id, f"data:{option}::x"))
    await carer.answered(carer.press(shown.id, "data:deletesure::x"))
    await nurse.answered(nurse.press(shown.id, "data:deletesure::x"))
    await nurse.wait_for(wording("mydata.deleted"))

    found = await whats(home)

    for what in ("taken", "reached", "note", "closed"):
        assert found[(by, f"alert {what}")] == 1, what
    assert [found[by, what] for what in ("joined", "wrote", "reviewed", "left")] == [1, 1, 1, 1]
    changed = ("allowed keep", "allowed show", "refused remind", "allowed remind", "refused show", "erased")
    assert [found["self", what] for what in changed] == [1] * len(changed)
    said = (await home.command("audit")).stdout
    assert whose not in said
    assert "erased" in said
    assert not any(word in said for word in ("lorem", "dolor"))


async def test_of_a_guest_nothing_is_written_even_if_they_share_once(home: House) -> None:
    nurse, guest = await home.staff(NURSE), await home.guest(CARER)
    guest.say("her legs are numb")
    await guest.wait_for(wording("advice.watch"))
    before = await whats(home)
    await tap(guest, "share:once")
    shown = await nurse.wait_for(wording("alert.emergency"))
    nurse.press(shown.id, offers(shown, "alert:take"))
    await nurse.wait_for(wording("alert.taken"))
    nurse.command("/alerts")
    await nurse.wait_for(wording("alerts.taken"))

    assert await whats(home) == before


async def test_what_is_done_on_the_command_line_is_a_line_and_a_restore_goes_on_from_its_copy(home: House) -> None:
    await home.staff(NURSE)
    await home.member(CARER)
    await home.member(OTHER)
    ((first,), _) = home.rows("SELECT id FROM people WHERE kind = 'person'")
    data, keys = home.folder / "copy.db", home.folder / "apart.db"
    assert (await home.command("backup", str(data))).returncode == 0
    assert (await home.command("erase", first)).returncode == 0
    assert (await home.command("backup", "--keys", str(keys))).returncode == 0
    await home.stop()
    assert (await home.command("rotate-key")).returncode == 0
    head = (await home.command("audit", "--head")).stdout.strip()
    site = [what for (who, what), _ in (await whats(home)).items() if who == "site"]
    assert site == ["invited", "copied data", "erased", "copied keys", "key changed"]
    assert (await home.command("audit", "--verify", "--head", head)).returncode == 0
    elsewhere = str(home.folder / "elsewhere")
    old = next((home.folder / "key").glob("master.key.old-*"))

    ran = await home.command(
        "restore", str(data), "--keys", str(keys), BACKWATCH_DATA=elsewhere, BACKWATCH_KEY_FILE=str(old)
    )

    assert ran.returncode == 0, ran.stderr
    there = {"BACKWATCH_DATA": elsewhere, "BACKWATCH_KEY_FILE": str(old)}
    assert (await home.command("audit", "--verify", **there)).returncode == 0
    last = (await home.command("audit", **there)).stdout.splitlines()[-1]
    assert last.split()[3:] == ["site", "restored"]
    told = await home.command("audit", "--verify", "--head", head, **there)
    assert (told.returncode, "are missing" in told.stderr or "does not hold" in told.stderr) == (1, True)
