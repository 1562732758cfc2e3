"""What of a batch goes into the log of who looked: what staff is shown of others, and what is changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import store
from bot.audit import SELF, Line
from bot.database import MAIN
from bot.draft import Draft
from bot.keys import Identity, Vault, tag
from flows.deeds import Remind, Review, Write
from flows.effects import Amend, Claim, Effect, Forget, Say
from flows.events import AlertView, Dismissed, Event
from flows.kin import PassOn
from flows.person import Person

TOLD = {"alert": "alert", "remind": "reminders", "letter": "message"}  # what is shown, by the first word of its key
PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """As in bot/audit.py, but for whose it is: of a `draft`, as who they were then; of somebody by their `code`; or
    about a coordinator."""

    at: datetime
    who: str
    what: str
    draft: Draft | None = None
    then: Identity | None = None
    code: str = ""
    coordinator: str = ""


def of(
    draft: Draft, before: Person, effects: Sequence[Effect], event: Event, about: Draft, alerts: Mapping[str, AlertView]
) -> Iterator[Noted]:
    """What one decision changes, and what it shows a coordinator of somebody else. Before it is carried out."""
    code, person, at = draft.who.person, draft.person, event.at
    by = event.by if isinstance(event, Dismissed) else code
    yield from (Noted(at=at, who=SELF, what=what, draft=draft, then=draft.who) for what in _own(before, person))
    if before.staff or person.staff:
        yield from (Noted(at=at, who=by, what=what, coordinator=code) for what in _team(before, person, code == by))
    for effect in effects:
        match effect:
            case Say(words=words) if person.staff and about is not draft:
                what = TOLD.get(words.partition(".")[0], PAGE)
                yield Noted(at=at, who=code, what=what, draft=about, then=about.who)
            case Claim(alert=alert):
                yield Noted(at=at, who=code, what="alert taken", code=alert.subject)
            case Amend(alert=alert):
                known = alerts[alert.alert].steps if alert.alert in alerts else ()
                steps = [step.what for step in alert.steps if step not in known and step.by == code]
                yield from (Noted(at=at, who=code, what=f"alert {step}", code=alert.subject) for step in steps)
            case Review(person=whose):
                yield Noted(at=at, who=code, what="reviewed", code=whose)
            case Write(to=whose):
                yield Noted(at=at, who=code, what="wrote", code=whose)
            case Remind(to=whose, reminder=one):
                yield Noted(at=at, who=code, what="reminder set" if one else "reminder gone", code=whose)
            case PassOn(did=did, person=whose, by="staff") if whose:
                yield Noted(at=at, who=code, what=did, code=whose)
            case Forget() if before.permits("keep"):
                yield Noted(at=at, who=SELF, what="erased", draft=draft, then=draft.who)
            case _:
                pass  # concerns nobody's record, or is the person's own


def _own(before: Person, after: Person) -> Iterator[str]:
    """What somebody changes of their own: what they allow, and whom they are with."""
    for consent in after.consents[len(before.consents) :]:
        yield f"{'allowed' if consent.given else 'refused'} {consent.permission}"
    if after.circle != before.circle and after.permits("keep"):
        yield "circle joined" if after.circle else "circle left"


def _team(before: Person, after: Person, own: bool) -> Iterator[str]:
    """Who becomes a coordinator or a lead, and who is none any more: of their `own`, or taken out."""
    if after.lead and not before.lead:
        yield "joined as lead"
    elif after.staff and not before.staff:
        yield "joined"
    elif before.staff and not after.staff:
        yield "left" if own else "taken out"


def read(draft: Draft, what: str, at: datetime, codes: Iterable[str]) -> Iterator[Noted]:
    """What a list shows a coordinator: of these people."""
    found = dict.fromkeys(code for code in codes if code != draft.who.person)
    return (Noted(at=at, who=draft.who.person, what=what, code=code) for code in found if draft.person.staff)


async def lines(db: AsyncConnection, vault: Vault, noted: Iterable[Noted]) -> list[Line]:
    """As they are written. Of guests nothing is: they leave no trace on disk."""
    once = list({(one.at, one.who, one.what, one.code, one.then, one.coordinator): one for one in noted}.values())
    known = await store.known_people(db, vault, {one.code for one in once if one.code})
    found = []
    for one in once:
        whose = one.coordinator
        if one.code and one.code in known and known[one.code].where == MAIN:
            whose = tag(known[one.code].who)
        elif one.draft is not None and one.then is not None and _on_disk(one.draft, one.then):
            whose = tag(one.then)
        if whose:
            found.append(Line(at=one.at, who=one.who, what=one.what, whose=whose))
    return found


def _on_disk(draft: Draft, then: Identity) -> bool:
    """Whether what is kept of them, or was until now, stands on disk."""
    if then is draft.who:
        return draft.goes == MAIN
    return draft.where == MAIN and any(then is old for old in draft.old)
