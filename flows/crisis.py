"""Thoughts of suicide stand apart from other signs: they may be another's, and are not read out beside the patient."""

from flows.book import Book

SELF = "own_crisis"  # whom a screen says to call about the reader's own thoughts
CRISES = ("crisis", SELF)
TYPED = "words/"


def fitting(book: Book, signs: tuple[str, ...], advice: str) -> tuple[str, ...]:
    """Of these signs those that belong on a screen: thoughts of suicide on theirs, all others on the others."""
    screen = book.advice.get(advice)
    crisis = screen is not None and screen.calls in CRISES
    return tuple(one for one in signs if about(book, one) == crisis) or signs


def others(book: Book, signs: tuple[str, ...]) -> tuple[str, ...]:
    """Without thoughts of suicide."""
    return tuple(one for one in signs if not about(book, one))


def about(book: Book, sign: str) -> bool:
    """Whether a sign is about thoughts of suicide. `sign`: see Report.signs."""
    path, _, name = sign.partition("#")
    if path.startswith(TYPED):
        screens = {path.removeprefix(TYPED)}
    else:
        found = book.item(path)
        options = found[1].options if found else ()
        screens = {one.advice for one in options if one.advice and (one.id == name or not (name or one.named))}
    return bool(screens) and all(name in book.advice and book.advice[name].calls in CRISES for name in screens)
