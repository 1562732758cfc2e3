"""What a coordinator writes to one person: shown to them at once, kept in their log, and never at night."""

from datetime import datetime, timedelta

from flows import menu
from flows.book import Book
from flows.deeds import Write
from flows.due import awake
from flows.effects import Begin, Button, Close, Effect, Record, Say
from flows.events import Addressee, Commanded, Event, Said, Tapped, Written
from flows.fills import Moment
from flows.person import Noting, Person, spoken
from flows.review import as_code
from flows.typed import seen

LETTER = "letter"  # kept like a questionnaire, and is none
WITHIN = timedelta(minutes=10)  # ours: words typed later are for nobody
LONGEST = 1000  # ours, characters
LOOKS = frozenset({"person", "log", "picture"})  # buttons that only show something of one person


def reach(book: Book, person: Person, at: datetime) -> Addressee | None:
    """How this person can be written to now; None: coordinators may not know of them.

    Nobody is woken, but in an emergency that is open.
    """
    if not person.permits("show"):
        return None
    until = awake(book, person, at)
    asleep = until if until > at and person.loop is None else None
    return Addressee(person=person.id, blocked=person.blocked, asleep=asleep, stopped=person.stopped)


def turned(person: Person, event: Event) -> Person:
    """A coordinator who goes elsewhere before typing: what is typed then is for nobody.

    Looking at the same person, or at the same alert, goes nowhere.
    """
    noting = person.noting
    if noting is None or not isinstance(event, Tapped | Commanded):
        return person
    code = as_code(event.about) if isinstance(event, Tapped) and event.item in LOOKS else ""
    alert = event.about if isinstance(event, Tapped) and event.item == "alert" else ""
    same = (code and code == noting.person) or (alert and alert == noting.alert)
    return person if same else person.moved(noting=None)


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """The button that asks for the message. Who cannot be written to is named before it is typed in vain."""
    if not person.staff:
        return person, [menu.home(person, "staff.only")]
    to = event.to
    refused = _refused(book, to, as_code(event.about))
    if to is None or refused:
        return person.moved(noting=None), refused
    return person.moved(noting=Noting(person=to.person, at=event.at)), [_asks(to.person)]


def typed(book: Book, person: Person, noting: Noting, event: Said) -> tuple[Person, list[Effect]]:
    """The message itself, without signs that nobody sees: some turn the words around them round."""
    to, code, text = event.to, noting.person, seen(event.text).strip()
    again = ((_write(code),), (_page(code),))
    if event.at - noting.at >= WITHIN:
        return person.moved(noting=None), [
            Say(words="letter.late", with_=(("person", spoken(code)),), buttons=again),
        ]
    if not text:
        return person, [_asks(code)]
    if len(text) > LONGEST:
        return person, [Say(words="letter.long", with_=(("most", str(LONGEST)), ("length", str(len(text)))))]
    refused = _refused(book, to, code)
    if to is None or refused:
        return person.moved(noting=None), refused
    sent = Say(words="letter.sent", with_=(("person", spoken(code)),), buttons=((_page(code),),))
    return person.moved(noting=None), [Write(to=code, text=text), sent]


def _asks(code: str) -> Say:
    return Say(words="letter.ask", with_=(("person", spoken(code)), ("most", str(LONGEST))))


def written(book: Book, person: Person, event: Written) -> tuple[Person, list[Effect]]:
    """To whom it was written: they read it, and it stands in their log. What they were asked before still waits."""
    to = reach(book, person, event.at)
    if to is None or to.blocked or to.stopped or to.asleep:
        return person, []
    run = person.runs + 1
    kept = [
        Record(run=run, questionnaire=LETTER, item=item, version=book.version, urgency=None, value=value)
        for item, value in (("by", spoken(event.by)), ("text", event.text))
    ]
    shown = Say(words="letter.from_team", with_=(("text", event.text),), buttons=((menu.SYMPTOMS,),))
    person = person.moved(runs=run)
    return person, [shown, Begin(run=run, questionnaire=LETTER), *kept, Close(run=run, state="completed")]


def _refused(book: Book, to: Addressee | None, code: str) -> list[Effect]:
    """Why nothing can be written to them; empty if it can."""
    fill = (("person", spoken(code)),)
    if to is None:
        return [Say(words="log.nobody", with_=fill, buttons=((menu.LOG,),))]
    if to.blocked:
        return [Say(words="letter.blocked", with_=fill, buttons=((_page(code),),))]
    if to.stopped:
        return [Say(words="letter.stopped", with_=fill, buttons=((_page(code),),))]
    if to.asleep:
        until = ("until", Moment(to.asleep, book.pathway.zone))
        return [Say(words="letter.asleep", with_=(*fill, until), buttons=((_page(code),),))]
    return []


def _write(code: str) -> Button:
    return Button(words="button.write", item="message", option="write", about=code)


def _page(code: str) -> Button:
    return Button(words="button.person", item="person", option="open", about=code)
