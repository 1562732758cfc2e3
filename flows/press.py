"""What a button carries and its tap brings back: `item:option:about:version`."""

import re

MAX_CALLBACK_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data: 1-64 bytes, UTF-8
PART = r"([A-Za-z0-9_./#+-]*)"
PRESS = re.compile(rf"(?=[^:]){PART}:{PART}:{PART}:{PART}")


def press(item: str, option: str, about: str, version: str) -> str:
    """The data of a button. Only `item` may not be empty.

    Raises ValueError if a part has a character other than ASCII letters, digits and `_ . / # + -`,
    or if the whole is longer than MAX_CALLBACK_BYTES: content that cannot be put on a button.
    """
    data = f"{item}:{option}:{about}:{version}"
    size = len(data.encode(errors="replace"))
    if size > MAX_CALLBACK_BYTES:
        raise ValueError(f"{data!r} has {size} bytes; a button takes {MAX_CALLBACK_BYTES}")
    if pressed(data) != (item, option, about, version):
        raise ValueError(f"{data!r}: a button takes an item, and ASCII letters, digits and _ . / # + - in its parts")
    return data


def pressed(data: str) -> tuple[str, str, str, str] | None:
    """(item, option, about, version) of a button's data; None if press() cannot have made it."""
    found = PRESS.fullmatch(data)
    if found is None or len(data) > MAX_CALLBACK_BYTES:
        return None
    item, option, about, version = found.groups()
    return item, option, about, version
