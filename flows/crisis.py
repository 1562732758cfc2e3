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


def kind(book: Book, signs: tuple[str, ...]) -> str:
    """The one of CRISES that some of these signs call for, that of the reader's own thoughts first; empty if none."""
    told = {name for one in signs if about(book, one) for name in _calls(book, one)}
    return next((name for name in (SELF, *CRISES) if name in told), "")


def about(book: Book, sign: str) -> bool:
    """Whether a sign is about thoughts of suicide. `sign`: see Report.signs."""
    calls = _calls(book, sign)
    return bool(calls) and calls <= set(CRISES)


def _calls(book: Book, sign: str) -> set[str]:
    """Whom the screens of a sign say to call; empty: of a screen that is gone."""
    path, _, name = sign.partition("#")
    if path.startswith(TYPED):
        screens = {path.removeprefix(TYPED)}
    else:
        found = book.item(path)
        options = found[1].options if found else ()
        screens = {one.advice for one in options if one.advice and (one.id == name or not (name or one.named))}
    return {book.advice[name].calls if name in book.advice else "" for name in screens}
