"""The Bot API over real sockets: what arrives, what is given up, and what is never told."""

import asyncio
import gzip
import socket
import struct
from collections.abc import AsyncIterator

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, NetworkError

from bot.transport import AiohttpRequest, UnreachableError
from tests.wire import OK, SOON, TOKEN, WORDS, answering, bot_at, serving, speaking, told


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest() as request:
        yield request


async def test_what_is_sent_arrives(request_: AiohttpRequest) -> None:
    seen: list[tuple[str, dict[str, object]]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.path, dict(await request.post())))
        return web.Response(body='{"ok":true,"result":{"message_id":7,"text":"grüezi 🌍"}}'.encode())

    keyboard = {"inline_keyboard": [[{"text": "Yes & no", "callback_data": "legs:yes::1"}]]}
    async with serving(handler) as root:
        params = {"chat_id": 5, "text": "grüezi = 🌍 & +1%", "reply_markup": keyboard, "protect_content": True}
        result = await bot_at(root, request_).do_api_request("sendMessage", api_kwargs=params)

    assert result == {"message_id": 7, "text": "grüezi 🌍"}
    [(path, form)] = seen
    assert path == f"/bot{TOKEN}/sendMessage"
    assert form == {
        "chat_id": "5",
        "text": "grüezi = 🌍 & +1%",
        "reply_markup": '{"inline_keyboard": [[{"text": "Yes & no", "callback_data": "legs:yes::1"}]]}',
        "protect_content": "true",
    }


async def test_a_file_arrives_byte_for_byte_with_its_name_and_type(request_: AiohttpRequest) -> None:
    content = bytes(range(256)) * 1000 + b"\r\n--boundary\r\n"
    seen: list[tuple[str, str, bytes, str]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        form = await request.post()
        file, caption = form["document"], form["caption"]
        assert isinstance(file, web.FileField)
        assert isinstance(caption, str)
        seen.append((file.filename, file.content_type, file.file.read(), caption))
        file.file.close()
        return web.Response(body=OK)

    async with serving(handler) as root:
        params = {"chat_id": 5, "caption": "für Sie", "document": telegram.InputFile(content, filename="my data.csv")}
        await bot_at(root, request_).do_api_request("sendDocument", api_kwargs=params)

    assert seen == [("my data.csv", "text/csv", content, "für Sie")]


async def test_an_answer_that_does_not_come_is_given_up(request_: AiohttpRequest) -> None:
    over = asyncio.Event()

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        await over.wait()
        return web.Response(body=OK)

    async with serving(handler) as root:
        with pytest.raises(telegram.error.TimedOut):
            await request_.post(f"{root}/bot{TOKEN}/getMe", read_timeout=SOON)
        over.set()


async def test_an_answer_that_stops_half_way_is_given_up(request_: AiohttpRequest) -> None:
    over = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(OK))})
        await response.prepare(request)
        await response.write(OK[:10])
        await over.wait()
        return response

    async with serving(handler) as root:
        with pytest.raises(telegram.error.TimedOut):
            await request_.post(f"{root}/bot{TOKEN}/getMe", read_timeout=SOON)
        over.set()


async def test_an_upload_nobody_reads_is_given_up(request_: AiohttpRequest) -> None:
    over = asyncio.Event()

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.transport.abort()

    params = {"chat_id": 5, "document": telegram.InputFile(bytes(30_000_000), filename="large.bin")}
    async with speaking(session) as root:
        with pytest.raises(telegram.error.TimedOut):
            await bot_at(root, request_).do_api_request(
                "sendDocument", params, read_timeout=SOON, write_timeout=SOON, connect_timeout=SOON
            )
        over.set()


async def test_a_call_that_finds_every_connection_busy_is_not_sent() -> None:
    came: list[str] = []
    first, over = asyncio.Event(), asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        came.append(request.path)
        first.set()
        await over.wait()
        return web.Response(body=OK)

    async with serving(handler) as root, AiohttpRequest(limit=1) as request:
        waiting = asyncio.create_task(request.post(f"{root}/first"))
        await first.wait()
        with pytest.raises(telegram.error.TimedOut, match="not sent"):
            await request.post(f"{root}/second", pool_timeout=SOON)
        over.set()
        assert await waiting is True
        assert await request.post(f"{root}/third") is True

    assert came == ["/first", "/third"]


async def test_a_call_that_was_cancelled_gives_its_connection_back() -> None:
    first, over = asyncio.Event(), asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/first":
            first.set()
            await over.wait()
        return web.Response(body=OK)

    async with serving(handler) as root, AiohttpRequest(limit=1) as request:
        waiting = asyncio.create_task(request.post(f"{root}/first"))
        await first.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await request.post(f"{root}/second") is True
        over.set()


async def test_a_refused_connection_names_the_host_and_nothing_else(request_: AiohttpRequest) -> None:
    with socket.socket() as taken:  # bound but not listening: refuses
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(UnreachableError) as caught:
            await request_.post(f"http://127.0.0.1:{taken.getsockname()[1]}/bot{TOKEN}/getMe")

    assert caught.value.message == "The Bot API at 127.0.0.1 cannot be reached (ClientConnectorError)"
    assert TOKEN not in told(caught.value)


async def test_a_connection_cut_half_way_is_told_without_the_token(request_: AiohttpRequest) -> None:
    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
        writer.transport.abort()

    params = {"chat_id": 5, "document": telegram.InputFile(bytes(5_000_000), filename="large.bin")}
    async with speaking(session) as root:
        for call in (request_.post(f"{root}/bot{TOKEN}/getMe"), bot_at(root, request_).do_api_request("x", params)):
            with pytest.raises(UnreachableError) as caught:
                await call
            assert TOKEN not in told(caught.value)


async def test_an_answer_that_is_no_http_is_told_without_the_token(request_: AiohttpRequest) -> None:
    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        await writer.drain()
        writer.close()

    async with speaking(session) as root:
        with pytest.raises(UnreachableError) as caught:
            await request_.post(f"{root}/bot{TOKEN}/getMe")

    assert TOKEN not in told(caught.value)


async def test_a_redirect_is_not_followed_with_the_token(request_: AiohttpRequest) -> None:
    came: list[str] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        came.append(request.path)
        return web.Response(status=301, headers={"Location": "/elsewhere"})

    async with serving(handler) as root:
        with pytest.raises(UnreachableError, match="301"):
            await request_.post(f"{root}/here")

    assert came == ["/here"]


async def test_a_compressed_answer_is_read(request_: AiohttpRequest) -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        assert "gzip" in request.headers["Accept-Encoding"]
        return web.Response(body=gzip.compress(OK), headers={"Content-Encoding": "gzip"})

    async with serving(handler) as root:
        assert await request_.post(f"{root}/x") is True


async def test_calls_share_a_connection_and_keep_no_cookies(request_: AiohttpRequest) -> None:
    came: list[tuple[object, str]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        came.append((peer, request.headers.get("Cookie", "")))
        return web.Response(body=OK, headers={"Set-Cookie": "track=1"})

    async with serving(handler) as root:
        await request_.post(f"{root}/x")
        await request_.post(f"{root}/x")

    assert came[0] == came[1]
    assert came[0][1] == ""


@pytest.mark.parametrize(("exempt", "through"), [("", "proxy"), ("bot.test,127.0.0.1", "direct")])
async def test_the_proxy_of_the_environment_is_used_unless_the_host_is_exempt(
    monkeypatch: pytest.MonkeyPatch, exempt: str, through: str
) -> None:
    asked: list[str] = []

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{"ok":true,"result":"proxy"}  ')
        await writer.drain()
        writer.close()

    async with serving(answering(b'{"ok":true,"result":"direct"}')) as root, speaking(session) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.replace("//", "//user:pass@"))
        monkeypatch.setenv("http_proxy", proxy.replace("//", "//user:pass@"))
        monkeypatch.setenv("NO_PROXY", exempt)
        monkeypatch.setenv("no_proxy", exempt)
        async with AiohttpRequest() as request:
            answer: object = await request.post(f"{root}/x")
            assert answer == through

    assert [line.split("\r\n")[0] for line in asked] == ([f"POST {root}/x HTTP/1.1"] if through == "proxy" else [])
    assert all("Proxy-Authorization: Basic dXNlcjpwYXNz" in line for line in asked)


async def test_a_proxy_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{taken.getsockname()[1]}")
        async with AiohttpRequest() as request:
            with pytest.raises(UnreachableError) as caught:
                await request.post(f"http://bot.test/bot{TOKEN}/getMe")

    assert caught.value.message == "The proxy 127.0.0.1 cannot be reached"


@pytest.mark.parametrize("files", [{}, {"document": telegram.InputFile(b"x", filename="x.txt")}])
async def test_text_that_is_not_unicode_is_refused_without_repeating_it(
    request_: AiohttpRequest, files: dict[str, object]
) -> None:
    with pytest.raises(BadRequest) as caught:
        await bot_at("http://127.0.0.1:9", request_).do_api_request("x", {"text": f"{WORDS} \ud83d", **files})

    assert WORDS not in told(caught.value)


async def test_it_can_be_closed_twice_and_opened_again() -> None:
    request = AiohttpRequest()
    async with serving(answering(OK)) as root:
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(f"{root}/x") is True
            await request.shutdown()
            await request.shutdown()
        with pytest.raises(NetworkError, match="initialize"):
            await request.post(f"{root}/x")


def test_the_library_is_told_how_long_a_read_may_take() -> None:
    assert AiohttpRequest().read_timeout == 5.0
