"""`run.py serve` at the sandbox's pace, as a child process; with an argument it kills itself at that point."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot import app, batch, delivery, poller, save, telegram, turn
from bot.settings import read_content, read_settings
from tests.house import QUICK

# where a turn can be cut: what is passed, and whether the cut is before or after it
POINTS: dict[str, tuple[Any, str, str]] = {
    "after reading": (telegram, "read", "after"),
    "after begin": (Engine, "begin", "after"),
    "after load": (turn.Turns, "_load", "after"),
    "after deciding": (batch, "advance", "after"),
    "after the keys": (save, "_keys_first", "after"),
    "while agreeing": (save, "_keys_first", "agreeing"),
    "before commit": (save, "_outbox", "after"),
    "after commit": (save, "save", "after"),
    "before confirming": (poller.Poller, "_save", "after"),
    "before sending": (telegram, "call", "before"),
    "after sending": (telegram, "call", "after"),
    "after marking": (delivery.Delivery, "_write_marks", "after"),
}


def cut(point: str) -> None:
    """Let this process kill itself when the point is first passed in a turn, or after one."""
    place, name, when = POINTS[point]
    turned = [False]
    start = turn.Turns._transaction

    async def noted(*args: Any, **kwargs: Any) -> Any:
        turned[0] = True  # start-up passes some points too, which is not what is tested
        return await start(*args, **kwargs)

    def die(*_: object) -> None:
        if turned[0] or point == "after reading":
            os.kill(os.getpid(), signal.SIGKILL)

    turn.Turns._transaction = noted  # type: ignore[method-assign]
    if place is Engine:
        event.listen(Engine, "begin", die)
    else:
        setattr(place, name, around(getattr(place, name), die, when))


def around(real: Callable[..., Any], die: Callable[[], None], when: str) -> Callable[..., Any]:
    """The function, and death before or after it."""

    async def waiting(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        result = await real(*args, **kwargs)
        agrees = when == "agreeing" and any(one.goes != one.where for one in args[2].drafts.values())
        if when == "after" or agrees:
            die()
        return result

    def at_once(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        die()
        return result

    return waiting if asyncio.iscoroutinefunction(real) else at_once


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if len(sys.argv) > 1:
        cut(sys.argv[1])
    given = read_settings()
    asyncio.run(app.serve(given, read_content(given, datetime.now(UTC).date()), QUICK))
