"""Calls to the Bot API: what they bring back, and what a refusal means for a row and for an operator."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from telegram import error as api

from bot.telegram import Done, Gone, Later, Never, call, get_updates, say_why, verdict
from bot.transport import AiohttpRequest, UnreachableError
from tests.wire import SOON, TOKEN, answering, bot_at, serving

GET_ME = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Backwatch","username":"backwatch_bot"}}'


@pytest.fixture
async def request_(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AiohttpRequest]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")  # whatever this machine's proxy is
    async with AiohttpRequest() as request:
        yield request


def after(seconds: float) -> Later:
    return Later(timedelta(seconds=seconds))


async def test_a_poll_asks_for_what_we_read_and_confirms_by_its_offset(request_: AiohttpRequest) -> None:
    forms: list[dict[str, object]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        forms.append(dict(await request.post()))
        return web.Response(body=b'{"ok":true,"result":[{"update_id":7},3,"x"]}')

    async with serving(handler) as root:
        bot = bot_at(root, request_)
        assert await get_updates(bot, None, 0) == [{"update_id": 7}, 3, "x"]
        await get_updates(bot, 8, 1, limit=5)

    kinds = '["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]'
    assert forms == [
        {"timeout": "0", "limit": "100", "allowed_updates": kinds},
        {"offset": "8", "timeout": "1", "limit": "5", "allowed_updates": kinds},
    ]


async def test_a_poll_is_given_the_time_it_asked_telegram_to_wait(
    request_: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.READ_MARGIN", SOON)

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(4 * SOON, over.set)
        await over.wait()
        return web.Response(body=b'{"ok":true,"result":[]}')

    async with serving(handler) as root:
        assert await get_updates(bot_at(root, request_), None, 5) == []
        with pytest.raises(api.TimedOut):
            await get_updates(bot_at(root, request_), None, 0)


@pytest.mark.parametrize("result", [b"{}", b"true", b"null", b'"x"'])
async def test_updates_that_are_no_list_are_an_error(request_: AiohttpRequest, result: bytes) -> None:
    async with serving(answering(b'{"ok":true,"result":' + result + b"}")) as root:
        with pytest.raises(api.TelegramError):
            await get_updates(bot_at(root, request_), None, 0)


@pytest.mark.parametrize(
    ("result", "made"), [(b'{"message_id":7}', 7), (b"true", None), (b'{"message_id":"7"}', None), (b"null", None)]
)
async def test_a_call_tells_which_message_it_made(request_: AiohttpRequest, result: bytes, made: int | None) -> None:
    async with serving(answering(b'{"ok":true,"result":' + result + b"}")) as root:
        assert await call(bot_at(root, request_), "sendMessage", {"chat_id": 5, "text": "hello"}) == made


async def test_bytes_are_sent_as_a_file(request_: AiohttpRequest) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000
    seen: list[tuple[object, ...]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        form = await request.post()
        photo = form["photo"]
        assert isinstance(photo, web.FileField)
        seen.append((form["caption"], photo.filename, photo.content_type, photo.file.read() == picture))
        photo.file.close()
        return web.Response(body=b'{"ok":true,"result":{"message_id":7}}')

    async with serving(handler) as root:
        params = {"chat_id": 5, "caption": "this week", "photo": picture}
        assert await call(bot_at(root, request_), "sendPhoto", params, file_name="week.png") == 7

    assert seen == [("this week", "week.png", "image/png", True)]


def test_a_wait_that_telegram_names_is_kept_exactly() -> None:
    assert verdict(api.RetryAfter(31)) == Later(timedelta(seconds=31), flood=True)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (api.TimedOut(), after(2)),
        (UnreachableError("The Bot API at 127.0.0.1 cannot be reached (x)"), after(2)),
        (api.NetworkError("Bad Gateway (502)"), after(2)),
        (api.TelegramError("The answer is not what the Bot API sends"), after(2)),
        (api.Conflict("terminated by other getUpdates request"), after(5)),
        (api.InvalidToken("Unauthorized"), after(60)),
        (api.EndPointNotFound("Endpoint 'sendMessage' not found in Bot API"), after(60)),
    ],
)
def test_what_may_pass_is_tried_again(error: api.TelegramError, meaning: Later) -> None:
    assert verdict(error) == meaning


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("query is too old and response timeout expired or query ID is invalid", "too_old"),
        ("message to edit not found", "no_message"),
        ("message can't be edited", "no_message"),
        ("message is too long", "too_long"),
        ("MESSAGE_TOO_LONG", "too_long"),
        ("file is too big", "too_large"),
        ("can't parse entities: what the person wrote", "refused"),
    ],
)
def test_what_cannot_pass_is_given_up_for_a_reason_in_our_own_words(words: str, reason: str) -> None:
    assert verdict(api.BadRequest(f"Bad Request: {words}")) == Never(reason)


def test_a_message_that_already_says_so_is_done() -> None:
    error = api.BadRequest("Bad Request: message is not modified: specified new message content and reply markup")

    assert verdict(error) == Done()


async def test_a_file_too_large_for_telegram_is_not_tried_again(request_: AiohttpRequest) -> None:
    assert verdict(await refused(413, "Request Entity Too Large", request_)) == Never("too_large")
    assert verdict(UnreachableError("does not answer as it should (413)")) == Never("too_large")


def test_a_group_that_moved_is_given_up() -> None:
    assert verdict(api.ChatMigrated(-1005)) == Never("moved")


@pytest.mark.parametrize(
    "error",
    [
        api.Forbidden("Forbidden: bot was blocked by the user"),
        api.Forbidden("Forbidden: user is deactivated"),
        api.BadRequest("Bad Request: chat not found"),
        api.BadRequest("Bad Request: PEER_ID_INVALID"),
    ],
)
def test_a_person_who_cannot_be_reached_is_gone(error: api.TelegramError) -> None:
    assert verdict(error) == Gone()


async def refused(status: int, description: str, request: AiohttpRequest) -> api.TelegramError:
    """What a bot that was accepted at its start raises when a call is refused later."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        if request.path.endswith("/getMe"):
            return web.Response(body=GET_ME)
        return web.json_response({"ok": False, "description": description}, status=status)

    async with serving(handler) as root:
        bot = bot_at(root, request)
        await bot.initialize()
        with pytest.raises(api.TelegramError) as caught:
            await get_updates(bot, None, 0)
        await bot.shutdown()
    return caught.value


async def test_an_operator_is_told_what_to_do(request_: AiohttpRequest) -> None:
    other = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    hook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
    lines = [
        say_why(await refused(*reply, request_))
        for reply in ((401, "Unauthorized"), (404, "Not Found"), (409, other), (409, hook), (400, "x"), (500, "x"))
    ]

    assert lines == [
        "The token was refused (401). Check BACKWATCH_TOKEN.",
        "The Bot API does not know this token (404). Check BACKWATCH_TOKEN and BACKWATCH_API_URL.",
        "Another program polls with this token (409). Stop one of the two.",
        "This bot has a webhook (409), so it cannot be polled. Remove it with deleteWebhook.",
        "The Bot API refused the call (400 or 403).",
        "The Bot API answers with an error of its own; trying again.",
    ]


async def test_a_token_refused_at_the_start_is_not_repeated(request_: AiohttpRequest) -> None:
    async with serving(answering(b'{"ok":false,"description":"Unauthorized"}', 401)) as root:
        with pytest.raises(api.InvalidToken) as caught:
            await bot_at(root, request_).initialize()

    assert TOKEN in str(caught.value)
    assert say_why(caught.value) == "The token was refused (401). Check BACKWATCH_TOKEN."


def test_an_operator_is_told_what_is_out_of_reach() -> None:
    cut = UnreachableError("The Bot API at api.telegram.org cannot be reached (ClientConnectorError)")

    assert say_why(cut) == "The Bot API at api.telegram.org cannot be reached (ClientConnectorError); trying again."
    assert say_why(api.TimedOut()) == "The Bot API did not answer in time; trying again."
    assert say_why(api.RetryAfter(90)) == "The Bot API wants us to wait 0:01:30 (429)."
    assert say_why(api.TelegramError("x")) == "The Bot API's answer could not be read; trying again."
