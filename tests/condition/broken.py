"""A storage that is out of reach."""

from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage


class BrokenStorage(Storage):
    """Fails as an object storage does whose host is away."""

    def exists(self, name: str) -> bool:
        """Raise OSError."""
        raise OSError("no route to the storage")

    def delete(self, name: str) -> None:
        """Raise OSError."""
        raise OSError("no route to the storage")

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        raise OSError("no route to the storage")

    def _save(self, name: str, content: Any) -> str:
        raise OSError("no route to the storage")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Ask nobody, as the storage of a bucket does."""
        return name
