"""Every message at its longest, against Telegram's limits."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from content import overview
from content.digest import Digest
from content.digest import page as digest
from content.family import Standing
from content.figures import WEEKS, AlertTimes, count, message
from content.load import Library
from content.overview import Someone
from content.pictures import MAX_CAPTION, picture, reach
from content.render import commands, render
from content.series import DAILY, PAIN, WALKING, Rise, Told
from content.views import LONGEST_COMMENT, PAGE, Answered, Entry, alerts, log
from content.voice import Message, Page, Voice, units
from flows.book import Book, Urgency
from flows.deeds import ShowDigest
from flows.effects import Advise, Ask, Explain, Say, ShowAlerts, ShowLog, ShowPerson, ShowPicture
from flows.events import Addressee, AlertView
from flows.person import Farewell, Person, Reminder, Schedule
from flows.pictures import SPANS
from flows.questionnaire import KEPT
from flows.reminders import MOST, show
from flows.reminding import LONGEST, listed

MAX_MESSAGE = 4096  # Bot API, sendMessage.text: 1-4096 characters after entities parsing; counted here in UTF-16 units
MAX_TOAST = 200  # Bot API, answerCallbackQuery.text: 0-200 characters
MAX_COMMAND = 256  # Bot API, BotCommand.description: 1-256 characters
MAX_DESCRIPTION = 512  # Bot API, setMyDescription.description: 0-512 characters
MAX_SHORT = 120  # Bot API, setMyShortDescription.short_description: 0-120 characters
MAX_BUTTON = 30  # ours, characters: what still shows whole on a small phone
MAX = {"message": MAX_MESSAGE, "toast": MAX_TOAST, "command": MAX_COMMAND, "button": MAX_BUTTON}
MAX |= {"description": MAX_DESCRIPTION, "short description": MAX_SHORT, "caption": MAX_CAPTION}
ROOM = "x" * 100  # ours: as much as a flow may put into a place
BUTTON_ROOM = "x" * 10  # the same on a button; the walk looks at each button as it is
CODE = "x" * 8  # a person's code, see bot/store.py
SOME_DAY = datetime(2026, 9, 30, tzinfo=UTC)
MOST_SIGNS = 5  # ours: two urgent answers or one emergency end the questions; answers may be changed
LAST = 3  # ours: responses on a person's page, see bot/lists.py
LAST_RUN = 10**9  # ours: nobody begins more questionnaires


@dataclass(frozen=True, slots=True)
class Shown:
    """A message and what it shows to whom. `missing`: words without which it cannot be. `error`: why else it cannot."""

    what: str
    message: Message
    missing: str = ""
    error: str = ""


def messages(library: Library, language: str) -> Iterator[Shown]:
    """All that is made of content: questions, what-to-do screens, pages of treatments; dates, and the commands menu."""
    for person in readers(library.book, language):
        for what, effect in _effects(library, language):
            yield _shown(f"{what} in {language} for a {person.role}", partial(render, library, person, effect))
    for name in sorted(KEPT & library.book.questionnaires.keys()):
        yield _shown(f"log of {name} in {language}", partial(_log, library, language, name))
    yield _shown(f"alerts in {language}", partial(_alerts, library, language))
    if all(library.book.item(f"{DAILY}/{item}") for item in (PAIN, WALKING)):
        for name in sorted(KEPT & library.book.questionnaires.keys()):
            what = f"a person's page with {name} in {language}"
            yield _shown(what, partial(_page, library, language, name))
        yield from _pictures(library, language)
        yield _shown(f"figures in {language}", partial(_figures, library, language))
        yield _shown(f"digest in {language}", partial(_digest, library, language))
        yield _shown(f"reminders in {language}", partial(_reminders, library, language))
        yield _shown(f"reminders of somebody in {language}", partial(_set, library, language))
    yield _shown(f"dates in {language}", partial(_dates, library, language))
    yield _shown(f"commands in {language}", partial(_commands, library, language))


def readers(book: Book, language: str) -> list[Person]:
    """A caregiver and a patient where the emergency number is longest."""
    country = max(book.countries.values(), key=lambda country: len(country.emergency)).id
    return [Person(id="", language=language, role=role, country=country) for role in ("caregiver", "patient")]


def common(library: Library) -> frozenset[str]:
    """The places that are filled in everywhere."""
    return frozenset(Voice(library, Person(id="", language=library.book.pathway.language)).fill())


def signs(library: Library, language: str) -> tuple[str, ...]:
    """The signs with the longest words, as many as one screen or alert may name."""
    words = library.words[language]
    long = {
        f"{questionnaire.id}/{item.id}": len(words.get(f"{questionnaire.id}.{item.id}.sign", ""))
        for questionnaire in library.book.questionnaires.values()
        for item in questionnaire.items
        if any(option.urgency for option in item.options)
    }
    return tuple(sorted(long, key=lambda sign: long[sign], reverse=True)[:MOST_SIGNS])


def filled(library: Library, language: str, key: str, kind: str = "message") -> str:
    """The words of a key with the most that their places may hold where it is shown."""
    voice, page = Voice(library, readers(library.book, language)[0]), Page()
    words = library.words[language]
    named = ", ".join(words.get(f"{sign.replace('/', '.')}.sign", "") for sign in signs(library, language))
    room = BUTTON_ROOM if kind == "button" else ROOM
    fill = defaultdict(lambda: room, voice.fill() | {"sign": named, "signs": named})
    page.add(words[key], fill)
    return page.text


def too_long(what: str, text: str, kind: str) -> Iterator[str]:
    """Whether a text fits where it is shown: as one of MAX."""
    length = len(text) if kind == "button" else units(text)
    if not 0 < length <= MAX[kind]:
        start = " ".join(text.split())[:MAX_BUTTON]
        yield f'{what}: "{start}…" has {length} characters; a {kind} takes 1 to {MAX[kind]}.'


def unfit(shown: Shown) -> Iterator[str]:
    """What does not fit in a message, besides missing words."""
    if shown.error:
        yield f"{shown.what}: {shown.error}."
    if not shown.missing and not shown.error:
        yield from too_long(shown.what, shown.message.text, "caption" if shown.message.svg else "message")
    for row in shown.message.buttons:
        for words, _ in row:
            yield from too_long(shown.what, words, "button")


def _effects(library: Library, language: str) -> Iterator[tuple[str, Ask | Advise | Explain]]:
    book = library.book
    for questionnaire in book.questionnaires.values():
        for item in questionnaire.items:
            ask = Ask(questionnaire=questionnaire.id, item=item.id, run=LAST_RUN, step=(99, 99))
            yield f"{questionnaire.id}/{item.id}", ask
    for advice in book.advice.values():
        yield f"advice {advice.id}", Advise(advice=advice.id, signs=signs(library, language), urgency=advice.urgency)
    for treatment in book.treatments.values():
        for section in treatment.sections:
            yield f"{treatment.id}/{section.id}", Explain(treatment=treatment.id, section=section.id)


def _shown(what: str, show: Callable[[], Message]) -> Shown:
    nothing = Message(kind="send")
    try:
        return Shown(what, show())
    except KeyError as error:  # from Voice.words, or a place that nothing fills
        return Shown(what, nothing, missing=str(error.args[0]))
    except ValueError as error:  # from press: more than a button takes
        return Shown(what, nothing, error=str(error))


def _pictures(library: Library, language: str) -> Iterator[Shown]:
    """Every span, with all that can be told in it; for the person and for a coordinator."""
    for person, code in ((one, code) for one in readers(library.book, language) for code in ("", CODE)):
        for days in SPANS:
            show = ShowPicture(person=code, days=days)
            for number in (0, 1):
                what = f"picture of {days} days in {language} for a {person.role}"
                yield _shown(what, partial(_picture, library, person, show, number))


def _picture(library: Library, person: Person, show: ShowPicture, number: int) -> Message:
    """The picture, or the message after it."""
    found = library.book.item(f"{DAILY}/{WALKING}")
    walks = [option.id for option in found[1].options] if found else []
    told = []
    for back in range(reach(show) - 1, -1, -1):
        at, pain = SOME_DAY - timedelta(days=back), str(10 - back % 7 if back < 7 else back % 3)
        for item, option in ((PAIN, pain), (WALKING, walks[back % len(walks)])):
            told.append(Told(response=str(back), item=item, option=option, at=at))
    return picture(library, person, show, told, "UTC", SOME_DAY)[-number]


def _figures(library: Library, language: str) -> Message:
    """Every week full, every alert taken late."""
    days = [SOME_DAY - timedelta(days=back) for back in range(7 * WEEKS)]
    states = ("completed", "missed", "in-progress")
    begun = [(day, state, 9999) for day in days for state in states]
    raised = [
        AlertTimes(urgency=urgency, at=day, state="closed", taken_at=day + timedelta(days=70))
        for urgency in (Urgency.EMERGENCY, Urgency.URGENT)
        for day in days * 20
    ]
    return message(
        library, Person(id="", language=language), count(begun, raised, library.book.pathway, SOME_DAY, WEEKS)
    )


def _dates(library: Library, language: str) -> Message:
    """Every day of a week, and every month."""
    voice = Voice(library, Person(id="", language=language))
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 8)]
    days += [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
    return Message(kind="send", text=", ".join(voice.moment(day, "UTC") for day in days))


def _commands(library: Library, language: str) -> Message:
    return Message(kind="send", text=str(commands(library, language, staff=True)))


def _log(library: Library, language: str, name: str) -> Message:
    """A full page of one person's log, every question answered with its longest words."""
    entry = _entry(library, language, name)
    seen = replace(entry, reviewed_by=CODE, reviewed_at=SOME_DAY)
    person = Person(id="", language=language)
    return log(library, person, ShowLog(person=CODE), [entry, *[seen] * PAGE])


def _page(library: Library, language: str, name: str) -> Message:
    """The page of somebody of whom everything is known, with many relatives; that they have died."""
    entry = _entry(library, language, name)
    plan = Schedule(version=LAST_RUN, days="012345", clock="00:00", zone="America/Argentina/ComodRivadavia")
    someone = Someone(
        person=Person(id=CODE, language=language, role="caregiver", illness="not_sure", schedule=plan),
        next=SOME_DAY,
        last=SOME_DAY,
        urgency=Urgency.EMERGENCY,
        done=99,
        asked=99,
        alerts=(Urgency.EMERGENCY,) * 99,
        pain=((SOME_DAY, "0"), (SOME_DAY, "10")),
        entries=(entry,) * LAST,
        standing=Standing(beside=(CODE,) * 99, farewell=Farewell(at=SOME_DAY, by="relative"), blocked=False),
    )
    return overview.page(library, Person(id="", language=language), ShowPerson(person=CODE, at=SOME_DAY), someone)


def _entry(library: Library, language: str, name: str) -> Entry:
    """A response with every question answered with its longest words."""
    voice = Voice(library, Person(id="", language=language))
    answers = []
    for item in library.book.questionnaires[name].items:
        options = [option.id for option in item.options]
        option = max(options, key=lambda option: len(voice.option(f"{name}.{item.id}", option)), default="")
        said = "" if option and not item.words else "x" * LONGEST_COMMENT
        answers.append(
            Answered(
                item=item.id, option="" if said else option, value=said, at=SOME_DAY, version="", urgency=Urgency.URGENT
            )
        )
    return Entry(person=CODE, questionnaire=name, at=SOME_DAY, state="completed", urgency=None, answers=tuple(answers))


def _digest(library: Library, language: str) -> Message:
    """A thousand people answered, a thousand did not, and all of them are worse."""
    alert = AlertView(
        alert=CODE, subject=CODE, at=SOME_DAY, urgency=Urgency.EMERGENCY, signs=(), advice="", taken_by=CODE
    )
    people, worse = (CODE,) * 1000, (CODE, Rise(before=1.5, now=10.0, average=True))
    full = Digest(
        answered=people, missed=people, waiting=people, alerts=(alert,) * 1000, number=9999, risen=(worse,) * 1000
    )
    show = ShowDigest(since=SOME_DAY, at=SOME_DAY)
    return digest(library, Person(id="", language=language), show, full)


def _full(language: str) -> Person:
    """Somebody with as many reminders as there may be, all at their longest."""
    one = Reminder(kind="appointment", by=CODE, number=LAST_RUN, day="2027-09-29", clock="20:30", text="x" * LONGEST)
    away = Schedule(version=0, days="0", clock="09:00", zone="Pacific/Chatham")  # where nobody's site is
    return Person(id=CODE, language=language, schedule=away, reminders=(one.moved(off=True),) * MOST)


def _reminders(library: Library, language: str) -> Message:
    """The person's own list."""
    (said,) = (one for one in show(library.book, _full(language)) if isinstance(one, Say))
    return render(library, _full(language), said)


def _set(library: Library, language: str) -> Message:
    """The list for coordinators."""
    to = Addressee(person=CODE, reminds=True, zone=library.book.pathway.zone, reminders=_full(language).reminders)
    return render(library, Person(id="", language=language), listed(library.book, to))


def _alerts(library: Library, language: str) -> Message:
    alert = AlertView(
        alert=CODE, subject=CODE, at=SOME_DAY, urgency=Urgency.EMERGENCY, signs=signs(library, language), advice=""
    )
    return alerts(library, Person(id="", language=language), ShowAlerts(), [alert] * (PAGE + 1))
