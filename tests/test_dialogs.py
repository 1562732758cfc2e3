"""Whole talks, each a file in dialogs/. What every line means stands in dialogs/README.md."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import PERSON
from bot.telegram import COMMAND
from content.strict import Data, Document, parse
from content.voice import Message
from flows.consent import PERMISSIONS
from flows.events import Blocked, Called, CalledFromGroup, Commanded, Edited, Event, Invited, Said, SentOther, Unblocked
from flows.person import Consent
from tests.talks import START, Phone, World

DIALOGS = Path(__file__).parent / "dialogs"
SPANS = {"m": "minutes", "h": "hours", "d": "days"}
DEEDS: dict[str, Callable[..., Event]] = {
    "joins": Invited,
    "blocks": Blocked,
    "unblocks": Unblocked,
    "writes in a group": CalledFromGroup,
}


@dataclass(slots=True)
class Talk:
    """One file being played. A line is `verb` or `name verb`; without a name it is the person's."""

    document: Document
    world: World = field(default_factory=World)

    def play(self) -> None:
        assert not self.document.problems, self.document.problems
        assert isinstance(self.document.data, list), f"{self.document.name}: a talk is a list of lines"
        for number, line in enumerate(self.document.data):
            where = self.document.where((number,))
            assert isinstance(line, dict), f"{where}: a line is `verb: words`"
            for key, value in line.items():
                name, _, verb = key.rpartition(" ")
                self.line(where, name or "person", verb, value)
        for name, phone in self.world.phones.items():
            self.heard(f"{self.document.name}: at the end", name, phone)

    def line(self, where: str, name: str, verb: str, value: Data) -> None:
        verbs = {"bot": self.bot, "shows": self.shows, "kept": self.kept, "alerts": self.alerts}
        verbs |= {"given": self.given, "timers": self.timers, "lacks": self.lacks}
        phone = self.world.phones.get(name) or self.world.meet(name)
        if verb in verbs:
            verbs[verb](where, name, phone, value)
            return
        self.heard(where, name, phone)
        if verb == "tap":
            self.tap(where, name, phone, value)
        elif verb == "skips":
            self.skips(where, name, phone, value)
        elif verb in ("wait", "down"):
            assert isinstance(value, str), where
            self.world.wait(span(where, value), down=verb == "down")
        else:
            words = str(value["repeat"]) * int(str(value["times"])) if isinstance(value, dict) else str(value)
            self.does(where, name, verb, words)

    def does(self, where: str, name: str, verb: str, value: str) -> None:
        """Something happens: typed, sent, edited, or one of DEEDS."""
        now, command = self.world.now, COMMAND.fullmatch(value)
        if verb == "does" and value == "bot restarts":
            for guest, phone in list(self.world.phones.items()):
                if not phone.person.permits("keep") and not phone.person.staff:
                    self.world.meet(guest).shown = phone.shown
        elif verb == "does" and value == "called":
            code, circle = next(iter(self.world.links.items()))
            self.world.happens(name, Called(at=now, code=code, circle=circle))
        elif verb == "does":
            assert value in DEEDS, f"{where}: unknown deed {value}"
            self.world.happens(name, DEEDS[value](at=now))
        elif verb == "sends":
            self.world.happens(name, SentOther(at=now, kind=value))
        elif verb == "forwards":
            self.world.happens(name, SentOther(at=now, kind="forwarded", text=value))
        elif verb == "edits":
            self.world.happens(name, Edited(at=now, text=value))
        else:
            assert verb == "types", f"{where}: unknown verb {verb}"
            said = Said(at=now, text=value)
            told = Commanded(at=now, name=command[1].lower(), argument=command[2].strip()) if command else said
            self.world.happens(name, told)

    def tap(self, where: str, name: str, phone: Phone, value: Data) -> None:
        """Tap the newest button of this option, `item:option` or words; several in a row."""
        for wanted in value if isinstance(value, list) else [value]:
            if isinstance(wanted, dict):
                self.world.taps(name, str(wanted["data"]), len(phone.shown) - 1)
                continue
            found = [one for one in self.world.buttons(name) if wanted in called(*one[1:])]
            assert found, f"{where}: no button {wanted!r} under {[one.text for one in phone.shown][-3:]}"
            self.world.taps(name, found[0][2], found[0][0])

    def skips(self, where: str, name: str, phone: Phone, value: Data) -> None:
        """Answer `no` to every question before this one, which stays open."""
        while (place := phone.person.place) and place.item != value:
            phone.unheard = []
            self.tap(where, name, phone, f"{place.questionnaire}/{place.item}:no")
        assert phone.person.place, f"{where}: {value!r} was not asked; {name} heard {phone.unheard}"
        phone.unheard = []

    def given(self, where: str, name: str, phone: Phone, value: Data) -> None:
        """Somebody who has agreed already: `given: [caregiver, apart, FR, keep, show, remind]`."""
        assert isinstance(value, list), where
        role, *rest = [str(word) for word in value]
        near = next((word for word in rest if word in ("with_them", "apart")), "")
        country = next((word for word in rest if word in self.world.library.book.countries), "")
        consents = tuple(Consent(permission=one, given=one in rest, version="x", at=START) for one in PERMISSIONS)
        agreed = consents if any(consent.given for consent in consents) else ()
        phone.saved = PERSON.dump_json(phone.person.moved(role=role, near=near, country=country, consents=agreed))

    def bot(self, where: str, name: str, phone: Phone, value: Data) -> None:
        said, phone.unheard = phone.unheard, []
        assert said == value, f"{where}: {name} hears {said}, the talk expects {value}"

    def heard(self, where: str, name: str, phone: Phone) -> None:
        assert not phone.unheard, f"{where}: {name} heard {phone.unheard}, of which the talk says nothing"

    def shows(self, where: str, name: str, phone: Phone, value: Data) -> None:
        """Words somewhere on the newest message, or a button of it."""
        newest = seen(phone.shown[-1])
        for words in value if isinstance(value, list) else [value]:
            assert str(words) in newest, f"{where}: {words!r} is not in {newest!r}"

    def lacks(self, where: str, name: str, phone: Phone, value: Data) -> None:
        """Words nowhere on the newest message, nor on its buttons."""
        newest = seen(phone.shown[-1])
        for words in value if isinstance(value, list) else [value]:
            assert str(words) not in newest, f"{where}: {words!r} is in {newest!r}"

    def kept(self, where: str, name: str, phone: Phone, value: Data) -> None:
        """Every response with its end, its urgency and its answers: `daily completed urgent: pain=8 walking=same`."""
        found = []
        for entry in phone.kept.values():
            head = [entry.questionnaire, entry.state, *([entry.urgency.name.lower()] if entry.urgency else [])]
            answers = " ".join(f"{one.item}={one.option or one.value}" for one in entry.answers)
            found.append(f"{' '.join(head)}: {answers}".removesuffix(": "))
        assert found == value, f"{where}: kept is {found}, the talk expects {value}"

    def alerts(self, where: str, name: str, phone: Phone, value: Data) -> None:
        found = [
            f"{alert.urgency.name.lower()} {alert.advice} {alert.state}".removesuffix(" open")
            for alert in self.world.alerts.values()
        ]
        assert found == value, f"{where}: the alerts are {found}, the talk expects {value}"

    def timers(self, where: str, name: str, phone: Phone, value: Data) -> None:
        found = sorted({timer.partition(" ")[0] for timer in phone.timers})
        assert found == value, f"{where}: timers are {found}, the talk expects {value}"


def called(label: str, data: str) -> tuple[str, ...]:
    """What a talk may call a button."""
    item, option, about, _ = data.split(":")
    return label, option, f"{item}:{option}", f"{item}:{option}:{about}"


def span(where: str, text: str) -> timedelta:
    """`30m`, `2h`, `3d`."""
    found = re.fullmatch(r"(\d+)([mhd])", text)
    assert found, f"{where}: {text!r} is no span of time"
    return timedelta(**{SPANS[found[2]]: int(found[1])})


def seen(message: Message) -> str:
    names = [name for row in message.buttons for button in row for name in called(*button)]
    return "\n".join([message.text, *names])


def told(lines: str, name: str = "a.yaml") -> None:
    """Play a talk written here."""
    Talk(parse(lines.encode(), name)).play()


@pytest.mark.parametrize("file", sorted(DIALOGS.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_talk_goes_as_it_is_written(file: Path) -> None:
    told(file.read_text(), f"dialogs/{file.name}")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("- types: /help\n- bot: [help.some]\n", r"a.yaml:2: person hears \['help.all'\], the talk expects"),
        ("- types: /help\n- types: /help\n", r"a.yaml:2: person heard \['help.all'\], of which the talk says nothing"),
        ("- types: /help\n", "at the end: person heard"),
        ("- types: /help\n- bot: [help.all]\n- tap: Nowhere\n", "a.yaml:3: no button 'Nowhere'"),
        ("- types: /help\n- bot: [help.all]\n- shows: gibberish\n", "a.yaml:3: 'gibberish' is not in"),
        ("- types: /help\n- bot: [help.all]\n- lacks: symptoms\n", "a.yaml:3: 'symptoms' is in"),
        (
            "- given: [patient]\n- types: /symptoms\n- bot: [red_flags.now]\n- skips: moods\n",
            "a.yaml:4: 'moods' was not asked; person heard",
        ),
        ("- kept: [x]\n", r"a.yaml:1: kept is \[\], the talk expects"),
        ("- alerts: [x]\n", r"a.yaml:1: the alerts are \[\], the talk expects"),
    ],
)
def test_a_talk_that_goes_otherwise_is_told_with_its_line(lines: str, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        told(lines)
