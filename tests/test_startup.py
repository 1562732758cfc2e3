"""What an operator can get wrong: each is one clear line and exit 1, nothing is changed, and nothing secret is said."""

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.settings import CONTENT
from tests.house import TOP, House, house, report

CARER = 1001
SECRET = "424242:not-a-token-anybody-has-1234567890"
WORDS = "Quillfeather"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, started=False) as it:
        yield it


def line_of(file: Path, start: str) -> int:
    """The number of the first line that begins so."""
    return next(n for n, line in enumerate(file.read_text().splitlines(), 1) if line.startswith(start))


async def refused(home: House, **changed: str) -> str:
    """What `serve` says before it exits with 1."""
    ran = await home.command("serve", **changed)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert home.sandbox.token not in ran.stderr
    return ran.stderr


def pathway(folder: Path, change: Callable[[str], str]) -> str:
    """A pathway of one's own, made from the demo's."""
    file = folder / "town.yaml"
    text = (CONTENT / "pathways" / "demo.yaml").read_text().replace("pathway: demo", "pathway: town")
    text = text.replace("+44 1632 960123", "+44 1632 555123")
    file.write_text(change(text))
    return str(file)


async def test_no_token_says_where_to_get_one(home: House) -> None:
    assert "BACKWATCH_TOKEN is not set" in await refused(home, BACKWATCH_TOKEN="")


@pytest.mark.parametrize("token", ["nonsense", "12:", SECRET])
async def test_a_wrong_token_is_refused_without_being_repeated(home: House, token: str) -> None:
    said = await refused(home, BACKWATCH_TOKEN=token)
    assert "BACKWATCH_TOKEN" in said
    assert token not in said


async def test_a_revoked_token_is_refused(home: House) -> None:
    home.sandbox.revoke()
    assert "The token was refused (401). Check BACKWATCH_TOKEN." in await refused(home)


async def test_no_pathway_says_how_to_make_one(home: House) -> None:
    assert "BACKWATCH_PATHWAY is not set" in await refused(home, BACKWATCH_PATHWAY="")


async def test_an_unknown_pathway_says_which_there_are(home: House) -> None:
    said = await refused(home, BACKWATCH_PATHWAY="dmeo")
    assert 'pathway "dmeo" is neither a file nor one of content/pathways' in said
    assert 'Did you mean "demo"?' in said


async def test_a_malformed_pathway_is_told_with_file_and_line(home: House) -> None:
    broken = pathway(home.folder, lambda text: text.replace("nudge_after: 2h", "nudge_after: soon"))
    number = line_of(Path(broken), "nudge_after")
    assert f"town.yaml:{number}:" in await refused(home, BACKWATCH_PATHWAY=broken)


async def test_a_pathway_past_its_review_is_refused(home: House) -> None:
    old = pathway(home.folder, past_review)
    assert "was to be reviewed by 2020-06-01" in await refused(home, BACKWATCH_PATHWAY=old)


async def test_a_pathway_not_filled_in_says_every_line_that_is_open(home: House) -> None:
    file = CONTENT / "pathways" / "gb.yaml"
    open_lines = [line for line in file.read_text().splitlines() if "FILL IN:" in line and not line.startswith("#")]
    assert open_lines

    said = await refused(home, BACKWATCH_PATHWAY="gb")

    for line in open_lines:
        name, _, what = line.partition(": ")
        asked = "a day such as" if name.startswith("review") else what.strip('"').removeprefix("FILL IN: ")
        assert f"content/pathways/gb.yaml:{line_of(file, line)}: {name} is not filled in: {asked}" in said


async def test_one_line_left_open_is_enough_to_refuse(home: House) -> None:
    left = pathway(home.folder, lambda text: text.replace('line: "+44 1632 555123"', 'line: "FILL IN: your number"'))
    said = await refused(home, BACKWATCH_PATHWAY=left)
    assert said == f"{left}:{line_of(Path(left), 'line')}: line is not filled in: your number.\n"


async def test_a_pathway_that_cannot_be_right_is_refused_by_serve_and_by_check(home: House) -> None:
    wrong = pathway(home.folder, lambda text: text.replace("fever: 37.5", "fever: 38.5").replace('"112"', '"911"'))

    said = await refused(home, BACKWATCH_PATHWAY=wrong)
    checked = await home.command("check", "--pathway", wrong)

    assert f"{wrong}:{line_of(Path(wrong), 'fever')}: fever counts from 38.5 °C" in said
    assert f"{wrong}:{line_of(Path(wrong), 'emergency')}: emergency 911 is no number for an ambulance in GB" in said
    assert (checked.returncode, checked.stdout, checked.stderr) == (1, "", said)


async def test_a_pathway_that_is_filled_in_well_starts(home: House) -> None:
    well = pathway(home.folder, lambda text: text)
    async with serving(home, BACKWATCH_PATHWAY=well) as process:
        await line(process, "Backwatch runs as @")


def past_review(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("review")]
    return "\n".join([*lines, "reviewed_on: 2020-01-01", "review_on: 2020-06-01", ""])


async def test_the_demo_s_invented_numbers_are_for_this_machine_only(home: House) -> None:
    assert "invented" in await refused(home, BACKWATCH_API_URL="https://api.example.org")


async def test_a_malformed_content_file_is_told_with_file_and_line(home: House) -> None:
    shutil.copytree(TOP, home.folder / "copy", ignore=shutil.ignore_patterns(".*", "data", "tests"))
    broken = home.folder / "copy" / "content" / "questionnaires" / "daily.yaml"
    broken.write_text(broken.read_text() + "\nsurprise: yes\n")
    number = len(broken.read_text().splitlines())

    ran = await asyncio.create_subprocess_exec(
        sys.executable,
        "run.py",
        "serve",
        cwd=home.folder / "copy",
        env=home.environment(),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await ran.communicate()

    assert ran.returncode == 1
    assert f"content/questionnaires/daily.yaml:{number}:" in said.decode()
    assert "Traceback" not in said.decode()


@pytest.mark.parametrize("url", ["api.telegram.org", "ftp://x", "http://", "http://host:port", "http://[x"])
async def test_a_malformed_setting_is_named(home: House, url: str) -> None:
    assert "BACKWATCH_API_URL" in await refused(home, BACKWATCH_API_URL=url)


async def test_the_key_may_not_lie_beside_the_data(home: House) -> None:
    inside = str(home.settings.data / "master.key")
    assert "must not lie inside BACKWATCH_DATA" in await refused(home, BACKWATCH_KEY_FILE=inside)


async def test_data_that_is_no_folder_is_refused(home: House) -> None:
    (home.folder / "file").write_text("x")
    assert "BACKWATCH_DATA" in await refused(home, BACKWATCH_DATA=str(home.folder / "file"))


async def test_a_damaged_database_is_refused_and_left_as_it_is(home: House) -> None:
    await home.start()
    await home.stop()
    (home.settings.data / "backwatch.db").write_bytes(b"this was a database once" * 400)
    before = contents(home.settings.data)
    assert "cannot be opened" in await refused(home)
    assert contents(home.settings.data) == before


# -- the key


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda key: key.chmod(0o644), "chmod 600"),
        (lambda key: key.unlink(), "is missing, and there is data sealed with it"),
        (lambda key: key.write_text("A" * 43 + "=\n"), "is not the one this data was sealed with"),
        (lambda key: key.write_text("half a key"), "holds no master key"),
    ],
    ids=["readable by others", "lost", "another site's", "torn"],
)
async def test_a_key_that_cannot_be_used_is_refused_and_nothing_is_changed(
    home: House, spoil: Callable[[Path], object], said: str
) -> None:
    await home.start()
    carer = await home.member(CARER)
    await carer.answered(report(carer))
    await home.stop()
    before = contents(home.settings.data)
    spoil(home.settings.key_file)

    assert said in await refused(home)

    assert contents(home.settings.data) == before


# -- beside another


async def test_a_second_serve_on_the_same_data_is_refused(home: House) -> None:
    await home.start()
    assert "Another Backwatch is running on the data in" in await refused(home)
    carer = await home.guest(CARER)
    assert carer.texts


@asynccontextmanager
async def serving(home: House, **changed: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`run.py serve` as an operator starts it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(TOP / "run.py"),
        "serve",
        cwd=home.folder,
        env=home.environment(**changed),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: asyncio.subprocess.Process, words: str) -> str:
    """The first line with these words on stderr."""
    assert process.stderr is not None
    async with asyncio.timeout(20):
        while words not in (read := (await process.stderr.readline()).decode()):
            assert read, f"it ended without saying {words!r}"
    return read


async def test_an_api_that_cannot_be_reached_is_told_once_and_tried_until_it_is_there(home: House) -> None:
    await home.sandbox.down("refuse")
    async with serving(home) as process:
        assert "cannot be reached" in await line(process, "cannot be reached")
        await home.sandbox.up()
        await line(process, "Backwatch runs as @")
        await home.guest(CARER)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_a_second_poller_is_told_and_the_first_goes_on_when_it_has_gone(home: House) -> None:
    async with serving(home) as process:
        await line(process, "Backwatch runs as @")
        home.sandbox.fail("getUpdates", status=409)
        carer = home.sandbox.phone(CARER)
        carer.say("hello")
        assert "Another program polls with this token (409)" in await line(process, "409")
        await line(process, "answers again")
        await carer.wait_for("")


async def test_a_token_revoked_while_the_bot_runs_is_told(home: House) -> None:
    async with serving(home) as process:
        await line(process, "Backwatch runs as @")
        home.sandbox.revoke()
        await line(process, "Check BACKWATCH_TOKEN")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_the_logs_hold_neither_token_nor_names_nor_words(tmp_path: Path) -> None:
    async with house(tmp_path, started=False) as home, serving(home) as process:
        carer = home.sandbox.phone(CARER, WORDS, username=WORDS)
        home.sandbox.fail("sendMessage", status=400, times=1)
        home.sandbox.fail("sendMessage", body="{", times=1)
        home.sandbox.fail("getUpdates", body=f'{{"ok":true,"result":[{{"{WORDS}"', times=1)
        await line(process, "Backwatch runs as @")
        carer.say(WORDS)
        await carer.wait_for("", 15)
        process.send_signal(signal.SIGTERM)
        _, logs = await process.communicate()

    assert b"refused" in logs
    assert home.sandbox.token.encode() not in logs
    assert home.sandbox.token.partition(":")[2].encode() not in logs
    assert WORDS.encode() not in logs
