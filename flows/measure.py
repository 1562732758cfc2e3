"""Numbers people type: which of an item's options a measured temperature is."""

import re
from dataclasses import dataclass, replace

from flows.book import Book, Item, Option, Pathway, Phrase, Urgency
from flows.effects import Advise, Degrees, Effect, Say

MARKS = r".,·'’‘`´ʼ′:;\-"  # what people type between degrees and their tenths
NUMBER = re.compile(rf"(?<!\w)\d+(?:(?:\s*[{MARKS}/–—_]\s*|\s+)\d+)*(?:\s?½)?")
UNIT = re.compile(r"\s*°?\s*(?:degrees?\s*)?(c|f|celsius|fahrenheit)?(?!\w)", re.IGNORECASE)
VALUE = re.compile(
    rf"(\d{{2,3}})(?:\.(\d{{1,2}})|\s?[.,·]\s?(\d)|[{MARKS}](\d)|\s(\d)|(\s?½|\s1/2))?"
)  # degrees, and tenths in one of these forms
HALF = re.compile(r"\s+(?:and|&)\s+(?:a\s+)?half\b", re.IGNORECASE)
TENTHS = re.compile(  # `37°8`, `37 point 8`: what else stands between degrees and their tenths
    r"(?<!\d)(\d{2,3})\s*(?:°|º|&|\*|،|٫|\b(?:point|dot|comma|degrees?)\b)\s*(\d)(?!\s*(?:\d|h\b|hours?|days?|times|am\b|pm\b|°))",
    re.IGNORECASE,
)
OTHER = re.compile(  # in English: what a number with tenths is besides a temperature
    r"\s*(?:kg|kilos?|g|mg|mcg|ml|l|lit\w*|%|percent|km|miles?|cm|mm\w*|min\w*|h|hrs?|hours?|days?|weeks?|months?|years?"
    r"|lbs?|pounds?|stone|am|pm|units?|tablets?|drops?|/)\b|\s*[%/:]",
    re.IGNORECASE,
)
# In English: what makes of a number a limit, before it or after, and what denies that.
ABOUT = r"\W*(?:about\W+|around\W+)?$"
BELOW = re.compile(rf"(?:\b(?:below|under|beneath|(?:less|lower) than)|<){ABOUT}", re.IGNORECASE)
ABOVE = re.compile(rf"(?:\b(?:above|over|(?:more|higher|greater) than)|>){ABOUT}", re.IGNORECASE)
OR_BELOW = re.compile(r"\W*(?:or|and)\s+(?:below|under|less|lower)\b", re.IGNORECASE)
OR_ABOVE = re.compile(r"\W*(?:(?:or|and)\s+(?:above|over|more|higher|up)\b|\+|plus\b)", re.IGNORECASE)
DENIED = re.compile(r"(?:\b(?:not|never|no|nor)|n['’]?t)\W+$", re.IGNORECASE)
COLDEST, HOTTEST = 25.0, 45.0  # °C; beyond this it was mistyped
FAHRENHEIT_FROM = 77.0  # a bare number from here on is in °F
CLOSE = 0.005  # °C lost in turning °F into °C
COLD = 34.0  # °C; a whole number that nobody asked for, below this, is rather an age
WORD = re.compile(r"\w+")
NAMED = frozenset({"temp", "temperature", "fever", "thermometer"})
AROUND = NAMED | {  # in English; what may stand around a temperature that is all somebody says
    "a", "above", "again", "am", "at", "below", "dad", "got", "had", "has", "have", "he", "her", "high", "his",
    "husband", "i", "is", "it", "just", "less", "low", "m", "mom", "more", "mum", "my", "now", "of", "over",
    "reading", "reads", "s", "said", "says", "she", "shows", "still", "than", "the", "this", "today", "tonight",
    "under", "up", "ve", "was", "wife",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A temperature in °C. `bound`: it was `below` or `above` that; `denied`: not so. `rest`: the words beside it.

    `bare`: a whole number without a unit. `other`: the word after it says that it is no temperature.
    """

    celsius: float
    bound: str = ""
    denied: bool = False
    rest: str = ""
    bare: bool = False
    other: bool = False


def measured(text: str) -> Reading | None:
    """The one temperature in what somebody typed, in °C or °F.

    A number without a unit is read as °F from 77 on. `38,2`, `37'9`, `It is 38.2 C`, `38 2`, `37 1/2`, `37 and a half`
    and `100.8F` are understood. None if there is no number, more than one, or none a body has.
    """
    text = TENTHS.sub(r"\1.\2", HALF.sub("½", _ascii(text)))
    found = [(one, unit) for one in NUMBER.finditer(text) if (unit := UNIT.match(text, one.end()))]
    found = [(one, unit) for one, unit in found if len(one[0]) > 1]  # a digit alone is an hour, or how often
    if len(found) != 1 or (value := VALUE.fullmatch(found[0][0][0])) is None:
        return None
    number, unit = found[0]
    whole, *tenths, half = value.groups()
    degrees = float(f"{whole}.{'5' if half else next(filter(None, tenths), '0')}")
    named = unit[1] or ""
    if named.lower().startswith("f") or (not named and degrees >= FAHRENHEIT_FROM):
        degrees = (degrees - 32) * 5 / 9
    if not COLDEST <= degrees <= HOTTEST:
        return None
    before, after = text[: number.start()], text[unit.end() :]
    below, above = BELOW.search(before), ABOVE.search(before)
    limit = below or above
    bound = "below" if below or OR_BELOW.match(after) else "above" if above or OR_ABOVE.match(after) else ""
    denied = DENIED.search(before[: limit.start()] if limit else before) is not None
    bare = not named and not half and not any(tenths)
    other = not named and OTHER.match(after) is not None
    return Reading(degrees, bound, denied, rest=f"{before} {after}", bare=bare, other=other)


def _ascii(text: str) -> str:
    """The same with every script's digits as 0 to 9."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in text)


def celsius(text: str) -> float | None:
    """The one temperature in °C in what somebody typed; None if there is none, or it is only a limit."""
    reading = measured(text)
    return reading.celsius if reading and not reading.bound else None


def unasked(book: Book, text: str) -> Phrase | None:
    """What a temperature means though nothing asked for one; None if it calls for nothing.

    It is all of the text, or has tenths or a unit, so that it is hardly anything else. It means what it does to the
    first question about warning signs that measures one.
    """
    reading, item = (
        measured(text),
        next((item for item in book.questionnaires["red_flags"].items if item.measure), None),
    )
    words = frozenset(WORD.findall(reading.rest.casefold())) if reading else AROUND
    if reading is None or item is None or reading.other or reading.denied or (reading.bare and not words <= AROUND):
        return None
    aged = reading.celsius < COLD and not words & NAMED and reading.bare
    option = None if aged else sorted_out(book.pathway, item, reading)
    if option is None or option.urgency is None or option.urgency < Urgency.URGENT:
        return None
    return Phrase(advice=option.advice, urgency=option.urgency, groups=())


def sorted_out(pathway: Pathway, item: Item, reading: Reading) -> Option | None:
    """The option a temperature falls under: `high` from the pathway's threshold on, `low` below its lower one.

    None if it was below or above something that tells neither.
    """
    degrees = reading.celsius
    high, low = degrees >= pathway.fever - CLOSE, degrees < pathway.low - CLOSE
    if reading.bound:
        low = reading.bound == "below" and degrees <= pathway.low + CLOSE
        high = reading.bound == "above" and high
        if reading.denied or not (high or low):
            return None
    return item.option("high" if high else "low" if low else "between")


def read_back(path: str, reading: Reading, effects: list[Effect]) -> list[Effect]:
    """The effects of the answer, and what was understood: near the end of what to do, or else before them."""
    words = f"{path}.read_{reading.bound}" if reading.bound else f"{path}.read"
    read = Say(words=words, with_=(("read", Degrees(reading.celsius)),))
    if not any(isinstance(effect, Advise) for effect in effects):
        return [read, *effects]
    return [replace(one, note=read) if isinstance(one, Advise) else one for one in effects]
