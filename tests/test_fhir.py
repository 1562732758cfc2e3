"""FHIR R4: the bundle is held against the models of fhir.resources, and against what those do not look at."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from content.fhir import bundle
from content.taken import Response, Taken
from content.views import Answered
from flows.person import Consent, Person
from tests.talks import LIBRARY, START

STATUS = {
    "Questionnaire": {"draft", "active", "retired", "unknown"},
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
    "Consent": {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"},
}
TYPES = {"choice", "open-choice", "text"}
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AT = START.isoformat()


def faults(found: dict[str, Any]) -> list[str]:
    """What a reader elsewhere would stumble over: codes, references, answers to questions there are not, times."""
    resources = {one["fullUrl"]: one["resource"] for one in found["entry"]}
    asked = {one["url"]: one for one in resources.values() if one["resourceType"] == "Questionnaire"}
    told = [f"the same url twice: {len(found['entry'])}"] if len(resources) != len(found["entry"]) else []
    told += [] if found["type"] == "collection" else ["the bundle is no collection"]
    for url, one in resources.items():
        kind = one["resourceType"]
        told += [] if UUID.fullmatch(url) and url.endswith(one["id"]) else [f"{kind}: {url}"]
        told += [] if one.get("status") in STATUS.get(kind, {None}) else [f"{kind}: status {one.get('status')}"]
        told += [f"{kind}: {to} leads nowhere" for to in _references(one) if to not in resources]
        told += [f"{kind}: {name} is {at}" for name, at in _times(one) if datetime.fromisoformat(at).tzinfo is None]
        told += [f"{kind}: empty text" for text in _texts(one) if not text.strip()]
    for one in asked.values():
        told += _asked(one)
    for one in (one for one in resources.values() if one["resourceType"] == "QuestionnaireResponse"):
        told += _answered(asked.get(one["questionnaire"]), one)
    return told


def _asked(one: dict[str, Any]) -> Iterator[str]:
    links = [item["linkId"] for item in one.get("item", [])]
    if len(links) != len(set(links)):
        yield "two questions of one name"
    for item in one.get("item", []):
        if item["type"] not in TYPES or (item["type"] == "text") == ("answerOption" in item):
            yield f"{item['linkId']}: type {item['type']}"
        for when in item.get("enableWhen", []):
            other = next((it for it in one["item"] if it["linkId"] == when["question"]), None)
            code = when["answerCoding"]["code"]
            if other is None or code not in {it["valueCoding"]["code"] for it in other["answerOption"]}:
                yield f"{item['linkId']} waits for an answer that cannot be"
        if len(item.get("enableWhen", [])) > 1 and item.get("enableBehavior") not in ("any", "all"):
            yield f"{item['linkId']}: no enableBehavior"


def _answered(asked: dict[str, Any] | None, one: dict[str, Any]) -> Iterator[str]:
    if asked is None:
        yield "a response to no questionnaire"
        return
    items = {item["linkId"]: item for item in asked.get("item", [])}
    for said in one.get("item", []):
        item, [answer] = items.get(said["linkId"]), said["answer"]
        if item is None:
            yield f"{said['linkId']} is no question"
        elif "valueCoding" in answer:
            codings = [(it["valueCoding"]["system"], it["valueCoding"]["code"]) for it in item.get("answerOption", [])]
            if (answer["valueCoding"]["system"], answer["valueCoding"]["code"]) not in codings:
                yield f"{said['linkId']}: {answer} is no answer to it"
        elif item["type"] == "choice":
            yield f"{said['linkId']}: words where there is a choice"


def _references(value: object) -> Iterator[str]:
    for name, inside in _within(value):
        if name == "reference":
            yield str(inside)


def _times(value: object) -> Iterator[tuple[str, str]]:
    for name, inside in _within(value):
        if name in ("authored", "dateTime", "timestamp"):
            yield name, str(inside)


def _texts(value: object) -> Iterator[str]:
    yield from (str(inside) for _, inside in _within(value) if isinstance(inside, str))


def _within(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name, inside
            yield from _within(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _within(inside)


def everything(role: str) -> Taken:
    """Somebody who has answered every question there is with its last option, and words where words may be; some that
    are gone since; changed one answer; left one response open and missed another."""
    given = [Consent(permission=name, given=True, version="v1", at=START) for name in ("keep", "show")]
    given.append(Consent(permission="show", given=False, version="v1", at=START + timedelta(days=1)))
    responses = [
        _response(n, one.id, tuple(_said(item.id, item.options[-1].id if item.options else "") for item in one.items))
        for n, one in enumerate(LIBRARY.book.questionnaires.values())
    ]
    changed = (_said("pain", "4"), _said("pain", "7"), _said("wings", "gone"), _said("walking", "gone_too"), _said("x"))
    responses += [_response(90, "daily", changed), _response(91, "gone", (_said("old", "yes"), _said("typed")))]
    responses += [
        replace(_response(92, "daily", ()), state="missed"),
        replace(_response(93, "weekly", ()), state="in-progress", closed=None),
        _response(94, "words", (_said("typed"),)),
        _response(95, "letter", (_said("text"),)),
    ]
    return Taken(
        person=Person(id="ABCD2345", language="en", role=role, consents=tuple(given)),
        at=START,
        responses=tuple(responses),
    )


def _said(item: str, option: str = "") -> Answered:
    return Answered(item=item, option=option, value="" if option else "lorem <b>ipsum</b>", at=START, version="v1")


def _response(number: int, questionnaire: str, answers: tuple[Answered, ...]) -> Response:
    return Response(
        id=f"ABCD2345.{number}", questionnaire=questionnaire, version="v1", at=START, state="completed",
        closed=START + timedelta(minutes=5), urgency="", answers=answers,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["patient", "caregiver"])
def test_every_question_answered_makes_a_bundle_that_loads_elsewhere(role: str) -> None:
    found = bundle(LIBRARY, everything(role))

    loaded = Bundle.model_validate(found)
    assert len(loaded.entry or []) == len(found["entry"])
    assert faults(found) == []
    kinds = [one["resource"]["resourceType"] for one in found["entry"]]
    assert kinds.count("RelatedPerson") == (role == "caregiver")
    assert kinds.count("Consent") == 3
    assert kinds.count("QuestionnaireResponse") == len(LIBRARY.book.questionnaires) + 5
    assert not any("name" in one["resource"] for one in found["entry"] if one["resource"]["resourceType"] == "Patient")


def test_the_last_answer_counts_and_so_does_the_last_word_on_a_permission() -> None:
    found = [one["resource"] for one in bundle(LIBRARY, everything("patient"))["entry"]]

    changed = next(one for one in found if one.get("identifier") == _identifier("ABCD2345.90"))
    pain = [one["answer"][0]["valueCoding"]["code"] for one in changed["item"] if one["linkId"] == "pain"]
    consents = [one for one in found if one["resourceType"] == "Consent"]
    assert pain == ["7"]
    assert [one["status"] for one in consents] == ["active", "inactive", "active"]
    assert [one["provision"]["type"] for one in consents] == ["permit", "permit", "deny"]


def _identifier(name: str) -> dict[str, str]:
    return {"system": "urn:x-backwatch:response", "value": name}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("QuestionnaireResponse", {"status": "missed"}),
        ("QuestionnaireResponse", {"questionnaire": "urn:uuid:0"}),
        ("QuestionnaireResponse", {"subject": {"reference": "urn:uuid:0"}}),
        ("QuestionnaireResponse", {"item": [{"linkId": "no", "answer": [{"valueString": "x"}]}]}),
        ("QuestionnaireResponse", {"authored": "2026-11-22T12:00:00"}),
        ("QuestionnaireResponse", {"id": "0"}),
        ("Questionnaire", {"item": [{"linkId": "a", "text": "?", "type": "choice"}]}),
        ("Consent", {"status": "given"}),
    ],
)
def test_the_check_sees_what_is_wrong(kind: str, change: dict[str, Any]) -> None:
    found = bundle(LIBRARY, everything("patient"))
    one = next(one["resource"] for one in found["entry"] if one["resource"]["resourceType"] == kind)

    one.update(change)

    assert faults(found) != []
