"""Who looked at whose record, and who changed what: a log that shows when somebody has changed it.

Each line is signed together with the one before (bot/chain.py). The key stands with people's keys, under the master
key; beside it the last line's number and signature, so that lines missing at the end are found as well. Whose a line
is stands in it as a tag made of the person's own key: once that is destroyed, nobody can tell any more.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import store
from bot.chain import COLUMNS, HEAD, KEY, Head, read_token, signed, unpacked
from bot.database import KEYS, MAIN, Database
from bot.keys import CODE_LENGTH, TAG_BYTES, Identity, Vault, tag
from bot.schema import audit, keys, marks
from content.looked import Look
from flows.person import spoken

SITE, SELF = "site", "self"  # who: the command line; the person themself
ERASED = "erased"  # whose, where the key is destroyed
A_PAGE = 1000
FIRST = -(2**63)
MOST_PROBLEMS = 20  # told one by one

HASH = func.hex(audit.c.hash).label("hash")  # whatever somebody has put there
SIGNED = tuple(audit.c[name] for name in COLUMNS)
LAST = select(audit.c.number, HASH).where(audit.c.number > 0).order_by(audit.c.number.desc()).limit(1)
PAGE = select(*SIGNED, HASH).where(audit.c.number > bindparam("after")).order_by(audit.c.number).limit(A_PAGE)
MARKS = select(marks.c.name, marks.c.value).where(marks.c.name.in_((KEY, HEAD)))
MOVE_HEAD = update(marks).where(marks.c.name == HEAD)
READS = ("alert list", "alert", "log", "page", "picture", "digest", "reminders", "message", "export")
DAY = func.substr(audit.c.at, 1, 10)
LOOKS = (
    select(audit.c.who, audit.c.what, func.max(audit.c.at).label("at"), func.count().label("times"))
    .where(audit.c.whose == bindparam("whose"), audit.c.what.in_(READS))
    .group_by(audit.c.who, audit.c.what, DAY)
    .order_by(func.max(audit.c.number).desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
ALL_KEYS = select(keys.c.person, keys.c.wrapped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`who`: a coordinator's code, `site` or `self`. `whose`: a person's tag (bot/keys.py), a coordinator's code, or
    empty."""

    at: datetime
    who: str
    what: str
    whose: str = ""


class Changed(Exception):  # noqa: N818 - the log was; the text says how
    """The log is not as it was written. A line a problem."""


async def write(db: AsyncConnection, vault: Vault, lines: Collection[Line]) -> None:
    """Add lines, in the caller's transaction. Once that is on disk: `anchor`.

    They follow on the head kept beside the key, so that a gap stays where lines were taken away.
    """
    if not lines:
        return
    key, kept = await _kept(db, vault)
    last = await _last(db)
    head = kept if kept is not None and kept.number >= last.number else last
    rows = []
    for line in lines:
        row = {"number": head.number + 1, "at": line.at.isoformat(), "who": line.who}
        row |= {"what": line.what, "whose": line.whose}
        head = Head(head.number + 1, signed(key, head.hash, row))
        rows.append({**row, "hash": head.hash})
    await store.insert_rows(db, MAIN, audit, rows)


async def anchor(db: AsyncConnection, vault: Vault) -> None:
    """Move the head beside the key to the last line: a transaction of its own, as all of keys.db.

    A head that is not ours is left as it is, for `verify` to find.
    """
    key, kept = await _kept(db, vault)
    last = await _last(db)
    if kept is not None and last.number > kept.number:
        await store.run(db, KEYS, MOVE_HEAD.values(value=last.packed(key)))


async def note(database: Database, *lines: Line) -> None:
    """Lines about what was done by itself, and not in a transaction with other rows."""
    async with database.transaction() as db:
        await write(db, database.vault, lines)
    await settle(database)


async def settle(database: Database) -> None:
    """Move the head, once lines are on disk."""
    async with database.transaction() as db:
        await anchor(db, database.vault)


async def _kept(db: AsyncConnection, vault: Vault) -> tuple[bytes, Head | None]:
    """The key, and the head beside it; None if that is not there, or not signed with the key."""
    found = {row["name"]: row["value"] for row in (await store.run(db, KEYS, MARKS)).mappings()}
    key = vault.reveal(KEY, found[KEY])
    return key, unpacked(key, found.get(HEAD))


async def _last(db: AsyncConnection) -> Head:
    row = (await store.run(db, MAIN, LAST)).mappings().first()
    return Head(row["number"], bytes.fromhex(row["hash"])) if row else Head()


async def looks(db: AsyncConnection, who: Identity, skip: int, most: int) -> list[Look]:
    """Who has looked at this person's record, the newest first; what one looked at on one day is one."""
    wanted = {"whose": tag(who), "skip": skip, "most": most}
    rows = (await store.run(db, MAIN, LOOKS, wanted)).mappings().all()
    return [Look(who=row["who"], what=row["what"], at=store.moment(row["at"]), number=row["times"]) for row in rows]


async def head(database: Database) -> str:
    """The last line, signed, to be kept elsewhere."""
    async with database.transaction() as db:
        key, kept = await _kept(db, database.vault)
        last = await _last(db)
    return (kept if kept is not None and kept.number > last.number else last).token(key)


async def verify(database: Database, tokens: Sequence[str] = ()) -> int:
    """Look at every line. Returns how many there are. Raises Changed with all that is not as it was written.

    `tokens`: heads kept elsewhere, which the log must still hold.
    """
    async with database.transaction() as db:
        key, kept = await _kept(db, database.vault)
    wanted = [(text, read_token(key, text)) for text in tokens]
    problems = [f"{text[:20]}… is no head of this log." for text, found in wanted if found is None]
    if kept is None:
        problems.append("The head in keys.db is missing, or is not the one that was written.")
    heads = [("The head in keys.db", kept), *((f"The head {text[:20]}…", found) for text, found in wanted)]
    hashes: dict[int, object] = {0: b""}
    numbers = {found.number for _, found in heads if found}
    before, count = Head(), 0
    async for row in _lines(database):
        problems += _wrong(key, before, row)
        count += 1
        if row["number"] > before.number:
            before = Head(row["number"], bytes.fromhex(row["hash"]))
            hashes |= {before.number: before.hash} if before.number in numbers else {}
    for name, found in heads:
        if found is not None and found.number > before.number:
            problems.append(f"{name} is line {found.number}: lines {before.number + 1} to {found.number} are missing.")
        elif found is not None and hashes.get(found.number) != found.hash:
            problems.append(f"{name} is line {found.number}, which the log does not hold as it was then.")
    if problems:
        more = len(problems) - MOST_PROBLEMS
        raise Changed("\n".join([*problems[:MOST_PROBLEMS], *([f"… and {more} more."] if more > 0 else [])]))
    return count


def _wrong(key: bytes, before: Head, row: RowMapping) -> Iterator[str]:
    """What is not as it was written, of one line."""
    number = row["number"]
    if number > before.number + 1:
        yield f"Lines {before.number + 1} to {number - 1} are missing before line {number}."
    elif number <= before.number:
        yield f"Line {number} was added."
    elif row["hash"] != signed(key, before.hash, dict(row)).hex().upper():
        yield f"Line {number} is not as it was written, or does not follow on line {before.number}."


async def _lines(database: Database) -> AsyncIterator[RowMapping]:
    """Every line in order, a page a transaction."""
    after = FIRST
    while True:
        async with database.transaction() as db:
            page = (await store.run(db, MAIN, PAGE, {"after": after})).mappings().all()
        if not page:
            return
        for row in page:
            yield row
        after = page[-1]["number"]


async def told(database: Database, person: str) -> AsyncIterator[str]:
    """The lines as an operator reads them; of one person or coordinator, if `person` is a code."""
    async with database.transaction() as db:
        rows = (await store.run(db, MAIN, ALL_KEYS)).mappings().all()
        known = [database.vault.unwrap(row["person"], row["wrapped"]) for row in rows]
    names = {tag(who): who.person for who in known}
    yield f"{'line':>7}  {'time':<19}  {'who':<9}  {'what':<16}  whose"
    async for row in _lines(database):
        whose = names.get(row["whose"], row["whose"])
        if not person or person in (row["who"], whose):
            yield _told(row, whose)


def _told(row: RowMapping, whose: str) -> str:
    at, who = str(row["at"])[:19].replace("T", " "), _code(row["who"])
    return f"{row['number']:>7}  {at:<19}  {who:<9}  {row['what']:<16}  {_code(whose)}".rstrip()


def _code(text: object) -> str:
    """A code as it is read aloud; a tag that nobody can resolve any more is of somebody erased."""
    said = str(text)
    if len(said) == 2 * TAG_BYTES:
        return ERASED
    return spoken(said) if len(said) == CODE_LENGTH else said
