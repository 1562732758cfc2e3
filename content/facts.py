"""What the checks look at."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from content.load import Library, load
from content.longest import Shown, messages
from content.mentions import Mentions
from content.strict import ContentError
from flows.book import Pathway

MEDICAL = re.compile(r"(advice|conflict|treatments)\.[^.]+\..+")
FORMED = re.compile(r"(advice\.[^.]+|conflict\.[^.]+|treatments|option|section)\..+")  # only content can need these


@dataclass(frozen=True)
class Facts:
    """What the checks look at."""

    library: Library
    mentions: Mentions
    root: Path  # of the source: the folder of flows, content and tests
    checks: frozenset[str] = frozenset()  # the names of all checks
    sites: tuple[Pathway, ...] = ()  # all pathways that can be loaded

    @cached_property
    def needed(self) -> frozenset[str]:
        """Keys that the content must have words for."""
        return frozenset(needed(self.library))

    @cached_property
    def shown(self) -> list[Shown]:
        """Every message of the content, at its longest."""
        return [one for language in self.library.words for one in messages(self.library, language)]

    def texts(self) -> Iterator[tuple[str, str, str, str]]:
        """(language, key, text, file:line) of all words."""
        for language, words in self.library.words.items():
            for key, text in words.items():
                yield language, key, text, self.library.where[language][key]

    def medical(self, key: str) -> bool:
        """Whether the words come from the content and not from the interface."""
        return bool(MEDICAL.fullmatch(key)) or key.partition(".")[0] in self.library.book.questionnaires

    def formed(self, key: str) -> bool:
        """Whether only content can need the words: no f-string of the program stands for them."""
        question = key.partition(".")[0] in self.library.book.questionnaires and key.endswith((".ask", ".sign"))
        return question or bool(FORMED.fullmatch(key))


def sites(folder: Path) -> Iterator[Pathway]:
    """The pathways of the content, those that can be loaded: `pathways_usable` tells of the others."""
    for path in sorted((folder / "pathways").glob("*.yaml")):
        with suppress(ContentError):
            yield load(folder, path.stem).book.pathway


def needed(library: Library) -> Iterator[str]:
    """Keys that the content asks for. An option has its own words, in any language, or shares those of its name."""
    known = {key for words in library.words.values() for key in words}
    for questionnaire in library.book.questionnaires.values():
        yield f"{questionnaire.id}.title"
        for item in questionnaire.items:
            path = f"{questionnaire.id}.{item.id}"
            yield f"{path}.ask"
            for option in item.options:  # the reasons for no answer are among them
                yield own if (own := f"{path}.{option.id}") in known else f"option.{option.id}"
            if any(option.urgency for option in item.options):
                yield f"{path}.sign"
            yield from (f"{path}.sign_{option.id}" for option in item.options if option.named)
    for phrases in library.book.phrases.values():
        yield from (f"words.{phrase.advice}.sign" for phrase in phrases)
    for advice in library.book.advice.values():
        yield f"advice.{advice.id}.title"
        for part in ("do", "say", "watch"):
            yield from (f"advice.{advice.id}.{part}.{sentence.id}" for sentence in getattr(advice, part))
    for name, conflict in library.conflicts.items():
        yield f"conflict.{name}.about"
        yield from (f"conflict.{name}.{position.words}" for position in conflict.positions)
    for treatment in library.book.treatments.values():
        yield f"treatments.{treatment.id}.title"
        for section in treatment.sections:
            yield f"section.{section.id}"
            yield from (f"treatments.{treatment.id}.{section.id}.{sentence.id}" for sentence in section.sentences)
