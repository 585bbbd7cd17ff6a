"""Taking in a photo: whatever arrives is decoded and drawn anew, so that nothing but the picture is kept.

`Image.verify()` would accept files that are a picture and a program at once; only re-encoding gets rid of the rest
(OWASP ASVS 5.0, 5.2 and 5.3).
"""

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, UnidentifiedImageError

from jknoffice.refusal import Refusal

FORMATS = ("JPEG", "PNG")
QUALITY = 88
SHORTEST_SIDE = 300
TOO_LARGE = _("The photo is larger than 10 MB. Choose a smaller one.")

# How to set upright what a camera stored turned, by EXIF's orientation tag (EXIF 3.0, 4.6.5.1.5).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow only warns about a picture that would fill the memory; for us that is a refusal.
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PictureRefused(Refusal):
    """The file is not a photo that we can keep; the sentence says what to do."""

    code = "picture_refused"


class Upload(Protocol):
    """What must be known of an uploaded file; Django's `UploadedFile` fits."""

    @property
    def size(self) -> int | None:
        """How many bytes it has."""
        ...

    @property
    def file(self) -> IO[bytes] | None:
        """Where they can be read."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept: JPEG bytes without metadata, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the JPEG bytes, in hexadecimal."""
        return hashlib.sha256(self.jpeg).hexdigest()


def read(upload: Upload) -> Picture:
    """Return the picture in an uploaded file: upright, RGB, at most `PHOTO_LONGEST_SIDE` pixels long.

    Takes JPEG and PNG of at most `PHOTO_MAX_BYTES` bytes and `PHOTO_MAX_PIXELS` pixels. Raises `PictureRefused`.
    """
    if not upload.size or upload.file is None:
        raise PictureRefused(_("The file is empty. Take the photo again and choose it once more."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise PictureRefused(TOO_LARGE)
    try:
        with Image.open(upload.file, formats=FORMATS) as image:
            image.load()
            drawn = _redrawn(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PictureRefused(_("The photo has too many pixels. Take it with a lower resolution.")) from error
    except UnidentifiedImageError as error:
        raise PictureRefused(_("This file is not a photo. Choose a JPEG or PNG file.")) from error
    except (OSError, SyntaxError, ValueError, TypeError, OverflowError, MemoryError, struct.error) as error:
        # What Pillow's decoders raise on damaged input.
        raise PictureRefused(
            _("The photo is damaged or incomplete. Take it again, then choose it once more.")
        ) from error
    if min(drawn.size) < SHORTEST_SIDE:
        raise PictureRefused(_("The photo is too small to be read. Take it closer, with the whole card in view."))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *drawn.size)


def _redrawn(image: Image.Image) -> Image.Image:
    """Return the pixels alone, upright, on white where they were transparent."""
    # Pillow's own exif_transpose() also writes the tags anew, and fails where a camera wrote one of them wrongly.
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    upright = image if turn is None else image.transpose(turn)
    upright.thumbnail((settings.PHOTO_LONGEST_SIDE, settings.PHOTO_LONGEST_SIDE))
    rgba = upright.convert("RGBA")
    paper = Image.new("RGB", rgba.size, "white")
    paper.paste(rgba, mask=rgba)
    return paper
