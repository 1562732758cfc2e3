"""Work done on several cores."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")


def side_by_side(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """The results of the jobs, in order. The first is done here, each of the others in a process forked from this one:
    it knows all that is known here, and what it changes is lost but for its result, which must be picklable.

    What a job raises is raised here. One after the other where processes cannot be forked.
    """
    if len(jobs) < 2 or "fork" not in get_all_start_methods():
        return [job() for job in jobs]
    fork, rest = get_context("fork"), []
    for job in jobs[1:]:
        ours, theirs = fork.Pipe(duplex=False)
        process = fork.Process(target=_send, args=(job, theirs), daemon=True)
        process.start()
        theirs.close()
        rest.append((process, ours))
    try:
        return [jobs[0](), *(_received(ours) for _, ours in rest)]
    finally:
        for process, ours in rest:
            ours.close()
            process.terminate()
            process.join()


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is looked for that could be thrown away: where all is kept, that finds nothing, and takes long."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _send(job: Callable[[], Any], there: Connection) -> None:
    try:
        there.send((job(), None))
    except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
        there.send((None, error))


def _received(ours: Connection) -> Any:
    result, error = ours.recv()
    if error is not None:
        raise error
    return result
