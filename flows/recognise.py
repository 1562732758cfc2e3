"""Red flags in typed words. Adds concern, never takes it away: what is not found here decides nothing."""

import re
from collections.abc import Iterator

from flows.book import Book, Phrase

REACH = 8  # words from the first to the last that still belong together
WORD = re.compile(r"[\w']+|[.,;:!?…()–—\n]|(?<=\s)-(?=\s)", re.UNICODE)  # what ends a thought ends a denial
DENIALS = frozenset({"no", "not", "without", "never", "isn't", "aren't", "don't", "doesn't", "hasn't", "haven't"})


def recognise(book: Book, language: str, text: str) -> Phrase | None:
    """The most urgent phrase of the content found in the text, or None. Of equals the first in the content."""
    words = WORD.findall(text.casefold().replace("’", "'").replace("`", "'"))
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word, []).append(place)
    found = [phrase for phrase in book.phrases.get(language, ()) if _stands_in(phrase, words, places)]
    return max(found, key=lambda phrase: phrase.urgency, default=None)


def _stands_in(phrase: Phrase, words: list[str], places: dict[str, list[int]]) -> bool:
    """Whether one member of every group stands within reach of the others, none of them denied."""
    found = []
    for group in phrase.groups:
        found.append(sorted(set(_starts(group, words, places))))
        if not found[-1]:
            return False
    return any(all(any(abs(place - start) <= REACH for place in others) for others in found) for start in found[0])


def _starts(group: tuple[str, ...], words: list[str], places: dict[str, list[int]]) -> Iterator[int]:
    for member in group:
        wanted = member.casefold().split()
        for start in _first(wanted[0], places):
            denied = start > 0 and words[start - 1] in DENIALS and wanted[0] not in DENIALS
            there = words[start : start + len(wanted)]
            if not denied and len(there) == len(wanted) and all(map(_same, wanted, there)):
                yield start


def _first(wanted: str, places: dict[str, list[int]]) -> list[int]:
    """Where the first word of a member stands."""
    if not wanted.endswith("*"):
        return places.get(wanted, [])
    return [place for word, found in places.items() if _same(wanted, word) for place in found]


def _same(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
