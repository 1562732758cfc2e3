"""Answers of many check-ins as days: one value a day, and what can be said of a week of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAILY = "daily"  # the questionnaire whose answers are drawn
PAIN, WALKING = "pain", "walking"
WALKS = ("same", "changed", "cannot")  # of walking, from the best to the worst
WEEK = 7  # days
NOT_SURE = "not_sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer to one of the two questions. `response` tells check-ins apart: in one, the last answer counts."""

    response: str
    item: str
    option: str
    at: datetime  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was told on one day where the person is: the worst, if they were asked more than once.

    `pain` None: no number. `unsure`: they did not know the pain. `walking` is one of WALKS or `not_sure`; empty: not
    answered. A question that was skipped was not answered.
    """

    date: date
    pain: int | None = None
    unsure: bool = False
    walking: str = ""

    @property
    def answered(self) -> bool:
        return self.pain is not None or self.unsure or bool(self.walking)


def days(told: Iterable[Told], zone: str, now: datetime, span: int) -> tuple[Day, ...]:
    """The last `span` days up to today as the calendar of the zone counts them, oldest first."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    last: dict[tuple[str, str], Told] = {}
    for one in told:
        last[one.response, one.item] = one
    by_day: dict[date, list[Told]] = {}
    for one in last.values():
        by_day.setdefault(one.at.astimezone(place).date(), []).append(one)
    dates = (today - timedelta(days=back) for back in range(span - 1, -1, -1))
    return tuple(_day(one, by_day.get(one, [])) for one in dates)


def _day(when: date, told: list[Told]) -> Day:
    pains = [one.option for one in told if one.item == PAIN]
    numbers = [int(option) for option in pains if option.isascii() and option.isdigit()]
    walks = [one.option for one in told if one.item == WALKING and one.option in (NOT_SURE, *WALKS)]
    worst = max(walks, key=lambda walk: (NOT_SURE, *WALKS).index(walk), default="")
    pain = max(numbers, default=None)
    return Day(date=when, pain=pain, unsure=NOT_SURE in pains and pain is None, walking=worst)


def numbers(found: Iterable[Day]) -> list[int]:
    """The pains that are numbers."""
    return [day.pain for day in found if day.pain is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """Pain higher in the last week than in the week before. `average`: it is the average that rose more, not the worst.

    Numbers of 0 to 10; an average has one digit after the point.
    """

    before: float
    now: float
    average: bool

    @property
    def by(self) -> float:
        return round(self.now - self.before, 1)


def rise(found: tuple[Day, ...]) -> Rise | None:
    """How much higher the last seven of these days are than the seven before; None if they are not, or one is empty.

    The larger of two: of the worst, and of the average. So neither one bad day nor many middling ones are passed over.
    """
    before, now = numbers(found[-2 * WEEK : -WEEK]), numbers(found[-WEEK:])
    if not before or not now:
        return None
    worst = Rise(before=max(before), now=max(now), average=False)
    mean = Rise(before=_mean(before), now=_mean(now), average=True)
    higher = max(worst, mean, key=lambda one: one.by)
    return higher if higher.by > 0 else None


def _mean(values: list[int]) -> float:
    return round(sum(values) / len(values), 1)
