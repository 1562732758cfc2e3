"""`python -m tests.bench`: a simulated year of 500 people; exit 1 if anything came otherwise than it should."""

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import click

from bot import app
from bot.database import open_database
from flows.events import Commanded
from tests.bench.people import Colleague, crowd
from tests.bench.report import Report, report
from tests.bench.year import START, Still, Year

COLLEAGUES = 3
MONTH = 30  # days


async def simulate(folder: Path, people: int, days: int, seed: int) -> Report:
    """Enrol everybody, let the days go by, and look what came of them."""
    clock = Still(START)
    database = await open_database(folder / "data", folder / "master.key", alone=True)
    staff = {n: Colleague(chat=n, dice=random.Random(seed + n)) for n in range(1, COLLEAGUES + 1)}
    year = Year(database, clock, {who.chat: who for who in crowd(people, seed)}, staff)
    try:
        for chat in staff:
            code, _ = await app.invite(database, clock.now())
            await year.do(chat, Commanded(at=clock.now(), name="start", argument=code))
        await year.enrol()
        for day in range(0, days, MONTH):
            await year.live(min(MONTH, days - day))
            click.echo(f"{min(day + MONTH, days):>9,} days, {year.taken:,} taps", err=True)
        return await report(year)
    finally:
        await database.close()


@click.command()
@click.option("--people", default=500, show_default=True)
@click.option("--days", default=365, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(people: int, days: int, seed: int) -> None:
    """A simulated year, on a moved clock."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(simulate(Path(folder), people, days, seed))
    for line in told.lines():
        click.echo(line)
    click.echo(f"{time.monotonic() - began:>9.0f} s")
    sys.exit(1 if told.wrong else 0)


if __name__ == "__main__":
    main()
