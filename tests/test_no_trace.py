"""Before consent nothing about a person touches the disk; afterwards nothing of it is readable; erased means gone."""

import base64
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.sandbox import Phone
from tests.house import House, agree, child, house, offers, report, tap, through, wording

GUEST, MEMBER, NURSE = 5_551_234_987_601, 5_551_234_987_777, 1002  # the first two too long to occur by chance
FIRST_UPDATE = 4_409_871_265_003
ROWS_OF_PEOPLE = ("people", "responses", "answers", "alerts", "timers", "outbox")
WORDS = "Quillfeather"  # in everything the guest writes
NAME, USER = "Zyxomma Vantrell", "zyx_vantrell_1"


def spellings(secret: str | int) -> Iterator[bytes]:
    """How a text or an id could stand in a file."""
    if isinstance(secret, int):
        yield str(secret).encode()
        for size in (6, 8):  # SQLite keeps an integer of this size in 6 bytes, big-endian
            yield secret.to_bytes(size, "big")
            yield secret.to_bytes(size, "little")
        return
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = secret.encode(encoding)
        yield raw
        for shift in range(3):  # base64 looks different at each of three alignments; its edges depend on neighbours
            found = base64.b64encode(b"\0" * shift + raw)
            yield found[4 if shift else 0 : len(found) // 4 * 4 - 4]
    yield "".join(f"\\u{ord(letter):04x}" for letter in secret).encode()
    yield "".join(f"\\u{ord(letter):04X}" for letter in secret).encode()


def traces(folder: Path, *secrets: str | int) -> list[str]:
    """The files under a folder that hold one of the secrets, however spelled."""
    wanted = {spelling for secret in secrets for spelling in spellings(secret)}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if any(one in path.read_bytes() for one in wanted)]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "planted.db") as db:
        db.execute("CREATE TABLE t (a)")
        db.execute("INSERT INTO t VALUES (?)", (GUEST,))
    db.close()
    planted = {
        "raw": WORDS.encode(),
        "wide": WORDS.encode("utf-16-le"),
        "wide_be": WORDS.encode("utf-16-be"),
        "base64": base64.b64encode(f"{WORDS} is here".encode()),
        "base64_1": base64.b64encode(f"x{WORDS} is here".encode()),
        "base64_2": base64.b64encode(f"xx{WORDS} is here".encode()),
        "json": "".join(f"\\u{ord(letter):04x}" for letter in WORDS).encode(),
        "text": f"chat {GUEST}".encode(),
        "little": GUEST.to_bytes(8, "little"),
    }
    for name, raw in planted.items():
        (tmp_path / name).write_bytes(b"before " + raw + b" after")
    (tmp_path / "innocent").write_bytes(b"nothing here")

    assert traces(tmp_path, WORDS, GUEST) == sorted([*planted, "planted.db"])


async def every_flow(home: House, guest: Phone) -> None:
    """Everything somebody can do short of agreeing, with the words in all of it."""
    guest.command(f"/start {WORDS}")
    await through(guest, "welcome")
    for refused in ("adult", "kept", "agree", "keep"):
        await agree(guest, **{refused: "no" if refused != "kept" else "not_now"})
    guest.say(f"{WORDS} says her legs are numb")
    await guest.wait_for(wording("advice.watch"))
    before = guest.last.id
    guest.command("/symptoms")
    await through(guest, "red_flags", lambda item: item.options[-1].id, since=before)
    await tap(guest, "menu:home")
    guest.command("/treatments")
    await tap(guest, "treat:")
    for command in (f"/log {WORDS}", "/checkins", "/mydata", "/stop", f"/{WORDS}"):
        before = guest.last.id
        guest.command(command)
        await guest.wait_for(lambda one: True, since=before)
    said = guest.say(f"only {WORDS}")
    guest.photo(caption=f"this is {WORDS}")
    guest.document(WORDS.encode(), f"{WORDS}.txt", caption=WORDS)
    guest.forward(f"{WORDS} wrote", origin=WORDS)
    guest.edit(said, f"{WORDS} changed")
    home.sandbox.inject(f'{{"update_id": {FIRST_UPDATE - 1}, "message": {{"{WORDS}": 1}}}}')
    await guest.answered(guest.press(1, f"{WORDS}:x:y:z"))
    await guest.answered(report(guest))


async def test_of_somebody_who_never_agrees_there_is_no_trace_on_disk(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    async with house(tmp_path, started=False) as home:
        home.sandbox.next_update_id(FIRST_UPDATE)
        guest = home.sandbox.phone(GUEST, NAME, username=USER)
        secrets = (WORDS, "Zyxomma", "Vantrell", USER, GUEST, *range(FIRST_UPDATE - 1, FIRST_UPDATE + 100))
        async with child(home, TMPDIR=str(tmp_path / "tmp"), PYTHONUNBUFFERED="1") as process:
            await every_flow(home, guest)
            assert traces(tmp_path, *secrets) == []
            assert home.count("people") == 0
            process.kill()
        async with child(home, TMPDIR=str(tmp_path / "tmp")) as process:
            before = guest.last.id
            guest.say(f"it is {WORDS} again")
            await guest.wait_for(lambda one: True, since=before)
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0

    assert traces(tmp_path, *secrets) == []
    assert home.count("updates") == 0


async def test_a_guest_who_shares_once_reaches_the_coordinators_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    async with house(tmp_path) as home:
        nurse = await home.staff(NURSE)
        await home.stop()
        home.sandbox.next_update_id(FIRST_UPDATE)
        async with child(home, TMPDIR=str(tmp_path / "tmp"), PYTHONUNBUFFERED="1") as process:
            home.sandbox.phone(GUEST, NAME, username=USER)
            guest = await home.guest(GUEST)
            guest.say(f"{WORDS} says her legs are numb")
            advice = await guest.wait_for(wording("advice.watch"))
            run = offers(advice, "share:once:").split(":")[2]
            rows = {table: home.count(table) for table in ROWS_OF_PEOPLE}
            await tap(guest, "share:once")
            await guest.wait_for(wording("share.done"))
            alert = await nurse.wait_for(wording("alert.emergency"))
            code = next(button.data for row in alert.buttons for button in row if button.data).split(":")[2]
            await tap(nurse, "alert:take")
            await nurse.wait_for(wording("alert.taken"))
            await guest.answered(guest.press(advice.id, f"reached:no_answer:{run}:x"))
            await nurse.wait_for(wording("follow.no_answer"))

            secrets = (WORDS, "Zyxomma", USER, GUEST, code, f"{code[:4]}-{code[4:]}")
            assert traces(tmp_path, *secrets) == []
            assert {table: home.count(table) for table in rows} == rows
            process.kill()

    assert traces(tmp_path, *secrets) == []


# The bot of these is a child: reading a database's file in the process that has it open would let go of its locks.


async def test_what_somebody_who_agreed_tells_is_kept_and_cannot_be_read(tmp_path: Path) -> None:
    async with house(tmp_path, started=False) as home, child(home):
        home.sandbox.phone(MEMBER, NAME, username=USER)
        home.sandbox.next_update_id(FIRST_UPDATE)
        member = await home.member(MEMBER)
        member.say(f"{WORDS} says her legs are numb")
        await member.wait_for(wording("advice.watch"))

        assert home.count("answers") == 1
        assert [line["value"] for line in await home.exported() if "value" in line] == [
            f"{WORDS} says her legs are numb"
        ]
        assert traces(tmp_path, WORDS, "Zyxomma", USER, MEMBER) == []


async def test_after_erasing_neither_code_nor_sealed_rows_are_left_in_the_files(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        nurse = await home.staff(NURSE)
        await home.stop()
        async with child(home):
            member = await home.member(MEMBER)
            await member.answered(report(member))
            await nurse.wait_for(wording("alert.emergency"))
            ((code, record),) = home.rows("SELECT id, sealed FROM people WHERE kind = 'person'")
            told = home.rows("SELECT sealed FROM answers UNION ALL SELECT sealed FROM alerts")
            secrets = [code.encode(), record, *(sealed for (sealed,) in told)]
            assert left(home, *secrets) == ["backwatch.db", "keys.db"]

            ran = await home.command("erase", code)

            assert (ran.returncode, ran.stdout) == (0, "Erased.\n")
            assert left(home, *secrets) == []
            before = member.last.id
            await member.answered(report(member))
            await member.wait_for(wording("advice.watch"), since=before)
            assert home.count("answers") == 0


def left(home: House, *bytes_: bytes) -> list[str]:
    """The databases that hold one of these, write-ahead logs included."""
    names = {
        path.name.removesuffix("-wal").removesuffix("-shm")
        for path in (home.folder / "data").iterdir()
        if any(one in path.read_bytes() for one in bytes_)
    }
    return sorted(names)
