"""Numbers people type: which of an item's options a measured temperature is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flows.book import Book, Item, Option, Pathway, Phrase, Urgency
from flows.effects import Advise, Effect, Say
from flows.fills import Degrees

SIGNS = str.maketrans("．，：；／－º˚", ".,:;/-°°")  # as keyboards of other countries write them
MARKS = r".,·'’‘`´ʼ′:;\-"  # what people type between degrees and their tenths
NUMBER = re.compile(rf"(?<!\w)\d+(?:(?:\s*[{MARKS}/–—_]\s*|\s+)\d+)*(?:\s?½)?")
UNIT = re.compile(r"\s*°?\s*(?:degrees?\s*)?(c|f|celsius|fahrenheit)?(?!\w)", re.IGNORECASE)
VALUE = re.compile(
    rf"(\d{{2,3}})(?:\.(\d{{1,2}})|\s?[.,·]\s?(\d)|[{MARKS}](\d)|\s(\d)|(\s?½|\s1/2))?"
)  # degrees, and tenths in one of these forms
HALF = re.compile(r"(?:\s*(?:°|\bdegrees?))?\s+(?:and|&)\s+(?:a\s+)?half\b", re.IGNORECASE)
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")  # in English
ENDS = r"(?=\s*(?:$|[.,;:!?)\n°]|(?:tenths?|deg\w*|c|f|celsius|fahrenheit|now|today|tonight|this)\b))"
SPOKEN = re.compile(  # in English: tenths in words
    r"(?<![\w.,])(\d{2,3})(?:\s*(?:°|degrees?))?(?:"
    r"\s+(?:and|&)\s+(?:(?:a|1|one)\s+)?(?P<quarters>(?:three|3)[\s-]+quarters?|3/4|1/4|quarter)\b(?!\s+(?:of\s+an\s+)?hour)"
    r"|\s+(?P<bare>three[\s-]+quarters?|quarter|half)\b" + ENDS + r"|\s*(?P<sign>¾|¼)"
    r"|\s*\b(?:point|dot|comma|decimal|pt)\s+(?P<point>\w+)\b"
    rf"|\s+(?:and\s+)?(?P<digit>{'|'.join(DIGITS[1:])})\b(?:\s+tenths?\b)?" + ENDS + ")",
    re.IGNORECASE,
)
TENTHS = re.compile(  # `37°8`, `37 point 8`: what else stands between degrees and their tenths
    r"(?<!\d)(\d{2,3})\s*(?:°|º|&|\*|،|٫|\b(?:point|dot|comma|decimal|pt|degrees?)\b)\s*(\d)(?!\s*(?:\d|h\b|hours?|days?|times|am\b|pm\b|°))",
    re.IGNORECASE,
)
OTHER = re.compile(  # in English: what a number with tenths is besides a temperature
    r"\s*(?:kg|kilos?|g|mg|mcg|ml|l|lit\w*|%|percent|km|miles?|cm|mm\w*|min\w*|h|hrs?|hours?|days?|weeks?|months?|years?"
    r"|lbs?|pounds?|stone|units?|tablets?|drops?|bpm|beats)\b|\s*(?:%|/(?!\s*\d))",
    re.IGNORECASE,
)
PRESSURE = re.compile(r"(?<![\w.,])\d{2,3}\s*(?:/|\bover\b)\s*\d{2,3}(?![.,]?\d)", re.IGNORECASE)  # or a day: 26/11
BESIDE = re.compile(  # in English: what else is measured; the number after it is no temperature
    r"\b(?:pulse|hr|heart\s?(?:rate|beat)|bp|blood pressure|sats?|spo2|o2|oxygen|sugars?|glucose)"
    r"\W+(?:(?:is|was|of|at|now|about|around|level)\W+){0,2}$",
    re.IGNORECASE,
)
TAKEN = re.compile(  # the same, of a whole number: a dose, a day, an age, a place
    r"\b(?:dex\w*|pred\w*|steroids?|doses?|took|takes?|gave|given|aged?|days?|weeks?|room|bed|ward|jan\w*|feb\w*|mar(?:ch)?"
    r"|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\W+$",
    re.IGNORECASE,
)
GIVEN = re.compile(
    r"\W*(?:of\s+)?(?:(?:dex|pred|steroid|oramorph|morphine)\w*|(?:pulse|sats)\b(?!\W*(?:(?:is|was)\W+)?\d))",
    re.IGNORECASE,
)
DATE = re.compile(r"(?:2[5-9]|3[01])\.(?:0[1-9]|1[0-2])")  # 31.12
ONE = r"\d{2,3}(?:[.·]\d{1,2}|,\d(?!\d))?"
PART = re.compile(ONE)
ROW = re.compile(rf"(?=.*\d(?:[.·]\d|,\d(?!\d))){ONE}(?:(?:\s*[,;/–—\-]\s*|:?\s+){ONE})+")  # `36.6, 38.6`
# In English: what makes of a number a limit, before it or after, and what denies that.
ABOUT = r"\W*(?:about\W+|around\W+)?$"
BELOW = re.compile(rf"(?:\b(?:below|under|beneath|(?:less|lower) than)|<){ABOUT}", re.IGNORECASE)
ABOVE = re.compile(rf"(?:\b(?:above|over|(?:more|higher|greater) than)|>){ABOUT}", re.IGNORECASE)
OR_BELOW = re.compile(r"\W*(?:or|and)\s+(?:below|under|less|lower)\b", re.IGNORECASE)
OR_ABOVE = re.compile(
    r"\W*(?:(?:or|and)\s+(?:above|over|more|higher|up|a\s+(?:wee\s+|little\s+)?bit|a\s+little|something)\b|\+|plus\b"
    r"|(?:point|dot|decimal|pt)\b)",  # and tenths that nobody can tell
    re.IGNORECASE,
)
INSTEAD = re.compile(r"(?:\b(?:not|never|nor)|n['’]?t)\s+$", re.IGNORECASE)  # the same where another number stands
DENIED = re.compile(r"(?:\b(?:not|never|no|nor)|n['’]?t)\W+$", re.IGNORECASE)
LONGEST = 100  # characters of several numbers in a row
COLDEST, HOTTEST = 25.0, 45.0  # °C; beyond this it was mistyped
FAHRENHEIT_FROM = 77.0  # a bare number from here on is in °F
CLOSE = 0.005  # °C lost in turning °F into °C
COLD = 34.0  # °C; a whole number that nobody asked for, below this, is rather an age
WORD = re.compile(r"[^\W\d_]+")
NAMED = frozenset({"temp", "temperature", "fever", "thermometer"})
AROUND = NAMED | {  # in English; what may stand around a temperature that is all somebody says
    "a", "above", "actually", "after", "afternoon", "again", "am", "and", "at", "before", "below", "but", "c",
    "celsius", "dad", "deg", "degrees", "earlier", "evening", "f", "fahrenheit", "first", "from", "got", "had",
    "has", "have", "he", "her", "high", "his", "husband", "i", "is", "it", "just", "last", "later", "less",
    "low", "m", "mean", "meant", "mom", "more", "morning", "mum", "my", "night", "no", "nope", "not", "now",
    "of", "ok", "oops", "or", "over", "reading", "reads", "s", "said", "says", "she", "shows", "sorry", "still",
    "than", "the", "then", "this", "to", "today", "tonight", "typo", "under", "up", "ve", "wait", "was", "went",
    "wife", "yesterday",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A temperature in °C. `bound`: it was `below` or `above` that; `denied`: not so. `rest`: the words beside it.

    `bare`: a whole number without a unit. `metric`: in °C. `other`: the words around it say that it is no temperature.
    """

    celsius: float
    bound: str = ""
    denied: bool = False
    rest: str = ""
    bare: bool = False
    metric: bool = True
    other: bool = False


def measured(text: str) -> Reading | None:
    """The hottest temperature in what somebody typed, in °C or °F; None if there is none that a body has."""
    return next(iter(readings(text)), None)


def readings(text: str) -> list[Reading]:
    """The temperatures in what somebody typed, the hottest first: they correct one, or tell how it rises or falls.

    A number without a unit is read as °F from 77 on. `38,2`, `37'9`, `It is 38.2 C`, `38 2`, `37 1/2`, `37 and a half`
    and `100.8F` are understood. None at all if the hottest is the one that it is not: `36.6 not 38.6`.
    """
    text = PRESSURE.sub(" x ", TENTHS.sub(r"\1.\2", HALF.sub("½", SPOKEN.sub(_spoken, _ascii(text)))))
    numbers = [one for one in _numbers(text) if not BESIDE.search(text, 0, one.start())]
    found = [read for one in numbers if (read := _reading(text, one, INSTEAD if len(numbers) > 1 else DENIED))]
    found.sort(key=lambda one: one.celsius, reverse=True)
    if len(found) < 2:
        return found
    metric, warm = any(one.metric for one in found), found[0].celsius >= COLD
    found = [one for one in found if not (one.other or (warm and one.celsius < COLD))]
    found = [one for one in found if one.metric or not (metric and one.bare)]  # beside °C rather a pulse
    return [] if found and found[0].denied else [one for one in found if not one.denied]


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """The numbers that may be temperatures. A digit alone is an hour, or how often."""
    for one in NUMBER.finditer(text):
        if VALUE.fullmatch(one[0]) and len(one[0]) > 1:
            yield one
        elif len(one[0]) < LONGEST and ROW.fullmatch(one[0]):
            yield from PART.finditer(text, *one.span())


def _reading(text: str, number: re.Match[str], denial: re.Pattern[str]) -> Reading | None:
    """What one number says, by the words before it and after."""
    value, unit = VALUE.fullmatch(number[0].replace(",", ".")), UNIT.match(text, number.end())
    if value is None or unit is None:
        return None
    whole, *tenths, half = value.groups()
    degrees = float(f"{whole}.{'5' if half else next(filter(None, tenths), '0')}")
    named = unit[1] or ""
    metric = not named.lower().startswith("f") and (bool(named) or degrees < FAHRENHEIT_FROM)
    if not metric:
        degrees = (degrees - 32) * 5 / 9
    if not COLDEST <= degrees <= HOTTEST:
        return None
    before, after = text[: number.start()], text[unit.end() :]
    below, above = BELOW.search(before), ABOVE.search(before)
    limit = below or above
    bound = "below" if below or OR_BELOW.match(after) else "above" if above or OR_ABOVE.match(after) else ""
    denied = denial.search(before[: limit.start()] if limit else before) is not None
    bare = not named and not half and not any(tenths)
    dosed = bare and (TAKEN.search(before) or GIVEN.match(after))
    other = not named and bool(dosed or DATE.fullmatch(number[0]) or OTHER.match(after))
    return Reading(degrees, bound, denied, rest=f"{before} {after}", bare=bare, metric=metric, other=other)


def _spoken(said: re.Match[str]) -> str:
    """Degrees and their tenths in digits; as they stand if the tenths are no number."""
    part = (said["quarters"] or said["bare"] or said["sign"] or said["point"] or said["digit"]).casefold()
    if part in DIGITS:
        return f"{said[1]}.{DIGITS.index(part)}"
    if said["point"]:
        return said[0]
    tenths = "5" if part == "half" else "75" if part[0] in "t3¾" else "25"
    return f"{said[1]}.{tenths}"


def _ascii(text: str) -> str:
    """The same with every script's digits as 0 to 9, wide marks as narrow ones, and one sign for degrees."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in text.translate(SIGNS))


def celsius(text: str) -> float | None:
    """The one temperature in °C in what somebody typed; None if there is none, or it is only a limit."""
    reading = measured(text)
    return reading.celsius if reading and not reading.bound else None


def unasked(book: Book, text: str) -> Phrase | None:
    """What a temperature means though nothing asked for one; None if it calls for nothing.

    It is all of the text, or has tenths or a unit, so that it is hardly anything else. It means what it does to the
    first question about warning signs that measures one.
    """
    told = _unasked(book, text)
    if told is None or told[1].urgency is None or told[1].urgency < Urgency.URGENT:
        return None
    return Phrase(advice=told[1].advice, urgency=told[1].urgency, groups=())


def degrees(book: Book, text: str) -> float | None:
    """The temperature (°C) that calls for action though nothing asked for one; None if it was only a limit."""
    told = _unasked(book, text)
    acts = told is not None and (told[1].urgency or 0) >= Urgency.URGENT and not told[0].bound
    return told[0].celsius if told and acts else None


def _unasked(book: Book, text: str) -> tuple[Reading, Option] | None:
    item = next((item for item in book.questionnaires["red_flags"].items if item.measure), None)
    return worst(book.pathway, item, [one for one in readings(text) if _certain(one)]) if item else None


def _certain(reading: Reading) -> bool:
    """Whether it is hardly anything but a temperature, and is one that somebody has."""
    words = frozenset(WORD.findall(reading.rest.casefold()))
    aged = reading.celsius < COLD and not words & NAMED and reading.bare
    return not (reading.other or reading.denied or aged or (reading.bare and not words <= AROUND))


def worst(pathway: Pathway, item: Item, found: list[Reading]) -> tuple[Reading, Option] | None:
    """The temperature that calls for most, of equals the hottest, and the option it falls under."""
    told = [(reading, option) for reading in found if (option := sorted_out(pathway, item, reading))]
    return max(told, key=lambda one: one[1].urgency or 0, default=None)


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
