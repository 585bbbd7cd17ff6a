"""How much work a photo will be, told from its first bytes without decoding it."""

EASY_PIXELS = 16_000_000
EASY_SCANS = 12
_NO_FRAME = {0xC4, 0xC8, 0xCC}


def is_heavy(raw: bytes) -> bool:
    """Return whether a JPEG or PNG will take a helper clearly longer than a photo of a telephone; True when unclear."""
    many = pixels_said(raw) not in range(1, EASY_PIXELS + 1)
    return many or (not raw.startswith(b"\x89PNG") and raw.count(b"\xff\xda") > EASY_SCANS)


def pixels_said(raw: bytes) -> int:
    """Return how many pixels a JPEG or PNG says to have, 0 where it does not say it."""
    if raw.startswith(b"\x89PNG"):
        if raw[12:16] != b"IHDR":
            return 0
        return int.from_bytes(raw[16:20], "big") * int.from_bytes(raw[20:24], "big")
    return _pixels_of_jpeg(raw)


def _pixels_of_jpeg(raw: bytes) -> int:
    """Return width × height from the frame header (ITU-T T.81, B.2.2), 0 where none is found."""
    at = 2
    while raw[at : at + 1] == b"\xff" and at + 9 <= len(raw):
        marker = raw[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            return int.from_bytes(raw[at + 5 : at + 7], "big") * int.from_bytes(raw[at + 7 : at + 9], "big")
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return 0
