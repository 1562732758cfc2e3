"""Coordinators are told of an emergency that is open: this once, or as they may see the answers from now on."""

from dataclasses import replace
from datetime import datetime

from flows import menu, trend
from flows.book import Book, Urgency
from flows.effects import Alert, Effect, Say, Toast
from flows.events import Tapped
from flows.fills import With, Words
from flows.loop import AMBULANCE, alert, card, kind
from flows.person import Loop, Person, spoken


def once(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """Tell the coordinators this once, without keeping anything: of the open emergency, whichever screen it is."""
    loop, report = person.loop, person.report
    if loop is None:
        return person, [Say(words="share.nobody", urgency=Urgency.EMERGENCY, buttons=((menu.SYMPTOMS,),))]
    if not event.rota:
        unheard = (*card(loop), (menu.SYMPTOMS,))
        return person, [Say(words="share.no_one", with_=_call(loop), urgency=Urgency.EMERGENCY, buttons=unheard)]
    shows = person.permits("show")
    if loop.shared or (shows and report is not None and report.alerted):
        return person, [Toast(words="toast.already"), menu.home(person)]
    person = person.moved(loop=loop.moved(shared=not shows), report=report.moved(alerted=True) if report else None)
    raised = replace(alert(book, loop), shared=not shows, trend=trend.shown(person, event.at))
    told = Say(
        words="share.done",
        with_=(("code", spoken(person.id)), *_call(loop)),
        urgency=Urgency.EMERGENCY,
        buttons=(*card(loop), (menu.SYMPTOMS,)),
    )
    return person, [told, raised]


def allowed(book: Book, before: Person, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Coordinators may see the answers as of now: they are told of the emergency that is open, and when it was told."""
    loop, report = person.loop, person.report
    if loop is None or loop.shared or before.permits("show") or not person.permits("show"):
        return person, []
    raised: Alert = replace(alert(book, loop), trend=trend.shown(person, at), earlier=loop.at)
    return person.moved(report=report.moved(alerted=True) if report else None), [raised]


def _call(loop: Loop) -> With:
    """Which call is theirs to make, or which calls."""
    which = kind(loop) or ("_ambulance" if loop.calls == AMBULANCE else "_line")
    return (("call", Words(f"share.call{which}")),)
