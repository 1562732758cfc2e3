"""What words must hold, as requirements.yaml says: screens, what is told besides them, labels, names of signs."""

import re
from collections.abc import Iterator, Mapping

from content.facts import Facts
from content.links import ACUTE
from content.strict import meant
from flows.book import Advice, Urgency

TITLE = "title"
OWN = "own_"  # the same, of the country of whoever reads it
LABELLED = ("option.", "loop.option.", "lower.option.")  # words of answers that are no item's own
TOLD = ("first.", "loop.", "lower.", "share.", "triage.")  # what follows a what-to-do screen
NUMBERS = ("{emergency}", "{line}", "{crisis}", "{call}")  # a text that names one of them is held
DENIES = re.compile(r"\b(not|no|never|nobody|nothing|cannot)\b|n't\b")
CLAUSE = re.compile(r"[.!?:;“”]|\bbut\b")


def screens_say(facts: Facts) -> Iterator[str]:
    """Every screen that cannot wait says whom to call, what to say and what to ask for, and nowhere the opposite."""
    held = facts.library.register.screens
    yield from (
        f'content/requirements.yaml: there is no screen "{one}".' for one in held.keys() - facts.library.book.advice
    )
    for screen in facts.library.book.advice.values():
        if screen.id not in held and screen.urgency >= Urgency.URGENT:
            yield f'content/requirements.yaml: screens does not say what "{screen.id}" must say.'
        elif screen.id in held and screen.calls.removeprefix(OWN) != held[screen.id].calls:
            told = f'"{screen.id}" calls the {held[screen.id].calls}, and in advice.yaml the {screen.calls}'
            yield f"content/requirements.yaml: {told}."
        for language in facts.library.words if screen.id in held else ():
            yield from _screen(facts, screen, language)


def texts_say(facts: Facts) -> Iterator[str]:
    """What is told after a screen, or names a number, says whom to call; a question that leads on, what counts."""
    for language, words in facts.library.words.items():
        held = facts.library.register.texts.get(language, {})
        for key in held.keys() - words.keys():
            yield f'content/requirements.yaml: texts: there are no words "{key}" in "{language}".{meant(key, words)}'
        for key in held:
            other = held.get(key.removesuffix("_patient")) if key.endswith("_patient") else None
            if other and set(held[key].says) <= set(other.says) and set(held[key].never) <= set(other.never):
                yield f'content/requirements.yaml: texts: "{key}" is held by the entry without _patient: leave it out.'
        for key in words:
            found = held.get(key) or held.get(key.removesuffix("_patient"))
            if found:
                yield from _lacks(facts, language, key, found.says)
                yield from _opposite(facts, language, key, found.never)
            elif _told(facts, language, key):
                yield f'content/requirements.yaml: texts does not say what "{key}" must say in "{language}".'


def labels_fixed(facts: Facts) -> Iterator[str]:
    """An answer reads the same wherever it is offered, and of one question as agreed: yes begins with yes."""
    for language, words in facts.library.words.items():
        labels = facts.library.register.labels.get(language)
        if labels is None:
            yield f'content/requirements.yaml: labels has nothing in "{language}".'
            continue
        for key, text in words.items():
            path = key.removesuffix("_patient")
            wanted = labels.get(path) or labels.get(path.rpartition(".")[2])
            if wanted and _labels(facts, key) and not any(_begins(text, one) for one in wanted):
                where = facts.library.where[language][key]
                yield f'{where}: "{key}" does not begin with {" or ".join(wanted)}, as requirements.yaml says.'


def signs_named(facts: Facts) -> Iterator[str]:
    """The name of a sign, on the card and in alerts, holds a word by which the sign is asked about."""
    claims: dict[str, list[str]] = {}
    for name, places in facts.library.signs.items():
        for place in places:
            claims.setdefault(place.partition("#")[0].replace("/", "."), []).append(name)
    known = facts.library.requirements
    for language, words in facts.library.words.items():
        for path, names in claims.items():
            asked = [one for name in names if name in known for one in known[name].asked.get(language, ())]
            for key in (key for key in words if key.startswith(f"{path}.sign")):
                if asked and not any(holds(one, words[key]) for one in asked):
                    where = facts.library.where[language][key]
                    yield f'{where}: "{key}" has no word of what is asked there.'


def holds(said: str, text: str) -> bool:
    """Whether a word of the text begins with what is to be said; in `a|b` either will do."""
    plain = _plain(text)
    return any(re.search(rf"(?<!\w){re.escape(one.casefold())}", plain) for one in said.split("|"))


def parts(screen: Advice) -> dict[str, str]:
    """The keys of the words of a screen: of its title, and of each sentence by its id."""
    found = {TITLE: f"advice.{screen.id}.{TITLE}"}
    for part in ("do", "say", "watch"):
        found |= {one.id: f"advice.{screen.id}.{part}.{one.id}" for one in getattr(screen, part)}
    return found


def forms(words: Mapping[str, str], key: str) -> list[str]:
    """The key and its form for the patient, as far as there are words for it."""
    return [form for form in (key, f"{key}_patient") if form in words]


def _screen(facts: Facts, screen: Advice, language: str) -> Iterator[str]:
    words, held = facts.library.words[language], facts.library.register.screens[screen.id]
    if language not in held.words:
        yield f'content/requirements.yaml: screens says nothing of "{screen.id}" in "{language}".'
        return
    places = parts(screen)
    for name, wanted in held.words[language].items():
        if name not in places:
            yield f'content/requirements.yaml: "{screen.id}" has nothing called "{name}".{meant(name, places)}'
            continue
        for key in forms(words, places[name]):
            yield from _lacks(facts, language, key, wanted)
    for key in (key for part in places.values() for key in forms(words, part)):
        yield from _opposite(facts, language, key, held.never.get(language, ()))


def _lacks(facts: Facts, language: str, key: str, wanted: tuple[str, ...]) -> Iterator[str]:
    for one in wanted:
        if not holds(one, facts.library.words[language][key]):
            where = facts.library.where[language][key]
            yield f'{where}: "{key}" does not say "{one}", as requirements.yaml asks.'


def _opposite(facts: Facts, language: str, key: str, never: tuple[str, ...]) -> Iterator[str]:
    for one in never:
        if _unnegated(one, facts.library.words[language][key]):
            yield f'{facts.library.where[language][key]}: "{key}" says "{one}" and no "not" before it.'


def _told(facts: Facts, language: str, key: str) -> bool:
    """Whether it must be held what the words say: they are no screen's and no answer's."""
    if key.startswith(("advice.", "treatments.", *LABELLED)):
        return False
    if key.startswith(TOLD) or any(one in facts.library.words[language][key] for one in NUMBERS):
        return True
    path, _, part = key.removesuffix("_patient").rpartition(".")
    return part == "ask" and path in _leading(facts)


def _leading(facts: Facts) -> set[str]:
    """The questions about signs that call for nothing themselves, and on whose answer others depend."""
    asked = [
        (one.id, item) for one in facts.library.book.questionnaires.values() if one.id in ACUTE for item in one.items
    ]
    read = {f"{name}.{when.item}" for name, item in asked for when in item.when}
    return {f"{name}.{item.id}" for name, item in asked if not any(option.urgency for option in item.options)} & read


def _unnegated(word: str, text: str) -> bool:
    """Whether the word stands in a clause that does not deny it."""
    for clause in CLAUSE.split(_plain(text)):
        found = re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", clause)
        if found and not DENIES.search(clause[: found.start()]):
            return True
    return False


def _labels(facts: Facts, key: str) -> bool:
    """Whether the words stand on an answer of a questionnaire, or of a question after an emergency."""
    path, _, option = key.removesuffix("_patient").rpartition(".")
    found = facts.library.book.item(path.replace(".", "/", 1))
    return f"{path}." in LABELLED or (found is not None and found[1].option(option) is not None)


def _begins(text: str, wanted: str) -> bool:
    return re.match(rf"{re.escape(_plain(wanted))}(?!\w)", _plain(text)) is not None


def _plain(text: str) -> str:
    """As it is compared: one case, no bold, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("*", "").replace("’", "'").split())
