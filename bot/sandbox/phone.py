"""A person's phone: what they do becomes updates, what the bot does becomes what they see."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Coroutine
from typing import TypeVar

from bot.sandbox import sending
from bot.sandbox.pictures import PICTURE, photo_sizes
from bot.sandbox.profile import commands_for
from bot.sandbox.text import MAX_CAPTION, MAX_TEXT, find_entities, units
from bot.sandbox.wire import Json, Upload
from bot.sandbox.world import Chat, Message, Query, User, World

Found = TypeVar("Found")


class Phone:
    """One person's phone, open on the chat with the bot. Cheap: hold as many as you like.

    Methods that act take `chat`, the id of a group, to act there instead.
    """

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self.user = user
        self.chat = world.chats[user.id]

    @property
    def id(self) -> int:
        """The person's id, which is also their private chat's."""
        return self.user.id

    # what it shows

    @property
    def messages(self) -> list[Message]:
        """Everything in the chat as it stands, oldest first: edits applied, deleted ones gone."""
        return list(self.chat.messages.values())

    @property
    def received(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [message for message in self.chat.messages.values() if message.from_bot]

    @property
    def texts(self) -> list[str]:
        """The texts of the bot's messages, oldest first."""
        return [message.text for message in self.received]

    @property
    def last(self) -> Message:
        """The bot's newest message. LookupError if there is none."""
        received = self.received
        if not received:
            raise LookupError(f"phone {self.id} has nothing from the bot")
        return received[-1]

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the reply keyboard above the input, row by row; empty if there is none."""
        rows = (self.chat.keyboard or {}).get("keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    @property
    def commands(self) -> list[Json]:
        """What the commands menu shows: the narrowest scope that has commands."""
        return commands_for(self._world, self.chat)

    @property
    def taps(self) -> list[Query]:
        """Every tap made, oldest first, with the bot's answer: `.answered`, `.text`, `.alert`."""
        return self.chat.taps

    @property
    def unanswered(self) -> list[Query]:
        """Taps whose button still shows progress."""
        return [tap for tap in self.taps if not tap.answered]

    # what the person does

    def say(self, text: str, *, chat: int | None = None, reply_to: int | None = None) -> Message:
        """Send a text: 1-4096 UTF-16 code units, trimmed as the clients do."""
        text = text.strip()
        if not 1 <= units(text) <= MAX_TEXT:
            raise ValueError(f"a message has 1 to {MAX_TEXT} characters")
        content: Json = {"text": text}
        if entities := find_entities(text):
            content["entities"] = entities
        where = self._where(chat)
        if reply_to is None and where.keyboard and where.keyboard.get("force_reply"):
            reply_to = where.keyboard["message_id"]
        if reply_to is not None and reply_to in where.messages:
            content["reply_to_message"] = where.messages[reply_to].quoted()
        if where.keyboard and (where.keyboard.get("force_reply") or self._spent(where.keyboard, text)):
            where.keyboard = None
        return self._send(content, chat)

    @staticmethod
    def _spent(keyboard: Json, text: str) -> bool:
        labels = (button["text"] for row in keyboard.get("keyboard", []) for button in row)
        return bool(keyboard.get("one_time_keyboard")) and text in labels

    def command(self, command: str, *, chat: int | None = None) -> Message:
        """Send a command, with or without its slash and arguments: "/start abc"."""
        return self.say("/" + command.removeprefix("/"), chat=chat)

    def tap(self, message: int | Message, what: str) -> Query:
        """Tap an inline button by its text, or else its data. LookupError if the message has no such button."""
        number = message if isinstance(message, int) else message.id
        shown = self.chat.messages.get(number)
        buttons = [button for row in shown.buttons for button in row] if shown else []
        for button in [b for b in buttons if b.text == what] + [b for b in buttons if b.data == what]:
            if button.data is None:
                raise ValueError(f"button {what!r} opens a link and tells the bot nothing")
            return self.press(number, button.data)
        raise LookupError(f"no button {what!r} on message {number}; there are {[button.text for button in buttons]}")

    def press(self, message_id: int, data: str, *, chat: int | None = None) -> Query:
        """Send callback data without looking at the keyboard, as an old client does; the message may be gone."""
        where = self._where(chat)
        shown = where.messages.get(message_id)
        query = self._world.add_query(self.id, where, message_id, data)
        message = shown.wire() if shown else {"chat": where.wire(), "message_id": message_id, "date": 0}
        body: Json = {
            "id": query.id,
            "from": self.user.wire(),
            "message": message,
            "chat_instance": str(zlib.crc32(str(where.id).encode())),
            "data": data,
        }
        self._world.updates.push("callback_query", body)
        return query

    def edit(self, message: int | Message, text: str, *, chat: int | None = None) -> Message:
        """Change one's own text. LookupError if it is not one's own or not there."""
        where = self._where(chat)
        shown = where.messages.get(message if isinstance(message, int) else message.id)
        if shown is None or shown.sender is None or shown.sender["id"] != self.id or "text" not in shown.content:
            raise LookupError("not a text of one's own")
        content: Json = {**shown.content, "text": text.strip()}
        content.pop("entities", None)
        if entities := find_entities(content["text"]):
            content["entities"] = entities
        shown.content, shown.edited_at = content, self._world.now()
        kind = "edited_channel_post" if where.kind == "channel" else "edited_message"
        self._world.updates.push(kind, shown.wire())
        self._world.changed("message", where, shown)
        return shown

    def photo(self, data: bytes = PICTURE, caption: str = "", *, chat: int | None = None) -> Message:
        """Send a picture (PNG, GIF, JPEG or WebP bytes), with all the sizes Telegram would make."""
        stored = sending.keep(self._world, Upload("photo.jpg", "image/jpeg", data), "photos")
        return self._send({"photo": photo_sizes(self._world, stored), **self._caption(caption)}, chat)

    def document(
        self,
        data: bytes = b"hello",
        name: str = "notes.txt",
        content_type: str = "text/plain",
        caption: str = "",
        *,
        chat: int | None = None,
    ) -> Message:
        """Send a file."""
        stored = sending.keep(self._world, Upload(name, content_type, data), "documents")
        return self._send({"document": sending.document(stored), **self._caption(caption)}, chat)

    @staticmethod
    def _caption(caption: str) -> Json:
        caption = caption.strip()
        if units(caption) > MAX_CAPTION:
            raise ValueError(f"a caption has at most {MAX_CAPTION} characters")
        return sending.captioned(caption, find_entities(caption))

    def sticker(self, emoji: str = "👍", *, chat: int | None = None) -> Message:
        """Send a sticker."""
        file = self._file(b"RIFF\0\0\0\0WEBP sticker", "sticker.webp", "image/webp", "stickers")
        kind: Json = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._send({"sticker": {**kind, "emoji": emoji, "set_name": "Sandbox", **file}}, chat)

    def voice(self, seconds: int = 3, *, chat: int | None = None) -> Message:
        """Send a voice message."""
        file = self._file(b"OggS voice", "voice.oga", "audio/ogg", "voice")
        return self._send({"voice": {"duration": seconds, "mime_type": "audio/ogg", **file}}, chat)

    def location(self, latitude: float = 51.4779, longitude: float = -0.0015, *, chat: int | None = None) -> Message:
        """Send a place, in degrees."""
        return self._send({"location": {"latitude": latitude, "longitude": longitude}}, chat)

    def forward(self, text: str, origin: str = "A friend", *, chat: int | None = None) -> Message:
        """Send on what somebody who hides their account wrote."""
        date = int(self._world.now().timestamp())
        content: Json = {"forward_origin": {"type": "hidden_user", "sender_user_name": origin, "date": date}}
        content["text"] = text
        if entities := find_entities(text):
            content["entities"] = entities
        return self._send(content, chat)

    def block(self) -> None:
        """Block the bot: it learns so, and may not write any more."""
        self._membership(blocked=True)

    def unblock(self) -> None:
        """Allow the bot again."""
        self._membership(blocked=False)

    # waiting

    def wait_for(
        self, wanted: str | Callable[[Message], object], timeout: float = 5.0, *, since: int | Message = 0
    ) -> Coroutine[None, None, Message]:
        """The bot's newest message with `wanted` in its text, or that satisfies it, now or within real seconds.

        `since`, a message or its id, leaves out that one and everything before it.
        TimeoutError tells what the phone shows instead.
        """
        first = since if isinstance(since, int) else since.id

        def found() -> Message | None:
            for message in reversed(self.received):
                if message.id > first and (wanted in message.text if isinstance(wanted, str) else wanted(message)):
                    return message
            return None

        return self._wait(found, timeout)

    def wait_until(self, holds: Callable[[], Found | None], timeout: float = 5.0) -> Coroutine[None, None, Found]:
        """The first true value of `holds`, asked now and after every change of this chat."""
        return self._wait(holds, timeout)

    def answered(self, tap: Query, timeout: float = 5.0) -> Coroutine[None, None, Query]:
        """Until the bot has answered this tap."""
        return self._wait(lambda: tap if tap.answered else None, timeout)

    async def _wait(self, holds: Callable[[], Found | None], seconds: float) -> Found:
        try:
            async with asyncio.timeout(seconds):
                while not (value := holds()):
                    waiter = asyncio.get_running_loop().create_future()
                    self.chat.waiters.append(waiter)
                    await waiter
                return value
        except TimeoutError:
            raise TimeoutError(f"waited {seconds} s; phone {self.id} shows {self.texts[-3:]}") from None

    # how it is done

    def _where(self, chat: int | None) -> Chat:
        return self.chat if chat is None else self._world.chats[chat]

    def _send(self, content: Json, chat: int | None) -> Message:
        where = self._where(chat)
        if where is self.chat:
            if where.blocked:
                raise ValueError("this phone has blocked the bot; unblock() first")
            where.started = True
        message = self._world.add_message(where, self.user.wire(), content)
        self._world.updates.push("message", message.wire())
        return message

    def _file(self, data: bytes, name: str, content_type: str, folder: str) -> Json:
        stored = self._world.add_file(data, name, content_type, folder)
        return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(data)}

    def _membership(self, *, blocked: bool) -> None:
        if self.chat.blocked == blocked:
            return
        self.chat.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        body: Json = {"chat": self.chat.wire(), "from": self.user.wire(), "date": int(self._world.now().timestamp())}
        body["old_chat_member"] = self._member(old)
        body["new_chat_member"] = self._member(new)
        self._world.updates.push("my_chat_member", body)
        self._world.changed("profile", self.chat, None)

    def _member(self, status: str) -> Json:
        bot = {name: self._world.bot[name] for name in ("id", "is_bot", "first_name", "username")}
        member: Json = {"user": bot, "status": status}
        return {**member, "until_date": 0} if status == "kicked" else member
