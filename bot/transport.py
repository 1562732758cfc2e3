"""python-telegram-bot's requests over aiohttp: several times faster than httpx, and careful with what it tells.

No error made here carries the address (the token is in it) or what was sent or received (people's words).
"""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# Makes RetryAfter.retry_after a timedelta; without it every RetryAfter warns, and every one is made below.
os.environ.setdefault("PTB_TIMEDELTA", "1")

READ, WRITE, MEDIA_WRITE, CONNECT, POOL = 5.0, 5.0, 20.0, 5.0, 1.0  # seconds, as in the library's own HTTPXRequest
DEFAULT = BaseRequest.DEFAULT_NONE
MAX_RETRY_AFTER = 30 * 86_400  # seconds; a longer one is nonsense


class UnreachableError(NetworkError):
    """No connection, a broken one, or an answer that is not the Bot API's. The message is ours, and names the host."""

    __slots__ = ()


class AiohttpRequest(BaseRequest):
    """Requests to the Bot API over one aiohttp session, at most `limit` at a time.

    Raises TimedOut for what took too long, UnreachableError for a connection refused or lost, BadRequest
    for a call that cannot be encoded. Proxies are taken from HTTP_PROXY, HTTPS_PROXY and NO_PROXY
    as they are at `initialize`.
    """

    __slots__ = ("_places", "_session")

    def __init__(self, limit: int = 256) -> None:
        self._places = asyncio.Semaphore(limit)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds without a byte from the server before a call is given up."""
        return READ

    async def initialize(self) -> None:
        """Open the session; does nothing if it is open."""
        if self._session is None:
            proxied = {"http", "https"} & getproxies().keys()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),  # _places counts, so that waiting has a time limit of its own
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=bool(proxied),  # asks two threads a call: 3,800 calls a second instead of 9,000
            )

    async def shutdown(self) -> None:
        """Close the session and its connections; does nothing if it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT,
        write_timeout: ODVInput[float] = DEFAULT,
        connect_timeout: ODVInput[float] = DEFAULT,
        pool_timeout: ODVInput[float] = DEFAULT,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. A refusal's body keeps only what the library may safely read.

        A refusal that is not the Bot API's (a proxy's 403) is UnreachableError: nobody has blocked the bot.

        Timeouts are in seconds, None for no limit. aiohttp has no timeout for writing, and its read timeout
        starts after it, so the answer must begin within connect + write + read.
        """
        media = request_data is not None and request_data.contains_files
        read, connect = _seconds(read_timeout, READ), _seconds(connect_timeout, CONNECT)
        write, pool = _seconds(write_timeout, MEDIA_WRITE if media else WRITE), _seconds(pool_timeout, POOL)
        body = _body(request_data)
        failure: TelegramError
        try:
            async with self._place(pool):
                status, payload = await self._exchange(method, url, body, connect, write, read)
        except TimeoutError:
            failure = TimedOut()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = UnreachableError(_what_failed(error, url))
        else:
            answer = payload if 200 <= status <= 299 else _refusal(payload)
            if answer is not None:
                return status, answer
            failure = UnreachableError(
                f"The Bot API at {urlsplit(url).hostname} does not answer as it should ({status})"
            )
        raise failure  # out here, so that it does not drag along the original with its url

    async def _exchange(
        self,
        method: str,
        url: str,
        body: aiohttp.FormData | None,
        connect: float | None,
        write: float | None,
        read: float | None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("initialize the request before using it")
        limits = aiohttp.ClientTimeout(connect=connect, sock_connect=connect, sock_read=read)
        begin = None if connect is None or write is None or read is None else connect + write + read
        async with asyncio.timeout(begin):
            response = await self._session.request(method, url, data=body, timeout=limits, allow_redirects=False)
        async with response:
            return response.status, await response.read()

    @asynccontextmanager
    async def _place(self, pool: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(pool):
                await self._places.acquire()
        except TimeoutError:
            raise TimedOut("All connections are busy; the request was not sent") from None
        try:
            yield
        finally:
            self._places.release()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON object. Raises TelegramError, without the payload, if there is no `result` in one.

        The library's own writes what it cannot parse to the log, people's words and all, and raises
        KeyError where there is no `result`.
        """
        parsed = _parsed(payload)
        if not isinstance(parsed, dict) or "result" not in parsed:
            raise TelegramError("The answer is not what the Bot API sends")
        return parsed


def _seconds(given: ODVInput[float], default: float) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _body(data: RequestData | None) -> aiohttp.FormData | None:
    """Form fields, or multipart where there are files. Raises BadRequest for text that is not Unicode."""
    if data is None:
        return None
    fields = data.json_parameters
    if not _is_unicode("".join(fields.values())):
        raise BadRequest("The call has text that is not Unicode")
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (file_name, content, content_type) in data.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=file_name, content_type=content_type)
    return form


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair; this error quotes the text, so it ends here
        return False
    return True


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def _refusal(payload: bytes) -> bytes | None:
    """A refusal the library can take (it trusts the shape of `parameters`); None if it is not the Bot API's."""
    refusal = _parsed(payload)
    if not isinstance(refusal, dict) or refusal.get("ok") is not False:
        return None
    description, parameters = refusal.get("description"), refusal.get("parameters")
    clean: dict[str, object] = {"ok": False, "result": None}  # parse_json_payload asks for a result
    if isinstance(description, str):
        clean["description"] = description
    if isinstance(parameters, dict):
        moved, wait = parameters.get("migrate_to_chat_id"), parameters.get("retry_after")
        if isinstance(moved, int):
            clean["parameters"] = {"migrate_to_chat_id": moved}
        elif isinstance(wait, int | float) and 0 < wait <= MAX_RETRY_AFTER:
            clean["parameters"] = {"retry_after": wait}
    return json.dumps(clean).encode()


def _what_failed(error: Exception, url: str) -> str:
    """The host and the kind of error; never the error's own words, which may quote the url."""
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return f"The proxy {error.host} cannot be reached"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"The proxy refused to connect ({error.status})"
    return f"The Bot API at {urlsplit(url).hostname} cannot be reached ({type(error).__name__})"
