"""The fonts of the cards: Debian's fonts-ocr-a and fonts-liberation2, Pillow's own where they are missing."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

_DEBIAN = Path("/usr/share/fonts/truetype")
_SANS = next((each for each in (_DEBIAN / "liberation2", _DEBIAN / "liberation") if each.exists()), _DEBIAN)
SANS = _SANS / "LiberationSans-Regular.ttf"
BOLD = _SANS / "LiberationSans-Bold.ttf"
_NARROW = _DEBIAN / "liberation" / "LiberationSansNarrow-Bold.ttf"
NARROW = _NARROW if _NARROW.exists() else BOLD
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
