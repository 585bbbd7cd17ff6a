"""Photos that were taken in before their request exists.

Each is encrypted under a key that lies in the participant's draft only: when the draft goes, nobody can read the file
any more, and `vault.remove_orphans()` deletes it, as it does with every file that has had no row for so long.
"""

import secrets
from dataclasses import dataclass

from jknoffice.crypto import Unreadable, new_key, seal, unseal
from verification.documents import store
from verification.documents.pictures import Picture


class Gone(Exception):
    """The photo is not there any more, or cannot be read: ask for it again."""


@dataclass(frozen=True, slots=True)
class PendingPhoto:
    """Where an accepted photo waits (`storage_key`), the key that opens it, and its size in pixels."""

    storage_key: str
    data_key: bytes
    width: int
    height: int


def keep(picture: Picture) -> PendingPhoto:
    """Store a picture encrypted, and return what is needed to read it again. Raises `store.Away`."""
    photo = PendingPhoto(secrets.token_hex(16), new_key(), picture.width, picture.height)
    sealed = seal(key=photo.data_key, plaintext=picture.jpeg, bound_to=photo.storage_key)
    store.put(photo.storage_key, sealed)
    return photo


def picture_of(photo: PendingPhoto) -> Picture:
    """Return the picture that `keep()` was given. Raises `Gone` and `store.Away`."""
    try:
        jpeg = unseal(key=photo.data_key, sealed=store.get(photo.storage_key), bound_to=photo.storage_key)
    except (FileNotFoundError, Unreadable) as error:
        raise Gone(photo.storage_key) from error
    return Picture(jpeg, photo.width, photo.height)
