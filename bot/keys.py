"""Keys: one for each person, kept wrapped under the master key; what is sealed under a destroyed key is gone."""

import base64
import hmac
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # NIST SP 800-38D, 96-bit random nonces
TAG_BYTES = 12
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud without mistakes
CODE_LENGTH = 8  # 39 bits; a code in use is never given twice


class KeyFileError(Exception):
    """The master key cannot be used. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is: their random code, the key their rows are sealed under, their Telegram chat."""

    person: str
    key: bytes
    chat: int


def new_identity(chat: int) -> Identity:
    """Somebody not met before."""
    return Identity(new_code(), AESGCM.generate_key(KEY_BYTES * 8), chat)


def tag(who: Identity) -> str:
    """What a person is called in the log of who looked. Once their key is destroyed, nobody can tell whose it was."""
    return hmac.digest(_derive(who.key, b"backwatch tag 1"), who.person.encode(), sha256)[:TAG_BYTES].hex()


def new_code(length: int = CODE_LENGTH) -> str:
    """A random code: of a person, of an alert, for a coordinator to join with."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def seal(key: bytes, table: str, row: object, person: str, data: bytes) -> bytes:
    """Encrypt, bound to the place the row stands in: it opens nowhere else."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, _place(table, row, person))


def unseal(key: bytes, table: str, row: object, person: str, sealed: bytes) -> bytes:
    """What was sealed. Raises cryptography's InvalidTag if the key, the place or a byte is not the one it was."""
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(table, row, person))


def _place(table: str, row: object, person: str) -> bytes:
    return f"{table}\0{row}\0{person}".encode()


class Vault:
    """Wraps people's keys under the master key, and finds a chat without storing it in clear."""

    def __init__(self, master: bytes) -> None:
        self._wrapping = _derive(master, b"backwatch wrap 1")
        self._finding = _derive(master, b"backwatch find 1")

    def fingerprint(self, chat: int) -> bytes:
        """The keyed hash a chat is found by."""
        return hmac.digest(self._finding, b"chat %d" % chat, sha256)

    def wrap(self, who: Identity) -> bytes:
        """Key and chat, sealed under the master key."""
        return seal(self._wrapping, "keys", who.person, who.person, who.key + str(who.chat).encode())

    def unwrap(self, person: str, wrapped: bytes) -> Identity:
        """Raises KeyFileError if the master key is not the one that wrapped it."""
        try:
            data = unseal(self._wrapping, "keys", person, person, wrapped)
        except InvalidTag:
            raise KeyFileError(WRONG_KEY) from None
        return Identity(person, data[:KEY_BYTES], int(data[KEY_BYTES:]))

    def code_hash(self, code: str) -> bytes:
        """The keyed hash a coordinator's one-time code is kept as."""
        return hmac.digest(self._finding, b"code " + code.strip().upper().encode(), sha256)

    def hide(self, name: str, secret: bytes) -> bytes:
        """A key of the site's own, sealed under the master key."""
        return seal(self._wrapping, "marks", name, "", secret)

    def reveal(self, name: str, sealed: bytes) -> bytes:
        """The inverse of hide. Raises KeyFileError if the master key is not the one that sealed it."""
        try:
            return unseal(self._wrapping, "marks", name, "", sealed)
        except InvalidTag:
            raise KeyFileError(WRONG_KEY) from None

    def mark(self) -> bytes:
        """A value by which the right master key is known again."""
        return hmac.digest(self._finding, b"master key", sha256)


WRONG_KEY = (
    "The master key file is not the one this data was sealed with. "
    "Put the right key file in place (BACKWATCH_KEY_FILE); nothing was changed."
)


def read_masters(path: Path, *, may_create: bool) -> list[bytes]:
    """The master key from its file, then the one a rotation has left beside it, if one was cut short.

    Which of them the data is sealed with, its mark tells. Raises KeyFileError.
    """
    if path.exists() or may_create or not successor(path).exists():
        first = [read_master(path, may_create=may_create)]
    else:
        first = []
    return [*first, *([read_master(successor(path), may_create=False)] if successor(path).exists() else [])]


def successor(path: Path) -> Path:
    """Where the next master key stands while people's keys are wrapped anew under it."""
    file = path.resolve()
    return file.with_name(f"{file.name}.new")


def read_master(path: Path, *, may_create: bool) -> bytes:
    """A master key from its file; made if there is none and it may be.

    The file holds 32 bytes in base64, mode 0600. Raises KeyFileError.
    """
    if path.exists() and not path.is_file():
        raise KeyFileError(f"{path} is not a file. BACKWATCH_KEY_FILE must name one.")
    if not path.exists():
        if not may_create:
            raise KeyFileError(
                f"The master key file {path} is missing, and there is data sealed with it. "
                "Bring it back from your copy (BACKWATCH_KEY_FILE); nothing was changed."
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_master(path)
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"Others may read the master key file {path}. Run: chmod 600 {path}")
    try:
        master = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise KeyFileError(f"{path} holds no master key (32 bytes in base64). Bring it back from your copy.")
    return master


def _make_master(path: Path) -> None:
    """Write a new key whole or not at all, and to the disk: what is sealed under it must never outlive it."""
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(AESGCM.generate_key(KEY_BYTES * 8)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    sync_folder(path.parent)


def complete(key_file: Path, right: Vault) -> Path | None:
    """Put the new master key in its place, once the data is sealed with it. Returns where the old one is now.

    None if there is nothing to complete. It is kept: other data, and copies of the keys, may need it.
    """
    file, new = key_file.resolve(), successor(key_file)
    if not new.exists() or Vault(read_master(new, may_create=False)).mark() != right.mark():
        return None
    aside = None
    try:
        if file.exists():
            old = Vault(read_master(file, may_create=False))
            aside = file.with_name(f"{file.name}.old-{old.mark().hex()[:8]}")
            aside.unlink(missing_ok=True)
            os.link(file, aside)
        new.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        raise KeyFileError(
            f"The data is sealed with the new master key in {new}, which cannot be put in its place "
            f"({error.strerror}). Move it to {key_file} yourself, and keep the old one."
        ) from None
    return aside


def sync_folder(folder: Path) -> None:
    """Names made, moved and removed in a folder are on disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master)
