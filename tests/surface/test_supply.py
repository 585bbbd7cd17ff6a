"""What the product is made of: each pin has digests in the lock, and each licence is one that we may use."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy import licences

ROOT = Path(settings.BASE_DIR)
FILES = (*licences.FILES, "requirements-dev.txt")


def locked() -> dict[str, tuple[str, int]]:
    """The version and the number of digests of each package in the lock."""
    found: dict[str, tuple[str, int]] = {}
    for part in re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text()):
        name, version = part.split(" ")[0].split("==")
        found[canonicalize_name(name)] = (version, part.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("name", FILES)
def test_each_pin_stands_in_the_lock_with_its_digests(name: str) -> None:
    lock = locked()
    for line in licences.pins(ROOT / name):
        wanted = Requirement(line)
        version, digests = lock[canonicalize_name(wanted.name)]
        assert [each.operator for each in wanted.specifier] == ["=="], line
        assert version in wanted.specifier, f"{line}: run make lock"
        assert digests


def test_nothing_in_the_lock_is_without_a_digest() -> None:
    assert [name for name, (_, digests) in locked().items() if not digests] == []


def test_the_licences_of_the_runtime_are_allowed() -> None:
    assert len(licences.licences()) > 40
    assert licences.refused() == {}


@pytest.mark.parametrize(
    ("stated", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", False),
        ("LGPL-3.0-only", False),
        ("MIT AND GPL-2.0", False),
        ("not stated", False),
    ],
)
def test_what_is_allowed(stated: str, *, allowed: bool) -> None:
    assert licences.is_allowed("some-package", stated) is allowed


def test_only_named_packages_may_be_lgpl() -> None:
    assert licences.is_allowed("psycopg", "LGPL-3.0-only")
