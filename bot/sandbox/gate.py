"""Where a bot's calls come in: token, log, faults, pace, then the method."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import time
from typing import Literal

from aiohttp import web

from bot.sandbox.faults import Call, CallLog, Fault, Faults, Flood
from bot.sandbox.methods import METHODS, PACED
from bot.sandbox.wire import ApiError, Params, chat_number, ok, read_params, refusal, reply
from bot.sandbox.world import World

TOKEN = re.compile(r"[1-9]\d{0,15}:[\w-]{1,64}", re.ASCII)  # as @BotFather makes them: bot id, colon, secret
PREFIXES = ("/bot", "/file/bot")


class Gate:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World, token: str, flood: Flood | None, keep_calls: int) -> None:
        if not TOKEN.fullmatch(token):
            raise ValueError("a bot token looks like 100000:ABC-def_1")
        self.world = world
        self.token = token
        self.revoked = False
        self.down: Literal["503", "refuse"] | None = None
        self.flood = flood
        self.faults = Faults()
        self.calls = CallLog(keep_calls)
        self.stopping = asyncio.Event()  # ends delays at once

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Reply to one request as Telegram would, or fail it as asked."""
        if self.down is not None:
            return self._away(request)
        path = request.rel_url.path
        try:
            if path.startswith("/file/"):
                return self._download(path.removeprefix("/file/bot"))
            token, _, method = path.removeprefix("/bot").partition("/")
            return await self._call(request, token, method)
        except ApiError as error:
            return refusal(error)

    @property
    def open(self) -> bool:
        """Whether the API is up and the token right."""
        return self.down is None and not self.revoked

    def _away(self, request: web.BaseRequest) -> web.Response:
        return _cut(request) if self.down == "refuse" else refusal(ApiError(503, "Service Unavailable"))

    def _check_token(self, token: str) -> None:
        if token == self.token and not self.revoked:
            return
        raise ApiError(401, "Unauthorized") if TOKEN.fullmatch(token) else ApiError(404, "Not Found")

    async def _call(self, request: web.BaseRequest, token: str, spelled: str) -> web.Response:
        params = await read_params(request)
        chat = chat_number(params.text("chat_id"))
        call = Call(spelled, chat, params, self.world.now(), time.monotonic())
        self.calls.add(call)
        try:
            self._check_token(token)
            method = spelled.lower()
            fault = self.faults.take(method, chat)
            if fault is None:
                response = await self._effect(request, method, params)
            else:
                response = await self._faulty(request, method, params, fault)
        except ApiError as error:
            response = refusal(error)
        call.status = response.status
        return response

    async def _effect(self, request: web.BaseRequest, method: str, params: Params) -> web.Response:
        if method == "getupdates":
            return await self._get_updates(request, params)
        known = METHODS.get(method)
        if known is None:
            raise ApiError(404, "Not Found")
        if self.flood is not None and method in PACED:
            self.flood.check(params.text("chat_id"))
        return ok(known(self.world, params))

    async def _get_updates(self, request: web.BaseRequest, params: Params) -> web.Response:
        updates = self.world.updates
        allowed = params.parsed("allowed_updates", "allowed updates")
        if isinstance(allowed, list):
            updates.allowed = frozenset(map(str, allowed)) or None
        offset, limit, timeout = params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
        taken = await updates.take(offset, limit, timeout, lambda: request.transport is not None and self.open)
        if self.down is not None:
            return self._away(request)
        if self.revoked:
            raise ApiError(401, "Unauthorized")
        return reply(f'{{"ok":true,"result":{taken}}}')

    async def _faulty(self, request: web.BaseRequest, method: str, params: Params, fault: Fault) -> web.Response:
        if fault.when == "before":
            await self._pause(fault.delay)
            return _failed(request, fault) if fault.fails else await self._effect(request, method, params)
        response = await self._effect(request, method, params)
        await self._pause(fault.delay)
        return _failed(request, fault) if fault.fails else response

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            try:
                await asyncio.wait_for(self.stopping.wait(), seconds)
            except TimeoutError:
                return

    def _download(self, rest: str) -> web.Response:
        token, _, path = rest.partition("/")
        self._check_token(token)
        stored = self.world.paths.get(path)
        if stored is None:
            raise ApiError(404, "Not Found")
        return web.Response(body=stored.data, content_type="application/octet-stream")


def _failed(request: web.BaseRequest, fault: Fault) -> web.Response:
    if fault.reset:
        return _cut(request)
    if fault.error is not None:
        return refusal(fault.error)
    return reply(fault.body or "", fault.status or 200)


def _cut(request: web.BaseRequest) -> web.Response:
    """Reset the connection (RST, by SO_LINGER 0) instead of answering; the response goes nowhere."""
    if request.transport is not None:
        sock = request.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(status=500)
