"""The open page's connection: a WebSocket that tells what changes on its phones."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from bot.sandbox import view
from bot.sandbox.wire import Json, dumps
from bot.sandbox.world import Chat, Message, Query

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

HEARTBEAT = 20.0  # seconds


class Live:
    """All open pages. A page follows the phones in `?phones=1001,1002`, or the sandbox's own two."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._outboxes: set[asyncio.Queue[str | None]] = set()

    def close(self) -> None:
        """End every page's connection."""
        for outbox in self._outboxes:
            outbox.put_nowait(None)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send the phones as they are, then every change, until the page goes."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=0.5)
        if not socket.can_prepare(request):
            return web.Response(status=426, text="WebSocket expected")
        await socket.prepare(request)
        asked = request.rel_url.query.get("phones", "")
        phones = [int(part) for part in asked.split(",") if part.isdecimal()] or self._sandbox.demo_users
        outbox: asyncio.Queue[str | None] = asyncio.Queue()
        followed = frozenset(phones)

        def watch(what: str, chat: Chat, thing: object) -> None:
            if chat.id in followed:
                outbox.put_nowait(dumps(self._change(what, chat, thing)))

        snapshots = [view.snapshot(self._sandbox, self._sandbox.phone(number)) for number in phones]
        outbox.put_nowait(dumps({"what": "all", "phones": snapshots}))
        self._sandbox.world.watchers.append(watch)
        self._outboxes.add(outbox)
        reader = asyncio.create_task(_until_closed(socket, outbox))
        try:
            while (change := await outbox.get()) is not None:
                await socket.send_str(change)
        except ConnectionError:
            pass  # the page went while we were telling it
        finally:
            self._sandbox.world.watchers.remove(watch)
            self._outboxes.discard(outbox)
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            await socket.close()
        return socket

    def _change(self, what: str, chat: Chat, thing: object) -> Json:
        change: Json = {"what": what, "head": view.head(self._sandbox, self._sandbox.phone(chat.id))}
        match thing:
            case Message():
                change["message"] = view.message(thing)
            case Query():
                change["query"] = view.query(thing)
            case str():
                change["action"] = thing
            case _:
                pass
        return change


async def _until_closed(socket: web.WebSocketResponse, outbox: asyncio.Queue[str | None]) -> None:
    async for received in socket:
        if received.type is WSMsgType.ERROR:
            break
    outbox.put_nowait(None)
