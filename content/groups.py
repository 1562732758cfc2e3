"""Groups of steps: on what each rests, and where each tries what the key leaves out."""

from typing import Any, NamedTuple

Label = tuple[object, ...]
NEAR = ("keep", "show", "died", "item", "conditions", "read", "waiting")
FAR = ("known", "blocked", "died", "keep", "show", "remind", "questionnaire", "waiting")
HERE = slice(NEAR.index("item"), NEAR.index("read") + 1)
OPEN = frozenset(  # parts about the open question, a timer, or relatives
    ("who", "beside", "sharing", "standing", "ways", "skipped", "said", "meets", "kin")
)


class Group(NamedTuple):
    """Steps of one kind. `key`: on which parts of the key they rest.

    Of every part that the key leaves out (see States.parts) each value is tried once; of `items` in every question,
    of `questionnaires` in every questionnaire. Parts about the open question are tried there, `once`, or not at all.
    """

    key: tuple[str, ...]
    once: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    questionnaires: frozenset[str] = frozenset()


GROUPS = {
    "near": Group(
        NEAR,
        frozenset(("meets",)),
        frozenset(("who", "beside", "sharing", "standing", "ways", "skipped", "said")),
        frozenset(("waiting", "staff", "shared", "stands", "ending", "circle", "died", "report", "schedule"))
        | frozenset(("last", "missed", "role", "timer")),
    ),
    "earlier": Group(NEAR, frozenset(), frozenset(("said", "standing", "skipped")), frozenset(("stands", "report"))),
    "signs": Group(
        tuple(name for name in FAR if name != "remind"),
        questionnaires=frozenset(("stands", "several", "report", "died", "role")),
    ),
    "desk": Group(
        tuple(name for name in FAR if name not in ("questionnaire", "waiting")),
        questionnaires=frozenset(("staff", "shared")),
    ),
    "far": Group(
        FAR,
        frozenset(("kin",)),
        questionnaires=frozenset(("waiting", "staff", "circle", "died", "schedule", "reminders")),
    ),
}


RESTS = {name: [FAR.index(part) for part in one.key if part in FAR] for name, one in GROUPS.items()}


class Key(NamedTuple):
    """Everything on which what happens next rests, besides what the labels of steps name (see steps.py).

    `near`: what the steps about the open question rest on. `far`: what all others do; for them it is all one which
    question of the questionnaire is open.
    """

    near: Label
    far: Label

    def of(self, group: str) -> Label:
        """What this group of steps rests on."""
        key = GROUPS[group].key
        return (
            self.near if key is NEAR else tuple([part for name, part in zip(FAR, self.far, strict=True) if name in key])
        )


class Mark(NamedTuple):
    """What of a state is looked at. `whole`: the state as it is, but for run numbers and times: two of the same key
    that differ there are compared. `asked`: the open question. `parts`: what the key leaves out, see States.parts."""

    key: Key
    whole: Label
    asked: tuple[str, str]
    parts: tuple[Label, ...]

    def tried(self, name: str) -> list[Label]:
        """Of these parts what a group of steps tries."""
        places, asked = PLACES[name], self.asked
        return [(name, *part, *asked[:place]) for part in self.parts if (place := places.get(part[0], 0)) is not None]


PLACES: dict[str, dict[Any, int | None]] = {  # of how much of the open question each group tries which part
    name: dict.fromkeys(OPEN)
    | dict.fromkeys(group.once, 0)
    | dict.fromkeys(group.items, 2)
    | dict.fromkeys(group.questionnaires, 1)
    for name, group in GROUPS.items()
}
