"""The photos that a set does not hold yet, as one tar that is made while it is read.

They lie encrypted in the storage and stay so inside: the offline key opens the tar, and the data key each photo.
"""

import io
import tarfile
from collections.abc import Collection, Iterator
from typing import BinaryIO, cast

from django.core.files.storage import storages

from verification.documents import store


def names() -> list[str]:
    """Return under which names the storage keeps something. Raises OSError when it does not answer."""
    storage = storages["documents"]
    return sorted(storage.listdir("")[1]) if storage.exists("") else []


def tar_of(wanted: Collection[str], *, taken: list[str]) -> BinaryIO:
    """Return a stream of a tar of these photos; `taken` gets the name of each that was still there.

    Raises `store.Away` while it is read.
    """
    return cast(BinaryIO, io.BufferedReader(_Stream(_blocks(wanted, taken)), 1 << 20))


def _blocks(wanted: Collection[str], taken: list[str]) -> Iterator[bytes]:
    for name in wanted:
        try:
            sealed = store.get(name)
        except FileNotFoundError:  # deleted since it was listed
            continue
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(sealed), 0o600
        yield member.tobuf(tarfile.PAX_FORMAT) + sealed + bytes(-len(sealed) % tarfile.BLOCKSIZE)
        taken.append(name)
    yield bytes(2 * tarfile.BLOCKSIZE)


class _Stream(io.RawIOBase):
    """Reads from blocks that are made one by one."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks, self.left = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        if not self.left:
            self.left = next(self.blocks, b"")
        given, self.left = self.left[: len(view)], self.left[len(view) :]
        view[: len(given)] = given
        return len(given)
