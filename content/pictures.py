"""How it has been, as a picture and in words that tell the same: whoever cannot see the picture misses nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from content.charts import pain_and_walking, short, walked
from content.load import Library
from content.series import NOT_SURE, WALKS, WEEK, Day, Told, days, numbers, rise
from content.voice import Message, Page, Voice, units
from flows.effects import ShowPicture
from flows.person import Person, spoken
from flows.pictures import buttons

MAX_CAPTION = 1024  # Bot API, sendPhoto.caption: 0-1024 characters after entities parsing; counted in UTF-16 units
MUCH = 2  # of 10: a rise from which on the big button is named


@dataclass(frozen=True, slots=True)
class Shown:
    """What the words are made of. `whose`: a code, if a coordinator looks at somebody; `span`: how many days."""

    voice: Voice
    whose: str
    span: tuple[Day, ...]
    weeks: tuple[Day, ...]  # the last two, for comparison

    def add(self, page: Page, key: str, fill: Mapping[str, str] = MappingProxyType({})) -> None:
        page.add(self.voice.words(key), {**self.voice.fill(), **fill})


def reach(show: ShowPicture) -> int:
    """How many days must be read: those shown, and two weeks to compare."""
    return max(show.days, 2 * WEEK)


def picture(
    library: Library, viewer: Person, show: ShowPicture, told: list[Told], zone: str, now: datetime
) -> list[Message]:
    """The picture with its words; what is too long for a caption comes after it. Words alone if there is nothing."""
    voice = Voice(library, viewer)
    read = days(told, zone, now, reach(show))
    shown = Shown(voice, show.person, read[-show.days :], read[-2 * WEEK :])
    rows = voice.rows(buttons(show.person, show.days))
    instead = nobody(library, viewer, show.person).text if show.person else ""
    if not any(day.answered for day in shown.span):
        page = Page()
        _whose(shown, page)
        shown.add(page, "picture.none", {"days": str(show.days)})
        return [_message(page, buttons=rows, instead=instead)]
    head, rest, whole = Page(), Page(), Page()
    _summary(shown, head)
    _one_by_one(shown, rest)
    _summary(shown, whole)
    whole.blank()
    _one_by_one(shown, whole)
    svg = pain_and_walking(voice, shown.span)
    if units(whole.text) <= MAX_CAPTION:
        return [_message(whole, buttons=rows, svg=svg, instead=instead)]
    return [_message(head, buttons=rows, svg=svg, instead=instead), _message(rest, instead="")]


def nobody(library: Library, viewer: Person, person: str) -> Message:
    """There is nobody of this code, or they do not let coordinators see."""
    page, voice = Page(), Voice(library, viewer)
    page.add(voice.words("picture.nobody"), voice.fill((("person", spoken(person)),)))
    return _message(page)


def _message(page: Page, **more: object) -> Message:
    return replace(Message(kind="send", text=page.text, bold=tuple(page.bold)), **more)  # type: ignore[arg-type]


def _whose(shown: Shown, page: Page) -> None:
    if shown.whose:
        shown.add(page, "picture.of", {"person": spoken(shown.whose)})
        page.text += "\n"


def _summary(shown: Shown, page: Page) -> None:
    """Pain, walking, and how pain compares with the week before. That it fell is told by its numbers alone."""
    _whose(shown, page)
    _pain(shown, page)
    page.text += " "
    answered = sum(1 for day in shown.span if day.answered)
    shown.add(page, "picture.answered", {"answered": str(answered), "days": str(len(shown.span))})
    page.text += "\n"
    shown.add(page, "picture.walking", {"told": _walking(shown)})
    page.text += "\n"
    higher = rise(shown.weeks)
    if higher is None:
        _before(shown, page)
        return
    fill = {"by": figure(higher.by), "before": figure(higher.before), "now": figure(higher.now)}
    shown.add(page, "picture.higher_average" if higher.average else "picture.higher", fill)
    if higher.by >= MUCH and not shown.whose:
        page.text += "\n"
        shown.add(page, "picture.call", {"panic": shown.voice.words("panic.button")})


def _pain(shown: Shown, page: Page) -> None:
    found, span = numbers(shown.span), str(len(shown.span))
    if not found:
        shown.add(page, "picture.pain_none", {"days": span})
        return
    day = dated(shown.voice, next(day.date for day in reversed(shown.span) if day.pain is not None))
    low, high = str(min(found)), str(max(found))
    if len(found) == 1:
        shown.add(page, "picture.pain_once", {"days": span, "low": low, "day": day})
    elif low == high:
        shown.add(page, "picture.pain_same", {"days": span, "low": low, "day": day})
    else:
        fill = {"days": span, "low": low, "high": high, "last": str(found[-1]), "day": day}
        shown.add(page, "picture.pain", fill)


def _before(shown: Shown, page: Page) -> None:
    found = numbers(shown.weeks[:WEEK])
    if not found:
        shown.add(page, "picture.before_none")
    elif len(found) == 1:
        shown.add(page, "picture.before_once", {"low": str(found[0])})
    elif min(found) == max(found):
        shown.add(page, "picture.before_same", {"low": str(found[0])})
    else:
        shown.add(page, "picture.before", {"low": str(min(found)), "high": str(max(found))})


def _walking(shown: Shown) -> str:
    """On how many days which answer; a single day with its date."""
    voice, told = shown.voice, []
    counts = Counter(day.walking for day in shown.span)
    for walk in (*WALKS, NOT_SURE):
        words = walked(voice, walk)
        if counts[walk] == 1:
            day = next(day.date for day in shown.span if day.walking == walk)
            told.append(voice.plain("picture.walk_one", (("walk", words), ("day", dated(voice, day)))))
        elif counts[walk]:
            told.append(voice.plain("picture.walk", (("walk", words), ("number", str(counts[walk])))))
    return ", ".join(told) or voice.plain("picture.nothing")


def _one_by_one(shown: Shown, page: Page) -> None:
    """A line a day, or of more than a week a line for each seven days, counted back from today."""
    voice, span = shown.voice, shown.span
    if len(span) <= WEEK:
        shown.add(page, "picture.by_day")
        for day in span:
            page.text += "\n"
            shown.add(page, "picture.line", {"day": dated(voice, day.date), "said": _day(voice, day)})
        return
    shown.add(page, "picture.by_week")
    first = len(span) % WEEK
    for start in ((0,) if first else ()) + tuple(range(first, len(span), WEEK)):
        week = span[start : first if start < first else start + WEEK]
        page.text += "\n"
        between = {"from": short(voice, week[0].date), "to": short(voice, week[-1].date)}
        shown.add(page, "picture.week", {**between, "said": _week(voice, week)})


def _day(voice: Voice, day: Day) -> str:
    said = [voice.plain("picture.said_pain", (("pain", str(day.pain)),))] if day.pain is not None else []
    said += [voice.plain("picture.said_unsure")] if day.unsure else []
    if day.walking:
        said.append(f"{voice.plain('daily.walking.label')}: {walked(voice, day.walking)}")
    return ", ".join(said) or voice.plain("picture.nothing")


def _week(voice: Voice, week: tuple[Day, ...]) -> str:
    """Pain, how many days were answered, and every answer about walking but that it is as before."""
    found, answered = numbers(week), sum(1 for day in week if day.answered)
    if not answered:
        return voice.plain("picture.nothing")
    low, high = str(min(found, default="")), str(max(found, default=""))
    said = [voice.plain("picture.said_pain", (("pain", low),))] if found and low == high else []
    said += [voice.plain("picture.said_between", (("low", low), ("high", high)))] if low != high else []
    said.append(voice.plain("picture.said_days", (("answered", str(answered)),)))
    walks = {day.walking for day in week}
    said += [walked(voice, walk) for walk in (*WALKS[1:], NOT_SURE) if walk in walks]
    return ", ".join(said)


def dated(voice: Voice, day: date) -> str:
    """`Mon 3 Nov`."""
    return f"{voice.words(f'day.{day.weekday()}')} {short(voice, day)}"


def figure(value: float) -> str:
    """`2`, or `1.4`."""
    return f"{value:.1f}".removesuffix(".0")
