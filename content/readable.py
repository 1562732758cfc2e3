"""How hard a text is to read."""

import re
from collections.abc import Iterator
from functools import cache

from pyphen import Pyphen

from content.facts import Facts

HARDEST = 8  # ours: the grade of school that must be enough; the aim is 6
LEAST_WORDS = 5  # ours: of a name or a button no grade can be told
HYPHENS = {"en": "en_US"}  # the formula is for English; other languages are not graded
PLACE = re.compile(r"\{\w*\}")
WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*")
SILENT = re.compile(r"(?<![aeiouyl])e$|(?<![aeiouytd])ed$|(?<![aeiouyscxzgh])es$")
END = re.compile(r"[.!?:…•]+[\s*”’)]|\n")


def readable(facts: Facts) -> Iterator[str]:
    """A tired person can read every text, at night, on a phone."""
    needless = dict(facts.library.hard)
    for language, key, text, where in facts.texts():
        if language in HYPHENS and (found := grade(text, language)) > HARDEST:
            if key not in facts.library.hard:
                told = f"it takes grade {found:.1f}, more than {HARDEST}; write shorter sentences and words"
                yield f'{where}: "{key}" is hard to read: {told}.'
            needless.pop(key, None)
    yield from (f'content/banned.yaml: "{key}" is not hard to read.' for key in needless)


@cache
def grade(text: str, language: str) -> float:
    """The Flesch-Kincaid grade of American schools (Kincaid and others, 1975); 0 for less than LEAST_WORDS words.

    Numbers and what is filled in are not counted.
    """
    parts = [WORD.findall(part) for part in END.split(PLACE.sub(" ", text) + "\n")]
    sentences = [words for words in parts if words]
    words = [word for words in sentences for word in words]
    if len(words) < LEAST_WORDS:
        return 0.0
    syllables = sum(_syllables(word.lower(), language) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str, language: str) -> int:
    """As many as hyphens tell or vowels do, whichever is more: hyphens leave out many, as in "any"."""
    vowels = len(re.findall("[aeiouy]+", SILENT.sub("", word)))
    return max(len(_hyphens(language).positions(word)) + 1, vowels)


@cache
def _hyphens(language: str) -> Pyphen:
    return Pyphen(lang=HYPHENS[language], left=1, right=2)
