"""Copies of the data and the keys, made beside a running bot, and the way back."""

import re
import shutil
import signal
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import backup, store
from tests.house import House, house, report, schedule, wording
from tests.test_no_trace import MEMBER, NAME, NURSE, USER, WORDS, traces
from tests.test_rotation import killed

OTHER = 1003


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A coordinator, and somebody who has told something."""
    async with house(tmp_path) as it:
        await it.staff(NURSE)
        it.sandbox.phone(MEMBER, NAME, username=USER)
        member = await it.member(MEMBER)
        member.say(f"{WORDS} says her legs are numb")
        await member.wait_for(wording("advice.watch"))
        yield it


async def ran(home: House, *words: str, **changed: str) -> str:
    """What a command says that goes well."""
    done = await home.command(*words, **changed)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


async def refused(home: House, *words: str) -> str:
    done = await home.command(*words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


async def both(home: House) -> tuple[Path, Path]:
    """Copies of the data and of the keys."""
    data, keys = home.folder / "copy.db", home.folder / "apart.db"
    await ran(home, "backup", str(data))
    await ran(home, "backup", "--keys", str(keys))
    return data, keys


def lose_the_disk(home: House) -> None:
    shutil.rmtree(home.settings.data)


async def test_a_copy_made_beside_the_running_bot_brings_everybody_back(home: House) -> None:
    data, keys = await both(home)
    told = home.count("answers")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (data, keys)} == {0o600}
    await home.stop()
    lose_the_disk(home)

    said = await ran(home, "restore", str(data), "--keys", str(keys))

    assert re.match(r"Restored: 2 people, as of 20\d\d-\d\d-\d\dT\d\d:\d\d", said)
    await home.start()
    member = home.sandbox.phone(MEMBER)
    await member.answered(report(member))
    lines = [line.get("value") for line in await home.exported()]
    assert lines.count(f"{WORDS} says her legs are numb") == told == 1
    assert home.count("people") == 2
    assert {stat.S_IMODE(one.stat().st_mode) for one in home.settings.data.iterdir() if one.is_file()} == {0o600}


async def test_a_copy_of_the_data_holds_no_identity_and_no_word(home: House) -> None:
    await home.stop()
    with closing(sqlite3.connect(home.settings.data / "keys.db")) as db:
        wrapped = db.execute("SELECT fingerprint, wrapped FROM keys").fetchall()
    data, _ = await both(home)
    data.rename(home.folder / "alone")
    held = (home.folder / "alone").read_bytes()

    assert "alone" not in traces(home.folder, WORDS, "Zyxomma", USER, MEMBER)
    assert len(wrapped) == 2
    assert not any(secret in held for row in wrapped for secret in row)


async def test_somebody_erased_after_the_copy_was_made_cannot_be_read_from_it(home: House) -> None:
    other = await home.member(OTHER)
    await other.answered(report(other))
    ((code,),) = home.rows("SELECT person FROM answers ORDER BY id DESC LIMIT 1")
    data, _ = await both(home)
    await ran(home, "erase", code)
    await home.stop()
    kept = home.folder / "keys.db"
    shutil.copy(home.settings.data / "keys.db", kept)  # the disk is well: the keys are those of today
    lose_the_disk(home)

    said = await ran(home, "restore", str(data), "--keys", str(kept))

    assert "1 have no key: erased since" in said
    assert code.encode() in (home.settings.data / "backwatch.db").read_bytes()
    await home.start()
    await home.stop()
    assert code not in {line["person"] for line in await home.exported()}
    assert code.encode() not in (home.settings.data / "backwatch.db").read_bytes()


async def test_each_night_there_is_one_copy_and_the_oldest_go(home: House) -> None:
    folder = home.settings.data / backup.FOLDER
    for night in range(backup.NIGHTS + 3):
        at = home.clock.now() + timedelta(days=night)
        assert await backup.nightly(home.running.database, at)
        assert not await backup.nightly(home.running.database, at)

    nights = sorted(one.stem for one in folder.iterdir() if one.name != "keys.db")
    last = home.clock.now() + timedelta(days=backup.NIGHTS + 2)
    assert nights == [(last - timedelta(days=n)).date().isoformat() for n in reversed(range(backup.NIGHTS))]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}


async def test_the_copy_of_last_night_with_the_keys_beside_it_is_enough(home: House) -> None:
    await home.running.ticker.tidy()
    await home.stop()
    nights = shutil.copytree(home.settings.data / backup.FOLDER, home.folder / "elsewhere")
    (last,) = set(nights.iterdir()) - {nights / "keys.db"}
    lose_the_disk(home)

    assert "Restored: 2 people" in await ran(home, "restore", str(last))


@pytest.mark.parametrize("by", ["themselves", "the operator"])
async def test_who_is_erased_is_in_no_copy_of_the_keys_on_this_disk(home: House, by: str) -> None:
    other = await home.member(OTHER)
    await home.running.ticker.tidy()
    codes = {code for (code,) in home.rows("SELECT id FROM people")}
    copy = home.settings.data / backup.FOLDER / "keys.db"
    assert codes == people_in(copy)

    if by == "themselves":
        other.press(1, "data:deletesure::x")
        await other.wait_for(wording("mydata.deleted"))
    else:
        ((code,),) = home.rows("SELECT person FROM outbox ORDER BY id DESC LIMIT 1")
        await ran(home, "erase", code)

    left = {code for (code,) in home.rows("SELECT id FROM people")}
    assert len(left) == 2
    assert people_in(copy) == left
    (gone,) = codes - left
    assert gone.encode() not in copy.read_bytes()


def people_in(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as db:
        return {code for (code,) in db.execute("SELECT person FROM keys")}


async def test_after_a_rotation_the_copy_of_the_keys_opens_with_the_new_key(home: House) -> None:
    await home.running.ticker.tidy()
    await home.stop()
    await ran(home, "rotate-key")
    nights = shutil.copytree(home.settings.data / backup.FOLDER, home.folder / "elsewhere")
    (last,) = set(nights.iterdir()) - {nights / "keys.db"}
    lose_the_disk(home)

    assert "Restored: 2 people" in await ran(home, "restore", str(last))


@pytest.mark.parametrize("wrong", ["not empty", "no keys", "half a file", "another master key", "data as keys"])
async def test_what_cannot_be_restored_is_refused_and_leaves_the_folder_as_it_was(home: House, wrong: str) -> None:
    data, keys = await both(home)
    await home.stop()
    if wrong != "not empty":
        lose_the_disk(home)
        home.settings.data.mkdir(mode=0o700)
    before = sorted(home.settings.data.iterdir())
    words = {
        "not empty": "is not empty",
        "no keys": "There is no copy",
        "half a file": "cannot be read",
        "another master key": "is not the one this data was sealed with",
        "data as keys": "cannot be read",
    }
    if wrong == "no keys":
        keys.unlink()
    if wrong == "half a file":
        data.write_bytes(data.read_bytes()[: -3 * 4096])
    if wrong == "another master key":
        home.settings.key_file.write_text("A" * 43 + "=\n")
    if wrong == "data as keys":
        shutil.copy(data, keys)

    assert words[wrong] in await refused(home, "restore", str(data), "--keys", str(keys))

    assert [one for one in sorted(home.settings.data.iterdir()) if one.name != "lock"] == [
        one for one in before if one.name != "lock"
    ]


PLACED = "pathlib:Path.replace:after"
POINTS = [
    "bot.restore:write_part:after",
    "bot.restore:_prepared:after",
    PLACED,
    f"{PLACED}:2",
]


@pytest.mark.parametrize("point", POINTS)
async def test_a_restore_killed_in_the_middle_is_refused_by_serve_and_can_be_run_again(home: House, point: str) -> None:
    data, keys = await both(home)
    await home.stop()
    lose_the_disk(home)

    assert await killed(home, point, "restore", str(data), "--keys", str(keys)) == -signal.SIGKILL
    assert "Do it again: python run.py restore" in await refused(home, "serve")

    assert "Restored: 2 people" in await ran(home, "restore", str(data), "--keys", str(keys))
    await home.start()
    assert home.count("people") == 2


async def test_a_copy_that_cannot_be_written_leaves_the_one_before(home: House) -> None:
    data, _ = await both(home)
    before = data.read_bytes()
    assert "Name a file elsewhere" in await refused(home, "backup", str(home.settings.data / "backwatch.db"))
    assert "cannot be written" in await refused(home, "backup", str(home.folder / "nowhere" / "copy.db"))
    assert data.read_bytes() == before
    assert list(home.folder.glob("*.part")) == []


async def test_messages_that_waited_when_the_copy_was_made_are_not_sent_after_it_is_brought_back(home: House) -> None:
    member = home.sandbox.phone(MEMBER)
    await schedule(member)
    await home.change("UPDATE outbox SET state = 'queued' WHERE person = (SELECT person FROM answers LIMIT 1)")
    data, keys = await both(home)
    await home.stop()
    lose_the_disk(home)
    before = len(member.received)

    said = await ran(home, "restore", str(data), "--keys", str(keys))

    assert "were waiting to be sent then. They are not sent now." in said
    await home.start()
    await member.answered(report(member))
    await member.wait_for(wording("advice.watch"), since=member.received[before - 1].id)
    assert not any(wording("checkins.set") in one.text for one in member.received[before:])


async def test_what_fell_due_while_the_bot_was_away_is_told_urgent_first_and_one_late_check_in_a_person(
    home: House,
) -> None:
    member = home.sandbox.phone(MEMBER)
    await schedule(member)
    await member.wait_for(wording("checkins.set"))
    code = home.rows("SELECT person FROM timers WHERE name = 'checkin'")[0][0]
    await home.stop()
    await home.change("DELETE FROM timers WHERE name NOT IN ('checkin', 'loop') AND name NOT LIKE 'alert %'")
    names = [name for (name,) in home.rows("SELECT name FROM timers ORDER BY due")]
    assert {"checkin", "loop"} < set(names)
    await home.change("UPDATE timers SET due = '2020-01-01T00:00:00+00:00' WHERE name = 'checkin'")

    await home.start()
    async with home.running.database.transaction() as db:
        due = await store.due(db, home.clock.now() + timedelta(days=2), 100)

    mine = [row["name"] for row in due if row["person"] == code]
    assert mine[-1] == "checkin"
    assert len(mine) > 2
