"""Encrypted files: written to a public key, opened with the private one, in a stream and never half."""

import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

import pyrage
from pyrage.x25519 import Identity, Recipient

SUFFIX = ".age"


class BoxError(RuntimeError):
    """A file cannot be encrypted or opened; the message says why, for people, and quotes no key."""


def recipient(text: str) -> Recipient:
    """Return the public key of `text` (age1…). Raises BoxError."""
    try:
        return Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise BoxError("The public key for back-ups is not an age key: it begins with age1.") from None


def identity(file: Path) -> Identity:
    """Return the private key that stands in a file (AGE-SECRET-KEY-1…, beside comments). Raises BoxError."""
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        raise BoxError(f"{file} cannot be read.") from None
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-1"):
            try:
                return Identity.from_str(line.strip())
            except pyrage.IdentityError:
                break
    raise BoxError(f"{file} holds no private key of age.")


def write(source: BinaryIO, file: Path, *, to: Recipient) -> tuple[int, str]:
    """Encrypt all that `source` gives into a new file, and return its size in bytes and its SHA-256 in hex.

    It gets its name by the caller, who calls `keep()` on what was written to `partial(file)`; it lies on the disk then.
    Raises OSError, and leaves nothing.
    """
    try:
        with partial(file).open("wb") as target:
            os.fchmod(target.fileno(), 0o600)
            counted = _Counted(target)
            try:
                pyrage.encrypt_io(cast(BufferedIOBase, source), cast(BufferedIOBase, counted), [to])
            except pyrage.EncryptError as error:  # what reading and writing raised, as text
                raise OSError(errno.EIO, str(error)) from error
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        partial(file).unlink(missing_ok=True)
        raise
    return counted.size, counted.digest.hexdigest()


def keep(file: Path) -> None:
    """Give what `write()` wrote its name, and the name to the disk. Raises FileExistsError: nothing is overwritten."""
    os.link(partial(file), file)
    partial(file).unlink()
    sync(file.parent)


def partial(file: Path) -> Path:
    """Return the name that a file has while it is written."""
    return file.with_name(f"{file.name}.partial")


def sync(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def opened(file: Path, *, by: Identity) -> Iterator[BinaryIO]:
    """Give what an encrypted file holds, as a stream; its end is reached only when all of it was whole.

    Raises BoxError at the end of the block when the key does not fit, or the file was altered or cut short: until then
    nothing that was read may be used.
    """
    outlet, inlet = os.pipe()
    failures: list[Exception] = []

    def pour() -> None:
        try:
            with file.open("rb") as source, os.fdopen(inlet, "wb") as target:
                pyrage.decrypt_io(source, target, [by])
        except (OSError, pyrage.DecryptError) as error:
            failures.append(error)

    poured = threading.Thread(target=pour)
    poured.start()
    try:
        with os.fdopen(outlet, "rb") as stream:
            try:
                yield stream
            finally:
                # Also what nobody asked for has to be whole; and whoever pours must not wait for a reader for ever.
                while stream.read(1 << 20):
                    pass
    finally:
        poured.join()
        if failures:
            raise BoxError(f"{file.name} does not open: another key, or it was altered or cut short.") from failures[0]


class _Counted:
    """Passes bytes on, and keeps their number and digest."""

    def __init__(self, target: BinaryIO) -> None:
        self.target, self.size, self.digest = target, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.target.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self.target.flush()
