"""Encryption of single columns, and the keys for it.

Keys are Fernet keys (AES-128-CBC with HMAC-SHA256), newest first: the first seals, all of them open.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.database.urls import database_file, parse_url
from storage.errors import KeyLost, StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A Fernet token shows its creation time to anyone without a key, which would tell when an unlinked 360 answer was
# given; no token here ever expires, so all carry the same time.
_NO_TIME = 0


class KeyRing:
    """Fernet keys, newest first; neither `repr` nor an error ever shows them."""

    __slots__ = ("_all", "_newest")

    def __init__(self, keys: list[Fernet]) -> None:
        self._newest = keys[0]
        self._all = MultiFernet(keys)

    @classmethod
    def from_text(cls, text: str, *, source: str = "ENCRYPTION_KEYS") -> "KeyRing":
        """Read keys separated by commas or white space; raises StorageError that names the source and the position."""
        parts = text.replace(",", " ").split()
        if not parts:
            raise StorageError(f"{source} holds no key: put a Fernet key (44 characters) there.")
        keys = []
        for position, part in enumerate(parts, start=1):
            try:
                keys.append(Fernet(part))
            except ValueError:
                # The chain is cut so that no traceback can show the key.
                raise StorageError(
                    f"{source}: key {position} of {len(parts)} is not a Fernet key (44 characters of URL-safe base64)."
                ) from None
        return cls(keys)

    def __repr__(self) -> str:
        """Show nothing of the keys."""
        return "KeyRing(...)"

    def seal(self, text: str) -> bytes:
        """Return the text encrypted with the newest key; any str is taken, lone surrogates and NUL too."""
        return self._newest.encrypt_at_time(text.encode("utf-8", "surrogatepass"), _NO_TIME)

    def unseal(self, data: bytes) -> str:
        """Return the text that was sealed; raises KeyLost if no key of the ring opens it."""
        try:
            return self._all.decrypt(data).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise KeyLost("A stored value does not open with the given keys: add the key that sealed it.") from None

    def reseal(self, data: bytes) -> bytes | None:
        """Return the value sealed with the newest key, or None if it is so already; raises KeyLost."""
        with suppress(InvalidToken):
            self._newest.decrypt(data)
            return None
        return self.seal(self.unseal(data))


def seal(connection: "Connection", text: str) -> bytes:
    """Return the text encrypted with the key ring of the connection, for a Sealed column."""
    keys: KeyRing = connection.info["keys"]
    return keys.seal(text)


def unseal(connection: "Connection", data: bytes) -> str:
    """Return the text of a Sealed column; raises KeyLost if no key of the connection's ring opens it."""
    keys: KeyRing = connection.info["keys"]
    return keys.unseal(data)


def load_keys(url: str, encryption_keys: str | None) -> KeyRing:
    """Return the keys for this database: those given, else those of the key file beside the SQLite file.

    The key file is made, with mode 600, when there is no database yet; call this before anything opens the database.
    Raises StorageError if the keys are malformed, the file cannot be read or made, a database is there without its key
    file, or the database is on PostgreSQL and no keys are given.
    """
    if encryption_keys and encryption_keys.strip():
        return KeyRing.from_text(encryption_keys)
    file = database_file(parse_url(url))
    if file is None:
        raise StorageError(
            "ENCRYPTION_KEYS is not set: PostgreSQL needs it (a Fernet key, newest first, comma-separated)."
        )
    # Looked at first: whoever made the database made the key file before it.
    database_is_there = file.exists() and file.stat().st_size > 0
    path = key_file(file)
    text = _read(path)
    if text is None and database_is_there:
        raise KeyLost(
            f"The encryption key is lost: {file} is there but {path} is not; restore it or set ENCRYPTION_KEYS."
        )
    if text is None:
        _create(path)
        text = _read(path) or ""
    return KeyRing.from_text(text, source=str(path))


def key_file(database: Path) -> Path:
    """Return where the keys of this SQLite file are kept."""
    return database.with_name(database.name + ".key")


def _read(path: Path) -> str | None:
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise StorageError(f"The key file {path} does not hold Fernet keys: restore it from a backup.") from None
    except OSError as error:
        raise StorageError(
            f"The key file {path} cannot be read ({error.strerror}): give this user access to it."
        ) from error


def _create(path: Path) -> None:
    """Put a new key in place whole, or leave the one that another process put there first."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, Fernet.generate_key() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)
    except OSError as error:
        raise StorageError(
            f"The key file {path} cannot be made ({error.strerror}): make its folder writable or set ENCRYPTION_KEYS."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut: a database without its key is lost."""
    with suppress(OSError):  # some systems cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
