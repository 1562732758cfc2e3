"""HL7 FHIR R4: questionnaires, responses and consents of people, without names. A bundle that loads elsewhere.

http://hl7.org/fhir/R4/questionnaireresponse.html, consent.html, bundle.html. Built by hand; tests/test_fhir.py holds
it against the models of fhir.resources and against what those do not look at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from content.load import Library
from content.taken import Response, Taken, option, question
from content.views import Answered
from content.voice import Voice
from flows.book import Item, When
from flows.letters import LETTER
from flows.person import Consent, Person

SYSTEM = "urn:x-backwatch"  # of codes of our own
STATES = {"in-progress": "in-progress", "completed": "completed", "stopped": "stopped", "missed": "stopped"}
TERMS = "http://terminology.hl7.org/CodeSystem"
PRIVACY = {"coding": [{"system": f"{TERMS}/consentscope", "code": "patient-privacy", "display": "Privacy Consent"}]}
PRIVACY_CONSENT = {"coding": [{"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}]}

Resource = dict[str, Any]


@dataclass(slots=True)
class Asked:
    """Which questions and answers the responses speak of: by questionnaire and item, also those gone since."""

    items: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def add(self, response: Response) -> None:
        items = self.items.setdefault(response.questionnaire, {})
        for said in response.answers:
            items.setdefault(said.item, set()).update({said.option} - {""})


def bundle(library: Library, taken: Taken) -> Resource:
    """One person's, as a whole."""
    asked = Asked()
    found = [*entries(taken, asked), *questionnaires(library, taken.person.language, asked)]
    return {**head(taken.at), "entry": found}


def head(at: datetime) -> Resource:
    """A bundle without its entries."""
    return {"resourceType": "Bundle", "type": "collection", "timestamp": at.isoformat()}


def entries(taken: Taken, asked: Asked) -> Iterator[Resource]:
    """The person, what they answered and what they allowed; `asked` learns which questions that takes."""
    person = taken.person
    yield _entry(_patient(person), "patient", person.id)
    if person.role != "patient":
        related = {"resourceType": "RelatedPerson", "patient": _to("patient", person.id), "identifier": [_code(person)]}
        yield _entry(related, "related", person.id)
    for one in (one for one in taken.responses if one.questionnaire != LETTER):
        asked.add(one)
        yield _entry(_response(person, one), "response", one.id)
    last = {one.permission: n for n, one in enumerate(person.consents)}
    for n, given in enumerate(person.consents):
        yield _entry(_consent(person, given, active=last[given.permission] == n), "consent", f"{person.id}.{n}")


def questionnaires(library: Library, language: str, asked: Asked) -> Iterator[Resource]:
    """What the responses answer."""
    voice = Voice(library, Person(id="", language=language))
    for name, answered in asked.items.items():
        found = library.book.questionnaires.get(name)
        known = {item.id: item for item in found.items} if found else {}
        gone = [Item(id=item, options=(), words=True) for item in answered if item not in known]
        items = [_item(voice, name, item, answered.get(item.id, set())) for item in (*known.values(), *gone)]
        resource = {
            "resourceType": "Questionnaire",
            "url": _uuid("questionnaire", name),
            "version": library.book.version,
            "name": "".join(part.title() for part in name.split("_")),
            "title": voice.plain(f"{name}.title") if voice.has(f"{name}.title") else name,
            "status": "active",
            "subjectType": ["Patient"],
            **({"item": items} if items else {}),
        }
        yield _entry(resource, "questionnaire", name)


def _item(voice: Voice, questionnaire: str, item: Item, answered: set[str]) -> Resource:
    """One question, with every option there is or was."""
    options = [one.id for one in item.options]
    options += sorted(answered - set(options))
    kind = "open-choice" if options and (item.words or item.measure) else "choice" if options else "text"
    coded = [{"valueCoding": _coding(questionnaire, item.id, one, voice)} for one in options]
    return {
        "linkId": item.id,
        "text": question(voice, questionnaire, item.id),
        "type": kind,
        **_enabled(questionnaire, item.when),
        **({"answerOption": coded} if coded else {}),
    }


def _enabled(questionnaire: str, conditions: Sequence[When]) -> Resource:
    """When the question is asked, as far as FHIR can say it: all of these, or one of several answers."""
    several = len(conditions) == 1 and len(conditions[0].options) > 1 and not conditions[0].other
    if not conditions or not (several or all(len(one.options) == 1 or one.other for one in conditions)):
        return {}
    told = [
        {
            "question": when.item,
            "operator": "!=" if when.other else "=",
            "answerCoding": {"system": _system(questionnaire, when.item), "code": name},
        }
        for when in conditions
        for name in when.options
    ]
    return {"enableWhen": told, **({"enableBehavior": "any" if several else "all"} if len(told) > 1 else {})}


def _response(person: Person, one: Response) -> Resource:
    """The last answer to each question counts."""
    said = {answer.item: answer for answer in one.answers}
    items = [{"linkId": item, "answer": [_said(one.questionnaire, answer)]} for item, answer in said.items()
             if answer.option or answer.value.strip()]  # fmt: skip
    return {
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": f"{SYSTEM}:response", "value": one.id},
        "questionnaire": _uuid("questionnaire", one.questionnaire),
        "status": STATES[one.state],
        "subject": _to("patient", person.id),
        "authored": (one.closed or one.at).isoformat(),
        "author": _me(person),
        "source": _me(person),
        **({"item": items} if items else {}),
    }


def _said(questionnaire: str, answer: Answered) -> Resource:
    if answer.option:
        return {"valueCoding": {"system": _system(questionnaire, answer.item), "code": answer.option}}
    return {"valueString": answer.value}


def _consent(person: Person, given: Consent, *, active: bool) -> Resource:
    return {
        "resourceType": "Consent",
        "status": "active" if active else "inactive",
        "scope": PRIVACY,
        "category": [PRIVACY_CONSENT],
        "patient": _to("patient", person.id),
        "dateTime": given.at.isoformat(),
        "performer": [_me(person)],
        "policyRule": {"coding": [{"system": f"{SYSTEM}:consent-text", "code": given.version}]},
        "provision": {
            "type": "permit" if given.given else "deny",
            "code": [{"coding": [{"system": f"{SYSTEM}:permission", "code": given.permission}]}],
        },
    }


def _patient(person: Person) -> Resource:
    own = {"identifier": [_code(person)]} if person.role == "patient" else {}
    return {"resourceType": "Patient", **own}


def _me(person: Person) -> Mapping[str, str]:
    return _to("patient" if person.role == "patient" else "related", person.id)


def _code(person: Person) -> Mapping[str, str]:
    return {"system": f"{SYSTEM}:person", "value": person.id}


def _coding(questionnaire: str, item: str, name: str, voice: Voice) -> Mapping[str, str]:
    words = option(voice, questionnaire, item, name)
    return {"system": _system(questionnaire, item), "code": name, "display": words}


def _system(questionnaire: str, item: str) -> str:
    return f"{SYSTEM}:{questionnaire}:{item}"


def _to(kind: str, name: str) -> dict[str, str]:
    return {"reference": _uuid(kind, name)}


def _uuid(kind: str, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{SYSTEM}:{kind}:{name}')}"


def _entry(resource: Resource, kind: str, name: str) -> Resource:
    url = _uuid(kind, name)
    return {"fullUrl": url, "resource": {**resource, "id": url.removeprefix("urn:uuid:")}}
