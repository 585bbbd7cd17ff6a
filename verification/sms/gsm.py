"""The alphabet of SMS (3GPP TS 23.038, 6.2.1): its characters in order, and what a text becomes in it."""

DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Each character stands at its own number."""
EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
"""Characters that take two places: an escape, then this number."""
ESCAPE = 0x1B

_OCTETS = {
    **{character: bytes([number]) for number, character in enumerate(DEFAULT) if number != ESCAPE},
    **{character: bytes([ESCAPE, number]) for character, number in EXTENSION.items()},
}


def encoded(text: str) -> bytes | None:
    """Return `text`, one octet for each place and not packed; None where a sign of it stands in neither table."""
    parts = [_OCTETS.get(character) for character in text]
    return None if None in parts else b"".join(part for part in parts if part is not None)
