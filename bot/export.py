"""Taking consented answers out, and erasing a person, beside a running `serve`."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import RowMapping

from bot import audit, records, save, store
from bot.database import MAIN, Database
from bot.keys import tag
from bot.noted import Noted, lines
from content.views import Answered

A_PAGE = 500


async def export(database: Database, out: Path | None, at: datetime) -> None:
    """Write one JSON line an answer, oldest first, to a new file (mode 0600) or to standard output."""
    if out is None:
        await _write(database, sys.stdout, at)
        return
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        await _write(database, file, at)


async def _write(database: Database, file: TextIO, at: datetime) -> None:
    after, seen = 0, set[str]()
    while True:
        async with database.transaction() as db:
            page = await records.answers_after(db, database.vault, after, A_PAGE)
            codes = sorted({row["person"] for row, _ in page} - seen)
            read = [Noted(at=at, who=audit.SITE, what="export", code=code) for code in codes]
            await audit.write(db, database.vault, await lines(db, database.vault, read))
        await audit.settle(database)
        seen |= {*codes}
        if not page:
            return
        for row, answer in page:
            file.write(json.dumps(line(row, answer), ensure_ascii=False) + "\n")
        after = page[-1][0]["id"]


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
