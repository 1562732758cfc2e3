"""What a coordinator does about an alert: takes it, says how the call went, notes, hands over, closes."""

from dataclasses import replace
from datetime import timedelta

from flows import alerts, handing, menu
from flows.book import Book
from flows.coordinator import beside
from flows.effects import Amend, Button, Claim, Effect, Inform, Say, Tell, Toast
from flows.events import AlertRaised, AlertTaken, AlertView, Said, Tapped
from flows.fills import Moment, Steps, Trend, With, Words
from flows.person import Noting, Person, spoken
from flows.questionnaire import named
from flows.typed import seen

CALLED = ("reached", "not_reached", "hospital")
ASK = "ask."  # then the code of a colleague
NOTE_WITHIN = timedelta(minutes=10)  # ours: words typed later are no note any more
LONGEST_NOTE = 500  # ours, characters


def raised(book: Book, event: AlertRaised) -> list[Effect]:
    """Tell this coordinator of a red flag. An alert goes ahead of everything but what families are told."""
    alert = event.alert
    if event.how == handing.HOW:
        return handing.asks(event)
    words = f"alert.{event.how}" if event.how else f"alert.{alert.urgency.name.lower()}"
    more = (("by", spoken(alert.taken_by)),) if alert.taken_by else ()
    return [replace(_of(book, words, alert, more, _free(alert)), urgency=alert.urgency)]


def taken(person: Person, event: AlertTaken) -> list[Effect]:
    """A colleague took it."""
    return [] if event.alert.taken_by == person.id else [_taken_by(event.alert)]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button under an alert. Two coordinators at once: one has it, the other is told who, and what was done."""
    alert, option = event.alert, event.option
    if alert is None:
        return person, [Say(words="alert.gone", buttons=((menu.ALERTS,),))]
    if alert.state == "closed":
        by = (("by", spoken(alert.taken_by)),)
        words = "alert.closed_died" if alerts.died(alert) else "alert.closed_by" if alert.taken_by else "alert.closed"
        return person, [_of(book, words, alert, by)]
    if not alert.taken_by:
        return person, _take(book, person, event, alert) if option == "take" else [_nobody_has(book, alert)]
    if alert.taken_by != person.id:
        asked = option == "take" and alerts.asked(alert, person.id)
        return person, _take(book, person, event, alert) if asked else [_taken_by(alert)]
    if option == "take":
        return person, [Toast(words="alert.yours_already")]
    return _of_mine(book, person, event, alert)


def typed(book: Book, person: Person, event: Said) -> tuple[Person, list[Effect]]:
    """Words typed after "Add a note", without signs that nobody sees: some turn the words around them round."""
    noting, alert, text = person.noting, event.alert, seen(event.text).strip()
    if noting is None or event.at - noting.at >= NOTE_WITHIN:
        again = ((_button(alert, "note"),),) if alert else ()
        return person.moved(noting=None), [Say(words="alert.note_late", buttons=(*again, (menu.ALERTS,)))]
    if len(text) > LONGEST_NOTE:
        most = (("most", str(LONGEST_NOTE)), ("length", str(len(text))))
        return person, [Say(words="alert.note_long", with_=most)]
    if alert is not None and not text:
        return person, [_note_asks(alert)]
    person = person.moved(noting=None)
    if alert is None:
        return person, [Say(words="alert.gone", buttons=((menu.ALERTS,),))]
    alert = alerts.stepped(alert, "note", event.at, by=person.id, note=text)
    mine = alert.state == "taken" and alert.taken_by == person.id
    said = _desk(book, "alert.noted", alert) if mine else _of(book, "alert.noted", alert, rows=((menu.ALERTS,),))
    return person, [Amend(alert=alert), said]


def _note_asks(alert: AlertView) -> Say:
    return Say(words="alert.note_ask", with_=(("person", spoken(alert.subject)), ("most", str(LONGEST_NOTE))))


def about(book: Book, alert: AlertView) -> With:
    """What an alert's words are filled with."""
    return (
        ("person", spoken(alert.subject)),
        ("urgency", Words(f"urgency.{alert.urgency.name.lower()}")),
        ("at", Moment(alert.told_at, book.pathway.zone)),
        ("signs", named(alert.signs)),
        ("advice", Words(f"advice.{alert.advice}.title")),
        ("first", Words(f"alert.{alert.first}") if alert.first else ""),
        ("trend", Trend(alert.trend)),
        ("steps", Steps(alert.steps, book.pathway.zone)),
        beside(alert.beside),
    )


def _take(book: Book, person: Person, event: Tapped, alert: AlertView) -> list[Effect]:
    mine = alerts.claimed(alert, person.id, event.at)
    tells = () if alert.taken_by else (Inform(alert=mine, what="taken"),)  # handed over: the family knows already
    return [Claim(alert=alert), *tells, Toast(words="alert.yours"), _desk(book, "alert.taken", mine)]


def _of_mine(book: Book, person: Person, event: Tapped, alert: AlertView) -> tuple[Person, list[Effect]]:
    """A button under an alert that this coordinator has."""
    match event.option:
        case "reached" | "not_reached" | "hospital":
            alert = alerts.stepped(alert, event.option, event.at, by=person.id)
            done = _desk(book, "alert.desk", alert)
            return person, [Amend(alert=alert), Inform(alert=alert, what=event.option), Toast(words="alert.told"), done]
        case "note":
            return person.moved(noting=Noting(alert=alert.alert, at=event.at)), [_note_asks(alert)]
        case "close":
            alert = alerts.stepped(replace(alert, closed=True), "closed", event.at, by=person.id)
            return person, [Amend(alert=alert), _of(book, "alert.closed", alert, rows=((menu.ALERTS,),))]
        case "over":
            return person, [_colleagues(book, person, event, alert)]
        case option if option.startswith(ASK):
            return person, _ask(book, person, event, alert, option.removeprefix(ASK))
        case _:
            return person, [_desk(book, "alert.desk", alert)]


def _colleagues(book: Book, person: Person, event: Tapped, alert: AlertView) -> Say:
    """Who may be asked to take it over."""
    asks = handing.colleagues(person, event, ASK, alert.alert)
    rows = (*asks, (_button(alert, "show"),))
    return _of(book, "alert.over" if asks else "alert.over_nobody", alert, rows=rows)


def _ask(book: Book, person: Person, event: Tapped, alert: AlertView, code: str) -> list[Effect]:
    """Ask a colleague to take it over. Until they tap "I have this", it stays with who has it."""
    if code == person.id or code not in event.rota:
        return [_colleagues(book, person, event, alert)]
    alert = alerts.stepped(alert, "asked", event.at, by=person.id, to=(code,))
    done = _of(book, "alert.asked", alert, (("by", spoken(code)),), ((_button(alert, "show"),), (menu.ALERTS,)))
    return [Amend(alert=alert), Tell(alert=alert, to=(code,), how="asks"), done]


def _desk(book: Book, words: str, alert: AlertView) -> Say:
    """The alert that a coordinator has, with what can be done."""
    called = tuple((_button(alert, name),) for name in CALLED)
    return _of(
        book,
        words,
        alert,
        rows=(*called, (_button(alert, "note"), _button(alert, "over")), (_button(alert, "close"), _log(alert))),
    )


def _nobody_has(book: Book, alert: AlertView) -> Say:
    return _of(book, "alert.nobody_has", alert, rows=_free(alert))


def _taken_by(alert: AlertView) -> Say:
    """Who has it, and what was done last."""
    done = next((step.what for step in reversed(alert.steps) if step.by == alert.taken_by), "taken")
    fill = (("person", spoken(alert.subject)), ("by", spoken(alert.taken_by)), ("last", Words(f"alert.last.{done}")))
    return Say(words="alert.taken_by", with_=fill)


def _of(book: Book, words: str, alert: AlertView, more: With = (), rows: tuple[tuple[Button, ...], ...] = ()) -> Say:
    return Say(words=words, with_=(*about(book, alert), *more), buttons=rows)


def _free(alert: AlertView) -> tuple[tuple[Button, ...], ...]:
    return (_button(alert, "take"),), (_log(alert),)


def _button(alert: AlertView, option: str) -> Button:
    return Button(words=f"button.alert_{option}", item="alert", option=option, about=alert.alert)


def _log(alert: AlertView) -> Button:
    return Button(words="button.person", item="person", option="open", about=alert.subject)
