"""Red flags: from a tap or typed words to what to do now. Urgency only rises; nothing here reassures."""

from datetime import datetime, timedelta

from flows import loop, menu
from flows.book import Book, Item, Option, Phrase, Questionnaire, Urgency
from flows.effects import Advise, Alert, Begin, Button, Close, Effect, Record, Say, Tick, Toast
from flows.events import Said, Tapped
from flows.person import Loop, Person, Place, Report
from flows.questionnaire import ask, begin, keeps, leave, record, set_aside, signs, taken

TOGETHER = timedelta(days=1)  # urgent signs told within this time count together
AGAIN = timedelta(minutes=15)  # the same words within this time repeat the advice, not the alert
ONSETS = frozenset({"today", "week", "longer"})  # options that say since when
MORE = Button(words="button.more_signs", item="menu", option="symptoms")
GO_ON = Button(words="button.go_on", item="menu", option="resume")


def start(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Ask about red flags from the first question. What was open waits."""
    if person.staff and not person.permits("keep"):
        return person, [menu.home(person, "staff.symptoms")]
    person, put_away = set_aside(person)
    person, asked = begin(book, person, "red_flags", at)
    return person, [*put_away, *asked]


def acted_on(
    book: Book, person: Person, place: Place, questionnaire: Questionnaire, item: Item, option: Option, at: datetime
) -> tuple[Person, list[Effect]]:
    """What an answer that calls for action leads to. `place` holds the answer already.

    An emergency ends the questions: what to do comes first. Several urgent answers are an emergency (step up).
    """
    found = signs(questionnaire, place)
    stepped = 0 < questionnaire.step_up <= len(found) and option.urgency == Urgency.URGENT
    urgency = Urgency.EMERGENCY if stepped else (option.urgency or Urgency.URGENT)
    advice = questionnaire.step_up_advice if stepped else option.advice
    shown = found if stepped else (f"{questionnaire.id}/{item.id}",)
    onset = option.id if option.id in ONSETS else ""
    person = person.moved(place=place if urgency < Urgency.EMERGENCY else None)
    return _told(book, person, place.run, urgency, advice, shown, at, onset)


def reported(
    book: Book, person: Person, event: Tapped, questionnaire: Questionnaire, item: Item, option: Option
) -> tuple[Person, list[Effect]]:
    """A red-flag button on an old screen: a report like any other, in a run of its own. A second tap is confirmed."""
    report = person.report
    path = f"{questionnaire.id}/{item.id}"
    if report and confirmed(report, event, path) and report.urgency >= (option.urgency or 0):
        return person, [Toast(words=f"toast.noted_{report.urgency.name.lower()}", alert=True)]
    run = person.runs + 1
    alone = Place(questionnaire=questionnaire.id, run=run, item=item.id, at=event.at)
    place = taken(alone, item, option, "", event.at)
    effects: list[Effect] = []
    if keeps(person, questionnaire.id):
        effects = [Begin(run=run, questionnaire=questionnaire.id), record(place, item, option, "", event.version)]
        effects.append(Close(run=run, state="completed", urgency=place.urgency))
    person, put_away = set_aside(person.moved(runs=run)) if option.urgency == Urgency.EMERGENCY else (person, [])
    urgency = option.urgency or Urgency.URGENT
    onset = option.id if option.id in ONSETS else ""
    person, told = _told(book, person.moved(runs=run), run, urgency, option.advice, (path,), event.at, onset)
    tick = Tick(questionnaire=questionnaire.id, item=item.id, run=event.run, chosen=option.id)
    rest = [ask(book, person.place)] if person.place else []
    return person, [*told, tick, *effects, *put_away, *rest]


def confirmed(report: Report, event: Tapped, path: str) -> bool:
    """Whether the tap repeats what was reported a moment ago. Later it is a report of its own: it is still true."""
    return report.run == event.run and path in report.signs and event.at - report.at < AGAIN


def heard(book: Book, person: Person, event: Said, phrase: Phrase) -> tuple[Person, list[Effect]]:
    """A red flag in typed words: what to do, at once; then the questions, if it is not an emergency already."""
    run = person.runs + 1
    person = person.moved(runs=run)
    effects: list[Effect] = []
    if keeps(person, "words"):
        effects = [
            Begin(run=run, questionnaire="words"),
            Record(
                run=run,
                questionnaire="words",
                item="typed",
                version=book.version,
                urgency=phrase.urgency,
                value=event.text,
            ),
            Close(run=run, state="completed", urgency=phrase.urgency),
        ]
    before, said_before = person.report, ("words",)
    again = before and before.signs == said_before and before.advice == phrase.advice and event.at - before.at < AGAIN
    person, put_away = set_aside(person) if phrase.urgency == Urgency.EMERGENCY else (person, [])
    person, told = _told(book, person, run, phrase.urgency, phrase.advice, said_before, event.at)
    if again:
        told = [effect for effect in told if not isinstance(effect, Alert)]
    if person.report and person.report.urgency == Urgency.EMERGENCY:
        return person, [*told, *effects, *put_away]
    if person.place and person.place.questionnaire == "red_flags":
        return person, [*told, *effects, ask(book, person.place)]
    person, asked = start(book, person, event.at)
    return person, [*told, *effects, *asked]


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Every question was answered and none was an emergency."""
    person, closed = leave(person.moved(place=place), "completed")
    if place.urgency is None or place.urgency < Urgency.URGENT:
        last: Effect = Advise(advice="nothing_on_list", signs=(), urgency=Urgency.ROUTINE, buttons=_buttons(person))
    else:
        last = Say(words="triage.that_was_all", urgency=Urgency.URGENT, buttons=_buttons(person))
    return person, [last, *closed]


def takes_back(person: Person, event: Tapped) -> bool:
    """Whether a tap without urgency stands under a question whose answer was reported as a red flag."""
    report = person.report
    return report is not None and event.run == report.run and event.item in report.signs


def lowered(person: Person, event: Tapped) -> list[Effect]:
    """Somebody takes an urgent answer back: ask why, and keep the more urgent one."""
    names = ("better", "mistake", "they_say")
    rows = tuple((Button(words=f"lower.option.{name}", item="lower", option=name),) for name in names)
    return [Toast(words="toast.kept"), Say(words="lower.ask", urgency=Urgency.URGENT, buttons=rows)]


def lowered_why(person: Person, event: Tapped) -> list[Effect]:
    """Whatever the reason, the more urgent answer stays."""
    name = event.option if event.option in ("better", "mistake", "they_say") else "better"
    return [Say(words=f"lower.{name}", urgency=Urgency.URGENT, buttons=_buttons(person))]


def _told(
    book: Book,
    person: Person,
    run: int,
    urgency: Urgency,
    advice: str,
    shown: tuple[str, ...],
    at: datetime,
    onset: str = "",
) -> tuple[Person, list[Effect]]:
    """Show what to do, start the loop after an emergency, and tell the coordinators where the person permits it.

    An urgent sign soon after a different one is an emergency (step up), however each was told.
    """
    before, stepped = person.report, list[Effect]()
    if urgency == Urgency.URGENT and before and _another(before, advice, shown, at):
        step = book.questionnaires["red_flags"].step_up_advice
        urgency, advice, shown = Urgency.EMERGENCY, step or advice, tuple(dict.fromkeys((*before.signs, *shown)))
        own = person.place is not None and person.place.run == run  # whoever asked closes it
        person, stepped = (person.moved(place=None), []) if own else set_aside(person)
    earlier = before if before and before.run == run else None
    report = Report(
        run=run,
        signs=tuple(dict.fromkeys((*(earlier.signs if earlier else ()), *shown))),
        urgency=max(urgency, earlier.urgency) if earlier else urgency,
        advice=advice,
        at=at,
    )
    person = person.moved(report=report)
    waits: list[Effect] = []
    if urgency == Urgency.EMERGENCY:
        began = Loop(run=run, signs=report.signs, advice=advice, onset=onset, at=at)
        person, waits = loop.opened(person, began)
    goes_on = urgency < Urgency.EMERGENCY and person.place is not None
    buttons = (_why(advice),) if goes_on else (*_buttons(person), _why(advice))
    effects: list[Effect] = [Advise(advice=advice, signs=shown, urgency=urgency, onset=onset, buttons=buttons)]
    if person.permits("show"):
        effects.append(Alert(run=run, urgency=urgency, signs=shown, advice=advice))
    return person, [*effects, *waits, *stepped]


def _another(before: Report, advice: str, shown: tuple[str, ...], at: datetime) -> bool:
    """Whether an urgent sign comes on top of a different one told within a day."""
    fresh = before.urgency == Urgency.URGENT and at - before.at < TOGETHER
    typed = "words" in (*before.signs, *shown)
    same = before.advice == advice if typed else set(shown) <= set(before.signs)
    return fresh and not same


def _why(advice: str) -> tuple[Button, ...]:
    return (Button(words="button.why", item="why", option=f"advice/{advice}"),)


def _buttons(person: Person) -> tuple[tuple[Button, ...], ...]:
    """Under a what-to-do screen: the card, telling the team once, and the way on."""
    urgent = ((loop.CARD,),) if person.loop else ()
    once = Button(
        words="button.share_once", item="share", option="once", about=str(person.loop.run if person.loop else 0)
    )
    share = ((once,),) if person.loop and not person.permits("show") and not person.loop.shared else ()
    on = ((MORE,), (GO_ON,)) if person.waiting or person.place else ((MORE,), (menu.HOME,))
    return (*urgent, *share, *on)
