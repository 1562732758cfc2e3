"""What bot/lists.py finds in tables, found among phones: the log, one person, what is reviewed already."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from content.digest import Checked, Digest, gathered
from content.family import Standing
from content.overview import CHECKINS, DONE, Someone
from content.series import DAILY, PAIN, Told
from content.views import Entry
from flows.book import Urgency
from flows.deeds import Review, ShowDigest
from flows.effects import Close, ShowLog, ShowPerson
from flows.events import ReviewView, Tapped
from flows.review import as_code, marked
from tests.desk import Desk

if TYPE_CHECKING:
    from tests.talks import Phone, World

LAST = 3


def log(world: "World", show: ShowLog, size: int) -> list[Entry]:
    """A page of the log, and one entry more."""
    found = [entry for phone in shown(world) for entry in phone.kept.values()]
    found = [entry for entry in found if show.person in ("", entry.person) and _meant(entry, show)]
    found = sorted(found, key=lambda entry: (entry.at, entry.run), reverse=True)
    return found[show.page * size : (show.page + 1) * size + 1]


def _meant(entry: Entry, show: ShowLog) -> bool:
    """Whether a filter is about it."""
    late = show.since is None or entry.at >= show.since
    match show.only:
        case "missed":
            return late and entry.state == "missed"
        case "red":
            return late and (entry.urgency or 0) >= Urgency.URGENT
        case "open":
            return late and entry.free
        case _:
            return late


def shown(world: "World") -> list["Phone"]:
    """Everybody who lets coordinators see their answers."""
    return [phone for phone in world.phones.values() if phone.person.permits("show")]


def waiting(world: "World") -> int:
    """How many nobody has reviewed."""
    return sum(entry.free for phone in shown(world) for entry in phone.kept.values())


def someone(world: "World", show: ShowPerson) -> Someone | None:
    """One person, if they are shown."""
    phone = next((one for one in shown(world) if one.person.id == show.person), None)
    if phone is None:
        return None
    checks = [one for one in phone.kept.values() if one.questionnaire in CHECKINS and one.state != "in-progress"]
    done = [one for one in checks if one.state in DONE]
    checks = [one for one in checks if one.at >= show.at - timedelta(days=14)]
    told = [answer for entry in phone.kept.values() for answer in entry.answers if answer.item == "pain"]
    recent: list[tuple[datetime, str]] = [(one.at, one.option) for one in told if one.option.isdigit()]
    wake = phone.timers.get("checkin")
    alarms = (one for one in world.alerts.values() if one.subject == show.person and not one.closed)
    newest = sorted(phone.kept.values(), key=lambda entry: (entry.at, entry.run), reverse=True)
    return Someone(
        person=phone.person,
        next=wake.at if wake else None,
        last=done[-1].at if done else None,
        urgency=done[-1].urgency if done else None,
        done=sum(one.state in DONE for one in checks),
        asked=len(checks),
        alerts=tuple(sorted((one.urgency for one in alarms), reverse=True)),
        pain=tuple(one for one in recent if one[0] >= show.at - timedelta(days=7)),
        entries=tuple(newest[:LAST]),
        standing=Standing(farewell=phone.person.farewell),
    )


def reviews(world: "World", event: Tapped) -> ReviewView | None:
    """What is to be marked as reviewed."""
    phone = next((one for one in shown(world) if one.person.id == as_code(event.about)), None)
    if phone is None:
        return None
    found = [phone.kept[run] for run in marked(event.option)[1] if run in phone.kept]
    last = next((entry for entry in found if entry.reviewed_at), None)
    runs = tuple(entry.run for entry in found if entry.free)
    by, at = (last.reviewed_by, last.reviewed_at) if last else ("", None)
    return ReviewView(person=phone.person.id, runs=runs, by=by, at=at)


def review(world: "World", by: str, effect: Review) -> None:
    """They are marked."""
    for phone in world.phones.values():
        for run in effect.runs if phone.person.id == effect.person else ():
            phone.kept[run] = replace(phone.kept[run], reviewed_by=by, reviewed_at=world.now)


def digest(world: "World", show: ShowDigest) -> Digest:
    """What a morning digest tells."""
    people = {phone.person.id: phone.person for phone in shown(world)}
    entries = [entry for phone in shown(world) for entry in phone.kept.values()]
    ended = [entry for entry in entries if entry.questionnaire in CHECKINS and _since(world, entry, show)]
    checks = [Checked(person=one.person, state=one.state, urgency=one.urgency) for one in ended]
    told = {
        code: [
            Told(response=str(entry.run), item=PAIN, option=answer.option, at=answer.at)
            for entry in entries
            for answer in entry.answers
            if (entry.person, entry.questionnaire, answer.item) == (code, DAILY, PAIN)
        ]
        for code in people
    }
    open_ = [one for one in Desk(world).seen() if not one.closed]
    open_.sort(key=lambda one: (one.state == "open", one.urgency, one.at), reverse=True)
    return gathered(people, checks, open_, told, show, world.library.book.pathway.zone)


def _since(world: "World", entry: Entry, show: ShowDigest) -> bool:
    """Whether it ended since, or is open."""
    ends = [
        one.event.at
        for one in world.happened
        for effect in one.effects
        if isinstance(effect, Close) and one.before.id == entry.person and effect.run == entry.run
    ]
    return entry.state == "in-progress" or any(at >= show.since for at in ends)
