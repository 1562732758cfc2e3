"""Red flags in typed words. Adds concern, never takes it away: what is not found here decides nothing."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache

from flows.book import Book, Phrase, Phrases

REACH = 8  # words from the first to the last that still belong together
WORD = re.compile(r"\w+|[.,;:!?…()–—\n]|(?<=\s)-(?=\s)", re.UNICODE)  # what ends a thought ends a denial
APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ′")  # many leave them out, and all mean the same without
MARKS = ".,;:!…()–—-\n"  # each ends a thought as a full stop does, and so do the text's own ends
SIGN = "…"  # where the sign stands in a denial

Words = tuple[str, ...]


def recognise(book: Book, language: str, text: str) -> Phrase | None:
    """The most urgent phrase of the content found in the text, or None. Of equals the first in the content."""
    return found(book.phrases[language], text) if language in book.phrases else None


def found(phrases: Phrases, text: str) -> Phrase | None:
    """The same, of these phrases."""
    return next(iter(several(phrases, text)), None)


def several(phrases: Phrases, text: str) -> list[Phrase]:
    """Every sign told, one phrase for each screen, the most urgent first; of equals in the order of the content.

    No word tells of two signs: a phrase counts beside another if it stands in words that are not the other's.
    """
    places: dict[int, dict[int, list[range]]] = {}  # where each group's members stand, by phrase
    for phrase, group, held in _members(phrases, _words(text)):
        places.setdefault(phrase, {}).setdefault(group, []).append(held)
    every, signs, used = phrases.every, list[Phrase](), set[int]()
    whole = [n for n, each in places.items() if _whole(every[n], each.values())]
    for n in sorted(whole, key=lambda n: (-every[n].urgency, n)):
        free = [[held for held in group if used.isdisjoint(held)] for group in places[n].values()]
        if any(one.advice == every[n].advice for one in signs) or not _whole(every[n], free):
            continue
        signs.append(every[n])
        same = (places[other] for other in whole if every[other].advice == every[n].advice)
        used.update(word for each in same for held in _closest(list(each.values())) for word in held)
    return signs


@lru_cache(maxsize=10)
def listen(every: tuple[Phrase, ...], denials: tuple[str, ...]) -> Phrases:
    """Phrases in the shape that finds them fast: the same ones once, as every pathway has the same."""
    members: dict[str, list[tuple[int, int, Words]]] = {}
    for n, phrase in enumerate(every):
        for m, group in enumerate(phrase.groups):
            for wanted in map(_wanted, group):
                members.setdefault(_key(wanted), []).append((n, m, wanted))
    deny = tuple(_wanted(one.removesuffix(SIGN)) for one in denials if one.endswith(SIGN))
    undo = tuple(_wanted(one.removeprefix(SIGN)) for one in denials if one.startswith(SIGN))
    idle = tuple(_wanted(one) for one in denials if SIGN not in one)
    return Phrases(every=every, denials=denials, members=members, deny=deny, undo=undo, idle=idle)


def _members(phrases: Phrases, words: list[str]) -> Iterator[tuple[int, int, range]]:
    """(phrase, group, place) of every member that stands in the words and is not denied there."""
    idle = _ranges(phrases.idle, words)
    undone = [one.start for one in _ranges(phrases.undo, words)]
    denied = {one.stop for one in _ranges(phrases.deny, words) if not _touched(one, idle)}
    denied = {start for start in denied if not any(0 < place - start <= REACH for place in undone)}
    denies = {wanted[0] for wanted in phrases.deny} if denied else set()
    for start, word in enumerate(words):
        for key in (" ".join(words[start : start + 2]), word, *(f"{word[:end]}*" for end in range(1, len(word) + 1))):
            for phrase, group, wanted in phrases.members.get(key, ()):
                if not _stands(wanted, words, start) or (start in denied and wanted[0] not in denies):
                    continue
                held = range(start, start + len(wanted))
                if not _touched(held, idle):
                    yield phrase, group, held


def _key(wanted: Words) -> str:
    """How a member starts: its first two words, or only the first where one of them has a *, or a mark comes next."""
    start = " ".join(wanted[:2])
    return wanted[0] if "*" in start or wanted[1:2] == (".",) else start


def _whole(phrase: Phrase, groups: Collection[list[range]]) -> bool:
    """Whether a member of each group is there, near each other."""
    return len(groups) == len(phrase.groups) and _near([[held.start for held in group] for group in groups])


def _closest(groups: list[list[range]]) -> list[range]:
    """One member of each group, as near each other as they stand."""
    ways = [[min(others, key=lambda held: abs(held.start - one.start)) for others in groups] for one in groups[0]]
    return min(ways, key=lambda way: max(held.stop for held in way) - min(held.start for held in way))


def _near(groups: list[list[int]]) -> bool:
    """Whether one member of every group stands within reach of the first's."""
    return any(all(any(abs(place - start) <= REACH for place in others) for others in groups) for start in groups[0])


def _ranges(every: Sequence[Words], words: list[str]) -> list[range]:
    """Where any of them stands."""
    there = [one for one in every if one[0] in words or one[0][-1] in "*."]  # few: no other can stand there
    starts = range(len(words))
    return [range(start, start + len(one)) for one in there for start in starts if _stands(one, words, start)]


def _touched(held: range, idle: list[range]) -> bool:
    """Whether words that are no sign stand there, and more than these words hold."""
    return any(set(one) & set(held) and not set(one) <= set(held) for one in idle)


def _stands(wanted: Words, words: list[str], start: int) -> bool:
    there = words[start : start + len(wanted)]
    return len(there) == len(wanted) and all(map(_same, wanted, there))


def _same(wanted: str, word: str) -> bool:
    if wanted == ".":
        return word in {".", "?"}
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


@cache
def _wanted(member: str) -> Words:
    return tuple(member.casefold().translate(APOSTROPHES).split())


def _words(text: str) -> list[str]:
    found = WORD.findall(text.casefold().translate(APOSTROPHES))
    return [".", *("." if word in MARKS else word for word in found), "."]
