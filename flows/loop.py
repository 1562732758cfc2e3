"""After an emergency: have you reached help? Asked again until it is closed or the person says stop."""

from datetime import datetime, timedelta

from flows import menu
from flows.book import Urgency
from flows.effects import Advise, Alert, Button, CancelTimers, Effect, Follow, Say, Toast, Wake
from flows.events import CameDue, Tapped
from flows.person import Loop, Person

TIMER = "loop"
SOON = timedelta(minutes=15)
LATER = timedelta(hours=1)
SOON_TIMES = 4  # asked every 15 minutes in the first hour, then every hour
MOST_TIMES = 12  # then the person is told whom to call, and nothing more is asked
OPTIONS = ("here", "on_the_way", "told_to_wait", "no_answer", "not_yet", "stop")
CLOSING = frozenset({"here", "stop"})
CARD = Button(words="button.card", item="menu", option="card")


def opened(person: Person, loop: Loop) -> tuple[Person, list[Effect]]:
    """An emergency begins. A newer one takes the place of an older."""
    return person.moved(loop=loop), [_again(loop, loop.at)]


def came_due(person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """Time to ask. Says nothing if the emergency was closed, or a newer one took its place."""
    loop = person.loop
    if loop is None or str(loop.run) != event.serves:
        return person, []
    silent = _follow(person, loop, "silent") if loop.silent else []
    if loop.asked >= MOST_TIMES:
        last = Say(words="loop.last", urgency=Urgency.EMERGENCY, buttons=((menu.SYMPTOMS,),))
        return person.moved(loop=None), [last, *silent]
    loop = loop.moved(asked=loop.asked + 1, silent=True)
    return person.moved(loop=loop), [_question(loop.run), _again(loop, event.at), *silent]


def tapped(person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """An answer to "have you reached help?". On an old screen, what cannot wait is still acted on."""
    loop, option = person.loop, event.option
    if loop is None or event.run != loop.run or option not in OPTIONS:
        return person, _old(person, option)
    followed = _follow(person, loop, option)
    if option in CLOSING:
        said = Say(words=f"loop.{option}", buttons=((CARD,), (menu.SYMPTOMS,)))
        return person.moved(loop=None), [said, CancelTimers(timers=(TIMER,)), *followed]
    loop = loop.moved(silent=False)
    return person.moved(loop=loop), [_answer(loop, option), _again(loop, event.at), *followed]


def lost(person: Person) -> tuple[Person, list[Effect]]:
    """Nobody can be asked any more: the coordinators are told."""
    followed = _follow(person, person.loop, "silent") if person.loop else []
    return person.moved(loop=None), followed


def shared(person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """Tell the coordinators this once, without keeping anything."""
    loop = person.loop
    if loop is None or event.run != loop.run or loop.shared or person.permits("show"):
        return person, [Toast(words="toast.already" if loop else "toast.old"), menu.home(person)]
    person = person.moved(loop=loop.moved(shared=True))
    alert = Alert(run=loop.run, urgency=Urgency.EMERGENCY, signs=loop.signs, advice=loop.advice, shared=True)
    return person, [Say(words="share.done", urgency=Urgency.EMERGENCY, buttons=((CARD,),)), alert]


def _answer(loop: Loop, option: str) -> Effect:
    match option:
        case "on_the_way":
            return Say(words="loop.on_the_way", urgency=Urgency.EMERGENCY, buttons=((CARD,),))
        case "told_to_wait":
            return _wait(loop.signs, loop.onset)
        case "no_answer":
            return _nobody(loop.signs, loop.onset)
        case _:  # not_yet: the same again
            advice, rows = loop.advice, ((CARD,),)
            return Advise(advice=advice, signs=loop.signs, urgency=Urgency.EMERGENCY, onset=loop.onset, buttons=rows)


def _old(person: Person, option: str) -> list[Effect]:
    if option == "told_to_wait":
        return [_wait((), "")]
    if option in ("no_answer", "not_yet"):
        return [_nobody((), "")]
    return [Toast(words="toast.old"), menu.home(person, "other.old_question")]


def _wait(signs: tuple[str, ...], onset: str) -> Advise:
    rows = ((CARD,),)
    return Advise(advice="told_to_wait", signs=signs, urgency=Urgency.EMERGENCY, onset=onset, buttons=rows)


def _nobody(signs: tuple[str, ...], onset: str) -> Advise:
    rows = ((CARD,),)
    return Advise(advice="no_answer", signs=signs, urgency=Urgency.EMERGENCY, onset=onset, buttons=rows)


def _question(run: int) -> Say:
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
