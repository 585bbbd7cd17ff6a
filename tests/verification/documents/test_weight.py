"""How much work a photo will be."""

from typing import Any

import pytest

from tests import hostile, pictures
from verification.documents import helpers
from verification.documents.drawing import Undrawable
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


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_says_to_be_too_large_takes_nobodys_turn(
    kind: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PHOTO_MAX_PIXELS = 1_000_000
    for pool in ("_ours", "_heavy"):
        monkeypatch.setattr(helpers, pool, None)
    with pytest.raises(Undrawable, match="too_many_pixels"):
        helpers.draw(pictures.photo(kind=kind, size=(1200, 1000)))
