"""Reading photos of made-up cards, whichever way they were taken."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from tests.cards import Photo, Tier, photo
from verification.reading import engine, read
from verification.reading.reader import NoPicture
from verification.reading.result import DocType, Fault, FieldName, Reading
from verification.reading.screens import shows_grid

KEY = (FieldName.NIK, FieldName.CARD_NUMBER, FieldName.BIRTH_DATE)


def values(reading: Reading) -> dict[FieldName, str]:
    return {name: field.value for name, field in reading.fields.items()}


def turned(taken: Photo, degrees: int) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(taken.jpeg)).rotate(degrees, expand=True).save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.mark.parametrize("number", range(4))
def test_a_careful_photo_is_read_in_full(number: int) -> None:
    taken = photo(seed=31, number=number, tier=Tier.CAREFUL)
    found = read(taken.jpeg)
    assert found.doc_type is taken.truth.doc_type
    assert {name: values(found).get(name) for name in taken.truth.values if name in KEY} == {
        name: value for name, value in taken.truth.values.items() if name in KEY
    }
    assert all(found.checks.values())
    assert all(field.agreement >= 0.8 for field in found.fields.values())


def test_a_stamp_beside_a_name_is_no_part_of_it() -> None:
    taken = photo(seed=5151, number=19, tier=Tier.CAREFUL)
    assert values(read(taken.jpeg))[FieldName.NAME] == taken.truth.values[FieldName.NAME]


def test_a_blank_that_is_hardly_seen_parts_a_name() -> None:
    taken = photo(seed=8123, number=16, tier=Tier.CAREFUL)
    assert values(read(taken.jpeg))[FieldName.NAME] == taken.truth.values[FieldName.NAME]


def test_what_goes_on_beyond_the_rim_is_not_shown() -> None:
    # Thirteen digits of its NIK are on the photo, and no card number.
    taken = photo(seed=8123, number=25, tier=Tier.SEVERE)
    found = read(taken.jpeg)
    assert not {FieldName.NIK, FieldName.CARD_NUMBER, FieldName.NAME} & set(found.fields)
    assert Fault.CROPPED in found.faults


def test_pale_ink_tells_of_a_reflection_on_a_white_card() -> None:
    taken = photo(seed=8123, number=13, tier=Tier.SEVERE)
    assert Fault.GLARE in taken.truth.faults & read(taken.jpeg).faults


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_photo_may_stand_on_its_side_or_its_head(degrees: int) -> None:
    taken = photo(seed=31, number=0, tier=Tier.CAREFUL)
    assert values(read(turned(taken, degrees)))[FieldName.NIK] == taken.truth.values[FieldName.NIK]


def test_a_box_says_where_a_value_stands() -> None:
    taken = photo(seed=31, number=0, tier=Tier.CAREFUL)
    box = read(taken.jpeg).fields[FieldName.NIK].box
    assert 0 < box.left < box.right < 1
    assert 0 < box.top < box.bottom < 0.6
    assert box.right - box.left > 3 * (box.bottom - box.top)


@pytest.mark.parametrize("number", range(3))
def test_another_picture_is_no_card(number: int) -> None:
    found = read(photo(seed=31, number=number, tier=Tier.OTHER).jpeg)
    assert (found.doc_type, found.fields) == (DocType.OTHER, {})
    assert Fault.OTHER_DOCUMENT in found.faults


def test_a_reading_survives_json() -> None:
    found = read(photo(seed=31, number=1, tier=Tier.CAREFUL).jpeg)
    assert Reading.from_json(json.loads(json.dumps(found.as_json()))) == found


@pytest.mark.parametrize("junk", [b"", b"no picture", b"\xff\xd8\xff\xe0" + bytes(50)])
def test_what_is_no_picture_is_refused(junk: bytes) -> None:
    with pytest.raises(NoPicture):
        read(junk)


def test_other_models_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engine.MODELS, "PP-OCRv6_det_small.onnx", "0" * 64)
    with pytest.raises(engine.WrongModels):
        engine.Engine()


def test_nothing_heavy_is_imported_before_the_first_photo() -> None:
    code = "import verification.reading, verification.annotation.comparing, sys; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not [heavy for heavy in ("cv2", "numpy", "onnxruntime", "rapidocr", "django") if f"'{heavy}'" in done.stdout]


def picture(tier: Tier, number: int) -> Any:
    import cv2
    import numpy as np

    return cv2.imdecode(np.frombuffer(photo(seed=43, number=number, tier=tier).jpeg, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("tier", Tier)
def test_only_a_screen_has_a_grid(tier: Tier) -> None:
    found = [shows_grid(picture(tier, number)) for number in range(4)]
    assert found == [tier is Tier.SCREEN] * 4


def test_what_is_too_small_or_dark_shows_no_grid() -> None:
    screen = picture(Tier.SCREEN, 0)
    assert shows_grid(screen)
    assert not shows_grid(screen[:250])
    assert not shows_grid(screen // 20)


def test_it_is_the_same_photo_for_the_same_seed() -> None:
    one, again = (photo(seed=5, number=3, tier=Tier.HARD) for _ in range(2))
    assert one == again
    assert one.jpeg != photo(seed=6, number=3, tier=Tier.HARD).jpeg


@pytest.mark.parametrize("tier", Tier)
def test_the_truth_of_a_photo_is_consistent(tier: Tier) -> None:
    for number in range(4):
        truth: Any = photo(seed=9, number=number, tier=tier).truth
        assert (truth.doc_type is DocType.OTHER) is (tier is Tier.OTHER) is (not truth.values)
        if truth.values:
            day, month = int(truth.values[FieldName.NIK][6:8]) % 40, int(truth.values[FieldName.NIK][8:10])
            assert truth.values[FieldName.BIRTH_DATE][5:] == f"{month:02}-{day:02}"


@pytest.mark.parametrize(
    ("tier", "number", "seen"),
    [
        pytest.param(Tier.CAREFUL, 7, set(), id="a dark band is no shadow"),
        pytest.param(Tier.SEVERE, 1, {Fault.DARK}, id="a dark photo is no screenshot"),
        pytest.param(Tier.SEVERE, 13, {Fault.BLURRED}, id="nor is a blurred one"),
        pytest.param(Tier.SCREEN, 0, {Fault.SCREEN}, id="a screen shows its grid"),
    ],
)
def test_each_fault_is_told_from_the_others(tier: Tier, number: int, seen: set[Fault]) -> None:
    assert read(photo(seed=41, number=number, tier=tier).jpeg).faults == seen
