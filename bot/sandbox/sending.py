"""Methods that put something into a chat, and files (Bot API, "Available methods")."""

from __future__ import annotations

from bot.sandbox.markup import read_markup
from bot.sandbox.pictures import described, photo_sizes, picture_size, picture_type
from bot.sandbox.text import MAX_CAPTION, MAX_TEXT, read_text
from bot.sandbox.wire import Json, Params, Upload, bad, chat_number
from bot.sandbox.world import Chat, Message, StoredFile, World

MAX_PHOTO_BYTES = 10 * 1024 * 1024  # Bot API, sendPhoto: at most 10 MB
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024  # Bot API, getFile: bots download up to 20 MB
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(world: World, params: Params) -> Json:
    """Bot API, sendMessage: text 1-4096 characters after entities parsing."""
    raw = params.text("text")
    if not raw:
        raise bad("message text is empty")
    text, entities = read_text(params, "text", MAX_TEXT)
    if not text:
        raise bad("text must be non-empty")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return _send(world, params, content)


def _send(world: World, params: Params, content: Json) -> Json:
    markup = read_markup(params)
    chat = world.open_chat(params.text("chat_id"))
    replied = _replied(chat, params)
    if replied is not None:
        content["reply_to_message"] = replied.quoted()
    if params.flag("protect_content"):
        content["has_protected_content"] = True
    return world.add_message(chat, _as_user(world.bot), content, markup).wire()


def _as_user(bot: Json) -> Json:
    return {name: bot[name] for name in ("id", "is_bot", "first_name", "username")}


def _replied(chat: Chat, params: Params) -> Message | None:
    reply = params.parsed("reply_parameters", "reply parameters")
    if not reply:
        return None
    if not isinstance(reply, dict):
        raise bad("object expected as reply parameters")
    if "message_id" not in reply:
        raise bad('can\'t find field "message_id"')
    message = chat.messages.get(chat_number(str(reply["message_id"])) or 0)
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return message


def captioned(caption: str, entities: list[Json]) -> Json:
    """The caption's fields; none when it is empty."""
    content: Json = {"caption": caption} if caption else {}
    if entities:
        content["caption_entities"] = entities
    return content


def send_photo(world: World, params: Params) -> Json:
    """Bot API, sendPhoto: an upload or a file_id; caption 0-1024 characters."""
    caption, entities = read_text(params, "caption", MAX_CAPTION)
    stored = _stored(world, params, "photo", "photos")
    if len(stored.data) > MAX_PHOTO_BYTES:
        raise bad(f"file of size {len(stored.data)} bytes is too big for a photo; the maximum size is 10485760 bytes")
    if picture_size(stored.data) is None:
        raise bad("IMAGE_PROCESS_FAILED")
    return _send(world, params, {"photo": photo_sizes(world, stored), **captioned(caption, entities)})


def send_document(world: World, params: Params) -> Json:
    """Bot API, sendDocument: an upload or a file_id; caption 0-1024 characters."""
    caption, entities = read_text(params, "caption", MAX_CAPTION)
    stored = _stored(world, params, "document", "documents")
    return _send(world, params, {"document": document(stored), **captioned(caption, entities)})


def _stored(world: World, params: Params, field: str, folder: str) -> StoredFile:
    upload = params.upload(field)
    if upload is not None:
        return keep(world, upload, folder)
    given = params.text(field)
    if not given:
        raise bad(f"there is no {field} in the request")
    if given.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")  # the sandbox fetches nothing
    stored = world.files.get(given)
    if stored is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return stored


def keep(world: World, upload: Upload, folder: str) -> StoredFile:
    """Store an upload; refuses an empty one as Telegram does."""
    if not upload.data:
        raise bad("file must be non-empty")
    kind = picture_type(upload.data) if folder == "photos" else upload.content_type
    return world.add_file(upload.data, upload.name, kind, folder)


def _described(stored: StoredFile) -> Json:
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}


def document(stored: StoredFile) -> Json:
    """Bot API, Document."""
    return {"file_name": stored.name, "mime_type": stored.content_type, **described(stored)}


def send_chat_action(world: World, params: Params) -> bool:
    """Bot API, sendChatAction."""
    if params.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat = world.open_chat(params.text("chat_id"))
    world.changed("action", chat, params.text("action"))
    return True


def get_file(world: World, params: Params) -> Json:
    """Bot API, getFile: files of at most 20 MB."""
    number = params.text("file_id")
    if not number:
        raise bad("file_id not specified")
    stored = world.files.get(number)
    if stored is None:
        raise bad("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {**described(stored), "file_path": stored.path}
