"""A storage that is out of reach."""

from django.core.files.storage import Storage


class BrokenStorage(Storage):
    """Fails as an object storage does whose host is away."""

    def exists(self, name: str) -> bool:
        """Raise OSError."""
        raise OSError("no route to the storage")
