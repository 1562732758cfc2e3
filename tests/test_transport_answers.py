"""Answers of every shape: what they become, and that nobody's words are in it."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.transport import AiohttpRequest, UnreachableError
from tests.wire import TOKEN, WORDS, answering, serving, told


@pytest.fixture
async def request_(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AiohttpRequest]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")  # whatever this machine's proxy is
    async with AiohttpRequest() as request:
        yield request


async def failure(body: bytes, status: int, request: AiohttpRequest) -> TelegramError:
    """The error an answer becomes."""
    async with serving(answering(body, status)) as root:
        with pytest.raises(TelegramError) as caught:
            await request.post(f"{root}/bot{TOKEN}/sendMessage")
    return caught.value


@pytest.mark.parametrize("status", [200, 400, 502])
async def test_an_answer_that_is_not_json_is_neither_logged_nor_repeated(
    request_: AiohttpRequest, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO)

    error = await failure(f'{{"ok":true,"result":[{{"text":"{WORDS}"'.encode(), status, request_)

    assert WORDS not in told(error)
    assert caplog.text == ""


@pytest.mark.parametrize("body", [b"", b"nul", b"[]", b"{}", b'{"ok":true}', b'"ok"', b"\xff", b"[" * 100_000])
async def test_an_answer_of_any_shape_is_a_telegram_error(request_: AiohttpRequest, body: bytes) -> None:
    assert (await failure(body, 200, request_)).message == "The answer is not what the Bot API sends"


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"[]", b"{}", b'{"ok":0}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 409, 413, 502, 599])
async def test_a_proxys_refusal_is_not_mistaken_for_telegrams(
    request_: AiohttpRequest, body: bytes, status: int
) -> None:
    error = await failure(body, status, request_)

    assert type(error) is UnreachableError
    assert error.message == f"The Bot API at 127.0.0.1 does not answer as it should ({status})"


@pytest.mark.parametrize(
    "parameters", ['"x"', "[]", '{"retry_after":"soon"}', '{"retry_after":-1}', '{"retry_after":1e300}', '{"a":{}}']
)
async def test_a_refusal_of_any_shape_is_a_refusal(request_: AiohttpRequest, parameters: str) -> None:
    body = f'{{"ok":false,"description":"Bad Request: chat not found","parameters":{parameters}}}'

    error = await failure(body.encode(), 400, request_)

    assert isinstance(error, BadRequest)
    assert error.message == "Chat not found"


async def test_telegrams_refusals_become_the_librarys_errors(request_: AiohttpRequest) -> None:
    flood = await failure(b'{"ok":false,"description":"x","parameters":{"retry_after":7}}', 429, request_)
    moved = await failure(b'{"ok":false,"parameters":{"migrate_to_chat_id":-1005}}', 400, request_)
    gone = await failure(b'{"ok":false,"description":"Forbidden: bot was blocked by the user"}', 403, request_)
    token = await failure(b'{"ok":false,"description":"Unauthorized"}', 401, request_)

    assert isinstance(flood, RetryAfter)
    assert flood.retry_after == timedelta(seconds=7)
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -1005
    assert (type(gone), type(token)) == (Forbidden, InvalidToken)
