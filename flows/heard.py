"""Red flags in typed words: every sign that is recognised is told, the most urgent first."""

from flows import triage
from flows.book import Book, Phrase, Urgency
from flows.crisis import CRISES
from flows.effects import Alert, Begin, Close, Effect, Record
from flows.events import Said
from flows.loop import AMBULANCE
from flows.measure import degrees, unasked
from flows.person import Person, Report
from flows.questionnaire import ask, keeps, set_aside
from flows.recognise import recognise, several


def alarming(book: Book, language: str, text: str, *, asked: bool = False) -> Phrase | None:
    """What cannot wait in typed words. `asked`: the open question takes words, and reads a number itself."""
    return recognise(book, language, text) or (None if asked else unasked(book, text))


def heard(book: Book, person: Person, event: Said, phrase: Phrase) -> tuple[Person, list[Effect]]:
    """Red flags in typed words: what to do, at once; then the questions, if it is not an emergency already."""
    run = person.runs + 1
    reports = [_report(book, group, run, event) for group in _groups(book, person, event, phrase)]
    urgency = max(one.urgency for one in reports)
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
                urgency=urgency,
                value=event.text,
            ),
            Close(run=run, state="completed", urgency=urgency),
        ]
    before = person.report
    same = before is not None and before.signs == tuple(sign for one in reports for sign in one.signs)
    again = same and before and before.alerted and event.at - before.at < triage.AGAIN
    person, put_away = set_aside(person) if urgency == Urgency.EMERGENCY else (person, [])
    told: list[Effect] = []
    for one in reports:
        person, more = triage.act_on(book, person, one)
        told += more
    if again:
        told = [effect for effect in told if not isinstance(effect, Alert)]
    if person.report and person.report.urgency == Urgency.EMERGENCY:
        return person, [*told, *effects, *put_away]
    if person.place and person.place.questionnaire == "red_flags":
        return person, [*told, *effects, ask(book, person.place)]
    person, asked = triage.start(book, person, event.at)
    return person, [*told, *effects, *asked]


def _groups(book: Book, person: Person, event: Said, phrase: Phrase) -> list[list[Phrase]]:
    """The signs that are told: those of one screen together. Thoughts of suicide have one of their own."""
    phrases = book.phrases.get(person.language)
    signs = [phrase, *(several(phrases, event.text) if phrases else ()), unasked(book, event.text)]
    once = list({one.advice: one for one in signs[::-1] if one is not None}.values())[::-1]
    crisis = [one for one in once if _calls(book, one) in CRISES]
    others = [one for one in once if one not in crisis]
    others.sort(key=lambda one: (one.urgency, _calls(book, one) == AMBULANCE), reverse=True)
    return [group for group in ((crisis, others) if phrase in crisis else (others, crisis)) if group]


def _calls(book: Book, phrase: Phrase) -> str:
    screen = book.advice.get(phrase.advice)
    return screen.calls if screen else AMBULANCE


def _report(book: Book, signs: list[Phrase], run: int, event: Said) -> Report:
    """What is told with one screen: the worst of the signs, and two urgent ones are an emergency."""
    questions, worst = book.questionnaires["red_flags"], signs[0]
    stepped = worst.urgency == Urgency.URGENT and 0 < questions.step_up <= len(signs)
    return Report(
        run=run,
        signs=tuple(f"words/{one.advice}" for one in signs),
        urgency=Urgency.EMERGENCY if stepped else worst.urgency,
        advice=questions.step_up_advice if stepped else worst.advice,
        at=event.at,
        degrees=None if _calls(book, worst) in CRISES else degrees(book, event.text),
    )
