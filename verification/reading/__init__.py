"""What a photo of a document says, read by a machine. Pure: no Django, no database, and never the register."""

from verification.reading.result import Reading


def read(jpeg: bytes) -> Reading:
    """Return what a photo says; its engine is loaded at the first call (requirements-reading.txt).

    Raises `ValueError` for bytes that are no picture, `ImportError` where the packages are missing.
    """
    from verification.reading.reader import read_photo

    return read_photo(jpeg)
