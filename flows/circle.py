"""Relatives who care for the same patient: an invitation, what each sees of the others, and leaving."""

from datetime import datetime, timedelta

from flows import consent, loop, menu
from flows.book import Book, Urgency
from flows.checkin import waiting_for
from flows.crisis import CRISES
from flows.due import awake, home, in_zone, today
from flows.effects import (
    Advise,
    Ask,
    Button,
    CancelTimers,
    Close,
    Effect,
    Say,
    ShowCircle,
    Toast,
    Wake,
)
from flows.events import Called, CameDue, Entered, Event, LinkMade, Tapped, Told
from flows.kin import Enter, Invite, PassOn, Uninvite
from flows.person import Person, spoken
from flows.questionnaire import closing
from flows.zones import far_city

TIMERS = ("circle joined", "circle removed", "circle sign")
TIMER = "circle "  # what is said to somebody in their quiet hours waits for the morning; then which of it
PERMISSION = "circle"
PATIENT = "patient"
AGAIN = timedelta(minutes=15)  # a sign told again within this time, no more urgent, is not passed on again
COUNTED = frozenset({"daily", "weekly"})  # questionnaires that are check-ins
INVITE = Button(words="button.circle_invite", item="circle", option="invite")
LEAVE = Button(words="button.circle_leave", item="circle", option="leave")
YES = Button(words="button.circle_on", item="circle", option="yes")
NO = Button(words="button.circle_off", item="circle", option="no")


def show(person: Person) -> list[Effect]:
    """Who is in the circle, and what can be done there."""
    if person.staff and not person.permits("keep"):
        return [menu.home(person, "circle.staff")]
    if not person.permits("keep"):
        return [Say(words="circle.need_keep", buttons=((menu.CONSENT,), (menu.HOME,)))]
    if not person.circle:
        return [Say(words="circle.none", buttons=((INVITE,), (menu.HOME,)))]
    return [ShowCircle(buttons=((INVITE,), (NO if person.permits(PERMISSION) else YES,), (LEAVE,), (menu.HOME,)))]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button about the circle."""
    match event.option:
        case "invite" if person.permits("keep"):
            return person, [Invite()]
        case "join" if person.permits("keep") and not person.circle:
            return person, [Enter(code=event.about)]
        case "yes" | "no" if person.permits("keep") and person.circle:
            return _permitted(book, person, event)
        case "leave" if person.circle:
            sure = Button(words="button.circle_leave_sure", item="circle", option="leavesure")
            return person, [Say(words="circle.sure", buttons=((sure,), (menu.CIRCLE,)))]
        case "leavesure" if person.circle:
            left = Say(words="circle.left", buttons=((menu.SYMPTOMS,), (menu.HOME,)))
            return out(book, person, event.at), [Uninvite(), left]
        case "remove" if person.opener and event.about:
            sure = Button(words="button.circle_remove_sure", item="circle", option="removesure", about=event.about)
            fill = (("code", spoken(event.about)),)
            return person, [Say(words="circle.remove", with_=fill, buttons=((sure,), (menu.CIRCLE,)))]
        case "removesure" if person.opener and event.about:
            return person, [PassOn(did="removed", circle=person.circle, person=event.about), *show(person)]
        case "skip":
            return _skipped(person, event)
        case _:
            return person, show(person)


def called(book: Book, person: Person, event: Called) -> tuple[Person, list[Effect]]:
    """Somebody came by a circle's link. It says nothing of who sent it, and agrees to nothing for them."""
    if person.staff and not person.permits("keep"):
        return person, [menu.home(person, "circle.staff")]
    if person.circle:
        return person, [menu.home(person, "circle.own" if person.circle == event.circle else "circle.other")]
    if person.permits("keep"):
        join = Button(words="button.circle_join", item="circle", option="join", about=event.code)
        return person, [Say(words="circle.join", buttons=((join,), (menu.HOME,)))]
    person = person.moved(invited=event.code)
    if person.role:
        return person, [menu.home(person, "circle.invited")]
    person, (hello, *asked) = consent.welcome(book, person, event.at)
    return person, [hello, Say(words="circle.invited"), *asked]


def made(person: Person, event: LinkMade) -> tuple[Person, list[Effect]]:
    """The link to pass on. Who has not said yet what the circle may know is asked."""
    opener = person.opener or not person.circle
    asked = any(consent.permission == PERMISSION for consent in person.consents)
    link = Say(words="circle.link", with_=(("link", event.link),), buttons=((menu.CIRCLE,), (menu.HOME,)))
    return person.moved(circle=event.circle, opener=opener), [link, *([] if asked else [_question("circle.ask")])]


def entered(person: Person, event: Entered) -> tuple[Person, list[Effect]]:
    """They agreed, and used the link."""
    person = person.moved(invited="")
    if not event.circle:
        return person, [menu.home(person, "circle.gone")]
    return person.moved(circle=event.circle), [PassOn(did="joined", circle=event.circle), _question("circle.entered")]


def told(book: Book, person: Person, event: Told) -> tuple[Person, list[Effect]]:
    """What another of the circle did, as far as they let others know. Who has said stop hears nothing of it."""
    if person.farewell or person.blocked:
        return person, []
    if person.stopped:
        return (out(book, person, event.at), [Uninvite()]) if event.did == "removed" else (person, [])
    match event.did:
        case "answered":
            return person.moved(relative=event.at, relative_by=event.by if event.by == PATIENT else ""), []
        case "joined":
            return person, unasked(book, person, event.at, f"{TIMER}joined", _said("joined", book, person, event.at))
        case "removed":
            gone = out(book, person, event.at)
            return gone, [
                Uninvite(),
                *unasked(book, gone, event.at, f"{TIMER}removed", _said("removed", book, gone, event.at)),
            ]
        case "emergency":
            return person, [_said(_by("emergency", event.by), book, person, event.at)]
        case _:
            said = _said(_by("sign", event.by), book, person, event.at)
            return person, unasked(book, person, event.at, f"{TIMER}sign", said)


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """It is morning: what waited is said, unless it is of no interest any more."""
    name, _, at = event.serves.partition("@")
    if person.farewell or (not person.circle and name != "removed"):
        return person, []
    return person, [_said(name, book, person, datetime.fromisoformat(at))]


def unasked(book: Book, person: Person, at: datetime, timer: str, said: Say) -> list[Effect]:
    """Something nobody asked for: now, or when the quiet hours are over."""
    morning = awake(book, person, at)
    serves = f"{said.words.rpartition('.')[2]}@{at.isoformat()}"
    return [said] if morning == at else [Wake(at=morning, timer=timer, serves=serves)]


def out(book: Book, person: Person, at: datetime) -> Person:
    """The person alone again. What they let the circle know is taken back."""
    person = person.moved(circle="", opener=False, relative=None)
    return consent.changed(book, person, PERMISSION, False, at)[0] if person.permits(PERMISSION) else person


def passed_on(book: Book, before: Person, after: Person, event: Event, effects: list[Effect]) -> list[Effect]:
    """What the others of a circle learn of this, if the person lets them. Thoughts of suicide are told to nobody."""
    shows = before.circle and before.circle == after.circle and before.permits(PERMISSION) and after.permits(PERMISSION)
    if not shows or after.farewell:
        return effects
    more: list[Effect] = []
    by = PATIENT if after.role == PATIENT else "relative"
    was, now = before.report, after.report
    told = now is not None and now != was and now.at == event.at and any(isinstance(one, Advise) for one in effects)
    again = was is not None and now is not None and event.at - was.at < AGAIN and now.urgency <= was.urgency
    crisis = now is not None and loop.begun(book, now).calls in CRISES
    if now is not None and told and not again and not crisis and now.urgency >= Urgency.URGENT:
        did = "emergency" if now.urgency == Urgency.EMERGENCY else "sign"
        more = [PassOn(did=did, circle=after.circle, by=by)]
    ended = {one.run for one in effects if isinstance(one, Close) and one.state == "completed"}
    places = [place for place in (before.place, before.waiting) if place and place.questionnaire in COUNTED]
    if any(place.run in ended for place in places):
        more.append(PassOn(did="answered", circle=after.circle, by=by))
    return [*effects, *more]


def told_before(book: Book, person: Person, event: Event, effects: list[Effect]) -> list[Effect]:
    """A check-in is asked: say if a relative has answered today."""
    asked = (
        isinstance(event, CameDue)
        and event.timer in ("checkin", "nudge")
        and bool(effects)
        and isinstance(effects[-1], Ask)
    )
    if not asked or not person.circle or person.relative is None or person.place is None:
        return effects
    zone = home(book, person)
    local = in_zone(zone, person.relative)
    if local.date() != today(zone, event.at):
        return effects
    skip = Button(words="button.circle_skip", item="circle", option="skip", about=str(person.place.run))
    words = "circle.their_answered" if person.relative_by else "circle.answered"
    said = Say(words=words, with_=(("at", _clock(book, person, person.relative)),), buttons=((skip,),))
    return [*effects[:-1], said, effects[-1]]


def _permitted(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    given = event.option == "yes"
    person, _ = consent.changed(book, person, PERMISSION, given, event.at)
    return person, [Say(words="circle.shows" if given else "circle.hides", buttons=((menu.CIRCLE,), (menu.HOME,)))]


def _skipped(person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A relative has answered already: this check-in ends here, and nobody counts it as missed."""
    place = waiting_for(person, event.about)
    if place is None:
        return person, [Toast(words="toast.old"), menu.home(person, "other.old_question")]
    gone = person.moved(place=None) if place is person.place else person.moved(waiting=None)
    said = Say(words="circle.skipped", buttons=((menu.SYMPTOMS,), (menu.HOME,)))
    return gone, [*closing(person, place, "stopped"), CancelTimers(timers=("nudge", "missed")), said]


def _question(words: str) -> Say:
    return Say(words=words, buttons=((YES,), (NO,)))


def _said(name: str, book: Book, person: Person, at: datetime) -> Say:
    """What the circle is told, and with what to do."""
    clock = _clock(book, person, at)
    match name:
        case "joined":
            return Say(words="circle.joined", buttons=((menu.CIRCLE,), (menu.HOME,)))
        case "removed":
            return Say(words="circle.removed", buttons=((menu.SYMPTOMS,), (menu.HOME,)))
        case _:  # a sign or an emergency, of a relative or of the patient
            rows = ((menu.SYMPTOMS,), (menu.CIRCLE,))
            return Say(words=f"circle.{name}", with_=(("at", clock),), urgency=Urgency.URGENT, buttons=rows)


def _clock(book: Book, person: Person, at: datetime) -> str:
    """`09:00`, or with the city where that may not be the clock of the site."""
    clock, there = f"{in_zone(home(book, person), at):%H:%M}", far_city(book, person, at)
    return f"{clock} ({there})" if there else clock


def _by(name: str, by: str) -> str:
    """The key of the words, which say so if it is the patient's own."""
    return f"their_{name}" if by == PATIENT else name
