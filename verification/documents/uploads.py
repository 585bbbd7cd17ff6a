"""Cutting off what is larger than any photo, before it fills the disk."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponseBase

from jknoffice.uploads import takes_files, too_large

__all__ = ["takes_photos", "too_large"]


def takes_photos(
    photos: int,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorate a view whose form carries at most `photos` photos."""
    return takes_files(lambda: photos * settings.PHOTO_MAX_BYTES)
