"""A stand-in for Telegram: the Bot API over HTTP, and the phones of the people who write to the bot.

Imports nothing of ours. `root = await Sandbox().start()`; python-telegram-bot then takes
`base_url=f"{root}/bot"` and `base_file_url=f"{root}/file/bot"`, and a browser takes `root`.
"""

from bot.sandbox.faults import Call, Fault, Flood
from bot.sandbox.phone import Phone
from bot.sandbox.server import DEFAULT_TOKEN, Sandbox
from bot.sandbox.world import Button, Chat, Message, Query

__all__ = ["DEFAULT_TOKEN", "Button", "Call", "Chat", "Fault", "Flood", "Message", "Phone", "Query", "Sandbox"]
