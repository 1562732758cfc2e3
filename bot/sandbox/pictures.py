"""Pictures: their size from the first bytes, and the sizes Telegram makes of them."""

from __future__ import annotations

import dataclasses
import struct
import zlib

from bot.sandbox.wire import Json
from bot.sandbox.world import StoredFile, World

THUMB = 320  # pixels; one of the sizes Telegram makes


def described(stored: StoredFile) -> Json:
    """The fields every kind of file has; size in bytes."""
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}


def photo_sizes(world: World, stored: StoredFile) -> list[Json]:
    """Bot API, PhotoSize: a small one (with the same bytes here) if it is larger than that, and the picture itself."""
    width, height = picture_size(stored.data) or (1280, 960)
    largest = {**described(stored), "width": width, "height": height}
    if max(width, height) <= THUMB:
        return [largest]
    small = dataclasses.replace(stored, id=f"{stored.id}S", unique_id=f"{stored.unique_id}S")
    world.files[small.id] = small
    scale = THUMB / max(width, height)
    return [{**described(small), "width": round(width * scale), "height": round(height * scale)}, largest]


def picture_type(data: bytes) -> str:
    """The media type its first bytes tell; what Telegram makes of any picture otherwise."""
    heads = {b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}
    return heads.get(data[:4], "image/jpeg")


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels from the head of a PNG, GIF, JPEG or WebP; None if it is none of these."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return 512, 512
    return None


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 1280, 960  # a JPEG cut short, as tests send them


def png(width: int, height: int, red: int = 120, green: int = 170, blue: int = 165) -> bytes:
    """A PNG of one colour, its parts 0-255."""
    row = b"\0" + bytes((red, green, blue)) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PICTURE = png(640, 480)
