"""Red flags: from a tap or typed words to what to do now. Urgency only rises; nothing here reassures."""

from datetime import datetime, timedelta

from flows import menu
from flows.book import Book, Item, Option, Phrase, Questionnaire, Urgency
from flows.effects import Advise, Alert, Begin, Button, Close, Effect, Record, Say, Tick, Toast
from flows.events import Said, Tapped
from flows.person import Person, Place, Report
from flows.questionnaire import ask, begin, keeps, leave, record, set_aside, signs, taken

AGAIN = timedelta(minutes=15)  # the same words within this time repeat the advice, not the alert
MORE = Button(words="button.more_signs", item="menu", option="symptoms")
GO_ON = Button(words="button.go_on", item="menu", option="resume")


def start(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Ask about red flags from the first question. What was open waits."""
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
    if urgency < Urgency.EMERGENCY:
        return _told(person.moved(place=place), place.run, Urgency.URGENT, advice, shown, at)
    return _told(person.moved(place=None), place.run, Urgency.EMERGENCY, advice, shown, at)


def reported(
    book: Book, person: Person, event: Tapped, questionnaire: Questionnaire, item: Item, option: Option
) -> tuple[Person, list[Effect]]:
    """A red-flag button on an old screen: a report like any other, in a run of its own. A second tap is confirmed."""
    report = person.report
    path = f"{questionnaire.id}/{item.id}"
    if report and str(report.run) == event.about and path in report.signs and report.urgency >= (option.urgency or 0):
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
    person, told = _told(person.moved(runs=run), run, urgency, option.advice, (path,), event.at)
    tick = Tick(questionnaire=questionnaire.id, item=item.id, run=event.run, chosen=option.id)
    rest = [ask(book, person.place)] if person.place else []
    return person, [*told, tick, *effects, *put_away, *rest]


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
    person, told = _told(person, run, phrase.urgency, phrase.advice, said_before, event.at)
    if again:
        told = [effect for effect in told if not isinstance(effect, Alert)]
    if phrase.urgency == Urgency.EMERGENCY:
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


def _told(
    person: Person, run: int, urgency: Urgency, advice: str, shown: tuple[str, ...], at: datetime
) -> tuple[Person, list[Effect]]:
    """Show what to do and, where the person permits it, tell the coordinators."""
    goes_on = urgency < Urgency.EMERGENCY and person.place is not None
    effects: list[Effect] = [
        Advise(advice=advice, signs=shown, urgency=urgency, buttons=() if goes_on else _buttons(person))
    ]
    if person.permits("show"):
        effects.append(Alert(run=run, urgency=urgency, signs=shown, advice=advice))
    earlier = person.report if person.report and person.report.run == run else None
    report = Report(
        run=run,
        signs=tuple(dict.fromkeys((*(earlier.signs if earlier else ()), *shown))),
        urgency=max(urgency, earlier.urgency) if earlier else urgency,
        advice=advice,
        at=at,
    )
    return person.moved(report=report), effects


def _buttons(person: Person) -> tuple[tuple[Button, ...], ...]:
    return ((MORE,), (GO_ON,)) if person.waiting or person.place else ((MORE,), (menu.HOME,))
