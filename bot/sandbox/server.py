"""The sandbox: Telegram's Bot API over HTTP, phones, faults and the demo page in one server.

Not imitated: webhooks, rights in groups, the 48-hour limit on deleting, Telegram's throttle on polls repeated at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from bot.sandbox.control import Control
from bot.sandbox.faults import CallLog, Fault, Faults, Flood, Moment
from bot.sandbox.gate import PREFIXES, Gate
from bot.sandbox.phone import Phone
from bot.sandbox.wire import MAX_UPLOAD_BYTES, Json
from bot.sandbox.world import QUERY_LIFE, Chat, Message, World

DEFAULT_TOKEN = "100000:SANDBOX-TOKEN-NOT-SECRET-000000000000"
DEFAULT_USERS = ((1001, "Caregiver"), (1002, "Coordinator"))

Advance = Callable[[datetime], Awaitable[object] | object]
NextDue = Callable[[], Awaitable[datetime | None] | datetime | None]


class Sandbox:
    """A stand-in for api.telegram.org.

    `now` stamps the messages; `advance` and `next_due`, if given, let the page move the bot's clock.
    `flood` is the pace kept (none unless given), `query_life` the real seconds a tap may be answered,
    `keep_calls` how many calls the log holds.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        users: Iterable[tuple[int, str]] = DEFAULT_USERS,
        advance: Advance | None = None,
        next_due: NextDue | None = None,
        now: Callable[[], datetime] | None = None,
        flood: Flood | None = None,
        bot_name: str = "Backwatch",
        bot_username: str = "backwatch_demo_bot",
        query_life: float = QUERY_LIFE,
        keep_calls: int = 10_000,
    ) -> None:
        self.advance = advance
        self.next_due = next_due
        self.root = ""
        bot: Json = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": bot_name}
        bot.update(username=bot_username, can_join_groups=True, can_read_all_group_messages=True)
        bot.update(supports_inline_queries=False, can_connect_to_business=False, has_main_web_app=False)
        self.world = World(bot, now or (lambda: datetime.now(UTC)))
        self.world.query_life = query_life
        self.demo_users = [self.world.add_user(number, name).id for number, name in users]
        self.gate = Gate(self.world, token, flood, keep_calls)
        self._phones: dict[int, Phone] = {}
        self._control = Control(self)
        self._server: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self._address = ("127.0.0.1", 0)
        self._up_again: asyncio.Task[None] | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and return the root address: "http://127.0.0.1:<port>". Port 0 is any free one."""
        self.gate.stopping.clear()
        self._server = web.Server(self._answer, request_factory=_make_request, access_log=None)
        self._address = (host, port)
        await self._listen()
        self.root = f"http://{host}:{self._address[1]}"
        return self.root

    async def stop(self) -> None:
        """Close at once: open polls, delays, pages and connections."""
        self._forget_timer()
        self._unlisten()
        self.gate.stopping.set()
        self.world.updates.end_poll()
        self._control.close()
        if self._server is not None:
            for connection in self._server.connections:
                connection.force_close()
            await self._server.shutdown(timeout=1.0)
            self._server = None

    async def _listen(self) -> None:
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        host, port = self._address
        self._listener = await asyncio.get_running_loop().create_server(self._server, host, port, backlog=1024)
        self._address = (host, self._listener.sockets[0].getsockname()[1])

    def _unlisten(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.rel_url.raw_path.startswith(PREFIXES):
            return await self.gate.answer(request)
        return await self._control.answer(request)

    # people and chats

    def phone(
        self, number: int, name: str | None = None, *, username: str | None = None, language: str = "en"
    ) -> Phone:
        """The phone with this id, made if there is none yet; the rest counts only when it is made."""
        phone = self._phones.get(number)
        if phone is None:
            user = self.world.users.get(number)
            user = user or self.world.add_user(number, name or f"Person {number}", username, language)
            phone = self._phones[number] = Phone(self.world, user)
        return phone

    def chat(self, number: int, kind: str = "supergroup", title: str = "A group") -> Chat:
        """The group, supergroup or channel with this (negative) id and the bot in it, made if there is none yet."""
        return self.world.chats.get(number) or self.world.add_chat(number, kind, title)

    def crowd(self, first: int, count: int, text: str) -> None:
        """Let `count` people, with ids from `first` on, each say the same: the load of a benchmark."""
        for number in range(first, first + count):
            self.phone(number).say(text)

    def channel_post(self, number: int, text: str) -> Message:
        """Publish in a channel; the bot gets a channel_post."""
        message = self.world.add_message(self.chat(number, "channel", "A channel"), None, {"text": text})
        self.world.updates.push("channel_post", message.wire())
        return message

    # updates by hand

    def next_update_id(self, number: int) -> None:
        """Let the next update have this id, also a lower one (Telegram: after a week of silence ids restart)."""
        self.world.updates.next_id = number

    def inject(self, raw: Json | str, update_id: int | None = None) -> int:
        """Queue anything as an update, and return its id.

        A dict without update_id gets one; a text goes out as it is, JSON or not. The bot gets it at
        least once whatever its offset, so repeating a confirmed update works.
        """
        updates = self.world.updates
        number = updates.next_id if update_id is None else update_id
        if isinstance(raw, dict):
            raw = {"update_id": number, **raw}
            number, raw = int(raw["update_id"]), json.dumps(raw)
        updates.next_id = max(updates.next_id, number + 1)
        updates.inject(number, raw)
        return number

    def repeat(self) -> int:
        """Queue the newest update again under the same id, as after a confirmation that got lost."""
        if self.world.updates.newest is None:
            raise LookupError("there is no update to repeat")
        number, raw = self.world.updates.newest
        self.world.updates.inject(number, raw)
        return number

    # faults

    @property
    def token(self) -> str:
        """The token that works."""
        return self.gate.token

    @property
    def faults(self) -> Faults:
        """The faults waiting for their calls."""
        return self.gate.faults

    @property
    def calls(self) -> CallLog:
        """The log of calls received."""
        return self.gate.calls

    @property
    def flood(self) -> Flood | None:
        """The pace kept; None is no limit."""
        return self.gate.flood

    @flood.setter
    def flood(self, flood: Flood | None) -> None:
        self.gate.flood = flood

    def fail(
        self,
        method: str = "*",
        *,
        times: int = 1,
        when: Moment = "before",
        status: int | None = None,
        description: str | None = None,
        retry_after: int | None = None,
        body: str | None = None,
        reset: bool = False,
        delay: float = 0.0,
        chat: int | None = None,
    ) -> Fault:
        """Arm a fault for the next `times` calls: see Fault. `fail("sendMessage", times=2, status=500)`."""
        return self.faults.add(
            Fault(
                method=method,
                times=times,
                when=when,
                status=status,
                description=description,
                retry_after=retry_after,
                body=body,
                reset=reset,
                delay=delay,
                chat=chat,
            )
        )

    def revoke(self) -> None:
        """Make the token wrong, as @BotFather's /revoke does; restore() undoes it."""
        self.gate.revoked = True
        self.world.updates.end_poll()

    def restore(self) -> None:
        """Make the token right again."""
        self.gate.revoked = False

    async def down(self, how: Literal["503", "refuse"] = "503", seconds: float | None = None) -> None:
        """Take the API down for real seconds, or until up().

        "503" answers so; "refuse" stops listening and resets what is open (the page and /control
        then answer only on connections they already have).
        """
        self._forget_timer()
        self.gate.down = how
        if how == "refuse":
            self._unlisten()
        self.world.updates.end_poll()
        if seconds is not None:
            self._up_again = asyncio.create_task(self._later_up(seconds))

    async def up(self) -> None:
        """Bring the API back, at the same address."""
        self._forget_timer()
        self.gate.down = None
        if self._listener is None:
            await self._listen()

    def _forget_timer(self) -> None:
        if self._up_again is not None and self._up_again is not asyncio.current_task():
            self._up_again.cancel()
        self._up_again = None

    async def _later_up(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.up()


def _make_request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_UPLOAD_BYTES)
