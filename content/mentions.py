"""Which words the program names, read from its source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from content.names import Name, names

KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_]+)+")
FILLED = "[A-Za-z0-9_.-]+"  # what may stand for a filled-in part of an f-string
# Of content/: those that ask for words themselves.
SPEAKING = (
    "charts.py",
    "citing.py",
    "digest.py",
    "family.py",
    "figures.py",
    "looked.py",
    "overview.py",
    "pictures.py",
    "render.py",
    "taken.py",
    "views.py",
    "voice.py",
)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the source says about words.

    `keys` stand as they are, `patterns` come from f-strings; both with the `file:line` of their first mention. `loose`
    only count as use. `buttons` and `toasts` are shown as such. `passed`: the places filled by everybody who says a
    key; no entry if that cannot be read. `names`: places that somebody fills, of whatever key.
    `advice`: what-to-do screens that are named, with the `file:line`. `named`: what the flows know of questionnaires.
    """

    keys: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    buttons: set[str] = field(default_factory=set)
    toasts: set[str] = field(default_factory=set)
    passed: dict[str, frozenset[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    advice: dict[str, str] = field(default_factory=dict)
    named: list[Name] = field(default_factory=list)

    def uses(self, key: str) -> bool:
        """Whether somebody may ask for the key."""
        return key in self.keys or key in self.loose or matches(key, self.patterns)


def matches(key: str, patterns: set[str] | dict[str, str]) -> bool:
    return any(re.fullmatch(pattern, key) for pattern in patterns)


def mentions(flows_folder: Path) -> Mentions:
    """Read flows, and beside it what shows their effects. Raises SyntaxError if one is not Python."""
    root = flows_folder.resolve().parent
    found = Mentions()
    for path in sorted(flows_folder.resolve().glob("*.py")):
        found.named.extend(names(ast.parse(path.read_bytes()), path.relative_to(root).as_posix()))
    strict = [*sorted(flows_folder.resolve().glob("*.py")), *(root / "content" / name for name in SPEAKING)]
    for path in (path for path in strict if path.is_file()):
        _read(path, path.relative_to(root).as_posix(), found)
    for path in sorted((root / "bot").rglob("*.py")):
        if "sandbox" not in path.relative_to(root).parts:
            said = {text for text, _ in _strings(ast.parse(path.read_bytes()))}
            found.loose.update(text for text in said if KEY.fullmatch(text))
            found.names.update(text for text in said if text.isidentifier())
    return found


def _read(path: Path, name: str, found: Mentions) -> None:
    tree = ast.parse(path.read_bytes())
    found.names.update(_names(tree))
    for text, line in _strings(tree):
        if KEY.fullmatch(text):
            found.keys.setdefault(text, f"{name}:{line}")
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr() if pattern := _pattern(node):
                found.patterns.setdefault(pattern, f"{name}:{node.lineno}")
            case ast.Call(func=ast.Name(id=callee)):
                _call(node, callee, name, found)
            case _:
                pass


def _call(node: ast.Call, callee: str, name: str, found: Mentions) -> None:
    """A call that takes `words=` or `advice=`."""
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    match given.get("advice"):
        case ast.Constant(value=str(advice)):
            found.advice.setdefault(advice, f"{name}:{node.lineno}")
        case _:
            pass
    if "words" not in given:
        return
    literals = [text for text, _ in _strings(given["words"])]
    patterns = [p for part in ast.walk(given["words"]) if isinstance(part, ast.JoinedStr) and (p := _pattern(part))]
    shown = {"Button": found.buttons, "Toast": found.toasts}.get(callee, set())
    shown.update(re.escape(text) for text in literals)
    shown.update(patterns)
    if callee in ("Say", "Toast"):
        with_ = _passed(given.get("with_"))
        for text in literals:
            found.keys.setdefault(text, f"{name}:{node.lineno}")
            if with_ is not None:
                found.passed[text] = with_ & found.passed.get(text, with_)


def _passed(with_: ast.expr | None) -> frozenset[str] | None:
    """The names in `with_=(("name", …), …)`; None if it is not written out."""
    if with_ is None:
        return frozenset()
    if not isinstance(with_, ast.Tuple):
        return None
    names: set[str] = set()
    for pair in with_.elts:
        match pair:
            case ast.Tuple(elts=[ast.Constant(value=str(place)), _]):
                names.add(place)
            case _:
                return None
    return frozenset(names)


def _names(tree: ast.AST) -> Iterator[str]:
    """What may be the name of a place: the first of two in a tuple, the keys of a mapping."""
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(place)), _]):
                yield place
            case ast.Dict():
                yield from (place for key in node.keys if key for place, _ in _strings(key))
            case _:
                pass


def _strings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every whole string with its line; not the pieces of an f-string."""
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value, node.lineno


def _pattern(node: ast.JoinedStr) -> str:
    """What keys an f-string can make; empty if it makes none: words, or nothing but filled-in parts."""
    said = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if "." not in said or not re.fullmatch(r"[a-z0-9_.]*[a-z][a-z0-9_.]*", said):
        return ""
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else FILLED for part in node.values)
