"""What Telegram takes."""

from content.voice import Message, units
from flows.press import MAX_CALLBACK_BYTES

MAX_TEXT, MAX_TOAST = 4096, 200  # Bot API, sendMessage and answerCallbackQuery: UTF-16 units


def fits(message: Message) -> None:
    """Whether Telegram would take it."""
    assert bool(message.text) == (message.kind != "tick"), "a message without words"
    assert units(message.text) <= (MAX_TOAST if message.kind == "toast" else MAX_TEXT), f"too long: {message.text[:99]}"
    for row in message.buttons:
        for label, data in row:
            assert label, f"a button without words: {data}"
            assert 0 < len(data.encode()) <= MAX_CALLBACK_BYTES, f"a button Telegram refuses: {data}"
