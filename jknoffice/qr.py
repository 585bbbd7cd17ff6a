"""QR codes, as shapes that a strict Content-Security-Policy lets through."""

import segno
from django.utils.safestring import SafeString, mark_safe

MARGIN = 4
"""Modules of white around the code, without which telephones do not find it (ISO/IEC 18004)."""


def svg(uri: str) -> SafeString:
    """Return an `<svg>` element that shows `uri` (otpauth://…, https://…), without any style attribute and of no size.

    The page gives it a width; code and margin shrink and grow together.
    """
    drawn = segno.make_qr(uri, error="m").svg_inline(border=MARGIN, dark="#000", light="#fff", omitsize=True)
    # Segno made every character of it; the address went through its encoder.
    return mark_safe(drawn)  # noqa: S308
