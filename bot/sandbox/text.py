"""Texts and entities, checked as Telegram checks them. Offsets and lengths are UTF-16 code units throughout."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.sandbox.wire import Json, Params, bad

MAX_TEXT = 4096  # Bot API, sendMessage: 1-4096 characters after entities parsing
MAX_CAPTION = 1024  # Bot API, sendPhoto: 0-1024 characters after entities parsing
MAX_BOUND = 1_000_000  # tdlib refuses offsets and lengths beyond this

# Bot API, MessageEntity.type
STYLES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    ]
)
FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,:;!?)\]'’”])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
)


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(params: Params, field: str, limit: int) -> tuple[str, list[Json]]:
    """The text and entities a call brings, trimmed and with links and commands found, as Telegram stores them.

    The limit counts UTF-16 code units after trimming. Telegram's page says "characters"; this is
    the stricter reading, so nothing accepted here can be too long there. Refuses parse_mode:
    the sandbox does not parse markup.
    """
    text = params.text(field)
    if params.text("parse_mode"):
        raise bad("unsupported parse_mode (the sandbox takes entities, not markup)")
    given = params.parsed("entities" if field == "text" else "caption_entities", "entities")
    entities = check_entities(text, given) if given else []
    trimmed = text.strip()
    if trimmed != text:
        entities = _shifted(entities, units(text[: len(text) - len(text.lstrip())]), units(trimmed))
    if units(trimmed) > limit:
        raise bad("message is too long" if field == "text" else "message caption is too long")
    return trimmed, find_entities(trimmed, entities)


def check_entities(text: str, given: object) -> list[Json]:
    """Refuse entities that do not fit the text; drop the empty ones; sort as Telegram does."""
    if not isinstance(given, list):
        raise bad("can't parse entities: expected an Array")
    length = units(text)
    inside = _surrogate_middles(text)
    entities: list[Json] = []
    for entity in given:
        if not isinstance(entity, dict):
            raise bad("can't parse MessageEntity: expected an Object")
        _check_kind(entity)
        start, end = _bounds(entity, length)
        if start in inside:
            raise bad(f"entity begins in a middle of a UTF-16 symbol at byte offset {start}")
        if end in inside:
            raise bad(f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol")
        if end > start:
            entities.append(entity)
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _check_kind(entity: Json) -> None:
    kind = entity.get("type")
    if not isinstance(kind, str) or kind not in STYLES:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    if kind == "text_link":
        if "url" not in entity:
            raise bad("can't parse MessageEntity: Can't find field \"url\"")
        check_url(str(entity["url"]), "entity URL")


def _bounds(entity: Json, length: int) -> tuple[int, int]:
    for field in ("offset", "length"):
        value = entity.get(field)
        if not isinstance(value, int):
            raise bad(f"can't parse MessageEntity: Can't find field \"{field}\"")
        if not 0 <= value <= MAX_BOUND:
            raise bad(f"receive an entity with incorrect {field} {value}")
    start, end = entity["offset"], entity["offset"] + entity["length"]
    if end == start:
        return start, end
    if start > length:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
    if end > length:
        raise bad(f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}")
    return start, end


def _surrogate_middles(text: str) -> set[int]:
    if not text or max(text) <= "\uffff":
        return set()
    middles, at = set(), 0
    for character in text:
        if character > "\uffff":
            middles.add(at + 1)
            at += 1
        at += 1
    return middles


def _shifted(entities: list[Json], cut: int, length: int) -> list[Json]:
    moved = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return moved


def check_url(url: str, what: str) -> None:
    """Refuse a link that is not http, https or tg (Bot API, text_link and InlineKeyboardButton.url)."""
    if not url:
        raise bad(f"{what} '' is invalid: URL host is empty")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise bad(f"{what} '{url}' is invalid: Wrong HTTP URL") from None
    if parts.scheme and "://" in url and parts.scheme not in {"http", "https", "tg", "ton"}:
        raise bad(f"{what} '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme not in {"http", "https", "tg"} or not parts.netloc:
        raise bad(f"{what} '{url}' is invalid: Wrong HTTP URL")


def find_entities(text: str, entities: list[Json] | None = None) -> list[Json]:
    """Add the links, addresses, mentions and commands Telegram finds by itself, outside the given entities."""
    entities = entities or []
    if "/" not in text and "@" not in text:
        return entities
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    found = []
    for match in FOUND.finditer(text):
        start, length = units(text[: match.start()]), units(match.group())
        if match.lastgroup and not any(start < end and begin < start + length for begin, end in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": length})
    return sorted(entities + found, key=lambda entity: (entity["offset"], -entity["length"])) if found else entities
