"""How much work a photo will be."""

import pytest

from tests import hostile, pictures
from verification.documents.weight import is_heavy


@pytest.mark.parametrize(
    ("raw", "heavy"),
    [
        (pictures.photo(), False),
        (pictures.photo(kind="PNG"), False),
        (pictures.photo(size=(4000, 3000)), False),
        (pictures.photo(size=(5000, 4000)), True),
        (hostile.png(5000, 4000), True),
        (hostile.CORPUS["JPEG of thousands of scans"].make(), True),
        (pictures.photo()[:20], True),
        (b"\xff\xd8\xff\xe0\0\0", True),
    ],
    ids=range(8),
)
def test_what_is_larger_than_a_telephone_s_photo_is_heavy(raw: bytes, heavy: bool) -> None:
    assert is_heavy(raw) == heavy
