"""The whole proof about paths: one walk for every rule a pathway may change, and everything seen on it rendered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from content.load import Library, load
from content.looks import Advance
from content.processes import side_by_side, uncollected
from content.screens import screens
from content.steps import THRESHOLDS
from content.strict import ContentError
from content.walker import walked
from flows.advance import advance as real


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What was walked: `states` that count as different, how many were `looked` at, the steps taken from them, how
    many of those were `compared` with the same step from another state of the same key, and the texts rendered.

    Each problem is followed by the shortest conversation that shows it, where there is one.
    """

    states: int
    looked: int
    transitions: int
    compared: int
    texts: int
    problems: list[str]


def walk(library: Library, packs: Sequence[Library] = (), advance: Advance = real, processes: int = 2) -> Walk:
    """Walk everything once, with the thresholds of all packs; and what is about warning signs once more for other
    waits, where a pack has others.

    Then show what was seen in every language, to every reader, for every pack.
    """
    sites = {_thresholds(one): one.book.pathway for one in (*packs, library)}
    others = tuple(site for limits, site in sites.items() if limits != _thresholds(library))
    waits = {_waits(one): one for one in (*packs, library)}
    own = _waits(library)
    with uncollected():
        whole = walked(library, advance, sites=others, processes=processes)
        light = [walked(one, advance, light=True, processes=processes) for wait, one in waits.items() if wait != own]
    every = list(packs or (library,))
    shares = [every[n * len(every) // processes : (n + 1) * len(every) // processes] for n in range(processes)]
    rendered = side_by_side([partial(screens, share, whole.shown) for share in shares])
    told = (f"{problem}\n{talk}" for one in (whole, *light) for problem, talk in one.problems.items())
    return Walk(
        states=len(whole.counts),
        looked=sum(len(one.looked) for one in (whole, *light)),
        transitions=sum(one.transitions for one in (whole, *light)),
        compared=sum(one.compared for one in (whole, *light)),
        texts=sum(one.texts for one in rendered),
        problems=[*dict.fromkeys(told), *(problem for one in rendered for problem in one.problems)],
    )


def packs(folder: Path) -> list[Library]:
    """The content with each of its pathways, what is not filled in left as it is. Those that cannot be loaded are not
    among them: `pathways_usable` tells of them."""
    found = []
    for path in sorted((folder / "pathways").glob("*.yaml")):
        try:
            library = load(folder, path.stem)
        except ContentError:
            continue
        site = replace(library.book.pathway, zone="UTC")  # it may be open, and a time is as long everywhere
        found.append(replace(library, book=replace(library.book, pathway=site)))
    return found


def _thresholds(library: Library) -> tuple[object, ...]:
    return tuple(getattr(library.book.pathway, name) for name in THRESHOLDS)


def _waits(library: Library) -> tuple[object, ...]:
    return (library.book.pathway.nudge_after, library.book.pathway.missed_after)
