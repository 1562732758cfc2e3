"""The shape of what is listened for in typed words, and of the words it is tried on."""

from typing import Annotated

from pydantic import Field, StringConstraints

from content.kinds import Member, Text, UrgencyName
from content.shapes import Shape

Denial = Annotated[str, StringConstraints(pattern=r"^([\w']+\*?( [\w']+\*?)*( …)?|… [\w']+( [\w']+)*( \.)?)$")]
Groups = Annotated[list[Annotated[list[Member], Field(min_length=1)]], Field(min_length=1)]


class Phrase(Shape):
    advice: str
    urgency: UrgencyName
    groups: Groups


class Deaths(Shape):
    """Words that say that somebody has died, as groups of phrases, `unless` others stand anywhere beside them.

    `denials`: as those of phrases.
    """

    said: list[Groups]
    denials: list[Denial] = Field(default_factory=list)
    unless: Annotated[list[Member], Field(min_length=1)]


class Phrases(Shape):
    """By language. `alike`: how a word of a phrase is also written or said. `denials`: see flows/book.py."""

    phrases: dict[str, list[Phrase]]
    alike: dict[str, dict[str, list[Member]]] = Field(default_factory=dict)
    denials: dict[str, list[Denial]] = Field(default_factory=dict)
    died: dict[str, Deaths] = Field(default_factory=dict)


class Together(Shape):
    """One text, and all the signs it tells: first by this screen. `signs`: the screens they call for alone.

    `degrees`: the temperature (°C) that stands in the words to say.
    """

    text: Text
    screen: str
    signs: Annotated[list[str], Field(min_length=1)]
    degrees: float | None = None


class Typed(Shape):
    """What people type, by language. `typed`: by the screen it calls for; in `a|b` either will do. The rest is none.

    `died`: what says that the patient has died; `alive`: what does not.
    """

    typed: dict[str, dict[str, list[Text]]]
    together: dict[str, list[Together]] = Field(default_factory=dict)
    died: dict[str, list[Text]] = Field(default_factory=dict)
    alive: dict[str, list[Text]] = Field(default_factory=dict)
    ordinary: dict[str, list[Text]]
    denied: dict[str, list[Text]]
