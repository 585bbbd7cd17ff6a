"""The QR code of an authenticator, as shapes that a strict Content-Security-Policy lets through."""

import segno
from django.utils.safestring import SafeString, mark_safe

SCALE = 5


def svg(uri: str) -> SafeString:
    """Return an `<svg>` element that shows `uri` (otpauth://…), without any style attribute; its size is in pixels."""
    drawn = segno.make_qr(uri, error="m").svg_inline(scale=SCALE, border=4, dark="#000", light="#fff", omitsize=False)
    # Segno made every character of it; the address went through its encoder.
    return mark_safe(drawn)  # noqa: S308
