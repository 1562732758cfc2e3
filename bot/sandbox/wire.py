"""What goes over HTTP: one call's parameters in, Telegram's JSON out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Json = dict[str, Any]

MAX_UPLOAD_BYTES = 50 * 1024 * 1024  # Bot API, "Sending files": 50 MB for other files


class ApiError(Exception):
    """A refusal in Telegram's words; becomes an `"ok": false` reply with the same HTTP status."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after  # whole seconds


def bad(words: str) -> ApiError:
    """A 400: `words` without Telegram's "Bad Request: "."""
    return ApiError(400, f"Bad Request: {words}")


def chat_number(given: str) -> int | None:
    """A chat_id as a number; None for "@names", which the sandbox has none of, and for nonsense."""
    try:
        return int(given)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent as multipart/form-data."""

    name: str
    content_type: str
    data: bytes

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {len(self.data)} bytes)"


class Params(dict[str, Any]):
    """One call's parameters. Strings from a form, anything from JSON; the readers accept both."""

    def text(self, name: str) -> str:
        """The parameter as text; "" when absent."""
        value = self.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as an integer; `default` when absent or not a number, as Telegram does."""
        try:
            return int(self.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """The parameter as true or false (Telegram takes "true", "yes" and "1")."""
        value = self.get(name)
        return value.lower() in {"true", "yes", "1"} if isinstance(value, str) else bool(value)

    def parsed(self, name: str, thing: str) -> Any:
        """The parameter from its JSON; None when absent. Refuses what does not parse: "can't parse `thing`"."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {thing} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, directly or by attach://<part>."""
        value = self.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.get(value.removeprefix("attach://"))
        return value if isinstance(value, Upload) else None


async def read_params(request: web.BaseRequest) -> Params:
    """Query string, then body (form, multipart or JSON): Bot API, "Making requests"."""
    query = request.rel_url.raw_query_string
    params = Params(parse_qsl(query, keep_blank_values=True)) if query else Params()
    if request.method != "POST" or not request.body_exists:
        return params
    kind = request.content_type
    if kind == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                params[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                params[name] = value
    elif kind == "application/json":
        params.update(_json_object(await request.read()))
    elif kind == "application/x-www-form-urlencoded":
        params.update(parse_qsl((await request.read()).decode(errors="replace"), keep_blank_values=True))
    return params


def _json_object(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        parsed = json.loads(body)
    except ValueError:
        raise bad("can't parse request body JSON object") from None
    if not isinstance(parsed, dict):
        raise bad("object expected as request body")
    return parsed


def dumps(value: object) -> str:
    """JSON as Telegram sends it: no spaces, non-ASCII escaped."""
    return json.dumps(value, separators=(",", ":"))


def reply(body: str, status: int = 200) -> web.Response:
    """An HTTP reply with a JSON body."""
    return web.Response(body=body.encode(), status=status, content_type="application/json")


def ok(result: object) -> web.Response:
    """Telegram's success."""
    return reply(f'{{"ok":true,"result":{dumps(result)}}}')


def refusal(error: ApiError) -> web.Response:
    """Telegram's failure, `parameters.retry_after` in whole seconds where there is one."""
    body: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.retry_after is None:
        return reply(dumps(body), error.status)
    response = reply(dumps({**body, "parameters": {"retry_after": error.retry_after}}), error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
