"""Drawing a photo anew, in a process of its own that holds no secret and can write no file.

This file is run as a script by `helpers`, apart from Django and from the environment: a decoder that a hostile picture
takes over finds neither keys nor a database there. It reads pictures from its standard input and writes answers to its
standard output: four bytes of length and the picture; a line of JSON, and as many bytes of JPEG as it says.
"""

import contextlib
import io
import json
import os
import resource
import struct
import sys
from dataclasses import dataclass
from typing import BinaryIO

from PIL import ExifTags, Image, ImageCms, ImageStat, UnidentifiedImageError

FORMATS = ("JPEG", "PNG")
QUALITY = 88
SHORTEST_SIDE = 100
MOST_SCANS = 24
"""A camera stores at most a dozen scans in a progressive JPEG; thousands of them keep a decoder busy for minutes."""
SMALL_SIDE = 480
DARK = 45
"""Mean brightness, of 255, below which nothing on a card can be told apart."""

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
# What Pillow's decoders raise on damaged input.
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, OverflowError, IndexError, KeyError, EOFError, struct.error)
_SRGB = ImageCms.createProfile("sRGB")


class Undrawable(Exception):
    """The bytes are not a photo that can be kept; the only argument is the code of the reason."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture without anything beside its pixels, and what its own brightness and size suggest (`hints`)."""

    jpeg: bytes
    width: int
    height: int
    hints: tuple[str, ...]


def draw(raw: bytes, *, longest: int, most_pixels: int) -> Drawn:
    """Return the picture in `raw`, a JPEG or PNG: upright, sRGB, at most `longest` pixels long.

    Raises `Undrawable` with "not_a_photo", "too_many_pixels", "damaged", "too_much" or "too_small".
    """
    if raw.count(b"\xff\xda") > MOST_SCANS and raw.startswith(b"\xff\xd8"):
        raise Undrawable("too_much")
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > most_pixels:
                raise Undrawable("too_many_pixels")
            drawn = _redrawn(image, longest)
    except UnidentifiedImageError as error:
        raise Undrawable("not_a_photo") from error
    except MemoryError as error:
        raise Undrawable("too_much") from error
    except _DAMAGED as error:
        raise Undrawable("damaged") from error
    if min(drawn.size) < SHORTEST_SIDE:
        raise Undrawable("too_small")
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return Drawn(out.getvalue(), *drawn.size, tuple(_hints(drawn)))


def _redrawn(image: Image.Image, longest: int) -> Image.Image:
    """Return the pixels alone, upright, in sRGB, on white where they were transparent."""
    # Pillow's own exif_transpose() also writes the tags anew, and fails where a camera wrote one of them wrongly.
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    profile = image.info.get("icc_profile")
    plain = _eight_bits(image)
    # Measured: as good to read as Pillow's default and a sixth cheaper; a gap of 1 lets libjpeg do most of the work.
    plain.thumbnail((longest, longest), Image.Resampling.BILINEAR, reducing_gap=1.0)
    plain.load()
    upright = plain if turn is None else plain.transpose(turn)
    if upright.has_transparency_data:
        rgba = upright.convert("RGBA")
        upright = Image.new("RGB", rgba.size, "white")
        upright.paste(rgba, mask=rgba)
    coloured = _to_srgb(upright, profile)
    coloured.info.clear()
    return coloured


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return the image in a form that can be made smaller smoothly: no palette, eight bits a colour."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey would be cut off at 255 instead of being divided.
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in sRGB; a profile that is damaged or for another kind of picture is passed over."""
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, *_DAMAGED):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
            if turned is not None:
                return turned
    return image if image.mode == "RGB" else image.convert("RGB")


def _hints(image: Image.Image) -> list[str]:
    grey = image.resize((64, 64), Image.Resampling.BOX).convert("L")
    found = ["dark"] if ImageStat.Stat(grey).mean[0] < DARK else []
    return [*found, "small"] if min(image.size) < SMALL_SIDE else found


def serve(given: BinaryIO, answers: BinaryIO, *, longest: int, most_pixels: int) -> None:
    """Answer one picture after the other, until there are no more."""
    while head := given.read(4):
        raw = given.read(int.from_bytes(head, "big"))
        jpeg = b""
        told: dict[str, object]
        try:
            drawn = draw(raw, longest=longest, most_pixels=most_pixels)
        except Undrawable as refusal:
            told = {"refused": str(refusal)}
        else:
            jpeg = drawn.jpeg
            told = {"width": drawn.width, "height": drawn.height, "hints": drawn.hints}
        answers.write(json.dumps({**told, "bytes": len(jpeg)}).encode() + b"\n" + jpeg)
        answers.flush()


def confine(memory: int) -> None:
    """Give up for ever what a decoder has no use for: more than `memory` bytes, and writing to any file."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    # The limit on pixels is ours, before anything is decoded; Pillow's own would only warn.
    Image.MAX_IMAGE_PIXELS = None
    Image.preinit()
    os.nice(int(sys.argv[4]))
    confine(int(sys.argv[3]))
    serve(sys.stdin.buffer, sys.stdout.buffer, longest=int(sys.argv[1]), most_pixels=int(sys.argv[2]))
