"""What people mean when they type a time of day, days of the week, or a date; and what of it can be seen."""

import re
from datetime import date, time, timedelta

CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d{2}))?h?\s*(?P<half>[ap])?\.?m?\.?", re.IGNORECASE)
DAY, WEEK = timedelta(days=1), 7
# In English; the first three letters are enough, of a day and of a month.
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_DAYS = frozenset({"tues", "weds", "thur", "thurs"})
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
EVERY_DAY = "0123456"
SEVERAL = {"daily": EVERY_DAY, "all": EVERY_DAY, "weekday": "01234", "weekend": "56"}
WHOLE = frozenset({("every", "day"), ("each", "day")})
OFTEN = frozenset(
    ("every", "except", "alternate", "twice", "fortnight", "fortnightly", "weekday", "weekdays", "weekend", "weekends")
)
JOINING = re.compile(r"^(?:(?:and|or|also|then|again|at)\s+)+", re.IGNORECASE)
TIME_WITHIN = re.compile(
    r"\b\d{1,2}(?::\d{2}|h\d{2}|\s?[ap]\.?m)\b|(?:^|,\s*)\d{1,2}\.\d{2}\b(?!\s*(?:m?c?g|ml|µg|iu|%))", re.IGNORECASE
)
FILLING = frozenset({"and", "on", "every", "each", "the", "day", "days", "at"})
UNTIL = frozenset({"-", "–", "to"})
DAY_WORD = re.compile(r"[^\W\d_]+|[-–]|[^\s,;/&+.]")
AHEAD = {"today": 0, "tomorrow": 1}
SPAN = re.compile(r"(?:in |for )?(a|\d{1,3}) (day|week|month)s?", re.IGNORECASE)
SPANS = {"day": 1, "week": WEEK, "month": 30}
YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})\.?")
NUMBERS = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?\.?")
MONTH_FIRST, SLASH = "US", "/"  # how 12/11 is meant there; with a full stop or a dash it may be either
EITHER = frozenset({"CA", "HU", "LT", "SE", "other"})  # both orders are in use: what may be two days is none
SHORT_YEARS = 2  # ours: `26` is a year if it is this near; else it may be a day
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s*(?:of )?\s*([^\W\d_]{3,9})\.?,?(?:\s+(\d{4}))?", re.IGNORECASE)
NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?(?:\s+(\d{4}))?", re.IGNORECASE)
# What nobody sees: it turns the direction of words, joins or parts them, or stands between the letters of one.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
LEADING = re.compile(r"^(?:until|till|to|on|from)\s+", re.IGNORECASE)


def seen(text: str) -> str:
    """The text without what nobody sees. A carer must read it as the one who typed it did."""
    return UNSEEN.sub("", text)


def read_clock(text: str) -> time | None:
    """The time somebody typed: `8`, `08:30`, `8.30`, `0830`, `8h30`, `8 pm`; None if it is none."""
    match = CLOCK.fullmatch(seen(text).strip())
    if match is None:
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_days(text: str) -> str:
    """The weekdays somebody typed, as digits (0 is Monday): `mon thu`, `Mon-Fri`, `every day`.

    Empty if it is none, or if any word of it means nothing here: `every other day` is not every day.
    """
    words = DAY_WORD.findall(seen(text).casefold())
    found: set[str] = set()
    last, open_, whole = -1, False, any((words[n], words[n + 1]) in WHOLE for n in range(len(words) - 1))
    for word in words:
        day = _named_day(word)
        if day is not None and open_ and last >= 0:
            found |= {str((last + n) % WEEK) for n in range((day - last) % WEEK + 1)}
        elif day is not None:
            found.add(str(day))
        elif SEVERAL.get(word.removesuffix("s")) == EVERY_DAY:
            whole = True
        elif word.removesuffix("s") in SEVERAL:
            found |= set(SEVERAL[word.removesuffix("s")])
        elif word not in FILLING and word not in UNTIL:
            return ""
        open_ = word in UNTIL
        last = day if day is not None else last
    if whole:
        return "" if found else EVERY_DAY
    return "".join(sorted(found))


def says_when(text: str, day: date) -> bool:
    """Whether words that should say what something is are a time or a day instead: `21`, `and 20:00`, `Thu 10`."""
    said = JOINING.sub("", text.strip())
    words = said.split()
    for n in range(len(words) + 1):
        before, after = " ".join(words[:n]).removesuffix(" at"), " ".join(words[n:])
        days = not before or read_days(before) or read_date(before, day)
        if words and days and (not after or read_clock(after)):
            return True
    return False


def mentions_when(text: str) -> bool:
    """Whether a time, a weekday or how often stands among these words: `again at 20:00`, `not on Sundays`."""
    words = DAY_WORD.findall(text.casefold())
    return bool(TIME_WITHIN.search(text)) or any(word in OFTEN or _named_day(word) is not None for word in words)


def read_date(text: str, today: date, country: str = "") -> date | None:
    """The day somebody typed: `12 Dec`, `Dec 12`, `12.12.`, `2026-12-12`, `in 5 days`, `tomorrow`, `Friday`.

    A day without a year is the nearest of its name, so that a day which has passed is told from one next year.
    `country`: where it is read; that tells how `12/11` is meant. None if it is no day in the calendar, or may be two.
    """
    said = LEADING.sub("", " ".join(seen(text).casefold().split()).strip(" !"))
    if said in AHEAD:
        return today + AHEAD[said] * DAY
    if span := SPAN.fullmatch(said):
        number = 1 if span[1] == "a" else int(span[1])
        return today + number * SPANS[span[2]] * DAY
    weekday = _named_day(said.removeprefix("next "))
    if weekday is not None:
        return today + ((weekday - today.weekday() - 1) % WEEK + 1) * DAY
    if found := YEAR_FIRST.fullmatch(said):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := NUMBERS.fullmatch(said):
        return _in_numbers(today, country, found)
    if found := NAMED.fullmatch(said):
        return _nearest(today, _month(found[2]), int(found[1]), found[3])
    if found := NAMED_FIRST.fullmatch(said):
        return _nearest(today, _month(found[1]), int(found[2]), found[3])
    return None


def _named_day(word: str) -> int | None:
    """0 is Monday."""
    short = len(word) == 3 or word in SHORT_DAYS
    return next(
        (n for n, day in enumerate(DAYS) if word.removesuffix("s") == day or (short and word[:3] == day[:3])), None
    )


def _month(word: str) -> int:
    """1 is January; 0: none."""
    return next((n for n, month in enumerate(MONTHS, 1) if month.startswith(word.casefold())), 0)


def _in_numbers(today: date, country: str, found: re.Match[str]) -> date | None:
    """Day and month in the order in which they are written there, None where that cannot be told."""
    first, then, year = int(found[1]), int(found[3]), found[4]
    if year and len(year) == 2 and (country in EITHER or abs(2000 + int(year) - today.year) > SHORT_YEARS):
        return None
    day_first, month_first = _nearest(today, then, first, year), _nearest(today, first, then, year)
    if country == MONTH_FIRST and found[2] == SLASH:
        return month_first
    if country == MONTH_FIRST or country in EITHER:
        return None if day_first and month_first and day_first != month_first else day_first or month_first
    return day_first


def _nearest(today: date, month: int, day: int, year: str | None) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = [one for n in (-1, 0, 1) if (one := _day(today.year + n, month, day))]
    return min(found, key=lambda one: abs(one - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    months_days = (31, 29 if _leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    known = 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= months_days[month - 1]
    return date(year, month, day) if known else None


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
