"""The sandbox's own HTTP: the demo page, and everything the Python API does, as JSON under /control/.

A body is a JSON object; so is every answer, {"error": words} with 400, 404 or 408 when it did not work.

    GET    phones/<id> · phones/<id>/messages · phones/<id>/wait?text=&since=&timeout=
    POST   phones {id, name} · phones/<id>/<what the person does>, see PHONE_VERBS
    POST   crowd {first, count, text} · chats {id, kind, title} · post {chat, text}
    POST   updates {raw, update_id} · updates/next {update_id} · updates/repeat
    POST   faults {the fields of Fault} · DELETE faults
    POST   revoke · restore · down {how, seconds} · up · flood {the fields of Flood} · DELETE flood
    GET    calls?method=&chat= · DELETE calls
    GET    clock · POST clock {seconds} or {to} or {due: true}
    GET    live?phones=1001,1002 (WebSocket) · files/<file_id>
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import inspect
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.sandbox import view
from bot.sandbox.faults import Fault, Flood
from bot.sandbox.live import Live
from bot.sandbox.phone import Phone
from bot.sandbox.pictures import PICTURE
from bot.sandbox.wire import ApiError, Json, dumps, reply
from bot.sandbox.world import Message, Query

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

PAGE = Path(__file__).parent / "page"
PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # the rest is only downloaded
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[Json], object]


class Control:
    """Answers every path that is not Telegram's."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._live = Live(sandbox)
        self._verbs: dict[str, Handler] = {
            "POST phones": self._new_phone,
            "POST chats": lambda body: sandbox.chat(body["id"], body["kind"], body["title"]).wire(),
            "POST crowd": lambda body: sandbox.crowd(body["first"], body["count"], body["text"]),
            "POST post": lambda body: sandbox.channel_post(body["chat"], body["text"]).wire(),
            "POST updates": lambda body: {"update_id": sandbox.inject(body["raw"], body.get("update_id"))},
            "POST updates/next": lambda body: sandbox.next_update_id(body["update_id"]),
            "POST updates/repeat": lambda _: {"update_id": sandbox.repeat()},
            "POST faults": lambda body: dataclasses.asdict(sandbox.faults.add(Fault(**body))),
            "DELETE faults": lambda _: sandbox.faults.clear(),
            "POST revoke": lambda _: sandbox.revoke(),
            "POST restore": lambda _: sandbox.restore(),
            "POST down": lambda body: sandbox.down(**body),
            "POST up": lambda _: sandbox.up(),
            "POST flood": self._set_flood,
            "DELETE flood": lambda _: setattr(sandbox, "flood", None),
            "GET calls": self._calls,
            "DELETE calls": lambda _: sandbox.calls.clear(),
            "GET clock": lambda _: self.clock(),
            "POST clock": self._advance,
        }

    def close(self) -> None:
        """End the open pages' connections."""
        self._live.close()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve the page, its live connection, a file, or a control call."""
        path = request.rel_url.path
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return reply(dumps({"error": "only the sandbox's own page may call this"}), 403)
        if not path.startswith("/control/"):
            return _page_file(path)
        path = path.removeprefix("/control/")
        if path == "live":
            return await self._live.serve(request)
        if path.startswith("files/"):
            return self._file(path.removeprefix("files/"))
        return await self._json(request, path)

    async def _json(self, request: web.BaseRequest, path: str) -> web.Response:
        try:
            text = await request.text() if request.body_exists else ""
            body = {**request.rel_url.query, **(json.loads(text) if text.strip() else {})}
            handler = self._verbs.get(f"{request.method} {path}")
            if handler is None and path.startswith("phones/"):
                result: object = self._phone(request.method, path.removeprefix("phones/"), body)
            elif handler is None:
                return reply(dumps({"error": f"no {request.method} /control/{path}"}), 404)
            else:
                result = handler(body)
            result = await result if inspect.isawaitable(result) else result
        except TimeoutError as error:
            return reply(dumps({"error": str(error)}), 408)
        except KeyError as error:
            return reply(dumps({"error": f"{error} is missing or unknown"}), 400)
        except (ApiError, LookupError, TypeError, ValueError) as error:
            return reply(dumps({"error": str(error) or type(error).__name__}), 400)
        return reply(dumps({} if result is None else _as_json(result)))

    # phones

    def _new_phone(self, body: Json) -> object:
        sandbox = self._sandbox
        phone = sandbox.phone(
            body["id"], body.get("name"), username=body.get("username"), language=body.get("language", "en")
        )
        return view.head(sandbox, phone)

    def _phone(self, method: str, path: str, body: Json) -> object:
        number, _, verb = path.partition("/")
        if method == "GET" and int(number) not in self._sandbox.world.users:
            raise ValueError(f"there is no phone {number}")
        phone = self._sandbox.phone(int(number))
        if method == "GET":
            reads: dict[str, Callable[[], object]] = {
                "": lambda: view.snapshot(self._sandbox, phone),
                "messages": lambda: {"messages": [view.message(m) for m in phone.messages]},
                "wait": lambda: phone.wait_for(
                    str(body.get("text", "")), float(body.get("timeout", 5)), since=int(body.get("since", 0))
                ),
            }
            return reads[verb]()
        if verb not in PHONE_VERBS:
            raise ValueError(f"a phone cannot {verb!r}; it can {', '.join(PHONE_VERBS)}")
        return PHONE_VERBS[verb](phone, body)

    # the rest

    def _set_flood(self, body: Json) -> None:
        self._sandbox.flood = Flood(**body)

    def _calls(self, body: Json) -> Json:
        chat = int(body["chat"]) if "chat" in body else None
        calls = self._sandbox.calls
        return {"counts": dict(calls.counts), "calls": [view.call(call) for call in calls.of(body.get("method"), chat)]}

    async def clock(self) -> Json:
        """What the clock panel shows: times in ISO 8601, UTC."""
        sandbox = self._sandbox
        due = sandbox.next_due() if sandbox.next_due is not None else None
        due = await due if inspect.isawaitable(due) else due
        return {
            "now": sandbox.world.now().astimezone(UTC).isoformat(),
            "can_advance": sandbox.advance is not None,
            "can_skip": sandbox.advance is not None and sandbox.next_due is not None,
            "next_due": due.astimezone(UTC).isoformat() if due is not None else None,
        }

    async def _advance(self, body: Json) -> Json:
        """Move the bot's clock: {"seconds": n}, {"to": ISO time} or {"due": true} for the next check-in."""
        sandbox = self._sandbox
        if sandbox.advance is None:
            raise ValueError("this sandbox was given no clock to move")
        if body.get("due"):
            due = (await self.clock())["next_due"]
            if due is None:
                raise ValueError("nothing is due")
            to = datetime.fromisoformat(due)
        elif "to" in body:
            to = datetime.fromisoformat(body["to"])
        else:
            to = sandbox.world.now() + timedelta(seconds=float(body["seconds"]))
        moved = sandbox.advance(to)
        if inspect.isawaitable(moved):
            await moved
        return await self.clock()

    def _file(self, file_id: str) -> web.Response:
        stored = self._sandbox.world.files.get(file_id)
        if stored is None:
            return reply(dumps({"error": "no such file"}), 404)
        inline = stored.content_type in SHOWN_INLINE
        response = web.Response(body=stored.data, headers=HEADERS)
        response.content_type = stored.content_type if inline else "application/octet-stream"
        kind = "inline" if inline else "attachment"
        response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(stored.name, safe='')}"
        return response


def _bytes(body: Json, default: bytes) -> bytes:
    if "data" not in body:
        return default
    try:
        return base64.b64decode(body["data"], validate=True)
    except binascii.Error:
        raise ValueError("data must be base64") from None


PHONE_VERBS: dict[str, Callable[[Phone, Json], object]] = {
    "say": lambda phone, b: phone.say(b["text"], chat=b.get("chat"), reply_to=b.get("reply_to")),
    "command": lambda phone, b: phone.command(b["text"], chat=b.get("chat")),
    "tap": lambda phone, b: phone.tap(int(b["message_id"]), b["what"]),
    "press": lambda phone, b: phone.press(int(b["message_id"]), b["data"], chat=b.get("chat")),
    "edit": lambda phone, b: phone.edit(int(b["message_id"]), b["text"], chat=b.get("chat")),
    "photo": lambda phone, b: phone.photo(_bytes(b, PICTURE), b.get("caption", ""), chat=b.get("chat")),
    "document": lambda phone, b: phone.document(
        _bytes(b, b"hello"), b.get("name", "notes.txt"), b.get("content_type", "text/plain"), b.get("caption", "")
    ),
    "sticker": lambda phone, b: phone.sticker(b.get("emoji", "👍"), chat=b.get("chat")),
    "voice": lambda phone, b: phone.voice(b.get("seconds", 3), chat=b.get("chat")),
    "location": lambda phone, b: phone.location(b.get("latitude", 51.4779), b.get("longitude", -0.0015)),
    "forward": lambda phone, b: phone.forward(b["text"], b.get("origin", "A friend"), chat=b.get("chat")),
    "block": lambda phone, _: phone.block(),
    "unblock": lambda phone, _: phone.unblock(),
}


def _as_json(result: object) -> object:
    match result:
        case Message():
            return view.message(result)
        case Query():
            return view.query(result)
        case _:
            return result


def _page_file(path: str) -> web.Response:
    found = PAGE / (path.removeprefix("/") or "index.html")
    if found.parent != PAGE or found.suffix not in PAGE_TYPES or not found.is_file():
        return web.Response(status=404, text="Not Found")
    return web.Response(
        body=found.read_bytes(), headers=HEADERS, content_type=PAGE_TYPES[found.suffix], charset="utf-8"
    )
