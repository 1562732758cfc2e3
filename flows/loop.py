"""After an emergency: have you reached help? Asked again until it is closed or the person says stop."""

from dataclasses import replace
from datetime import datetime, timedelta

from flows import menu, trend
from flows.book import Book, Urgency
from flows.crisis import CRISES, fitting
from flows.effects import Advise, Alert, Button, CancelTimers, Effect, Follow, Say, Toast, Wake
from flows.events import CameDue, Tapped
from flows.fills import With
from flows.person import Loop, Person, Report
from flows.questionnaire import named

TIMER = "loop"
# These times are judgement (content/sources.yaml): an ambulance or a call back takes about as long. No source was read.
SOON = timedelta(minutes=15)
LATER = timedelta(hours=1)
SOON_TIMES = 4  # asked every 15 minutes in the first hour, then every hour
MOST_TIMES = 12  # then the person is told whom to call, and nothing more is asked
OPTIONS = ("here", "on_the_way", "told_to_wait", "no_answer", "not_yet", "stop")
HELPED, BOTH = "here", "both"  # of thoughts of suicide and another emergency, help for both
CLOSING = frozenset({HELPED, "stop"})
NOT_HELPED = frozenset({"told_to_wait", "no_answer", "not_yet"})  # these open it again
VAIN = frozenset({"told_to_wait", "no_answer"})  # somebody was called, and no help came of it
SINCE = ("", "today", "week", "longer")  # options that say since when, the earliest last
CARD = Button(words="button.card", item="menu", option="card")
LINE, AMBULANCE = "line", "ambulance"  # whom the screen says to call
GOES_FIRST = "first.ambulance"  # words about a call that goes before that of the screen
NO_MORE = "no_more"  # nobody is asked any more, and no help was told
FORGOTTEN = "loop/forgotten"  # the sign of an emergency of which nothing is known any more


def opened(person: Person, loop: Loop, at: datetime) -> tuple[Person, list[Effect]]:
    """An emergency begins. What an older one that is still open was about is not forgotten, nor who was told of it."""
    older = person.loop
    if older is not None:
        slower = loop.calls == LINE and AMBULANCE in (older.calls, older.also)
        loop = loop.moved(
            signs=union(older.signs, loop.signs),
            advice=older.advice if slower else loop.advice,
            calls=older.calls if slower else loop.calls,
            also=older.also if slower else _also(older, loop),
            onset=earliest(older.onset, loop.onset),
            at=older.at,
            shared=older.shared,
            vain=older.vain,
            degrees=loop.degrees or older.degrees,
        )
    return person.moved(loop=loop), [_again(loop, at)]


def _also(older: Loop, newer: Loop) -> str:
    """Whom else to call: thoughts of suicide and another emergency do not take each other's place."""
    others = [calls for calls in (older.calls, older.also) if calls and (calls in CRISES) != (newer.calls in CRISES)]
    return others[0] if others else ""


def first(book: Book, loop: Loop | None, advice: str) -> str:
    """The key of words about another call that still has to be made, or goes first; empty if there is none."""
    screen = book.advice.get(advice)
    if loop is None or screen is None:
        return ""
    open_calls, crisis = {loop.calls, loop.also}, screen.calls in CRISES
    if crisis and open_calls & {LINE, AMBULANCE}:
        return "first.also_ambulance" if AMBULANCE in open_calls else "first.also_line"
    if screen.calls == LINE and AMBULANCE in open_calls:
        return GOES_FIRST
    return "first.also_crisis" if not crisis and open_calls & set(CRISES) else ""


def union(first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in the order they were told."""
    return tuple(dict.fromkeys((*first, *then)))


def earliest(one: str, other: str) -> str:
    """Of two options that say since when, the one longer ago; empty tells nothing."""
    return max(one, other, key=SINCE.index)


def came_due(person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """Time to ask. Says nothing if the emergency was closed, or a newer one took its place."""
    loop = person.loop
    if loop is None or str(loop.run) != event.serves:
        return person, []
    silent = _follow(person, loop, "silent") if loop.silent else []
    if loop.asked >= MOST_TIMES:
        rows = ((menu.SYMPTOMS,),)
        last = Say(words=f"loop.last{kind(loop)}", with_=_told(loop), urgency=Urgency.EMERGENCY, buttons=rows)
        return person.moved(loop=None), [last, *_follow(person, loop, NO_MORE)]
    loop = loop.moved(asked=loop.asked + 1, silent=True)
    return person.moved(loop=loop), [question(loop.run), _again(loop, event.at), *silent]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """An answer to "have you reached help?". On an old screen, what cannot wait is still acted on."""
    loop, option = person.loop, event.option
    if option not in (*OPTIONS, BOTH) or (option not in NOT_HELPED and (loop is None or event.run != loop.run)):
        return person, [Toast(words="toast.old"), menu.home(person, "other.old_question")]
    if loop is None:
        return _reopened(book, person, event)
    if option == HELPED and loop.also:
        loop = loop.moved(silent=False)
        return person.moved(loop=loop), [_for_both(loop), _again(loop, event.at), *_follow(person, loop, "here_one")]
    option = HELPED if option == BOTH else option
    followed = _follow(person, loop, option)
    if option in CLOSING:
        rows = (*card(loop), (menu.SYMPTOMS,))
        said = Say(words=f"loop.{option}{kind(loop)}", with_=_told(loop), buttons=rows)
        return _closed(person, loop, option), [said, CancelTimers(timers=(TIMER,)), *followed]
    loop, answer = _answer(book, loop.moved(silent=False), option)
    return person.moved(loop=loop), [answer, _again(loop, event.at), *followed]


def stopped(person: Person, loop: Loop) -> list[Effect]:
    """Nothing is asked any more, also not this: the call that stands, and the coordinators are told."""
    return [still_stands(loop), *_follow(person, loop, "stop")]


def still_stands(loop: Loop) -> Say:
    """Nobody asks any more, and the call still has to be made."""
    return Say(words=f"loop.stop{kind(loop)}", with_=_told(loop), urgency=Urgency.EMERGENCY)


def lost(person: Person) -> tuple[Person, list[Effect]]:
    """Nobody can be asked any more: the coordinators are told."""
    followed = _follow(person, person.loop, "blocked") if person.loop else []
    return person.moved(loop=None), followed


def card(loop: Loop) -> tuple[tuple[Button, ...], ...]:
    """The way to the card for the doctors. Thoughts of suicide are not the card's business: they may be another's."""
    return () if {loop.calls, loop.also or loop.calls} <= set(CRISES) else ((CARD,),)


def begun(book: Book, report: Report) -> Loop:
    """The loop after an emergency."""
    screen = book.advice.get(report.advice)
    calls = screen.calls if screen else AMBULANCE
    return Loop(
        run=report.run,
        signs=report.signs,
        advice=report.advice,
        calls=calls,
        onset=report.onset,
        at=report.at,
        degrees=report.degrees,
    )


def alert(book: Book, loop: Loop) -> Alert:
    """What coordinators are told of an emergency that is open."""
    goes_first = first(book, loop, loop.advice)
    return Alert(run=loop.run, urgency=Urgency.EMERGENCY, signs=loop.signs, advice=loop.advice, first=goes_first)


def _closed(person: Person, loop: Loop, option: str) -> Person:
    """The person ends the questions. That help was reached is remembered: then nobody has to call again."""
    report = person.report
    if report is not None and report.run == loop.run:
        report = report.moved(helped=option == HELPED)
    return person.moved(loop=None, report=report)


def _reopened(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """No help yet, and nobody asks any more: an emergency again, as far as it is still known what it was."""
    told = person.report
    if told is None or told.urgency < Urgency.EMERGENCY or told.run != event.run:
        person = person.moved(runs=person.runs + 1)
        signs, urgency = (FORGOTTEN,), Urgency.EMERGENCY
        told = Report(run=person.runs, signs=signs, urgency=urgency, advice="not_reached", at=event.at)
    shows = person.permits("show")
    loop, answer = _answer(book, begun(book, told), event.option)
    person = person.moved(loop=loop, report=told.moved(at=event.at, alerted=shows, helped=False))
    followed = (
        [replace(alert(book, loop), trend=trend.shown(person, event.at)), *_follow(person, loop, event.option)]
        if shows
        else []
    )
    return person, [answer, _again(loop, event.at), *followed]


def _answer(book: Book, loop: Loop, option: str) -> tuple[Loop, Effect]:
    """What somebody who has not reached help yet is told. Where the team's line was called in vain, and they are told
    to wait again, the emergency number takes its place."""
    twice = option == "told_to_wait" and loop.vain and LINE in (loop.calls, loop.also)
    waits = twice and loop.calls == LINE
    if twice:
        loop = loop.moved(calls=AMBULANCE if waits else loop.calls, also=loop.also if waits else AMBULANCE)
    answer = _screen(book, loop, advice="waits_again") if waits else _answered(book, loop, option)
    return loop.moved(vain=loop.vain or option in VAIN), answer


def _answered(book: Book, loop: Loop, option: str) -> Effect:
    """The answer, by whom the screen told them to call."""
    match option, loop.calls:
        case "on_the_way", _:
            words, rows = f"loop.on_the_way{kind(loop)}", (*card(loop), (menu.SYMPTOMS,))
            return Say(words=words, with_=_told(loop), urgency=Urgency.EMERGENCY, buttons=rows)
        case "not_yet", _:
            return _screen(book, loop, advice=loop.advice)
        case "told_to_wait", "line":
            return _screen(book, loop, advice="told_to_wait")
        case "told_to_wait", "ambulance":
            return _screen(book, loop, advice="ambulance_waits")
        case "told_to_wait", "crisis" | "own_crisis":
            return _screen(book, loop, advice="crisis_waits")
        case "no_answer", "line":
            return _screen(book, loop, advice="no_answer")
        case "no_answer", "ambulance":
            return _screen(book, loop, advice="ambulance_unreached")
        case "no_answer", "crisis" | "own_crisis":
            return _screen(book, loop, advice="crisis_unreached")
        case _:
            raise ValueError(f"{option!r} is no answer after an emergency whose screen calls {loop.calls!r}")


def _for_both(loop: Loop) -> Say:
    """Help is there: is it for both? Nothing is closed that was not reached."""
    rows = (("both", BOTH), ("not_both", "not_yet"))
    asks = tuple(
        (Button(words=f"loop.option.{name}", item="reached", option=option, about=str(loop.run)),)
        for name, option in rows
    )
    return Say(
        words="loop.here_other",
        with_=(("signs", named(loop.signs)),),
        urgency=Urgency.EMERGENCY,
        buttons=(*asks, *card(loop)),
    )


def _screen(book: Book, loop: Loop, *, advice: str) -> Advise:
    return Advise(
        advice=advice,
        signs=fitting(book, loop.signs, advice),
        urgency=Urgency.EMERGENCY,
        onset=loop.onset,
        degrees=loop.degrees,
        first=first(book, loop, advice),
        buttons=(*card(loop), *menu.why(advice)),
    )


def kind(loop: Loop) -> str:
    """The end of the key of words that are others for thoughts of suicide, and with another emergency beside them."""
    return "_both" if loop.also else "_crisis" if loop.calls in CRISES else ""


def _told(loop: Loop) -> With:
    """What was told, where words are about more than one emergency."""
    return (("signs", named(loop.signs)),) if loop.also else ()


def question(run: int) -> Say:
    """Have you reached help?"""
    rows = tuple(
        (Button(words=f"loop.option.{name}", item="reached", option=name, about=str(run)),) for name in OPTIONS
    )
    return Say(words="loop.ask", urgency=Urgency.EMERGENCY, buttons=rows)


def _again(loop: Loop, at: datetime) -> Wake:
    wait = SOON if loop.asked < SOON_TIMES else LATER
    return Wake(at=at + wait, timer=TIMER, serves=str(loop.run))


def _follow(person: Person, loop: Loop, state: str) -> list[Effect]:
    """Tell the coordinators, if they were told of the emergency."""
    return [Follow(run=loop.run, state=state)] if person.permits("show") or loop.shared else []
