"""Photos for tests: good ones, drawn on the spot, and everything that is no photo but says so."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (856, 540)


@cache
def photo(label: str = "SPECIMEN", *, kind: str = "JPEG", size: tuple[int, int] = SIZE) -> bytes:
    """The bytes of a card-shaped picture with a word on it, as "JPEG", "PNG" or "GIF"."""
    image = Image.new("RGB", size, (205, 222, 235))
    draw = ImageDraw.Draw(image)
    draw.rectangle((size[0] * 7 // 10, size[1] // 4, size[0] * 19 // 20, size[1] * 4 // 5), fill=(150, 60, 60))
    draw.text((size[0] // 20, size[1] // 10), label, fill=(20, 30, 40), font_size=size[1] // 10)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def upload(content: bytes | None = None, *, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A file as a browser sends it; a good photo when nothing is given."""
    return SimpleUploadedFile(name, photo() if content is None else content, content_type="image/jpeg")


def zipped() -> bytes:
    """A real ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.txt", "not a photo" * 100)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of some hundred bytes that would unfold to 900 million pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(90_001))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


BAD: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "text": ("photo.jpg", lambda: b"This is no photo at all.\n" * 40),
    "empty": ("photo.jpg", lambda: b""),
    "50 MB": ("photo.jpg", lambda: photo() + bytes(50 * 1024 * 1024)),
    "truncated JPEG": ("photo.jpg", lambda: photo()[:3000]),
    "truncated PNG": ("photo.png", lambda: photo(kind="PNG")[:600]),
    "JPEG header only": ("photo.jpg", lambda: photo()[:20]),
    "ZIP named .jpg": ("photo.jpg", zipped),
    "bomb of pixels": ("photo.png", bomb),
    "GIF": ("photo.gif", lambda: photo(kind="GIF")),
    "SVG": ("photo.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "HEIC": ("photo.heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(5000)),
    "PDF": ("photo.pdf", lambda: b"%PDF-1.7\n" + bytes(2000)),
    "too small": ("photo.png", lambda: photo(kind="PNG", size=(40, 30))),
}
"""What no door may take, by what it is: the file name that it comes under, and how to make its bytes."""
