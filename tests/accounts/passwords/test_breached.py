"""The list of passwords that became known, and looking into it without loading it."""

import hashlib
import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from jknoffice.accounts.passwords import breached
from jknoffice.accounts.passwords.breached import is_listed, looks_right
from jknoffice.checks import production_is_complete


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def listed(folder: Path, *passwords: str, end: str = "\r\n", count: str = ":3") -> Path:
    """A file with these, sorted as the one of haveibeenpwned.com is."""
    file = folder / "known.txt"
    file.write_bytes(end.join(f"{digest}{count}" for digest in sorted(map(sha1, passwords))).encode())
    return file


@given(
    known=st.sets(st.text(st.characters(codec="utf-8"), max_size=12), max_size=40),
    other=st.text(st.characters(codec="utf-8"), max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    count=st.sampled_from(["", ":1", ":37359195"]),
)
def test_what_stands_in_the_file_is_found_and_nothing_else(known: set[str], other: str, end: str, count: str) -> None:
    with TemporaryDirectory() as folder:
        file = listed(Path(folder), *known, end=end, count=count)
        assert all(is_listed(each, file=file) for each in known)
        assert is_listed(other, file=file) is (other in known)


def test_a_look_up_reads_little_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"password {number}" for number in range(20_000)]
    file, plain = listed(tmp_path, *names), breached._line_from
    offsets: list[int] = []

    def noting(opened: BinaryIO, offset: int) -> bytes:
        offsets.append(offset)
        return plain(opened, offset)

    monkeypatch.setattr(breached, "_line_from", noting)
    assert is_listed(names[777], file=file)
    assert len(offsets) <= math.ceil(math.log2(file.stat().st_size)) + 1


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        ([sha1("a") + ":1", sha1("b") + ":2"], True),
        ([sha1("a").lower()], True),
        ([sha1("a") + ":1"] * 3, True),
        ([], False),
        (["password", "qwerty"], False),
        ([sha1("a")[:39]], False),
        (["x" * 10_000], False),
    ],
)
def test_the_check_of_a_deployment_names_a_file_of_another_kind(
    tmp_path: Path, settings: Settings, lines: list[str], right: bool
) -> None:
    file = tmp_path / "known.txt"
    file.write_text("\n".join(sorted(lines)))
    settings.BREACHED_PASSWORDS = file
    assert ("jkn.E003" not in {found.id for found in production_is_complete(None)}) is right


def test_a_file_that_is_not_sorted_is_not_right(tmp_path: Path) -> None:
    file = tmp_path / "known.txt"
    file.write_text("\n".join(sorted((sha1(f"{number}") for number in range(500)), reverse=True)))
    assert not looks_right(file)
