"""Cutting off what is larger than any photo, before it fills the disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class PhotoUploads(FileUploadHandler):
    """Counts the bytes of all files of a form, and stops storing them at `PHOTO_MAX_BYTES` a photo.

    The rest is read and thrown away, so that the browser gets an answer. What was stored until then is deleted by
    Django's own handlers.
    """

    def __init__(self, request: HttpRequest, *, photos: int) -> None:
        super().__init__(request)
        self.left = photos * settings.PHOTO_MAX_BYTES
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on to Django's handlers, unless it is one too many."""
        self.left -= len(raw_data)
        if self.left < 0:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to Django's handlers."""


def takes_photos(
    photos: int,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorate a view whose form carries at most `photos` photos.

    The handler has to stand there before anything reads the form, and the CSRF check reads it: so that check is made
    inside (as Django's documentation of upload handlers says).
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        guarded = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.upload_handlers.insert(0, PhotoUploads(request, photos=photos))
            return guarded(request, *args, **kwargs)

        return limited

    return decorate


def too_large(request: HttpRequest) -> bool:
    """Return whether the files of a form, already read, were cut off."""
    return any(isinstance(handler, PhotoUploads) and handler.too_large for handler in request.upload_handlers)
