"""All that a coordinator has, handed over to one colleague, who says yes once."""

from collections.abc import Sequence

from flows import alerts, menu
from flows.effects import Amend, Button, Claim, Effect, Say, ShowAlerts, Tell, Toast
from flows.events import AlertRaised, AlertView, Tapped
from flows.fills import With, Words
from flows.person import Person, spoken

ALL, ASK, TAKE = "all", "askall.", "takeall"  # options of a button under alerts; then the code of a colleague
HOW = "asks_all"
MOST_ASKED = 12  # ours: colleagues to choose from, those on duty first
Rows = tuple[tuple[Button, ...], ...]


def of_all(option: str) -> bool:
    """Whether the button is about every alert that somebody has."""
    return option in (ALL, TAKE) or option.startswith(ASK)


def asked_for(person: Person, event: Tapped) -> str:
    """The coordinator whose alerts the button is about."""
    return event.about if event.option == TAKE else person.id


def tapped(person: Person, event: Tapped) -> list[Effect]:
    """Whom to ask; ask them; or, of who was asked: yes. `event.held`: what that coordinator has and has not closed."""
    if event.option == TAKE:
        return _taken(person, event)
    if not event.held:
        return [Say(words="alert.all_none", buttons=((menu.ALERTS,),))]
    code = event.option.removeprefix(ASK)
    if event.option == ALL or code == person.id or code not in event.rota:
        return [_colleagues(person, event)]
    held = [alerts.stepped(one, "asked", event.at, by=person.id, to=(code,)) for one in event.held]
    done = Say(words="alert.all_asked", with_=(("by", spoken(code)), *_all(held)), buttons=((menu.ALERTS,),))
    asks = Tell(alert=_worst(held), to=(code,), how=HOW, number=len(held))
    return [*(Amend(alert=one) for one in held), asks, done]


def asks(event: AlertRaised) -> list[Effect]:
    """Ask this coordinator whether they take over all: how many those are, and how urgent the worst of them is."""
    by = event.alert.taken_by
    yes = Button(words="button.alert_takeall", item="alert", option=TAKE, about=by)
    fill = (("by", spoken(by)), ("person", spoken(event.alert.subject)), *_told(event.number, event.alert))
    return [Say(words=f"alert.{HOW}", with_=fill, urgency=event.alert.urgency, buttons=((yes,), (menu.ALERTS,)))]


def _taken(person: Person, event: Tapped) -> list[Effect]:
    """What was asked of this colleague and still is where it was; the rest is not theirs."""
    found = [one for one in event.held if one.taken_by != person.id and alerts.asked(one, person.id)]
    if not found:
        return [Say(words="alert.all_gone", buttons=((menu.ALERTS,),))]
    said = Say(words="alert.all_taken", with_=_all(found))
    return [*(Claim(alert=one) for one in found), Toast(words="alert.yours"), said, ShowAlerts()]


def colleagues(person: Person, event: Tapped, option: str, about: str = "") -> Rows:
    """A button for each who may be asked. `option`: what a tap reports, then their code."""
    others = [code for code in event.rota if code != person.id][:MOST_ASKED]
    return tuple(
        (
            Button(
                words="button.alert_ask" if code in event.on_duty else "button.alert_ask_off",
                item="alert",
                option=f"{option}{code}",
                about=about,
                with_=(("code", spoken(code)),),
            ),
        )
        for code in others
    )


def _colleagues(person: Person, event: Tapped) -> Say:
    rows = colleagues(person, event, ASK)
    words = "alert.all" if rows else "alert.all_nobody"
    return Say(words=words, with_=_all(event.held), buttons=(*rows, (menu.ALERTS,)))


def _all(held: Sequence[AlertView]) -> With:
    return _told(len(held), _worst(held))


def _told(number: int, worst: AlertView) -> With:
    return ("number", str(number)), ("urgency", Words(f"urgency.{worst.urgency.name.lower()}"))


def _worst(held: Sequence[AlertView]) -> AlertView:
    """The most urgent; of several the first that was told."""
    return max(held, key=lambda one: one.urgency)
