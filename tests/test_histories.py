"""Any order of events over one person and a coordinator; what must hold after each of them."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from content.load import Library
from content.transition import SHOWN
from flows import alerts, loop
from flows.book import Option, Questionnaire, Urgency
from flows.due import next_due
from flows.effects import (
    Advise,
    Alert,
    Begin,
    Close,
    Effect,
    Follow,
    Forget,
    Record,
    Say,
    ShowAlerts,
    ShowLog,
    Toast,
    Wake,
)
from flows.events import (
    Blocked,
    CalledFromGroup,
    CameDue,
    Commanded,
    Edited,
    Event,
    Invited,
    Said,
    SentOther,
    Tapped,
    Unblocked,
)
from flows.kin import Enter, Invite
from flows.person import Consent, Person, Schedule
from flows.recognise import recognise
from tests.talks import LIBRARY, START, Happened, World

BOOK = LIBRARY.book
BY_THEM = (Said, Tapped, Commanded, SentOther, Edited, CalledFromGroup)
WHO = ("person", "person", "person", "coordinator")
WORDS = (
    "he can't feel his legs",
    "her back hurts at night",
    "she fell on her back",
    "good morning",
    "07:30",
    "23:30",
    "38.2",
    "100.1 F",
    "madrid",
    "in 3 days 14:30, a scan",
    "every day at 10:00",
    "🙈",
    "لا أعرف",
    "x" * 4096,
    *BOOK.panic.values(),
)
COMMANDS = ("start", "symptoms", "treatments", "checkins", "mydata", "help", "stop", "alerts", "log", "dance")
OPTIONS = [
    (f"{name}/{item.id}", option.id)
    for name, q in BOOK.questionnaires.items()
    for item in q.items
    for option in item.options
]
OTHERS = [
    *(
        ("menu", name)
        for name in ("symptoms", "treatments", "checkins", "mydata", "consent", "resume", "alerts", "log")
    ),
    *(("menu", name) for name in ("card", "cardmore")),
    *(("reached", name) for name in (*loop.OPTIONS, "x")),
    *(("lower", name) for name in ("better", "mistake", "they_say", "x")),
    *(("share", "once"), ("why", "advice/cord"), ("why", "red_flags/legs"), ("why", "x")),
    *(("treat", name) for name in (*BOOK.treatments, "list", "leeches")),
    *(("data", name) for name in ("delete", "deletesure", "show_on", "show_off", "remind_on", "remind_off", "x")),
    *(("checkins", name) for name in ("set", "now", "pause", "resume", "end", "x")),
    *(("alert", "take"), ("alerts", "1"), ("log", "0"), ("log", "9" * 30), ("person", "here")),
    *(("alert", name) for name in ("over", "ask.CODE0002", "ask.", "note", "close")),
    *(("message", name) for name in ("write", "x")),
    *(("remind", name) for name in ("list", "appointment", "medicine", "dental", "gone.3", "x")),
    *(("reminders", name) for name in ("show", "off", "on")),
    *(("reviewed", name) for name in (".1+2", "0.3", "9" * 40, "x.+")),
    *(("moods/colour", "yes"), ("x", "")),
]
ABOUTS = ("", "0", "1", "2", "3", "99", "garbage", "A0", "CODE0001", "risks")
NAMED = frozenset({"role", "adult", "keep", "show", "remind", "days", "time"})  # questions that the flows ask after
LAST_PAGE = 10_000  # further than any list goes, and nothing a database chokes on

Step = tuple[str, ...]


def steps() -> SearchStrategy[list[Step]]:
    """What may happen, one after the other; taps on what is on the screen come most often."""
    words = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
    who, number = st.sampled_from(WHO), (st.integers(0, 5) | st.integers(0, 60)).map(str)
    tap = st.tuples(st.just("taps"), who, number)
    press = st.sampled_from(OPTIONS + OTHERS)
    minutes = st.sampled_from((1, 20, 31, 125, 365, 1500, 9000)).map(str)
    one = st.one_of(
        *[tap] * 9,
        st.tuples(st.just("says"), who, words),
        st.tuples(st.just("edits"), who, words),
        st.tuples(
            st.just("commands"), who, st.sampled_from(COMMANDS), st.sampled_from(("", "CODE-0001", "ключ", "legs weak"))
        ),
        st.tuples(st.just("sends"), who, st.sampled_from(("sticker", "forwarded", "button", "location"))),
        st.tuples(st.just("presses"), who, press.map(lambda one: ":".join(one)), st.sampled_from(ABOUTS)),
        st.tuples(st.just("waits"), minutes),
        st.tuples(st.just("sleeps"), minutes),
        st.tuples(st.just("rings"), number),
        st.tuples(st.sampled_from(("blocks", "unblocks", "joins", "groups")), who),
        st.tuples(st.just("content"), st.sampled_from(("0", "1", ""))),
    )
    return st.lists(one, max_size=10) | st.lists(one, min_size=20, max_size=50)


def people() -> SearchStrategy[Person]:
    """A stranger, or somebody who has agreed to some of it, perhaps with check-ins."""

    def made(role: str, permits: frozenset[str], scheduled: bool) -> Person:
        consents = tuple(
            Consent(permission=name, given=name in permits, version="x", at=START)
            for name in ("keep", "show", "remind")
        )
        schedule = Schedule(version=1, days="0123456", clock="09:00", zone="Europe/London")
        remembered = {"keep", "remind"} <= permits and scheduled
        return Person(
            id="",
            language="en",
            role=role,
            consents=consents if role and "keep" in permits else (),
            schedule=schedule if role and remembered else None,
        )

    permits = st.frozensets(st.sampled_from(("keep", "show", "remind"))) | st.just(
        frozenset({"keep", "show", "remind"})
    )
    return st.builds(made, st.sampled_from(("", "caregiver", "patient")), permits, st.booleans())


def without(library: Library, first: int) -> Library:
    """The content with every second question gone, as another version may have it; those the flows name stay."""

    def thin(one: Questionnaire) -> Questionnaire:
        gone = [item.id for item in one.items if item.id not in NAMED][first::2]
        return replace(one, items=tuple(item for item in one.items if item.id not in gone))

    found = {name: thin(one) for name, one in library.book.questionnaires.items()}
    return replace(library, book=replace(library.book, questionnaires=found))


def take(world: World, step: Step) -> None:
    """One step of a history. Numbers choose among what there is."""
    match step:
        case ("taps", who, number):
            buttons = list(world.buttons(who))
            if buttons:
                shown, _, data = buttons[int(number) % len(buttons)]
                world.taps(who, data, shown)
        case ("presses", who, press, about):
            world.taps(who, f"{press}:{about}:aaaaaa")
        case ("says", who, text):
            world.happens(who, Said(at=world.now, text=text))
        case ("edits", who, text):
            world.happens(who, Edited(at=world.now, text=text))
        case ("commands", who, name, argument):
            world.happens(who, Commanded(at=world.now, name=name, argument=argument))
        case ("sends", who, kind):
            world.happens(who, SentOther(at=world.now, kind=kind))
        case ("waits" | "sleeps", minutes):
            world.wait(timedelta(minutes=int(minutes)), down=step[0] == "sleeps")
        case ("rings", number):
            ring(world, int(number))
        case ("content", first):
            world.library = without(LIBRARY, int(first)) if first else LIBRARY
        case _:
            deed, who = step
            made: dict[str, type[Blocked | Unblocked | Invited | CalledFromGroup]] = {
                "blocks": Blocked,
                "unblocks": Unblocked,
                "joins": Invited,
                "groups": CalledFromGroup,
            }
            world.happens(who, made[deed](at=world.now))


def ring(world: World, number: int) -> None:
    """A timer set at any time goes off, though it may have gone off before, or be long replaced."""
    wakes = [effect for one in world.happened for effect in one.effects if isinstance(effect, Wake)]
    if wakes:
        wake = wakes[number % len(wakes)]
        if wake.at <= world.now:
            world.happens("person", CameDue(at=world.now, timer=wake.timer, serves=wake.serves))


def holds(world: World, one: Happened) -> None:
    """What must be true of every single event."""
    before, after, effects, what = one.before, one.after, one.effects, type(one.event).__name__
    seen = [effect for effect in effects if isinstance(effect, SHOWN)]
    link = any(isinstance(effect, Invite | Enter) for effect in effects)  # what comes of it is an event of its own
    assert seen or link or not isinstance(one.event, BY_THEM), f"silence after {what}"
    if emergency(world, one.before, one.event):
        first = seen[0]
        told = isinstance(first, Advise) and first.urgency == Urgency.EMERGENCY
        assert told or first == Toast(words="toast.noted_emergency", alert=True), "an emergency was not told first"
    if not before.permits("keep"):
        assert not any(isinstance(effect, Begin | Record | Close) for effect in effects), "kept without leave"
    shared = isinstance(one.event, Tapped) and one.event.item == "share"
    known = before.loop is not None and before.loop.shared  # told once: they are told of worse, too
    if not before.permits("show") and not shared:
        assert not any(isinstance(one, Alert) and not (known and one.shared) for one in effects), "shown without leave"
    if not (before.permits("show") or (before.loop and before.loop.shared)):
        assert not any(isinstance(effect, Follow) for effect in effects), "followed without leave"
    assert not (shared and before.loop and before.loop.shared and any(isinstance(e, Alert) for e in effects)), "twice"
    assert all(effect.at > one.event.at for effect in effects if isinstance(effect, Wake)), "a timer in the past"
    pages = [effect.page for effect in effects if isinstance(effect, ShowAlerts | ShowLog)]
    assert all(0 <= page < LAST_PAGE for page in pages), "a page no list has"
    urgencies = {place.run: place.urgency or 0 for place in (before.place, before.waiting) if place}
    for place in (after.place, after.waiting):
        assert place is None or (place.urgency or 0) >= urgencies.get(place.run, 0), "urgency fell"


def emergency(world: World, person: Person, what: Event) -> bool:
    """Whether the event says that something is wrong now."""
    match what:
        case Said(text=text) | Edited(text=text):
            phrase = recognise(world.library.book, person.language, text)
            return phrase is not None and phrase.urgency == Urgency.EMERGENCY
        case Tapped(item=item, option=name):
            found = world.library.book.item(item)
            option: Option | None = found[1].option(name) if found else None
            return option is not None and option.urgency == Urgency.EMERGENCY
        case _:
            return False


def stands(world: World) -> None:
    """What must be true between events."""
    for name, phone in world.phones.items():
        person = phone.person
        open_runs = {place.run for place in (person.place, person.waiting) if place}
        left = {run for run, entry in phone.kept.items() if entry.state == "in-progress"}
        assert left <= open_runs, f"{name}: a response was left open"
        if person.blocked:
            theirs = [timer for timer in phone.timers if not timer.startswith(alerts.TIMER)]  # those tell coordinators
            assert not theirs, f"{name}: a timer for somebody who blocked us"


def asked_once(world: World) -> None:
    """No check-in is asked twice for one time, however often its timer goes off."""
    asked: set[str] = set()
    for one in world.happened:
        if one.name != "person" or one.before.schedule is None or any(isinstance(e, Forget) for e in one.effects):
            asked = asked if one.name != "person" else set()
        elif isinstance(one.event, CameDue) and one.event.timer == "checkin" and greeted(one.effects):
            assert one.event.serves not in asked, "a check-in was asked twice"
            asked.add(one.event.serves)


def greeted(effects: list[Effect]) -> bool:
    return any(isinstance(effect, Say) and effect.words in ("checkin.hello", "checkin.late") for effect in effects)


@settings(max_examples=1000, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(people(), steps())
def test_whatever_happens_in_whatever_order_the_promises_hold(person: Person, history: list[Step]) -> None:
    world = World()
    phone = world.meet("person", person)
    world.meet("coordinator")
    world.happens("coordinator", Invited(at=world.now))
    if person.schedule:
        due = next_due(person.schedule, world.now)
        phone.timers["checkin"] = Wake(at=due, timer="checkin", serves=f"1@{due.isoformat()}")

    for step in history:
        begun = len(world.happened)
        take(world, step)
        for one in world.happened[begun:]:
            holds(world, one)
            event(type(one.event).__name__)
        stands(world)
    asked_once(world)
