"""Photos in forms: cutting off what is larger than any photo, and a word about those that were taken."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase

from jknoffice.uploads import takes_files, too_large
from verification.documents.pictures import Picture

__all__ = ["takes_photos", "tell_hints", "too_large"]


def takes_photos(
    photos: int,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorate a view whose form carries at most `photos` photos."""
    return takes_files(lambda: photos * settings.PHOTO_MAX_BYTES)


def tell_hints(request: HttpRequest, pictures: Iterable[Picture]) -> None:
    """Let the next page say what accepted photos may suffer from, each thing once."""
    for hint in dict.fromkeys(hint for picture in pictures for hint in picture.hints):
        messages.info(request, str(hint.sentence))
