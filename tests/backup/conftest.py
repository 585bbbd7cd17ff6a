from pathlib import Path

import pytest
from pyrage.x25519 import Recipient

from jknoffice.backup import boxes, keys


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """The file of a private key, with the public one beside it in `recipient`."""
    file = tmp_path / "identity"
    (tmp_path / "recipient").write_text(keys.write(file) + "\n")
    return file


@pytest.fixture
def recipient(identity: Path) -> Path:
    return identity.with_name("recipient")


@pytest.fixture
def key(recipient: Path) -> Recipient:
    return boxes.recipient(recipient.read_text())
