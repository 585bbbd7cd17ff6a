"""The storage of photos, be it a folder or a bucket: when it is away or full that is a refusal, with a sentence."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal

logger = logging.getLogger(__name__)


class StorageFault(OSError):
    """The storage did not do what was asked. Says in plain words why, without an address or a key."""


class Away(Refusal):
    """The storage does not answer, or has no room."""

    code = "storage_away"
    sentence = _("Photos cannot be stored or shown at the moment. Please try again in a few minutes.")


def put(name: str, sealed: bytes) -> None:
    """Keep bytes, encrypted by the caller, under a name: all of them or, raising `Away`, none."""
    with _refusing():
        try:
            _storage().save(name, ContentFile(sealed))
        except OSError as error:
            # A folder without room keeps what fitted in; a bucket takes all or nothing, and has no `errno`.
            if error.errno:
                with suppress(OSError):
                    _storage().delete(name)
            raise


def get(name: str) -> bytes:
    """Return the bytes that are kept under a name. Raises FileNotFoundError and `Away`."""
    with _refusing(), _storage().open(name) as file:
        sealed: bytes = file.read()
        return sealed


def delete(names: Iterable[str]) -> None:
    """Delete what is kept under these names, if it is there. Raises OSError; without its key it is noise anyway."""
    for name in names:
        _storage().delete(name)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        logger.exception("the storage of photos failed")
        raise Away from error


def _storage() -> Storage:
    return storages["documents"]
