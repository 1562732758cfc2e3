"""The flows made worse on purpose, one rule at a time, in memory: each of these must be noticed."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from re import Pattern
from types import CodeType, FunctionType, ModuleType
from typing import Any

from pydantic import TypeAdapter

from content.strict import ContentError, parse

RAN = "_ran"  # the name, in a module of the flows that notes what runs, of the set of it
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
def made(mutant: Mutant, flows_folder: Path) -> Iterator[frozenset[str]]:
    """The flows, worse by this, until the end. Yields which functions are worse, as `flows.loop.asked`: none, and the
    flows as they were, if they have that rule no more.

    The code of the functions is exchanged, and not the functions, as other modules hold them too.
    """
    source = (flows_folder / f"{mutant.module}.py").read_text(encoding="utf-8")
    if not mutant.fits(source):
        yield frozenset()
        return
    for old, new in mutant.change.items():
        source = source.replace(old, new)
    module = import_module(f"flows.{mutant.module}")
    undo = list(_exchanged(module, _loaded(module.__name__, source)))
    try:
        yield frozenset(_worse(module, undo))
    finally:
        _put_back(undo)


@contextmanager
def noting(flows_folder: Path) -> Iterator[set[str]]:
    """The flows as they are, until the end, with each function put into the set when it runs, as `flows.loop.asked`."""
    ran, undo = set[str](), list[tuple[Any, str, Any]]()
    for path in sorted(flows_folder.glob("[!_]*.py")):
        module = import_module(f"flows.{path.stem}")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, function in _functions(tree, module.__name__):
            function.body.insert(0, ast.parse(f"{RAN}.add({name!r})").body[0])
        undo += _exchanged(module, _loaded(module.__name__, ast.unparse(tree)))
        setattr(module, RAN, ran)
    try:
        yield ran
    finally:
        _put_back(undo)


def _functions(tree: ast.Module, module: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function and method, by its full name."""
    for one in tree.body:
        if isinstance(one, ast.FunctionDef):
            yield f"{module}.{one.name}", one
        elif isinstance(one, ast.ClassDef):
            yield from ((f"{module}.{one.name}.{it.name}", it) for it in one.body if isinstance(it, ast.FunctionDef))


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
    if _bare(old.__code__) != _bare(new.__code__) or old.__defaults__ != new.__defaults__:
        for name in ("__code__", "__defaults__", "__kwdefaults__"):
            yield old, name, getattr(old, name)
            setattr(old, name, getattr(new, name))


def _bare(code: CodeType) -> CodeType:
    """The same wherever it stands in its file."""
    inner = tuple(_bare(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_consts=inner, co_firstlineno=1, co_linetable=b"")


def _put_back(undo: list[tuple[Any, str, Any]]) -> None:
    for holder, name, value in reversed(undo):
        setattr(holder, name, value)


def _worse(module: ModuleType, undo: list[tuple[Any, str, Any]]) -> Iterator[str]:
    """The functions that were exchanged, and those that read what was."""
    read = {name for holder, name, _ in undo if holder is module}
    yield from (f"{one.__module__}.{one.__qualname__}" for one, _, _ in undo if isinstance(one, FunctionType))
    for held in vars(module).values():
        own = vars(held).values() if isinstance(held, type) else (held,)
        for one in own:
            if isinstance(one, FunctionType) and one.__module__ == module.__name__ and _reads(one.__code__, read):
                yield f"{one.__module__}.{one.__qualname__}"


def _reads(code: CodeType, names: set[str]) -> bool:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return not names.isdisjoint(code.co_names) or any(_reads(one, names) for one in inner)
