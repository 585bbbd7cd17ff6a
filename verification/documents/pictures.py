"""Taking in a photo: whatever arrives is decoded and drawn anew, so that nothing but the picture is kept.

`Image.verify()` would accept files that are a picture and a program at once; only re-encoding gets rid of the rest
(OWASP ASVS 5.0, 5.2 and 5.3).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal
from verification.documents import antivirus, helpers
from verification.documents.drawing import Undrawable

TOO_LARGE = _("The photo is larger than 10 MB. Choose a smaller one.")
SENTENCES: Mapping[str, Promise] = {
    "empty": _("The file is empty. Take the photo again and choose it once more."),
    "too_large": TOO_LARGE,
    "heic": _(
        "This photo is in the format HEIC, which we cannot read. On an iPhone choose Settings, Camera, Formats,"
        " Most Compatible, and take it again; or take a screenshot of the photo and send that."
    ),
    "webp": _(
        "This photo is in the format WebP, which we cannot read. Take it with the camera, or open it, take a"
        " screenshot of it, and send that."
    ),
    "not_a_photo": _("This file is not a photo. Choose a JPEG or PNG file."),
    "too_many_pixels": _("The photo has too many pixels. Take it with a lower resolution."),
    "damaged": _("The photo is damaged or incomplete. Take it again, then choose it once more."),
    "too_small": _("The photo is too small to be read. Take it closer, with the whole card in view."),
    "too_much": _("This photo cannot be processed. Take it again with the camera of your phone."),
    "busy": _("Many photos are arriving at the moment. Send yours again in a minute."),
    "harmful": _("This file carries harmful software. Take a new photo with the camera, and send that."),
    "unchecked": _("Photos cannot be checked at the moment. Send yours again in some minutes."),
}
"""What is said of each photo that is refused, by the code of the reason."""

# The brands in the `ftyp` box of ISO 14496-12 under which telephones store HEIF (ISO 23008-12) and AVIF.
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})


class PictureRefused(Refusal):
    """The file is not a photo that we can keep; the sentence says what to do. `reason` is a key of `SENTENCES`."""

    code = "picture_refused"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(SENTENCES[reason])


class Upload(Protocol):
    """What must be known of an uploaded file; Django's `UploadedFile` fits."""

    @property
    def size(self) -> int | None:
        """How many bytes it says to have."""
        ...

    @property
    def file(self) -> IO[bytes] | None:
        """Where they can be read."""
        ...


class Hint(StrEnum):
    """What a photo that is accepted may suffer from."""

    DARK = "dark"
    SMALL = "small"

    @property
    def sentence(self) -> Promise:
        """What to tell who sent it."""
        return {
            Hint.DARK: _("Is the photo too dark? Try it by a window or with the light on. You may also go on."),
            Hint.SMALL: _("Is the writing too small? Try it closer to the card. You may also go on."),
        }[self]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept: JPEG bytes without metadata, its size in pixels, and hints for who sent it."""

    jpeg: bytes
    width: int
    height: int
    hints: tuple[Hint, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the JPEG bytes, in hexadecimal."""
        return hashlib.sha256(self.jpeg).hexdigest()


def read(upload: Upload) -> Picture:
    """Return the picture in an uploaded file: upright, sRGB, at most `PHOTO_LONGEST_SIDE` pixels long.

    Takes JPEG and PNG, by their content, of at most `PHOTO_MAX_BYTES` bytes and `PHOTO_MAX_PIXELS` pixels. What the
    browser says of name and type is not looked at. Raises `PictureRefused`.
    """
    raw = _bytes_of(upload)
    _demand_form(raw)
    try:
        antivirus.demand_clean(raw)
        drawn = helpers.draw(raw)
    except antivirus.NotClean as error:
        raise PictureRefused("harmful") from error
    except antivirus.NotChecked as error:
        raise PictureRefused("unchecked") from error
    except Undrawable as error:
        raise PictureRefused(str(error)) from error
    return Picture(drawn.jpeg, drawn.width, drawn.height, tuple(Hint(each) for each in drawn.hints))


def _bytes_of(upload: Upload) -> bytes:
    """Return what was sent, unless it is nothing or too much; what it says of its size is only the first check."""
    if upload.size and upload.size > settings.PHOTO_MAX_BYTES:
        raise PictureRefused("too_large")
    raw = upload.file.read(settings.PHOTO_MAX_BYTES + 1) if upload.file else b""
    if not raw:
        raise PictureRefused("empty")
    if len(raw) > settings.PHOTO_MAX_BYTES:
        raise PictureRefused("too_large")
    return raw


def _demand_form(raw: bytes) -> None:
    """Raise `PictureRefused` for what does not begin like a JPEG or PNG."""
    if raw.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIF:
        raise PictureRefused("heic")
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        raise PictureRefused("webp")
    raise PictureRefused("not_a_photo")
