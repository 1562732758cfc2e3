"""Which questionnaires, items and options the flows know by name, read from their source."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

WORDS = "words"  # kept like a questionnaire, and is none: what was recognised in typed words


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a line names; empty: not said there. `among`: every questionnaire that its file names."""

    questionnaire: str = ""
    item: str = ""
    option: str = ""
    where: str = ""
    among: frozenset[str] = frozenset()


CONSTANTS: dict[str, Callable[[str], Name]] = {  # what the strings in them name
    "FINISH": lambda text: Name(questionnaire=text),
    "LOST": lambda text: Name(questionnaire=text),
    "OWN": lambda text: Name(questionnaire=text),
    "KEPT": lambda text: Name(questionnaire=text),
    "PERMISSIONS": lambda text: Name(item=text, option="yes"),
    "CAREGIVERS_ONLY": lambda text: Name(item=text),
    "ONSETS": lambda text: Name(option=text),
}


def names(tree: ast.AST, file: str) -> Iterator[Name]:
    """Everything that a file of flows/ names of questionnaires."""
    found = [replace(name, where=f"{file}:{line}") for node in ast.walk(tree) for name, line in _named(node)]
    among = frozenset(name.questionnaire for name in found if name.questionnaire)
    yield from (replace(name, among=among) for name in found)


def _named(node: ast.AST) -> Iterator[tuple[Name, int]]:
    """What a node names, in the forms that flows/ uses, with its line."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ) if name in CONSTANTS:
            for one in ast.walk(value):
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value != WORDS:
                    yield CONSTANTS[name](one.value), one.lineno
        case (
            ast.Call(func=ast.Name(id="begin"), args=[_, _, ast.Constant(value=str(said)), *_])
            | ast.Subscript(value=ast.Attribute(attr="questionnaires"), slice=ast.Constant(value=str(said)))
        ):
            yield Name(questionnaire=said), node.lineno
        case ast.Compare(left=left, comparators=[ast.Constant(value=str(said))]):
            yield from ((name, node.lineno) for name in _compared(left, said))
        case ast.Call() if item := _asked(node):
            yield Name(item=item), node.lineno


def _compared(left: ast.expr, said: str) -> Iterator[Name]:
    match left:
        case ast.Attribute(attr="questionnaire") | ast.Attribute(value=ast.Name(id="questionnaire"), attr="id"):
            yield Name(questionnaire=said)
        case ast.Attribute(value=ast.Name(id="place"), attr="item"):
            yield Name(item=said)
        case ast.Attribute(attr="role"):
            yield Name(item="role", option=said)
        case ast.Call() if item := _asked(left):
            yield Name(item=item, option=said)


def _asked(call: ast.Call) -> str:
    """The item whose answer is read; empty if none is."""
    match call:
        case (
            ast.Call(func=ast.Attribute(attr="answer"), args=[ast.Constant(value=str(item))])
            | ast.Call(func=ast.Attribute(value=ast.Name(id="known")), args=[ast.Constant(value=str(item)), *_])
            | ast.Call(func=ast.Name(id="_detail"), args=[_, ast.Constant(value=str(item))])
        ):
            return item
        case _:
            return ""
