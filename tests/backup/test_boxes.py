"""Encrypted files: they open with the private key, whole or not at all."""

import errno
import io
import os
from pathlib import Path

import pytest
from pyrage.x25519 import Recipient

from jknoffice.backup import boxes, keys

PLAIN = os.urandom(200_000)
CHUNK = 64 * 1024 + 16
"""Of age: 64 KiB and their tag."""


@pytest.fixture
def box(tmp_path: Path, key: Recipient) -> Path:
    file = tmp_path / "base.tar.age"
    size, digest = boxes.write(io.BytesIO(PLAIN), file, to=key)
    boxes.keep(file)
    assert (size, len(digest)) == (file.stat().st_size, 64)
    return file


def read(file: Path, identity: Path) -> bytes:
    with boxes.opened(file, by=boxes.identity(identity)) as stream:
        return stream.read()


def test_a_file_opens_with_the_private_key_and_says_nothing_without_it(
    box: Path, identity: Path, tmp_path: Path
) -> None:
    assert read(box, identity) == PLAIN
    assert box.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert PLAIN[:32] not in box.read_bytes()
    assert [file.stat().st_mode & 0o777 for file in (box, identity)] == [0o600, 0o600]
    keys.write(tmp_path / "another")
    with pytest.raises(boxes.BoxError, match="another key"):
        read(box, tmp_path / "another")


@pytest.mark.parametrize("end", [-1, -CHUNK // 2, -(200_000 % (64 * 1024)) - 16, 300])
def test_a_file_that_was_cut_short_does_not_open(box: Path, identity: Path, end: int) -> None:
    box.write_bytes(box.read_bytes()[:end])
    with pytest.raises(boxes.BoxError, match="cut short"):
        read(box, identity)


def test_a_file_that_was_altered_does_not_open_even_if_its_end_is_not_asked_for(box: Path, identity: Path) -> None:
    whole = bytearray(box.read_bytes())
    whole[-20] ^= 1
    box.write_bytes(whole)
    with pytest.raises(boxes.BoxError), boxes.opened(box, by=boxes.identity(identity)) as stream:
        assert stream.read(100) == PLAIN[:100]


def test_a_disk_that_is_full_in_the_middle_is_said_as_any_other(tmp_path: Path, key: Recipient) -> None:
    class Torn(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        boxes.write(Torn(), tmp_path / "base.tar.age", to=key)
    assert not [*tmp_path.glob("base*")]


def test_nothing_is_overwritten(box: Path, key: Recipient, identity: Path) -> None:
    boxes.write(io.BytesIO(b"other"), box, to=key)
    with pytest.raises(FileExistsError):
        boxes.keep(box)
    with pytest.raises(FileExistsError):
        keys.write(identity)
    assert read(box, identity) == PLAIN


def test_what_is_no_key_is_told_without_quoting_it(tmp_path: Path) -> None:
    with pytest.raises(boxes.BoxError, match="begins with age1"):
        boxes.recipient("ssh-rsa AAAA")
    (tmp_path / "wrong").write_text("AGE-SECRET-KEY-1QQQQ\n")
    with pytest.raises(boxes.BoxError, match="holds no private key") as told:
        boxes.identity(tmp_path / "wrong")
    assert "QQQQ" not in str(told.value)
    with pytest.raises(boxes.BoxError, match="cannot be read"):
        boxes.identity(tmp_path / "nowhere")


def test_whoever_reads_and_fails_is_told_the_own_reason(box: Path, identity: Path) -> None:
    with pytest.raises(RuntimeError, match="made up"), boxes.opened(box, by=boxes.identity(identity)):
        raise RuntimeError("made up")
