"""Red flags: from a tap or typed words to what to do now. Urgency only rises; nothing here reassures."""

from dataclasses import replace
from datetime import datetime, timedelta

from flows import loop, menu, trend
from flows.book import Book, Item, Option, Questionnaire, Urgency
from flows.crisis import CRISES, fitting
from flows.effects import Advise, Alert, Begin, Button, Close, Effect, Say, Tick, Toast
from flows.events import Tapped
from flows.person import Loop, Person, Place, Report
from flows.questionnaire import ask, begin, in_own_words, keeps, leave, record, set_aside, sign, signs, taken

# Both are judgement, no source read: a day and a half, so that the signs of two check-ins a day apart count together.
TOGETHER = timedelta(hours=36)  # urgent signs told within this time count together, and what was told stands
AGAIN = timedelta(minutes=15)  # the same words within this time repeat the advice, not the alert
GOES_ON = frozenset({"handover"})  # whose questions go on, whatever is told there: they are for whoever comes to help
KNOWN = frozenset({"known"})  # options that say: old, checked, no change
ONSETS = frozenset({"today", "week", "longer"})  # options that say since when
MORE = Button(words="button.more_signs", item="menu", option="symptoms")


def start(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Ask about red flags from the first question. What was open waits."""
    if person.staff and not person.permits("keep"):
        return person, [menu.home(person, "staff.symptoms")]
    person, put_away = set_aside(person)
    person, asked = begin(book, person, "red_flags", at)
    return person, [*put_away, *asked]


def acted_on(
    book: Book,
    person: Person,
    place: Place,
    questionnaire: Questionnaire,
    item: Item,
    option: Option,
    at: datetime,
    degrees: float | None = None,
) -> tuple[Person, list[Effect]]:
    """What an answer that calls for action leads to. `place` holds the answer already. `degrees`: typed as the answer.

    What to do comes first. An emergency ends the questions, but for those of the card. Several urgent answers are an
    emergency (step up).
    """
    found = signs(questionnaire, place)
    stepped = 0 < questionnaire.step_up <= len(found) and option.urgency == Urgency.URGENT
    urgency = Urgency.EMERGENCY if stepped else (option.urgency or Urgency.URGENT)
    advice = questionnaire.step_up_advice if stepped else option.advice
    told = Report(
        run=place.run,
        signs=found if stepped else (sign(f"{questionnaire.id}/{item.id}", option),),
        urgency=urgency,
        advice=advice,
        at=at,
        onset=option.id if option.id in ONSETS else "",
        degrees=degrees,
        known=tuple(f"{questionnaire.id}/{name}" for name, said in place.answers if said in KNOWN),
    )
    goes_on = urgency < Urgency.EMERGENCY or questionnaire.id in GOES_ON
    return act_on(book, person.moved(place=place if goes_on else None), told)


def told_already(person: Person, questionnaire: Questionnaire, item: Item, option: Option) -> bool:
    """Whether a detail for the card tells what the open emergency is about: then only the card goes on."""
    loop, said = person.loop, sign(f"{questionnaire.id}/{item.id}", option)
    return questionnaire.id in GOES_ON and loop is not None and (loop.advice == option.advice or said in loop.signs)


def reported(
    book: Book, person: Person, event: Tapped, questionnaire: Questionnaire, item: Item, option: Option
) -> tuple[Person, list[Effect]]:
    """A red-flag button on an old screen: a report like any other, in a run of its own. A second tap is confirmed."""
    report = person.report
    said = sign(f"{questionnaire.id}/{item.id}", option)
    if report and confirmed(person, report, event, said) and report.urgency >= (option.urgency or 0):
        return person, [Toast(words=f"toast.noted_{report.urgency.name.lower()}", alert=True)]
    run = person.runs + 1
    alone = Place(questionnaire=questionnaire.id, run=run, item=item.id, at=event.at)
    place = taken(alone, item, option, "", event.at)
    effects: list[Effect] = []
    if keeps(person, questionnaire.id):
        effects = [Begin(run=run, questionnaire=questionnaire.id), record(place, item, option, "", event.version)]
        effects.append(Close(run=run, state="completed", urgency=place.urgency))
    own = person.place is not None and person.place.run == event.run and questionnaire.id in GOES_ON
    ends = option.urgency == Urgency.EMERGENCY and not own
    person, put_away = set_aside(person.moved(runs=run)) if ends else (person, [])
    reports = Report(
        run=run,
        signs=(said,),
        urgency=option.urgency or Urgency.URGENT,
        advice=option.advice,
        at=event.at,
        onset=option.id if option.id in ONSETS else "",
    )
    person, told = act_on(book, person.moved(runs=run), reports)
    tick = Tick(questionnaire=questionnaire.id, item=item.id, run=event.run, chosen=option.id)
    rest = [ask(book, person.place)] if person.place else []
    return person, [*told, tick, *effects, *put_away, *rest]


def confirmed(person: Person, report: Report, event: Tapped, said: str) -> bool:
    """Whether the tap repeats what was reported a moment ago. Later it is a report of its own: it is still true.

    So is one that the coordinators may see by now and were not told of, and one told after help was reached.
    """
    heard_of = (report.alerted or not person.permits("show")) and not report.helped
    return report.run == event.run and said in report.signs and event.at - report.at < AGAIN and heard_of


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Every question was answered and none was an emergency. What was told before still stands."""
    person, closed = leave(person.moved(place=place), "completed")
    person, repeated = called_again(book, person, place)
    if repeated:
        return person, [*repeated, *closed]
    if place.urgency is None or place.urgency < Urgency.URGENT:
        on = (*ways_on(person), *menu.why("nothing_on_list"))
        last: Effect = Advise(advice="nothing_on_list", signs=(), urgency=Urgency.ROUTINE, buttons=on)
    else:
        last = Say(words="triage.that_was_all", urgency=Urgency.URGENT, buttons=ways_on(person))
    return person, [last, *closed]


def called_again(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The call that still stands at the end of questions that found less; nothing if there is none."""
    stands = standing(person, place.at)
    if stands is None or stands.urgency <= (place.urgency or 0):
        return person, []
    if person.loop is None and stands.helped:
        return person, [_helped(book, person, stands)]
    waits: list[Effect] = []
    if stands.urgency == Urgency.EMERGENCY and person.loop is None:
        person, waits = loop.opened(person, loop.begun(book, stands), place.at)
    return person, [_advise(book, person, stands, goes_on=False), *waits]


def reopened(book: Book, person: Person, ended: Loop | None, at: datetime) -> tuple[Person, list[Effect]]:
    """What was told stands after all: the call, the emergency (`ended`), and the coordinators hear of it once more.

    So does what was told within a day and a half, unless help was reached.
    """
    stands = person.report if person.report and at - person.report.at < TOGETHER and not person.report.helped else None
    if ended is None and person.loop is not None:
        return person, []  # an emergency of their own was never ended
    if ended is None and stands is not None and stands.urgency == Urgency.EMERGENCY:
        ended = loop.begun(book, stands)
    waits: list[Effect] = []
    if ended is not None:
        person, waits = loop.opened(person, ended.moved(asked=0, silent=False), at)
        stands = last_told(person)
    if stands is None or stands.urgency < Urgency.URGENT:
        return person, []
    shows = person.permits("show")
    told = shows or (person.loop is not None and person.loop.shared)
    alert = Alert(run=stands.run, urgency=stands.urgency, signs=stands.signs, advice=stands.advice, shared=not shows)
    alert = replace(alert, first=_first(book, person, stands), trend=trend.shown(person, at))
    report = person.report and person.report.moved(alerted=told or person.report.alerted)
    alerts: list[Effect] = [alert] if told else []
    return person.moved(report=report), [_advise(book, person, stands, goes_on=False), *alerts, *waits]


def _helped(book: Book, person: Person, stands: Report) -> Say:
    """Help was reached, and nothing new was told: what was told still counts, and nobody is sent to call again."""
    told = loop.begun(book, stands)
    words = "triage.helped_crisis" if told.calls in CRISES else "triage.helped"
    return Say(words=words, urgency=Urgency.URGENT, buttons=(*loop.card(told), *ways_on(person)))


def standing(person: Person, at: datetime) -> Report | None:
    """What was told and still has to be acted on: an open emergency, or the report of the last day and a half."""
    report = last_told(person)
    return report if report and (person.loop or at - report.at < TOGETHER) else None


def last_told(person: Person) -> Report | None:
    """What was told last; of an open emergency, all that was told of it."""
    report, now = person.report, person.loop
    if now is not None:
        known = report.known if report else ()
        return Report(
            run=now.run,
            signs=now.signs,
            urgency=Urgency.EMERGENCY,
            advice=now.advice,
            at=now.at,
            onset=now.onset,
            degrees=now.degrees,
            known=known,
        )
    return report


def act_on(book: Book, person: Person, new: Report) -> tuple[Person, list[Effect]]:
    """Show what to do, start the loop after an emergency, and tell the coordinators where the person permits it."""
    stands, stepped = standing(person, new.at), list[Effect]()
    told = _raised(book, stands, new)
    if told.urgency > new.urgency:
        own = person.place is not None and person.place.run == new.run  # whoever asked closes it
        person, stepped = (person.moved(place=None), []) if own else set_aside(person)
    before = person.report
    alerted = before is not None and before.alerted
    earlier = before if before and (before.run == new.run or person.loop) else None
    report = told.moved(
        signs=loop.union(earlier.signs, told.signs) if earlier and earlier.run == new.run else told.signs,
        urgency=max(told.urgency, earlier.urgency) if earlier else told.urgency,
        known=loop.union(earlier.known, told.known) if earlier else told.known,
    )
    waits: list[Effect] = []
    if told.urgency == Urgency.EMERGENCY:
        person, waits = loop.opened(person, loop.begun(book, report), new.at)
    shared = person.loop is not None and person.loop.shared and told.urgency == Urgency.EMERGENCY
    shows = person.permits("show")
    nothing_new = alerted and stands is not None and told is not new and set(new.signs) <= set(stands.signs)
    alerts: list[Effect] = []
    if (shows or shared) and not nothing_new:
        alert = Alert(run=new.run, urgency=told.urgency, signs=told.signs, advice=told.advice, shared=not shows)
        alerts = [replace(alert, first=_first(book, person, told), trend=trend.shown(person, new.at))]
    person = person.moved(report=report.moved(alerted=shows or shared), missed=0)  # a sign of life
    goes_on = told.urgency < Urgency.EMERGENCY and person.place is not None
    return person, [_advise(book, person, told, goes_on=goes_on), *alerts, *waits, *stepped]


def _raised(book: Book, stands: Report | None, new: Report) -> Report:
    """An urgent sign on top of what stands: an emergency stays one, and two urgent signs become one."""
    if stands is None or new.urgency != Urgency.URGENT:
        return new
    if stands.urgency < Urgency.EMERGENCY and not _another(stands, new):
        return new
    step = book.questionnaires["red_flags"].step_up_advice or new.advice
    crisis = loop.begun(book, stands).calls in CRISES  # its screen has no place for another sign
    return new.moved(
        urgency=Urgency.EMERGENCY,
        advice=stands.advice if stands.urgency == Urgency.EMERGENCY and not crisis else step,
        signs=new.signs if crisis else loop.union(stands.signs, new.signs),
        onset=loop.earliest(stands.onset, new.onset),
        known=loop.union(stands.known, new.known),
    )


def _another(before: Report, new: Report) -> bool:
    """Whether an urgent sign is a different one from those told before."""
    if before.urgency < Urgency.URGENT:
        return False
    typed = any(map(in_own_words, (*before.signs, *new.signs)))
    return before.advice != new.advice if typed else not set(new.signs) <= set(before.signs)


def _advise(book: Book, person: Person, told: Report, *, goes_on: bool) -> Advise:
    """What to do, with the way on; while a question comes next, that is the way on."""
    why = menu.why(told.advice)
    buttons = why if goes_on else (*ways_on(person), *why)
    return Advise(
        advice=told.advice,
        signs=fitting(book, told.signs, told.advice),
        urgency=told.urgency,
        onset=told.onset,
        degrees=told.degrees or (person.loop.degrees if person.loop else None),
        first=_first(book, person, told),
        buttons=buttons,
    )


def _first(book: Book, person: Person, told: Report) -> str:
    """The other call of an emergency that was told."""
    return loop.first(book, person.loop, told.advice) if told.urgency == Urgency.EMERGENCY else ""


def ways_on(person: Person) -> tuple[tuple[Button, ...], ...]:
    """Under a what-to-do screen: the card, telling the team once, and the way on."""
    urgent = loop.card(person.loop) if person.loop else ()
    once = Button(
        words="button.share_once", item="share", option="once", about=str(person.loop.run if person.loop else 0)
    )
    share = ((once,),) if person.loop and not person.permits("show") and not person.loop.shared else ()
    on = ((MORE,), (menu.GO_ON,)) if person.waiting or person.place else ((MORE,), (menu.HOME,))
    return (*urgent, *share, *on)
