"""Red flags in typed words. Adds concern, never takes it away: what is not found here decides nothing."""

import re
from collections.abc import Iterator

from flows.book import Book, Phrase

REACH = 8  # words from the first to the last that still belong together
WORD = re.compile(r"[\w']+|[.,;:!?]", re.UNICODE)
DENIALS = frozenset({"no", "not", "without", "never", "isn't", "aren't", "don't", "doesn't", "hasn't", "haven't"})


def recognise(book: Book, language: str, text: str) -> Phrase | None:
    """The most urgent phrase of the content found in the text, or None. Of equals the first in the content."""
    words = WORD.findall(text.casefold().replace("’", "'").replace("`", "'"))
    found = [phrase for phrase in book.phrases.get(language, ()) if _stands_in(phrase, words)]
    return max(found, key=lambda phrase: phrase.urgency, default=None)


def _stands_in(phrase: Phrase, words: list[str]) -> bool:
    """Whether one member of every group stands within reach of the others, none of them denied."""
    places = [sorted(set(_places(group, words))) for group in phrase.groups]
    return any(
        all(any(abs(place - start) <= REACH for place in others) for others in places)
        for start in (places[0] if places else ())
    )


def _places(group: tuple[str, ...], words: list[str]) -> Iterator[int]:
    for member in group:
        wanted = member.casefold().split()
        for start in range(len(words) - len(wanted) + 1):
            denied = start > 0 and words[start - 1] in DENIALS and wanted[0] not in DENIALS
            if not denied and all(_same(want, words[start + n]) for n, want in enumerate(wanted)):
                yield start


def _same(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
