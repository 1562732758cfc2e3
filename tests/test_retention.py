"""What is deleted by itself, and when."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot import store
from bot.backlog import forget_old
from bot.database import MAIN, open_database
from bot.schema import answers, responses
from bot.ticker import KEPT
from tests.talks import START


async def test_answers_older_than_the_consent_text_says_are_deleted_and_younger_ones_stay(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "data", tmp_path / "key" / "master.key", alone=True)
    common = {"person": "X", "questionnaire": "daily", "version": "v1"}
    rows = [
        {**common, "id": number, "response": f"X.{number}", "item": "pain", "urgency": None, "sealed": b"", "at": at}
        for number, at in enumerate(((START - KEPT - timedelta(days=1)).isoformat(), START.isoformat()))
    ]
    async with database.transaction() as db:
        await store.insert_rows(db, MAIN, answers, rows)

    await forget_old(database, (START - KEPT).isoformat())

    async with database.transaction() as db:
        left = (await store.run(db, MAIN, select(answers.c.response))).scalars().all()
        count = (await store.run(db, MAIN, select(func.count()).select_from(responses))).scalar()
    await database.close()
    assert (left, count) == (["X.1"], 0)
