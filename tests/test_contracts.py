"""What the house is made of: purity, size, direction. Each guard reads the source as it stands."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PYTHON = [
    TOP / "run.py",
    *(file for room in ("bot", "content", "flows", "tests") for file in (TOP / room).rglob("*.py")),
]
LONGEST = 299  # lines of a file
PURE = frozenset({"collections", "dataclasses", "datetime", "enum", "flows", "functools", "re", "typing", "zoneinfo"})
CLOCKS = frozenset({"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter"})
TOP_LEVEL = frozenset(
    {"bot", "flows", "content", "tests", "run.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}
)


def impurities(source: str) -> list[str]:
    """What a file of flows/ may not hold: other imports, waiting, clocks, chance, logging, catching, printing."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.partition(".")[0] not in PURE]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] not in PURE:
            found.append(node.module or "relative import")
        elif isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.Try | ast.Global | ast.With):
            found.append(type(node).__name__)
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            found.append(node.attr)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print", "input")
        ):
            found.append(node.func.id)
    return found


@pytest.mark.parametrize("file", sorted((TOP / "flows").glob("*.py")), ids=lambda file: file.name)
def test_flows_decide_without_clock_chance_or_waiting(file: Path) -> None:
    assert impurities(file.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import random",
        "import os.path",
        "from bot import clock",
        "async def f(): pass",
        "try:\n    x = 1\nexcept ValueError:\n    x = 2",
        "import logging",
        "print(1)",
    ],
)
def test_the_guard_of_purity_sees_what_is_impure(source: str) -> None:
    assert impurities(source)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert [file.name for file in PYTHON if len(file.read_text().splitlines()) > LONGEST] == []


def test_imports_go_from_bot_to_content_to_flows_and_the_sandbox_stands_alone() -> None:
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def tracked() -> Iterator[str]:
    """The top level as git has it; nothing outside a checkout."""
    ran = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=TOP, capture_output=True, text=True, check=False
    )
    return iter(ran.stdout.split())


def test_the_top_level_holds_what_was_asked_for_and_nothing_else() -> None:
    assert [name for name in tracked() if name not in TOP_LEVEL and not name.startswith(".")] == []


def test_every_event_and_every_effect_is_dealt_with_by_name() -> None:
    """mypy's exhaustive matches hold it; this holds that nobody hid one in a final `case _`."""
    for file, function in (("flows/advance.py", "_decide"), ("bot/batch.py", "_apply")):
        tree = ast.parse((TOP / file).read_text())
        body = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
        match = next(node for node in ast.walk(body) if isinstance(node, ast.Match))
        wild = [case for case in match.cases if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None]
        assert all("assert_never" in ast.unparse(case) for case in wild), file
