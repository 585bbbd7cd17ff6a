"""Cutting off what is larger than any file that a form is for, before it fills the disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

_FORM = 64 * 1024
"""Bytes of a form beside its files."""


class LimitedUploads(FileUploadHandler):
    """Counts the bytes of all files of a form, and stops storing them at `most`.

    The rest is read and thrown away, so that the browser gets an answer. With `unread`, a request that says beforehand
    that it is larger is not read at all. What was stored until then is deleted by Django's own handlers.
    """

    def __init__(self, request: HttpRequest, *, most: int, unread: bool) -> None:
        super().__init__(request)
        self.most, self.left, self.unread = most, most, unread
        self.too_large = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: N803
        """Look at how much is coming."""
        self.too_large = self.unread and content_length > self.most + _FORM

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on to Django's handlers, unless it is one too many."""
        if self.too_large:
            raise StopUpload(connection_reset=True)
        self.left -= len(raw_data)
        if self.left < 0:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to Django's handlers."""


def takes_files(
    most: Callable[[], int], *, unread: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorate a view whose form carries files of at most `most()` bytes together; `unread` as in `LimitedUploads`.

    The handler has to stand there before anything reads the form, and the CSRF check reads it: so that check is made
    inside (as Django's documentation of upload handlers says).
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        guarded = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.upload_handlers.insert(0, LimitedUploads(request, most=most(), unread=unread))
            return guarded(request, *args, **kwargs)

        return limited

    return decorate


def too_large(request: HttpRequest) -> bool:
    """Return whether the files of a form, already read, were cut off."""
    return any(isinstance(handler, LimitedUploads) and handler.too_large for handler in request.upload_handlers)
