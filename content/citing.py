"""Where words come from: their sources, whether a clinician has checked, and where the sources do not agree."""

from content.registers import Conflict
from content.voice import Message, Page, Voice
from flows.book import Advice, Source


def cite(voice: Voice, about: str) -> Message:
    """Why: where a what-to-do screen (`advice/…`) or a question (its path) comes from."""
    book, page, (kind, _, name) = voice.library.book, Page(), about.partition("/")
    advice, found = book.advice.get(name) if kind == "advice" else None, book.item(about)
    references: list[str] = list(found[1].sources) if found else []
    if advice:
        sentences = (*advice.do, *advice.say, *advice.watch)
        references = [reference for sentence in sentences for reference in sentence.sources]
    if not references:
        return Message(kind="send", text=voice.plain("why.none"))
    sources(voice, page, references, _leading_to(voice, advice) if advice else [about])
    return Message(kind="send", text=page.text, bold=tuple(page.bold))


def sources(voice: Voice, page: Page, references: list[str], places: list[str]) -> None:
    """Each source once, in plain words; where they disagree about one of `places` (see conflicts.yaml); who checked."""
    book = voice.library.book
    page.add(voice.words("sources.from"), {})
    for name in dict.fromkeys(map(_name, references)):
        source = book.sources[name]
        page.text += f"\n• {source.title}. {source.publisher}, {source.year}. {source.population}. "
        if where := _where(source, references):
            page.add(voice.words("sources.where"), {"where": where})
        days = {"read": voice.day(source.read), "again": voice.day(source.review_on)}
        page.add(voice.words("sources.first_hand" if source.first_hand else "sources.second_hand"), days)
    for conflict in voice.library.conflicts.values():
        if any(place.partition("#")[0] in places for place in conflict.where):
            page.blank()
            _disagree(voice, page, conflict)
    page.blank()
    page.add(review(voice, references), {})


def review(voice: Voice, references: list[str]) -> str:
    """Whether a clinician has checked all that these sentences rest on."""
    checked = all(voice.library.book.sources[_name(reference)].reviewed_by for reference in references)
    return voice.words("sources.reviewed" if checked else "sources.unreviewed")


def _disagree(voice: Voice, page: Page, conflict: Conflict) -> None:
    """What they disagree about, who says what, and who is followed: all, where none has won."""
    page.add(voice.words("conflict.told"), {})
    page.text += f" {voice.words(f'conflict.{conflict.conflict}.about')}"
    said: dict[str, list[str]] = {}
    for position in conflict.positions:
        said.setdefault(position.words, []).append(_brief(voice, position.source))
    for words, by in said.items():
        page.text += f"\n• {'; '.join(by)}: {voice.words(f'conflict.{conflict.conflict}.{words}')}."
    page.text += "\n"
    followed = "; ".join(_brief(voice, won) for won in conflict.won)
    page.add(voice.words("conflict.followed" if followed else "conflict.both"), {"followed": followed})


def _brief(voice: Voice, reference: str) -> str:
    """Who, where and when: `NICE, 2023`."""
    source = voice.library.book.sources[_name(reference)]
    where = _where(source, [reference])
    return f"{source.publisher}, {source.year}" + (f" ({where})" if where else "")


def _where(source: Source, references: list[str]) -> str:
    """Which places in the source are meant; empty: all of it."""
    parted = [reference.partition("#") for reference in references]
    places = dict.fromkeys(place for name, _, place in parted if name == source.id and place)
    return ", ".join(source.places[place] for place in places)


def _leading_to(voice: Voice, advice: Advice) -> list[str]:
    """The questions with an answer that leads to the screen."""
    return [
        f"{questionnaire.id}/{item.id}"
        for questionnaire in voice.library.book.questionnaires.values()
        for item in questionnaire.items
        if any(option.advice == advice.id for option in item.options)
    ]


def _name(reference: str) -> str:
    return reference.partition("#")[0]
