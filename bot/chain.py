"""The signature of the log of who looked: each line's covers the line before it, so that none goes, comes or changes
unseen. Touches no database."""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

KEY, HEAD = "audit", "audit head"  # the marks that hold the key and the head, see bot/schema.py
COLUMNS = ("number", "at", "who", "what", "whose")
NUMBER_BYTES, HASH_BYTES = 8, 32


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a log, or of what was written of it at some time."""

    number: int = 0
    hash: bytes = b""

    def packed(self, key: bytes) -> bytes:
        """As it is kept beside the key: signed, too."""
        said = self.number.to_bytes(NUMBER_BYTES, "big") + self.hash
        return said + hmac.digest(key, b"head\0" + said, sha256)

    def token(self, key: bytes) -> str:
        """As it is kept elsewhere: one word."""
        return f"{self.number}.{self.packed(key).hex()}"


def new_key() -> bytes:
    """The key of a log."""
    return os.urandom(HASH_BYTES)


def signed(key: bytes, before: bytes, row: Mapping[str, object]) -> bytes:
    """The hash of a line that follows on the one with the hash `before`."""
    said = json.dumps([row[name] for name in COLUMNS], default=repr).encode()
    return hmac.digest(key, b"line\0" + before + b"\0" + said, sha256)


def unpacked(key: bytes, packed: bytes | None) -> Head | None:
    """The inverse of packed; None if there is none, or this key has not signed it."""
    if not packed:
        return None
    said, signature = packed[:-HASH_BYTES], packed[-HASH_BYTES:]
    if len(said) not in (NUMBER_BYTES, NUMBER_BYTES + HASH_BYTES):
        return None
    if not hmac.compare_digest(signature, hmac.digest(key, b"head\0" + said, sha256)):
        return None
    return Head(int.from_bytes(said[:NUMBER_BYTES], "big"), said[NUMBER_BYTES:])


def read_token(key: bytes, token: str) -> Head | None:
    """The inverse of token; None as above."""
    number, _, packed = token.strip().partition(".")
    try:
        found = unpacked(key, bytes.fromhex(packed))
    except ValueError:
        return None
    return found if found is not None and str(found.number) == number else None
