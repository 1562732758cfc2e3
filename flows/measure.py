"""Numbers people type: which of an item's options a measured temperature is."""

import re

from flows.book import Item, Option, Pathway

NUMBER = re.compile(
    r"(?<![\w.,])(\d{2,3})(?:\.(\d{1,2})|\s?[.,·]\s?(\d)|\s(\d))?(?![\d.,_]*\d)(?!\s?[.,·]\d)"
    r"\s*°?\s*(?:degrees?\s*)?(c|f|celsius|fahrenheit)?(?!\w)",
    re.IGNORECASE,
)
COLDEST, HOTTEST = 25.0, 45.0  # °C; beyond this it was mistyped
FAHRENHEIT_FROM = 77.0  # a bare number from here on is in °F
CLOSE = 0.005  # °C lost in turning °F into °C


def celsius(text: str) -> float | None:
    """The one temperature in °C in what somebody typed, in °C or °F.

    A number without a unit is read as °F from 77 on. `38,2`, `It is 38.2 C`, `38 2` and `100.8F` are understood.
    None if there is no number, more than one, or none a body has.
    """
    found = NUMBER.findall(text)
    if len(found) != 1:
        return None
    whole, dot, comma, space, unit = found[0]
    number = float(f"{whole}.{dot or comma or space or 0}")
    if unit.lower().startswith("f") or (not unit and number >= FAHRENHEIT_FROM):
        number = (number - 32) * 5 / 9
    return number if COLDEST <= number <= HOTTEST else None


def sorted_out(pathway: Pathway, item: Item, degrees: float) -> Option | None:
    """The option a temperature falls under: `high` from the pathway's threshold on, `low` below its lower one."""
    high, low = degrees >= pathway.fever - CLOSE, degrees < pathway.low - CLOSE
    return item.option("high" if high else "low" if low else "between")
