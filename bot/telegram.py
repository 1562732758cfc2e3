"""Translates: a raw update to an Event, a row to a Bot API call, Telegram's errors to what they mean for a row."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import telegram
from telegram import error as api
from telegram.warnings import PTBUserWarning

from bot.transport import UnreachableError
from flows.events import Blocked, CalledFromGroup, Commanded, Edited, Event, Said, SentOther, Tapped, Unblocked
from flows.press import pressed

# The library says so about every raw call; ours are raw on purpose: it cannot choke on an update then.
warnings.filterwarnings("ignore", message=r"Please use 'Bot\.", category=PTBUserWarning)

READ_MARGIN = 5.0  # seconds for a poll's answer after Telegram has ended its wait
ALLOWED_UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?!\w)[.,;:!?]*(.*)", re.DOTALL)  # "/stop!" is meant too
# Bot API, Message: what somebody sends; a kind Telegram has added since is "other"
KINDS = (
    "animation audio document live_photo paid_media photo sticker story video video_note voice checklist contact dice "
    "game poll venue location invoice giveaway"
)
# Bot API, Message, "Service message": what happened to the chat; nobody says anything by it
SERVICE = (
    "boost_added chat_background_set channel_chat_created chat_owner_changed chat_owner_left chat_shared "
    "checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo direct_message_price_changed "
    "forum_topic_closed forum_topic_created forum_topic_edited forum_topic_reopened general_forum_topic_hidden "
    "general_forum_topic_unhidden gift gift_upgrade_sent giveaway_completed giveaway_created giveaway_winners "
    "group_chat_created left_chat_member managed_bot_created message_auto_delete_timer_changed migrate_from_chat_id "
    "migrate_to_chat_id new_chat_members new_chat_photo new_chat_title paid_message_price_changed passport_data "
    "pinned_message poll_option_added poll_option_deleted proximity_alert_triggered refunded_payment "
    "successful_payment suggested_post_approval_failed suggested_post_approved suggested_post_declined "
    "suggested_post_paid suggested_post_refunded supergroup_chat_created unique_gift users_shared video_chat_ended "
    "video_chat_participants_invited video_chat_scheduled video_chat_started web_app_data write_access_allowed"
)
_KINDS, _SERVICE = KINDS.split(), frozenset(SERVICE.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An update, read. `chat` is where it came from: the person's own chat, or a group's or channel's.

    `language`: IETF tag of the sender's app, empty if not told. `tap`: the callback query to answer, empty if none.
    `message`: under which the tapped button stands, 0 if that can no longer be changed. `sent_at`: Telegram's time,
    None where it tells none.
    """

    update: int
    chat: int
    event: Event
    language: str = ""
    tap: str = ""
    message: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The message already is what the call wanted."""


@dataclass(frozen=True, slots=True)
class Later:
    """Worth another try after `wait`. `flood`: Telegram named the wait."""

    wait: timedelta
    flood: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """Not worth another try. `reason` is one of ours: too_old, no_message, too_long, too_large, moved, refused."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The person blocked the bot, deleted their account, or never wrote to it."""


Verdict = Done | Later | Never | Gone

# What Telegram's 400s and 413 say, in lower case (telegram-bot-api and tdlib sources), and what it means
TOO_LARGE = Never("too_large")
REFUSALS: tuple[tuple[str, Verdict], ...] = (
    ("message is not modified", Done()),
    ("query is too old", Never("too_old")),
    ("query id is invalid", Never("too_old")),
    ("query_id_invalid", Never("too_old")),
    ("message to edit not found", Never("no_message")),
    ("message to delete not found", Never("no_message")),
    ("message can't be edited", Never("no_message")),
    ("there is no text in the message to edit", Never("no_message")),  # it is a picture
    ("message_id_invalid", Never("no_message")),
    ("chat not found", Gone()),
    ("user not found", Gone()),
    ("user is deactivated", Gone()),
    ("peer_id_invalid", Gone()),
    ("too long", Never("too_long")),
    ("too_long", Never("too_long")),
    ("request entity too large", TOO_LARGE),
    ("(413)", TOO_LARGE),
    ("too big", TOO_LARGE),
)


def update_id(raw: object) -> int | None:
    """The update's id; None if it has none that can be read."""
    return _whole(_fields(raw).get("update_id"))


def read(raw: object, at: datetime) -> Arrival | None:
    """What an update says; `at` is when it came. None if it cannot be read, or concerns nobody. Never raises."""
    update, fields = update_id(raw), _fields(raw)
    if update is None:
        return None
    kind = next((kind for kind in ALLOWED_UPDATES if kind in fields), "")
    body = _fields(fields.get(kind))
    if kind == "callback_query":
        return _read_tap(update, body, at)
    sender, chat = _fields(body.get("from")), _fields(body.get("chat"))
    where, place = _whole(chat.get("id")), chat.get("type")
    if where is None or sender.get("is_bot") is True:
        return None
    event: Event | None
    if place in ("group", "supergroup", "channel"):
        event = _called(kind, body, at)
    elif place == "private":
        event = _read_private(kind, body, at)
    else:
        event = None
    if event is None:
        return None
    sent_at = _time(body.get("edit_date" if kind == "edited_message" else "date"))
    return Arrival(update=update, chat=where, event=event, language=_text(sender.get("language_code")), sent_at=sent_at)


def _read_tap(update: int, query: Mapping[str, object], at: datetime) -> Arrival | None:
    sender, message = _fields(query.get("from")), _fields(query.get("message"))
    who, tap, chat = _whole(sender.get("id")), _text(query.get("id")), _fields(message.get("chat"))
    if who is None or not tap or sender.get("is_bot") is True:
        return None
    within_reach = bool(message.get("date"))  # Bot API, InaccessibleMessage: date is 0
    arrival = Arrival(
        update=update,
        chat=who,
        event=SentOther(at=at, kind="button"),
        language=_text(sender.get("language_code")),
        tap=tap,
        message=(_whole(message.get("message_id")) or 0) if within_reach else 0,
    )
    if chat.get("type") in ("group", "supergroup", "channel"):
        return replace(arrival, chat=_whole(chat.get("id")) or who, event=CalledFromGroup(at=at))
    parts = pressed(_text(query.get("data")))
    if parts is None:
        return arrival
    item, option, about, version = parts
    return replace(arrival, event=Tapped(at=at, item=item, option=option, about=about, version=version))


def _called(kind: str, body: Mapping[str, object], at: datetime) -> CalledFromGroup | None:
    spoken = kind in ("message", "channel_post") and _SERVICE.isdisjoint(body) and not body.get("is_automatic_forward")
    return CalledFromGroup(at=at) if spoken else None


def _read_private(kind: str, body: Mapping[str, object], at: datetime) -> Event | None:
    words = _text(body.get("text")) or _text(body.get("caption"))
    match kind:
        case "my_chat_member":
            status = _fields(body.get("new_chat_member")).get("status")
            if status == "kicked":
                return Blocked(at=at)
            return Unblocked(at=at) if status == "member" else None
        case "edited_message":
            return Edited(at=at, text=words) if words else None  # a live location is edited as it moves
        case "message":
            return _read_message(body, words, at)
        case _:
            return None


def _read_message(body: Mapping[str, object], words: str, at: datetime) -> Event | None:
    if not _SERVICE.isdisjoint(body):
        return None
    if "forward_origin" in body or "forward_date" in body:
        return SentOther(at=at, kind="forwarded", text=words)  # somebody else's words are no answer
    command = COMMAND.fullmatch(words) if "text" in body else None
    if command:
        return Commanded(at=at, name=command[1].lower(), argument=command[2].strip())
    if words:
        return Said(at=at, text=words)
    return SentOther(at=at, kind=next((kind for kind in _KINDS if kind in body), "other"))


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Text that can be stored and sent: half a surrogate pair, which JSON allows, becomes "?"."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    """A whole number that fits SQLite; Telegram's ids have at most 52 bits."""
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def _time(value: object) -> datetime | None:
    seconds = _whole(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 0 < seconds < 2**32 else None


async def get_updates(bot: telegram.Bot, offset: int | None, wait: int, limit: int = 100) -> list[object]:
    """Wait at most `wait` seconds for updates, and take up to `limit` (1-100), as raw JSON values.

    `offset` confirms every update below it. Elements that are no objects are kept, for the caller to count.
    Raises TelegramError.
    """
    asked = {"offset": offset, "timeout": wait, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
    found: object = await bot.do_api_request("getUpdates", api_kwargs=asked, read_timeout=wait + READ_MARGIN)
    if not isinstance(found, list):
        raise api.TelegramError("getUpdates did not answer with a list")
    return found


async def call(bot: telegram.Bot, method: str, params: Mapping[str, object], *, file_name: str = "") -> int | None:
    """Make one Bot API call; the id of the message it made or changed, None if it did neither.

    A value of type bytes is uploaded as a file called `file_name`, whose ending tells its type. Raises TelegramError.
    """
    ready = {
        name: telegram.InputFile(value, filename=file_name) if isinstance(value, bytes) else value
        for name, value in params.items()
    }
    result: object = await bot.do_api_request(method, api_kwargs=ready)
    return _whole(_fields(result).get("message_id"))


def verdict(error: api.TelegramError) -> Verdict:
    """What a failed call means for its row.

    BadRequest is a NetworkError in python-telegram-bot, so it is tested first. An answer that was
    lost or unreadable is tried again: a double is better than a loss.
    """
    told = error.message.lower()
    known = next((meaning for words, meaning in REFUSALS if words in told), None)
    match error:
        case api.RetryAfter(retry_after=wait):
            return Later(wait if isinstance(wait, timedelta) else timedelta(seconds=wait), flood=True)
        case api.Forbidden():
            return Gone()
        case api.BadRequest():
            return known or Never("refused")
        case api.ChatMigrated():
            return Never("moved")
        case api.InvalidToken() | api.EndPointNotFound():
            return Later(timedelta(seconds=60))  # an operator has to act
        case api.Conflict():
            return Later(timedelta(seconds=5))
        case api.NetworkError() if known == TOO_LARGE:
            return TOO_LARGE  # a 413, which the library does not tell from a 5xx
        case _:
            return Later(timedelta(seconds=2))


def say_why(error: api.TelegramError) -> str:
    """One line for operators; never the token, and nothing that was sent."""
    match error:
        case api.InvalidToken() | api.EndPointNotFound():
            cause = error.__cause__ if isinstance(error.__cause__, api.InvalidToken) else error
            if cause.message == "Unauthorized":
                return "The token was refused (401). Check BACKWATCH_TOKEN."
            return "The Bot API does not know this token (404). Check BACKWATCH_TOKEN and BACKWATCH_API_URL."
        case api.Conflict(message=told) if "webhook" in told.lower():
            return "This bot has a webhook (409), so it cannot be polled. Remove it with deleteWebhook."
        case api.Conflict():
            return "Another program polls with this token (409). Stop one of the two."
        case api.RetryAfter(retry_after=wait):
            return f"The Bot API wants us to wait {wait} (429)."
        case UnreachableError(message=told):
            return f"{told}; trying again."
        case api.TimedOut():
            return "The Bot API did not answer in time; trying again."
        case api.BadRequest() | api.Forbidden() | api.ChatMigrated():
            return "The Bot API refused the call (400 or 403)."
        case api.NetworkError():
            return "The Bot API answers with an error of its own; trying again."
        case _:
            return "The Bot API's answer could not be read; trying again."
