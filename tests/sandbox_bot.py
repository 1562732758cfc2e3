"""A sandbox that listens, and python-telegram-bot talking to it as it would to Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import HTTPXRequest

from bot.sandbox import Sandbox

CARER, COORDINATOR, STRANGER = 1001, 1002, 4040


@asynccontextmanager
async def listening(sandbox: Sandbox) -> AsyncIterator[Sandbox]:
    """Start and stop a sandbox."""
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def talking(sandbox: Sandbox, token: str | None = None) -> AsyncIterator[Bot]:
    """The library's own Bot with its default request, pointed at a running sandbox."""
    asking, polling = (HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2))
    async with asking, polling:
        yield Bot(
            token or sandbox.token,
            base_url=f"{sandbox.root}/bot",
            base_file_url=f"{sandbox.root}/file/bot",
            request=asking,
            get_updates_request=polling,
        )


def buttons(*rows: tuple[str, ...]) -> InlineKeyboardMarkup:
    """An inline keyboard whose buttons send their own text in lower case."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=text.lower()) for text in row] for row in rows]
    )
