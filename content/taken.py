"""Everything that is kept of one person, as a document they can take along. Nothing in it is of anybody else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from content.load import Library
from content.looked import Look
from content.views import Answered
from content.voice import Voice
from flows.events import AlertView
from flows.letters import LETTER
from flows.person import Person, spoken
from flows.questionnaire import named

RECORD = TypeAdapter(Person)
APART = frozenset({"id", "consents", "schedule", "reminders", "card", "circle", "opener", "invited"})  # see `document`
OTHERS = re.compile(r"\b[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}\b")  # codes, as they are spoken
HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Questions that were asked together, and every answer to them, also those that were changed later."""

    id: str
    questionnaire: str
    version: str
    at: datetime
    state: str
    closed: datetime | None
    urgency: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is kept of a person. `messages`: what the bot has written to them, by time."""

    person: Person
    at: datetime
    responses: tuple[Response, ...] = ()
    alerts: tuple[AlertView, ...] = ()
    messages: tuple[tuple[datetime, str], ...] = ()
    looked: tuple[Look, ...] = ()


def document(library: Library, taken: Taken) -> str:
    """The document, in words and in the values as they are kept."""
    voice, record = Voice(library, taken.person), RECORD.dump_python(taken.person, mode="json")
    person = taken.person
    told = {
        "about": voice.plain("data.about"),
        "made": taken.at.isoformat(),
        "code": spoken(person.id),
        "consents": record["consents"],
        "schedule": record["schedule"],
        "reminders": record["reminders"],
        "card": record["card"],
        "circle": {"in_one": bool(person.circle), "opened_it": person.opener},
        "record": {name: value for name, value in record.items() if name not in APART},
        "responses": [_response(voice, one) for one in taken.responses],
        "alerts": [_alert(voice, one) for one in taken.alerts],
        "messages": [{"at": at.isoformat(), "text": _own(text, person.id)} for at, text in taken.messages],
        "who_looked": [
            {"who": one.who, "what": one.what, "last": one.at.isoformat(), "times": one.number} for one in taken.looked
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def captions(library: Library, person: Person) -> tuple[str, str]:
    """What stands under the document, and under the same for other programs (content/fhir.py)."""
    voice = Voice(library, person)
    return voice.plain("data.file"), voice.plain("data.fhir")


def question(voice: Voice, questionnaire: str, item: str) -> str:
    """The words of a question; its name, if the content has it no more."""
    path = f"{questionnaire}.{item}"
    key = next((f"{path}.{end}" for end in ("ask", "label", "sign") if voice.has(f"{path}.{end}")), "")
    return voice.plain(key, (("zone", voice.library.book.pathway.zone),)) if key else item


def option(voice: Voice, questionnaire: str, item: str, name: str) -> str:
    """The words of an answer; its name, if the content has it no more."""
    own = f"{questionnaire}.{item}.{name}"
    key = next((one for one in (own, f"option.{name}") if voice.has(one)), "")
    return voice.plain(key, (("zone", voice.library.book.pathway.zone),)) if key else name


def _response(voice: Voice, one: Response) -> Mapping[str, Any]:
    return {
        "questionnaire": one.questionnaire,
        "content_version": one.version,
        "at": one.at.isoformat(),
        "state": one.state,
        "closed": one.closed.isoformat() if one.closed else None,
        "urgency": one.urgency or None,
        "written_by": "team" if one.questionnaire == LETTER else "you",
        "answers": [_answer(voice, one.questionnaire, said) for said in one.answers],
    }


def _answer(voice: Voice, questionnaire: str, said: Answered) -> Mapping[str, Any]:
    words = option(voice, questionnaire, said.item, said.option) if said.option else said.value
    return {
        "item": said.item,
        "question": question(voice, questionnaire, said.item),
        "answer": words,
        **({"option": said.option} if said.option else {"value": said.value}),
        "at": said.at.isoformat(),
        "urgency": said.urgency.name.lower() if said.urgency else None,
    }


def _alert(voice: Voice, one: AlertView) -> Mapping[str, Any]:
    steps = [
        {"what": step.what, "at": step.at.isoformat(), "by": step.by, "to": list(step.to), "note": step.note}
        for step in one.steps
    ]
    return {
        "at": one.at.isoformat(),
        "urgency": one.urgency.name.lower(),
        "state": one.state,
        "signs": [voice.plain(words.key) for words in named(one.signs)],
        "what_to_do": one.advice,
        "week": [list(told) for told in one.trend],
        "this_once": one.shared,
        "steps": steps,
    }


def _own(text: str, code: str) -> str:
    """The text without the codes of others."""
    return OTHERS.sub(lambda found: found[0] if found[0] == spoken(code) else HIDDEN, text)
