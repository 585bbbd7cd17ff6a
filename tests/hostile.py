"""A corpus of hostile files, each made here: what attackers and broken telephones send to a door for photos."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from PIL import Image, ImageCms, PngImagePlugin

from tests import pictures

CANARY = b"CANARY-7f3a91"
"""Stands wherever a file can hide words; no stored picture may hold it."""
SIZE = (800, 500)


class Hostile(NamedTuple):
    """How to make the bytes, and the reason of the refusal that they get; None for what may be kept, drawn anew."""

    make: Callable[[], bytes]
    reason: str | None = None


def _photo(mode: str = "RGB", form: str = "JPEG", size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0).save(out, form, **options)
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *extra: bytes, bits: int = 8, colour: int = 2, data: bytes | None = None) -> bytes:
    """A PNG that says to have a size; its pixels are what `data` unfolds to, or too few."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = zlib.compress(bytes(100_000) if data is None else data, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + b"".join(extra) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    )


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.txt", CANARY)
    return out.getvalue()


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def _with_segment(marker: int, data: bytes) -> bytes:
    raw = _photo()
    return raw[:2] + _segment(marker, data) + raw[2:]


def _gps() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 12.0, 30.0), 3: "E", 4: (106.0, 49.0, 0.0), 29: CANARY.decode()})
    return _photo(exif=exif)


def _animated(form: str) -> bytes:
    frames = [Image.new("RGB", SIZE, shade) for shade in ("white", "grey", "black")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def _text_in_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", CANARY.decode())
    info.add_text("Long", CANARY.decode() * 500, zip=True)
    return _photo(form="PNG", pnginfo=info)


def _many_scans() -> bytes:
    raw = _photo(progressive=True)
    start = raw.index(b"\xff\xda")
    scan = raw[start : raw.index(b"\xff\xda", start + 2)]
    return raw[:-2] + scan * 5000 + raw[-2:]


def _wrong_size(width: int, height: int) -> bytes:
    """A JPEG whose frame header was changed afterwards."""
    raw = _photo()
    frame = raw.index(b"\xff\xc0") + 5
    return raw[:frame] + struct.pack(">HH", height, width) + raw[frame + 4 :]


_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

CORPUS: Mapping[str, Hostile] = {
    # Bombs
    "PNG of 900 million pixels": Hostile(pictures.bomb, "too_many_pixels"),
    "PNG one pixel high": Hostile(lambda: png(2_000_000_000, 1), "too_many_pixels"),
    "PNG with the largest sides": Hostile(lambda: png(0x7FFFFFFF, 0x7FFFFFFF), "too_many_pixels"),
    "PNG with sides beyond its format": Hostile(lambda: png(0xFFFFFFFF, 0xFFFFFFFF), "too_many_pixels"),
    "PNG without sides": Hostile(lambda: png(0, 0), "not_a_photo"),
    "JPEG of 4 billion pixels": Hostile(lambda: _wrong_size(65_500, 65_500), "too_many_pixels"),
    "JPEG of thousands of scans": Hostile(_many_scans, "too_much"),
    "PNG whose text unfolds to 200 MB": Hostile(
        lambda: png(800, 500, _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))), None
    ),
    "PNG whose profile unfolds to 200 MB": Hostile(
        lambda: png(800, 500, _chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000), 9)), data=bytes(2401 * 500))
    ),
    "PNG with 60 MB behind its pixels": Hostile(lambda: png(800, 500, data=bytes(60_000_000))),
    # More than one thing at a time
    "JPEG and HTML": Hostile(lambda: _photo() + b"<html><script>alert('" + CANARY + b"')</script>"),
    "JPEG with HTML as its comment": Hostile(lambda: _with_segment(0xFE, b"<script>" + CANARY + b"</script>")),
    "JPEG and PHP": Hostile(lambda: _with_segment(0xFE, b"<?php system('" + CANARY + b"'); ?>")),
    "JPEG and ZIP": Hostile(lambda: _photo() + _zip()),
    "PNG and ZIP": Hostile(lambda: _photo(form="PNG") + _zip()),
    "JPEG within a JPEG": Hostile(lambda: _with_segment(0xE1, b"Exif\0\0" + _photo(size=(60, 40))[:60_000] + CANARY)),
    "PDF that goes on as a JPEG": Hostile(lambda: b"%PDF-1.7\n" + CANARY + _photo(), "not_a_photo"),
    # Not what it says
    "nothing": Hostile(lambda: b"", "empty"),
    "50 MB": Hostile(lambda: _photo() + bytes(50 * 1024 * 1024), "too_large"),
    "ZIP": Hostile(_zip, "not_a_photo"),
    "SVG": Hostile(lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "not_a_photo"),
    "SVG after a byte order mark": Hostile(lambda: b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "not_a_photo"),
    "GIF, animated": Hostile(lambda: _animated("GIF"), "not_a_photo"),
    "TIFF": Hostile(lambda: _photo(form="TIFF"), "not_a_photo"),
    "BMP": Hostile(lambda: _photo(form="BMP"), "not_a_photo"),
    "EPS": Hostile(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run", "not_a_photo"),
    "WebP": Hostile(lambda: _photo(form="WEBP"), "webp"),
    "HEIC": Hostile(lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "heic"),
    "AVIF": Hostile(lambda: b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + bytes(500), "heic"),
    "JPEG's magic and nothing": Hostile(lambda: b"\xff\xd8\xff", "not_a_photo"),
    "PNG's magic and nothing": Hostile(lambda: b"\x89PNG\r\n\x1a\n", "not_a_photo"),
    "PNG's magic before a JPEG": Hostile(lambda: b"\x89PNG\r\n\x1a\n" + _photo(), "not_a_photo"),
    "JPEG, the half of it": Hostile(lambda: pictures.photo()[: len(pictures.photo()) // 2], "damaged"),
    "PNG, the half of it": Hostile(lambda: _photo(form="PNG")[:400], "damaged"),
    "PNG whose pixels are noise": Hostile(lambda: png(800, 500).replace(b"x\xda", b"\0\0"), "damaged"),
    "stamp": Hostile(lambda: _photo(size=(90, 60)), "too_small"),
    "thread": Hostile(lambda: _photo(size=(30_000, 20)), "too_small"),
    # Pictures out of the ordinary
    "JPEG in CMYK": Hostile(lambda: _photo("CMYK")),
    "JPEG in CMYK with a profile for RGB": Hostile(lambda: _photo("CMYK", icc_profile=_SRGB)),
    "PNG of sixteen bits grey": Hostile(lambda: _photo("I;16", "PNG")),
    "PNG of sixteen bits colour": Hostile(lambda: png(800, 500, bits=16, data=bytes(4801 * 500))),
    "PNG, animated": Hostile(lambda: _animated("PNG")),
    "PNG with palette": Hostile(lambda: _photo("P", "PNG")),
    "JPEG with a profile that is none": Hostile(lambda: _photo(icc_profile=b"profile " + CANARY)),
    "JPEG with a profile for Lab": Hostile(lambda: _photo(icc_profile=_LAB + CANARY)),
    "JPEG with a profile cut off": Hostile(lambda: _photo(icc_profile=_SRGB[:200] + CANARY)),
    "JPEG with an old comment": Hostile(lambda: _photo(comment=CANARY)),
    "JPEG with the place where it was taken": Hostile(_gps),
    "JPEG with Photoshop's block": Hostile(lambda: _with_segment(0xED, b"Photoshop 3.0\0" + CANARY)),
    "JPEG with XMP": Hostile(lambda: _with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + CANARY + b"</x>")),
    "JPEG with EXIF that points outside": Hostile(
        lambda: _with_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f" + CANARY)
    ),
    "PNG with words": Hostile(_text_in_png),
    "PNG with EXIF": Hostile(lambda: png(800, 500, _chunk(b"eXIf", b"MM\0*" + CANARY), data=bytes(2401 * 500))),
}
"""Every file by what it is."""

NAMES = {
    "up the tree": "../../../etc/cron.d/evil.jpg",
    "up the tree, Windows": "..\\..\\evil.jpg",
    "absolute": "/etc/passwd",
    "zero byte": "photo.php\0.jpg",
    "right to left": "photo\u202egpj.exe",
    "new lines": "photo.jpg\r\nX-Evil: yes\r\n",
    "markup": '"><script>alert(1)</script>.jpg',
    "dots": "..",
    "long": "a" * 600 + ".jpg",
    "device": "CON.jpg",
}
"""Names under which a good photo may come; none of them is used for anything."""
