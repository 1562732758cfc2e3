"""A command of run.py as a child process that kills itself (SIGKILL) where a function is passed.

`python -m tests.cut bot.store:run:after:3 rotate-key` dies after the third call of `run` in bot/store.py.
"""

import asyncio
import importlib
import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import run


def cut(point: str) -> None:
    """Let this process kill itself before or after a call of a function or method; `:3`: of the third."""
    module, name, when, *rest = point.split(":")
    *path, last = name.split(".")
    place: Any = importlib.import_module(module)
    for part in path:
        place = getattr(place, part)
    setattr(place, last, around(getattr(place, last), when, int(rest[0]) if rest else 1))


def around(real: Callable[..., Any], when: str, number: int) -> Callable[..., Any]:
    """The function, and death before or after one of its calls."""
    calls = itertools.count(1)

    async def waiting(*args: Any, **kwargs: Any) -> Any:
        last = next(calls) == number
        die(last and when == "before")
        result = await real(*args, **kwargs)
        die(last and when == "after")
        return result

    def at_once(*args: Any, **kwargs: Any) -> Any:
        last = next(calls) == number
        die(last and when == "before")
        result = real(*args, **kwargs)
        die(last and when == "after")
        return result

    return waiting if asyncio.iscoroutinefunction(real) else at_once


def die(now: bool) -> None:
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    cut(sys.argv[1])
    run.main(sys.argv[2:])
