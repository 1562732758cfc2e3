"""Pictures as SVG: text that is built, no more. Large type and high contrast, and nothing told by colour alone.

Drawn 1080 wide, they are looked at 390 wide: a letter of 44 is one of 16 there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from content.series import DAILY, NOT_SURE, WALKING, Day
from content.voice import Voice

WIDTH = 1080
LEFT, RIGHT = 110, 1050  # of what is drawn against the days
TOP, FLOOR = 246, 766  # where pain is 10, and where it is 0
MOST = 10  # pain
STRIP, BASE = 970, 1070  # of walking: the highest bar's top, and where all stand
LARGE, TEXT, SMALL = 62, 46, 42  # font sizes
WIDEST = 0.56  # of a letter, in font sizes: what fits is reckoned with it
INK, PAIN, FAINT, GRID = "#111111", "#0b3d91", "#555555", "#c4c4c4"
FONT = "Roboto Medium, Roboto, sans-serif"
HEIGHTS = {"same": 34, "changed": 68, NOT_SURE: 68, "cannot": 100}  # worse is taller
FILLS = {"same": "#7fa8dd", "changed": "url(#lines)", NOT_SURE: "#ffffff", "cannot": INK}
LABELLED = {7: 1, 30: 7, 90: 21}  # of so many days, each how manyth has its date
DOTS = {7: 17, 30: 11, 90: 6}  # how large
DEFS = (
    '<defs><pattern id="lines" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="14" height="14" fill="#ffffff"/><rect width="7" height="14" fill="{INK}"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Chart:
    """Where days stand from left to right."""

    days: tuple[Day, ...]

    @property
    def step(self) -> float:
        return (RIGHT - LEFT) / len(self.days)

    def x(self, number: int) -> float:
        """The middle of a day."""
        return round(LEFT + (number + 0.5) * self.step, 1)

    def runs(self) -> Iterator[list[tuple[int, int]]]:
        """(number of the day, pain) of days that follow each other without a gap."""
        run: list[tuple[int, int]] = []
        for number, day in enumerate(self.days):
            if day.pain is not None:
                run.append((number, day.pain))
            elif run:
                yield run
                run = []
        if run:
            yield run


def pain_and_walking(voice: Voice, days: tuple[Day, ...]) -> str:
    """Pain as a line with dots, walking as bars under it. A day without an answer is a gap in both."""
    chart = Chart(days)
    title = voice.plain("picture.title", (("days", str(len(days))),))
    span = f"{voice.day(days[0].date)} – {voice.day(days[-1].date)}"
    walking = voice.plain("daily.walking.label")
    parts = [
        text(LEFT - 80, 76, title, LARGE),
        text(LEFT - 80, 138, span, SMALL, fill=FAINT),
        text(LEFT - 80, 200, _capital(voice.plain("daily.pain.label")), TEXT),
        *_grid(),
        *_pain(chart),
        *_dates(voice, chart),
        text(LEFT - 80, STRIP - 22, _capital(walking), TEXT),
        *_strip(chart),
        *_legend(voice),
    ]
    return svg(1316, parts)


def y(pain: float) -> float:
    """Where a pain stands."""
    return round(FLOOR - pain * (FLOOR - TOP) / MOST, 1)


def svg(height: int, parts: Sequence[str]) -> str:
    """The whole picture, on white."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="{FONT}">'
    return "".join((head, DEFS, f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>', *parts, "</svg>"))


def text(x: float, y: float, words: str, size: int, *, anchor: str = "start", fill: str = INK, room: float = 0) -> str:
    """Words, smaller if they would not fit in `room` (0: up to the right edge)."""
    room = room or (WIDTH - 20 - x if anchor == "start" else WIDTH)
    size = min(size, int(room / (WIDEST * max(len(words), 1))))
    halo = (
        'stroke="#ffffff" stroke-width="10" stroke-linejoin="round" paint-order="stroke"'  # lines stop before letters
    )
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}" {halo}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'


def bar(x: float, foot: float, width: float, height: float, fill: str) -> str:
    """A bar that stands on `foot`, with an outline, so that an empty one is seen too."""
    box = f'x="{x:.1f}" y="{foot - height:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {box} fill="{fill}" stroke="{INK}" stroke-width="2"/>'


def _grid() -> Iterator[str]:
    for pain in range(0, MOST + 1, 2):
        yield line(LEFT, y(pain), RIGHT, y(pain), GRID if pain else INK, 2 if pain else 4)
        yield text(LEFT - 16, y(pain) + 15, str(pain), SMALL, anchor="end")


def _pain(chart: Chart) -> Iterator[str]:
    size = DOTS[len(chart.days)]
    for run in chart.runs():
        points = " ".join(f"{chart.x(number)},{y(pain)}" for number, pain in run)
        if len(run) > 1:
            yield f'<polyline points="{points}" fill="none" stroke="{PAIN}" stroke-width="7"/>'
        for number, pain in run:
            yield f'<circle cx="{chart.x(number)}" cy="{y(pain)}" r="{size}" fill="{PAIN}"/>'
            if chart.step > 100:  # there is room for the number itself, above, or below what stands at the top
                beside = y(pain) - 30 if pain < MOST else y(pain) + 62
                yield text(chart.x(number), beside, str(pain), TEXT, anchor="middle")
    for number, day in enumerate(chart.days):
        if day.unsure:
            yield text(chart.x(number), FLOOR - 14, "?", SMALL if chart.step > 30 else 30, anchor="middle")


def _dates(voice: Voice, chart: Chart) -> Iterator[str]:
    """Counted back from today, which always has its date."""
    every = LABELLED[len(chart.days)]
    for number in range(len(chart.days) - 1, -1, -every):
        day, x = chart.days[number].date, chart.x(number)
        yield line(x, FLOOR, x, FLOOR + 14, INK, 4)
        room = every * chart.step - 10
        if every == 1:
            yield text(x, FLOOR + 58, voice.words(f"day.{day.weekday()}"), SMALL, anchor="middle", room=room)
            yield text(x, FLOOR + 106, str(day.day), SMALL, anchor="middle", room=room)
        else:
            yield text(min(x, RIGHT - 50), FLOOR + 62, short(voice, day), SMALL, anchor="middle", room=room)


def short(voice: Voice, day: date) -> str:
    """A day of the year: `3 Nov`."""
    return f"{day.day} {voice.words(f'month.{day.month}')}"


def walked(voice: Voice, walk: str) -> str:
    """The words of an answer about walking."""
    return voice.option(f"{DAILY}.{WALKING}", walk)


def _strip(chart: Chart) -> Iterator[str]:
    yield line(LEFT, BASE, RIGHT, BASE, INK, 4)
    width = chart.step * 0.72
    for number, day in enumerate(chart.days):
        if day.walking:
            yield bar(chart.x(number) - width / 2, BASE, width, HEIGHTS[day.walking], FILLS[day.walking])


def _legend(voice: Voice) -> Iterator[str]:
    """What the bars are; and that a gap is a day without an answer."""
    for number, walk in enumerate((*HEIGHTS, "")):
        x, foot = LEFT - 80 + (number % 2) * 520, 1144 + (number // 2) * 64
        if walk:
            yield bar(x, foot, 40, HEIGHTS[walk] * 0.44, FILLS[walk])
        else:
            yield line(x, foot, x + 40, foot, INK, 4)
        words = walked(voice, walk) if walk else voice.plain("picture.gap")
        yield text(x + 60, foot, words, SMALL, room=440 if number % 2 == 0 else 470)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
