"""The bot's commands and descriptions, its chats, its (absent) webhook."""

from __future__ import annotations

import re

from bot.sandbox.wire import Json, Params, bad, chat_number
from bot.sandbox.world import Chat, World

MAX_COMMANDS = 100  # Bot API, setMyCommands
MAX_COMMAND_DESCRIPTION = 256  # characters; Bot API, BotCommand: 1-256
MAX_DESCRIPTION = 512  # characters; Bot API, setMyDescription
MAX_SHORT_DESCRIPTION = 120  # characters; Bot API, setMyShortDescription
COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # Bot API, BotCommand.command
SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat")


def _scope(world: World, params: Params) -> tuple[str, int, str]:
    scope = params.parsed("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    chat_id = 0
    if kind == "chat":
        given = str(scope.get("chat_id", ""))
        if not given:
            raise bad("can't parse BotCommandScope: Empty chat_id specified")
        chat_id = chat_number(given) or 0
        if chat_id not in world.chats:
            raise bad("chat not found")
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    return kind, chat_id, language


def set_my_commands(world: World, params: Params) -> bool:
    """Bot API, setMyCommands: up to 100, for one scope and language."""
    commands = params.parsed("commands", "commands") or []
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    world.commands[_scope(world, params)] = [_command(command) for command in commands]
    _tell(world)
    return True


def _command(given: object) -> Json:
    if not isinstance(given, dict) or "command" not in given or "description" not in given:
        raise bad("can't parse BotCommand: expected an Object")
    name, description = str(given["command"]).removeprefix("/"), str(given["description"]).strip()
    if not COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not description:
        raise bad("command description must be non-empty")
    if len(description) > MAX_COMMAND_DESCRIPTION:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def get_my_commands(world: World, params: Params) -> list[Json]:
    """Bot API, getMyCommands: exactly this scope and language, no falling back."""
    return world.commands.get(_scope(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Bot API, deleteMyCommands."""
    world.commands.pop(_scope(world, params), None)
    _tell(world)
    return True


def commands_for(world: World, chat: Chat) -> list[Json]:
    """What the commands menu of this chat shows (Bot API, "Determining list of commands")."""
    user = world.users.get(chat.id)
    wide = "all_private_chats" if chat.kind == "private" else "all_group_chats"
    for scope, number in (("chat", chat.id), (wide, 0), ("default", 0)):
        for language in (user.language if user else "", ""):
            commands = world.commands.get((scope, number, language))
            if commands:
                return commands
    return []


def _describe(world: World, params: Params, kind: str, limit: int) -> bool:
    text = params.text(kind)
    if len(text) > limit:
        raise bad(f"bot {kind.replace('_', ' ')} is too long")
    world.descriptions[kind, params.text("language_code")] = text
    _tell(world)
    return True


def set_my_description(world: World, params: Params) -> bool:
    """Bot API, setMyDescription: 0-512 characters, shown in an empty chat."""
    return _describe(world, params, "description", MAX_DESCRIPTION)


def set_my_short_description(world: World, params: Params) -> bool:
    """Bot API, setMyShortDescription: 0-120 characters."""
    return _describe(world, params, "short_description", MAX_SHORT_DESCRIPTION)


def description_for(world: World, kind: str, language: str) -> str:
    """The description in this language, or the one for every language."""
    return world.descriptions.get((kind, language)) or world.descriptions.get((kind, ""), "")


def get_my_description(world: World, params: Params) -> Json:
    """Bot API, getMyDescription."""
    return {"description": description_for(world, "description", params.text("language_code"))}


def get_my_short_description(world: World, params: Params) -> Json:
    """Bot API, getMyShortDescription."""
    return {"short_description": description_for(world, "short_description", params.text("language_code"))}


def get_chat(world: World, params: Params) -> Json:
    """Bot API, getChat; a chat the bot was never written from is unknown to it."""
    given = params.text("chat_id")
    if not given:
        raise bad("chat_id is empty")
    chat = world.chats.get(chat_number(given) or 0)
    if chat is None or not chat.started:
        raise bad("chat not found")
    full: Json = {
        **chat.wire(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    user = world.users.get(chat.id)
    return {**full, "username": user.username} if user and user.username else full


GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def delete_webhook(world: World, params: Params) -> bool:
    """Bot API, deleteWebhook; the sandbox never has one."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    """Bot API, getWebhookInfo."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}


def _tell(world: World) -> None:
    for chat in world.chats.values() if world.watchers else ():
        world.changed("profile", chat, None)
