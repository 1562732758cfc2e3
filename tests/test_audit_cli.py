"""`run.py audit` beside a running bot: lines, the signed head, and what it says where the log was changed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import House, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


async def test_the_log_is_verified_beside_a_running_bot_and_a_change_is_exit_1(home: House) -> None:
    await home.command("invite")
    head = (await home.command("audit", "--head")).stdout
    (home.folder / "heads.txt").write_text(head)
    await home.command("invite")

    for words in ((), ("--head", head.strip()), ("--head", str(home.folder / "heads.txt"))):
        ran = await home.command("audit", "--verify", *words)
        assert (ran.returncode, ran.stderr) == (0, ""), words
        assert ran.stdout == "2 lines, all as they were written.\n"
    shown = (await home.command("audit")).stdout.splitlines()
    assert [line.split()[3:] for line in shown[1:]] == [["site", "invited"], ["site", "invited"]]

    await home.change("UPDATE audit SET who = 'ABCD2345' WHERE number = 1")
    ran = await home.command("audit", "--verify", "--head", head.strip())
    assert ran.returncode == 1
    assert ran.stderr.startswith("Line 1 is not as it was written")
    assert "Traceback" not in ran.stderr
