"""Words made worse on purpose, one at a time, in memory: each of these must be noticed."""

import re
from collections.abc import Iterator
from dataclasses import replace

from content.build import fixed
from content.links import ACUTE
from content.load import Library
from content.wording import DENIES, TITLE, forms, parts

LOST = "Lorem ipsum."
LISTED = "• "
OTHERS = ("en", "xx")  # a second language is invented where there is one alone


def misspoken(library: Library) -> Iterator[tuple[str, Library]]:
    """What is said worse, in words, and the content that says so."""
    for language in library.words:
        for found in (_sentences, _reversed, _told, _labels, _asked, _signs, _texts):
            yield from found(library, language)


def _sentences(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """Each sentence that requirements.yaml asks for, lost."""
    for name, screen in library.register.screens.items():
        places = parts(library.book.advice[name])
        for part in screen.words.get(language, {}):
            for key in forms(library.words[language], places.get(part, "")):
                yield f"{key} is lost", _with(library, language, {key: LOST})


def _reversed(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """Each "do not" turned into "do", where the word that follows must never stand alone; and each such word said."""
    words = library.words[language]
    for name, screen in library.register.screens.items():
        keys = [key for part in parts(library.book.advice[name]).values() for key in forms(words, part)]
        for one in screen.never.get(language, ()):
            said = f"{one} now. {words[keys[0]]}" if keys else ""
            yield f"{name} says {one}", _with(library, language, {keys[0]: said})
            for key in keys:
                clauses = re.findall(rf"[^.!?:;]*(?<!\w){one}(?!\w)[^.!?:;]*", words[key], re.IGNORECASE)
                if any(DENIES.search(clause.casefold()) for clause in clauses):
                    plain = re.sub(r"(?i)\b(do not|cannot|not|no|never|nobody|nothing)\b", "", words[key])
                    yield f'{key} says {one} without "not"', _with(library, language, {key: plain})


def _told(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """Each text outside the screens that requirements.yaml holds, lost; and each word said that it must never say."""
    words = library.words[language]
    for name, held in library.register.texts.get(language, {}).items():
        for key in forms(words, name):
            yield f"{key} is lost", _with(library, language, {key: LOST})
            for one in held.never:
                yield f"{key} says {one}", _with(library, language, {key: f"{words[key]} {one}."})


def _labels(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """Each label exchanged with the next one under the same question."""
    words, labels = library.words[language], library.register.labels.get(language, {})
    by_path: dict[str, list[str]] = {}
    for key in words:
        path, _, name = key.rpartition(".")
        if name in labels and path in ("option", "loop.option", "lower.option"):
            by_path.setdefault(path, []).append(key)
    for key in (one for name in labels if "." in name for one in forms(words, name)):
        yield f"{key} is lost", _with(library, language, {key: LOST})
    for keys in by_path.values():
        for one, other in zip(keys, (*keys[1:], keys[0]), strict=True):
            yield f"{one} and {other} are exchanged", _with(library, language, {one: words[other], other: words[one]})


def _asked(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """Of each question about signs what it asks, and each line of its list, lost."""
    words = library.words[language]
    for questionnaire in (one for one in library.book.questionnaires.values() if one.id in ACUTE):
        for item in questionnaire.items:
            for key in forms(words, f"{questionnaire.id}.{item.id}.ask"):
                lines = words[key].split("\n")
                for n, line in enumerate(lines):
                    if (n == 0 or line.startswith(LISTED)) and any(option.urgency for option in item.options):
                        left = "\n".join((*lines[:n], *lines[n + 1 :])) or LOST
                        yield f"{key}: “{line}” is lost", _with(library, language, {key: left})


def _signs(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """The name of each sign, lost."""
    claimed = {claim.partition("#")[0].replace("/", ".") for claims in library.signs.values() for claim in claims}
    for key in library.words[language]:
        if any(key.startswith(f"{path}.sign") for path in claimed):
            yield f"{key} is lost", _with(library, language, {key: LOST})


def _texts(library: Library, language: str) -> Iterator[tuple[str, Library]]:
    """What no text may be: missing, unknown, forbidden, hard, too long, with a figure out of the air."""
    words = library.words[language]
    key = next(key for name in library.book.advice for key in forms(words, f"advice.{name}.{TITLE}"))
    forbidden = next(iter(library.banned.get(language, ())), "")
    for what, text in (
        ("is forbidden", f"{words[key]} {forbidden}"),
        ("has an unknown place", f"{words[key]} {{nobody}}"),
        (
            "is hard",
            f"{words[key]} Interdisciplinary radiotherapeutic considerations necessitate immediate consultation.",
        ),
        ("is too long", "x" * 5000),
    ):
        yield f"text {key} {what}", _with(library, language, {key: text})
    page = next((one for one in words if one.startswith("treatments.") and one.count(".") > 2), key)
    yield f"text {page} has a figure of no year", _with(library, language, {page: "It helps 3 of 10."})
    left = {name: text for name, text in words.items() if name != key}
    yield f"text {key} is missing", replace(library, words=fixed({**library.words, language: fixed(left)}))
    for other in OTHERS:
        if other not in library.words:
            more = fixed({**library.words, other: fixed(left)})
            where = fixed({**library.where, other: library.where[language]})
            yield f"text {key} is missing in another language", replace(library, words=more, where=where)


def _with(library: Library, language: str, changed: dict[str, str]) -> Library:
    words = fixed({**library.words[language], **changed})
    return replace(library, words=fixed({**library.words, language: words}))
