"""The fonts of the cards: Debian's fonts-ocr-a and fonts-liberation2, Pillow's own where they are missing."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

_DEBIAN = Path("/usr/share/fonts/truetype")
SANS = _DEBIAN / "liberation" / "LiberationSans-Regular.ttf"
BOLD = _DEBIAN / "liberation" / "LiberationSans-Bold.ttf"
NARROW = _DEBIAN / "liberation" / "LiberationSansNarrow-Bold.ttf"
OCR_A = _DEBIAN / "ocr-a" / "OCRA.ttf"


def missing() -> list[str]:
    """Return the fonts that are not there: figures measured without them say little."""
    return [path.name for path in (SANS, BOLD, NARROW, OCR_A) if not path.exists()]


@cache
def font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """Return a font; `size` in pixels."""
    if path.exists():
        return ImageFont.truetype(path, size)
    found = ImageFont.load_default(size=size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return found
