"""The flows made worse on purpose, one rule at a time, in memory: each of these must be noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from re import Pattern
from types import FunctionType, ModuleType
from typing import Any

from pydantic import TypeAdapter

from content.strict import ContentError, parse

PLAIN = (int, float, str, tuple, frozenset, timedelta, Pattern)  # values a rule may be made of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A rule of the flows that is broken: in flows/<module>.py each `old` is replaced by its `new`."""

    what: str
    module: str
    change: dict[str, str]

    def fits(self, source: str) -> bool:
        """Whether each text to be replaced stands there exactly once."""
        return all(source.count(old) == 1 for old in self.change)


class _Source(InspectLoader):
    """Loads a module from a text."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get_source(self, fullname: str) -> str:
        return self.source


def mutants(content: Path) -> list[Mutant]:
    """What is written in mutants.yaml. Raises ContentError if that cannot be read."""
    document = parse((content / "mutants.yaml").read_bytes(), "content/mutants.yaml")
    if document.problems:
        raise ContentError(list(document.problems))
    data = document.data["mutants"] if isinstance(document.data, dict) else []
    return TypeAdapter(list[Mutant]).validate_python(data)


@contextmanager
def made(mutant: Mutant, flows_folder: Path) -> Iterator[bool]:
    """The flows, worse by this, until the end. False, and as they were, if the flows have that rule no more.

    The code of the functions is exchanged, and not the functions, as other modules hold them too.
    """
    source = (flows_folder / f"{mutant.module}.py").read_text(encoding="utf-8")
    if not mutant.fits(source):
        yield False
        return
    for old, new in mutant.change.items():
        source = source.replace(old, new)
    module = import_module(f"flows.{mutant.module}")
    undo = list(_exchanged(module, _loaded(module.__name__, source)))
    try:
        yield True
    finally:
        for holder, name, value in reversed(undo):
            setattr(holder, name, value)


def _loaded(name: str, source: str) -> ModuleType:
    loader = _Source(source)
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def _exchanged(module: ModuleType, worse: ModuleType) -> Iterator[tuple[Any, str, Any]]:
    """Put what is worse into the module. Yields what was there: (holder, attribute, value)."""
    for name, new in vars(worse).items():
        old = vars(module).get(name)
        if isinstance(old, type) and old.__module__ == module.__name__:
            for method in (one for one in vars(old) if isinstance(vars(new).get(one), FunctionType)):
                yield from _code(vars(old)[method], vars(new)[method])
        elif isinstance(old, FunctionType) and old.__module__ == module.__name__ and isinstance(new, FunctionType):
            yield from _code(old, new)
        elif isinstance(old, PLAIN) and not name.startswith("__") and old != new:
            yield module, name, old
            setattr(module, name, new)


def _code(old: FunctionType, new: FunctionType) -> Iterator[tuple[Any, str, Any]]:
    if old.__code__ != new.__code__:
        for name in ("__code__", "__defaults__", "__kwdefaults__"):
            yield old, name, getattr(old, name)
            setattr(old, name, getattr(new, name))
