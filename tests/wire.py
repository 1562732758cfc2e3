"""Servers for tests of the transport, on real sockets."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import telegram
from aiohttp import web

from bot.transport import AiohttpRequest

TOKEN = "123456:secret-token"
WORDS = "I cannot feel my legs"
SOON = 0.05  # seconds
OK = b'{"ok":true,"result":true}'

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Session = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """An HTTP server on a free port; its address."""
    runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=SOON)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def speaking(session: Session) -> AsyncIterator[str]:
    """A server on bare sockets; its address. What a session waits for must be released by the test."""
    server = await asyncio.start_server(session, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def bot_at(root: str, request: AiohttpRequest) -> telegram.Bot:
    return telegram.Bot(TOKEN, base_url=f"{root}/bot", request=request, get_updates_request=request)


def answering(body: bytes, status: int = 200) -> Handler:
    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, status=status)

    return handler


def told(error: BaseException) -> str:
    """All that a log could show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__)
