"""What the sandbox remembers: people, chats, messages, taps, commands, files. No HTTP here."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.sandbox.updates import Updates
from bot.sandbox.wire import ApiError, Json, bad, chat_number

FIRST_UPDATE_ID = 100_000_001
QUERY_LIFE = 60.0  # real seconds a tap may be answered; Telegram does not say, reports range from 15 s to minutes
PER_CHAT_IDS = frozenset({"supergroup", "channel"})  # these number their own messages; the rest share one count


@dataclass(slots=True, eq=False)
class User:
    """Somebody with a phone."""

    id: int
    name: str
    username: str | None = None
    language: str = "en"

    def wire(self) -> Json:
        """Bot API, User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        return {**user, "language_code": self.language}


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat (its id is its person's), group, supergroup or channel."""

    id: int
    kind: str  # private, group, supergroup, channel
    name: str
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    keyboard: Json | None = None  # the ReplyKeyboardMarkup or ForceReply that stands at the moment
    started: bool = False  # the person has written to the bot
    blocked: bool = False  # the person blocked the bot, or the bot was removed
    taps: list[Query] = field(default_factory=list, repr=False)
    waiters: list[asyncio.Future[None]] = field(default_factory=list, repr=False)
    last_id: int = 0  # of a supergroup or channel, which number their own

    def wire(self) -> Json:
        """Bot API, Chat."""
        return {"id": self.id, "first_name" if self.kind == "private" else "title": self.name, "type": self.kind}


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now, edits applied."""

    id: int
    chat: Chat
    sender: Json | None  # Bot API, User; None for a channel's own posts
    at: datetime  # aware, UTC
    content: Json  # everything that depends on the kind: text and entities, photo and caption, ...
    markup: Json | None = None  # the inline keyboard
    reply_markup: Json | None = None  # the other kinds of keyboard, as sent
    edited_at: datetime | None = None

    def wire(self) -> Json:
        """Bot API, Message."""
        message: Json = {"message_id": self.id, "chat": self.chat.wire(), "date": int(self.at.timestamp())}
        if self.sender is not None:
            message["from"] = self.sender
        elif self.chat.kind == "channel":
            message["sender_chat"] = self.chat.wire()
        if self.edited_at is not None:
            message["edit_date"] = int(self.edited_at.timestamp())
        message.update(self.content)
        if self.markup:
            message["reply_markup"] = self.markup
        return message

    def quoted(self) -> Json:
        """As a reply shows it: Bot API, Message.reply_to_message has no reply_to_message of its own."""
        message = self.wire()
        message.pop("reply_to_message", None)
        return message

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return self.sender is not None and bool(self.sender["is_bot"])

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        """Bot API, MessageEntity, offsets in UTF-16 code units."""
        return list(self.content.get("entities") or self.content.get("caption_entities") or ())

    @property
    def kind(self) -> str:
        """text, photo, document, sticker, voice or location."""
        kinds = ("text", "photo", "document", "sticker", "voice", "location")
        return next((kind for kind in kinds if kind in self.content), "other")

    @property
    def file_id(self) -> str | None:
        """What getFile takes, of the largest size of a picture."""
        thing = self.content.get(self.kind)
        if isinstance(thing, list):
            thing = thing[-1]
        return str(thing["file_id"]) if isinstance(thing, dict) and "file_id" in thing else None

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in rows]

    @property
    def labels(self) -> list[str]:
        """The texts on the inline keyboard, in reading order."""
        return [button.text for row in self.buttons for button in row]


@dataclass(slots=True, eq=False)
class Query:
    """A tap on an inline button, and what the bot answered to it."""

    id: str
    user: int
    chat: Chat
    message_id: int
    data: str
    born: float  # time.monotonic() seconds
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as getFile and the download give it."""

    id: str
    unique_id: str
    path: str
    name: str
    content_type: str
    data: bytes


Watcher = Callable[[str, Chat, object], None]


class World:
    """All state, and the few ways to change it."""

    def __init__(self, bot: Json, now: Callable[[], datetime]) -> None:
        self.bot = bot
        self.now = now
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.query_life = QUERY_LIFE
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, StoredFile] = {}
        self.commands: dict[tuple[str, int, str], list[Json]] = {}  # scope, chat id or 0, language
        self.descriptions: dict[tuple[str, str], str] = {}  # kind, language
        self.updates = Updates(FIRST_UPDATE_ID)
        self.watchers: list[Watcher] = []
        self._message_ids = itertools.count(1)
        self._serials = itertools.count(1)

    def add_user(self, number: int, name: str, username: str | None = None, language: str = "en") -> User:
        """A person and their private chat with the bot; unknown to the bot until they write."""
        user = self.users[number] = User(number, name, username, language)
        self.chats[number] = Chat(number, "private", name)
        return user

    def add_chat(self, number: int, kind: str, title: str) -> Chat:
        """A group, supergroup or channel (negative id) which the bot belongs to."""
        chat = self.chats[number] = Chat(number, kind, title, started=True)
        return chat

    def add_message(self, chat: Chat, sender: Json | None, content: Json, markup: Json | None = None) -> Message:
        """Put a message into a chat, with the keyboard it brings."""
        if chat.kind in PER_CHAT_IDS:
            chat.last_id += 1
            number = chat.last_id
        else:
            number = next(self._message_ids)
        message = Message(number, chat, sender, self.now().astimezone(UTC), content)
        if markup is not None:
            self._set_markup(message, markup)
        chat.messages[number] = message
        self.changed("message", chat, message)
        return message

    def _set_markup(self, message: Message, markup: Json) -> None:
        if "inline_keyboard" in markup:
            message.markup = markup
            return
        message.reply_markup = markup
        if markup.get("remove_keyboard"):
            message.chat.keyboard = None
        else:
            message.chat.keyboard = {**markup, "message_id": message.id}

    def add_file(self, data: bytes, name: str, content_type: str, folder: str) -> StoredFile:
        """Keep bytes; the same bytes have the same unique id, each upload its own id (Bot API, File)."""
        serial = next(self._serials)
        digest = hashlib.sha256(data).hexdigest()[:16]
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{serial}.{suffix}"
        stored = StoredFile(f"FILE{serial:06d}{digest}", f"U{digest}", path, name, content_type, data)
        self.files[stored.id] = self.paths[path] = stored
        return stored

    def serial(self) -> int:
        """A number never given before."""
        return next(self._serials)

    def add_query(self, user: int, chat: Chat, message_id: int, data: str) -> Query:
        """Remember a tap until it is answered."""
        query = Query(f"{(user << 32) + next(self._serials)}", user, chat, message_id, data, time.monotonic())
        self.queries[query.id] = query
        chat.taps.append(query)
        self.changed("query", chat, query)
        return query

    def changed(self, what: str, chat: Chat, thing: object) -> None:
        """Tell whoever looks at this chat."""
        if chat.waiters:
            for waiter in chat.waiters:
                if not waiter.done():
                    waiter.set_result(None)
            chat.waiters.clear()
        for watcher in self.watchers:
            watcher(what, chat, thing)

    def open_chat(self, chat_id: str) -> Chat:
        """The chat the bot wants to write to; refuses as Telegram does."""
        if not chat_id:
            raise bad("chat_id is empty")
        chat = self.chats.get(chat_number(chat_id) or 0)
        if chat is None:
            raise bad("chat not found")
        if chat.kind != "private":
            if chat.blocked:
                raise ApiError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        elif chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        elif not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat
