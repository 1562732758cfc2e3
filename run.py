"""The command line."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import app, audit, backup, demo, export, figures, restore, rotation
from bot.clock import Clock
from bot.database import Database, DataError, open_database
from bot.keys import KeyFileError
from bot.settings import CONTENT, FLOWS, Settings, SettingsError, read_content, read_pathway, read_settings
from content.check import check as check_content
from content.figures import MOST_WEEKS, WEEKS
from content.load import load
from content.selftest import self_test
from content.strict import ContentError
from content.walk import packs, walk
from flows.book import Hours
from flows.recognise import recognise as recognised
from flows.review import as_code

OURS = (SettingsError, ContentError, KeyFileError, DataError, app.StoppedError, audit.Changed)


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """What an operator can mend is a line on stderr and exit 1, not a traceback."""

    @wraps(command)
    def run(*args: object, **kwargs: object) -> object:
        try:
            return command(*args, **kwargs)
        except OURS as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return run


@click.group()
def main() -> None:
    """Backwatch: a Telegram bot that watches for the signs of spinal cord compression."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


@main.command("demo")
@click.option("--port", default=8080, show_default=True, help="Where the page is served; 0 takes any free port.")
@click.option("--check", "checking", is_flag=True, help="Play a scripted talk over the real wire, print it, exit 0.")
@told
def demo_command(port: int, checking: bool) -> None:
    """Bot, Bot API and two phones on this machine; no token, throw-away data."""
    settings = read_settings()
    try:
        asyncio.run(demo.check_demo(0, settings) if checking else demo.play_demo(port, settings))
    except KeyboardInterrupt:
        return
    except TimeoutError as error:
        click.echo(f"The talk stopped: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Port {port} cannot be used ({error.strerror}). Name another with --port.", err=True)
        sys.exit(1)


@main.command()
@told
def serve() -> None:
    """The bot, against the Bot API at BACKWATCH_API_URL."""
    settings = read_settings()
    app.connect(settings)
    content = read_content(settings, datetime.now(UTC).date())
    asyncio.run(app.serve(settings, content))


@main.command()
@click.option("--pathway", default="demo", show_default=True, help="A pathway's name or file.")
@click.option("--self-test", "testing", is_flag=True, help="Make the content worse in memory, and see it noticed.")
@click.option("--every", default=1, show_default=True, type=click.IntRange(1), help="With --self-test: a sample.")
@told
def check(pathway: str, testing: bool, every: int) -> None:
    """Every promise about the content, and every path through the flows."""
    # The demo is nobody's site: its day of review is no promise about the content.
    library = load(CONTENT, "demo") if pathway == "demo" else read_pathway(pathway, datetime.now(UTC).date())
    if testing:
        worse = self_test(library, FLOWS, every)
        tell({"changes for the worse": worse.changes}, [f"not noticed: {what}" for what in worse.unnoticed])
    report = check_content(library, FLOWS)
    if report.problems:
        tell(report.counts, report.problems)  # a walk of content that contradicts itself tells nothing more
    walked = walk(library, packs(CONTENT))
    walks = {"states": walked.states, "transitions": walked.transitions, "compared": walked.compared}
    tell({**report.counts, **walks, "texts": walked.texts}, walked.problems)


def tell(counts: Mapping[str, int], problems: Sequence[str]) -> NoReturn:
    """Print what was looked at, the problems to stderr, and exit 1 if there are any."""
    for problem in problems:
        click.echo(problem, err=True)
    for name, number in counts.items():
        click.echo(f"{number:>7} {name}")
    click.echo(f"{len(problems):>7} problems")
    sys.exit(1 if problems else 0)


def with_database(
    work: Callable[[Database], Coroutine[Any, Any, None]], *, make: bool = False, alone: bool = False
) -> None:
    """Open the site's data, beside a running `serve` or (`alone`) instead of it."""

    async def run(settings: Settings) -> None:
        database = await open_database(settings.data, settings.key_file, alone=alone, make=make)
        try:
            await work(database)
        finally:
            await database.close()

    asyncio.run(run(read_settings()))


@main.command()
@click.option("--lead", is_flag=True, help="They may also see who looked, and take coordinators out.")
@told
def invite(lead: bool) -> None:
    """A one-time code that makes its user a coordinator. The second line is a link to send them."""

    async def work(database: Database) -> None:
        code, username = await app.invite(database, Clock().now(), lead=lead)
        click.echo(code)
        click.echo(f"https://t.me/{username or 'YOUR_BOT'}?start={code}")

    with_database(work, make=True)


@main.command()
@click.option("--language", default="en", show_default=True)
@told
def recognise(language: str) -> None:
    """JSON lines in (`{"id": …, "text": …}`), JSON lines out: the urgency of red flags in the words."""
    book = load(CONTENT, "demo").book
    for number, line in enumerate(sys.stdin, 1):
        try:
            asked = json.loads(line)
            phrase = recognised(book, language, asked["text"])
        except (ValueError, KeyError, TypeError, AttributeError):
            click.echo(f'line {number}: expected {{"id": …, "text": …}}', err=True)
            sys.exit(1)
        level = phrase.urgency.name.lower() if phrase else "none"
        click.echo(json.dumps({"id": asked.get("id"), "level": level, "advice": phrase.advice if phrase else None}))


@main.command("export")
@click.option("--format", "kind", type=click.Choice(["jsonl", "csv", "fhir"]), default="jsonl", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A file; otherwise standard output.")
@told
def export_command(kind: str, out: Path | None) -> None:
    """Consented answers: one line each, or as one FHIR bundle with what was allowed."""
    library = load(CONTENT, read_settings().pathway or "demo")

    async def work(database: Database) -> None:
        try:
            await export.export(database, kind, library, out, Clock().now())
        except OSError as error:
            raise SettingsError(f"{out} cannot be written ({error.strerror}). Name another with --out.") from None

    with_database(work)


@main.command("figures")
@click.option("--weeks", default=WEEKS, show_default=True, type=click.IntRange(1, MOST_WEEKS), help="How many.")
@told
def figures_command(weeks: int) -> None:
    """How many check-ins were answered by week, and how soon alerts were taken. Counts only."""
    settings = read_settings()
    site = load(CONTENT, settings.pathway or "demo").book.pathway
    site = site if settings.pathway else replace(site, zone="UTC", working=Hours())

    async def work(database: Database) -> None:
        async with database.transaction() as db:
            found = await figures.read(db, site, Clock().now(), weeks)
        for line in figures.table(found):
            click.echo(line)

    with_database(work)


@main.command()
@click.argument("person")
@told
def erase(person: str) -> None:
    """Delete everything kept of a person, by their code."""

    async def work(database: Database) -> None:
        if not await export.erase(database, as_code(person), Clock().now()):
            raise SettingsError(f"Nobody has the code {person}. Codes stand in alerts and in /log.")
        click.echo("Erased.")

    with_database(work)


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", is_flag=True, help="Copy the keys instead of the data. Keep the two copies apart.")
@told
def backup_command(file: Path, keys: bool) -> None:
    """Copy the data to a file. It holds no identity; without a copy of the keys nobody can read it."""

    async def work(database: Database) -> None:
        await backup.back_up(database.folder, file, Clock().now(), keys=keys)
        await audit.note(database, site("copied keys" if keys else "copied data"))
        click.echo(f"{'Keys' if keys else 'Data'} copied to {file}.")

    with_database(work)


@main.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="The copy of the keys; otherwise keys.db beside FILE.")
@told
def restore_command(file: Path, keys: Path | None) -> None:
    """Bring the data back from copies, into an empty BACKWATCH_DATA."""
    settings = read_settings()
    try:
        found = restore.restore(
            file, keys or file.with_name(backup.KEYS), settings.data, settings.key_file, Clock().now()
        )
    except OSError as error:
        raise SettingsError(f"{error.filename} cannot be used ({error.strerror}). Nothing was changed.") from None
    for line in restore.told(found):
        click.echo(line)


@main.command("rotate-key")
@told
def rotate_key() -> None:
    """Make a new master key. What people told is not rewritten; `serve` must be stopped."""
    key_file = read_settings().key_file

    async def work(database: Database) -> None:
        number, old = await rotation.rotate(database, key_file)
        await audit.note(database, site("key changed"))
        click.echo(f"The keys of {number} people are now under a new master key in {key_file}: keep a copy elsewhere.")
        click.echo(f"The old one is {old}. Copies of the keys made before today need it; delete both together.")
        click.echo("Codes and links nobody has used yet are no longer good: make new ones.")

    with_database(work, alone=True)


@main.command("audit")
@click.option("--person", default="", help="Only lines about this code, or of this coordinator.")
@click.option("--verify", is_flag=True, help="Look at every signature; exit 1 with what is not as it was written.")
@click.option("--head", is_flag=False, flag_value="-", help="Print the last line, signed. With --verify: one kept.")
@told
def audit_command(person: str, verify: bool, head: str | None) -> None:
    """Who looked at whose record, and who changed what."""

    async def work(database: Database) -> None:
        if verify:
            kept = heads(head) if head and head != "-" else []
            click.echo(f"{await audit.verify(database, kept)} lines, all as they were written.")
        elif head:
            click.echo(await audit.head(database))
        else:
            async for line in audit.told(database, as_code(person)):
                click.echo(line)

    with_database(work)


def site(what: str) -> audit.Line:
    """The line of the log about what was just done from here."""
    return audit.Line(at=Clock().now(), who=audit.SITE, what=what)


def heads(named: str) -> list[str]:
    """Heads kept elsewhere: the lines of a file, or the one that is given."""
    file = Path(named)
    try:
        return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        return [named]


if __name__ == "__main__":
    main()
