"""Work done on both cores."""

from collections.abc import Callable, Sequence
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

T = TypeVar("T")
_jobs: list[Callable[[], Any]] = []  # read by the processes forked from this one: content cannot be pickled


def side_by_side(jobs: Sequence[Callable[[], T]], processes: int) -> list[T]:
    """The results of the jobs, in order. What a job returns must be picklable; what it raises is raised here.

    One after the other with `processes` 1, with a single job, and where processes cannot be forked.
    """
    if processes < 2 or len(jobs) < 2 or "fork" not in get_all_start_methods():
        return [job() for job in jobs]
    _jobs[:] = jobs
    with get_context("fork").Pool(processes) as pool:
        return list(pool.imap(_run, range(len(jobs))))


def _run(number: int) -> Any:
    return _jobs[number]()
