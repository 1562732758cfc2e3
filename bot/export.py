"""Taking consented answers out, and erasing a person, beside a running `serve`."""

import csv
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import audit, records, save, store, taken
from bot.database import MAIN, Database
from bot.keys import Vault, tag
from bot.noted import Noted, lines
from bot.schema import people
from content.fhir import Asked, entries, head, questionnaires
from content.load import Library
from content.views import Answered

A_PAGE = 500
FEW = 50  # people a transaction
COLUMNS = ("person", "questionnaire", "item", "option", "value", "at", "content_version", "response")
FORMULAS = ("=", "+", "-", "@")
PEOPLE = select(people.c.id).where(people.c.id > bindparam("after")).order_by(people.c.id).limit(bindparam("most"))


async def export(database: Database, kind: str, library: Library, out: Path | None, at: datetime) -> None:
    """Write consented answers as `jsonl`, `csv` or `fhir` to a new file (mode 0600) or to standard output."""
    write = {"csv": _csv, "fhir": _fhir}.get(kind, _jsonl)
    if out is None:
        await write(database, library, sys.stdout, at)
        return
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        await write(database, library, file, at)


async def _jsonl(database: Database, _library: Library, file: TextIO, at: datetime) -> None:
    """One JSON line an answer, oldest first."""
    async for row, answer in _answers(database, at):
        file.write(json.dumps(line(row, answer), ensure_ascii=False) + "\n")


async def _csv(database: Database, _library: Library, file: TextIO, at: datetime) -> None:
    """The same in columns."""
    rows = csv.DictWriter(file, COLUMNS, restval="")
    rows.writeheader()
    async for row, answer in _answers(database, at):
        rows.writerow({name: harmless(str(said)) for name, said in line(row, answer).items()})


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what people typed is never run (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULAS) or cell.startswith(("\t", "\r", "\n")) else cell


async def _fhir(database: Database, library: Library, file: TextIO, at: datetime) -> None:
    """One bundle of everybody, person by person; the questionnaires at its end."""
    asked, after, first = Asked(), "", True
    start = json.dumps(head(at), ensure_ascii=False).removesuffix("}")
    file.write(start)
    while True:
        async with database.transaction() as db:
            codes = list((await store.run(db, MAIN, PEOPLE, {"after": after, "most": FEW})).scalars())
            found = await store.load(db, (await store.known_people(db, database.vault, codes)).values())
            kept = sorted((one for one in found if one[1].permits("keep")), key=lambda one: one[1].id)
            everybody = [await taken.read(db, database.vault, one.who, person, at) for one, person in kept]
            await _note(db, database.vault, [one.person.id for one in everybody], at)
        await audit.settle(database)
        everything = [entry for one in everybody for entry in entries(one, asked)]
        everything += [] if codes else questionnaires(library, library.book.pathway.language, asked)
        for entry in everything:
            file.write(', "entry": [\n' if first else ",\n")
            file.write(json.dumps(entry, ensure_ascii=False))
            first = False
        if not codes:
            file.write("}\n" if first else "\n]}\n")
            return
        after = codes[-1]


async def _answers(database: Database, at: datetime) -> AsyncIterator[tuple[RowMapping, Answered]]:
    """Every answer, a page a transaction, which also notes whose were read."""
    after, seen = 0, set[str]()
    while True:
        async with database.transaction() as db:
            page = await records.answers_after(db, database.vault, after, A_PAGE)
            codes = {row["person"] for row, _ in page} - seen
            await _note(db, database.vault, sorted(codes), at)
        await audit.settle(database)
        seen |= codes
        if not page:
            return
        for one in page:
            yield one
        after = page[-1][0]["id"]


async def _note(db: AsyncConnection, vault: Vault, codes: Iterable[str], at: datetime) -> None:
    read = [Noted(at=at, who=audit.SITE, what="export", code=code) for code in codes]
    await audit.write(db, vault, await lines(db, vault, read))


def line(row: RowMapping, answer: Answered) -> dict[str, Any]:
    """An answer as it is exported."""
    said = {"option": answer.option} if answer.option else {"value": answer.value}
    return {
        "person": row["person"],
        "questionnaire": row["questionnaire"],
        "item": row["item"],
        **said,
        "at": row["at"],
        "content_version": row["version"],
        "response": row["response"],
    }


async def erase(database: Database, person: str, at: datetime) -> bool:
    """Destroy a person's key, then delete their rows, then empty the logs. False if there is nobody of this code."""
    async with database.transaction() as db:
        known = await store.known_people(db, database.vault, {person})
        if person not in known:
            return False
        staff = person in await store.coordinators(db)
        await save.forget_copies(db, [person])
        await store.drop_key(db, MAIN, person)
    async with database.transaction() as db:
        await save.forget_copies(db, [person])
        await store.drop(db, MAIN, person)
        whose = person if staff else tag(known[person].who)
        await audit.write(db, database.vault, [audit.Line(at=at, who=audit.SITE, what="erased", whose=whose)])
    await audit.settle(database)
    async with database.writing(), database.engine.connect() as db:
        await save.shred(db)
    return True
