"""The sealing key: from the environment, from a file, or made where demos are allowed."""

import base64
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from jknoffice.audit.models import AuditOrigin
from jknoffice.audit.sealing import keys
from jknoffice.place import Place

ORIGIN = AuditOrigin(name="jkn.example/audit")
SEED = bytes(range(32))


def test_the_environment_comes_first(settings: Any) -> None:
    settings.JKN_SEAL_KEY = base64.b64encode(SEED).decode() + "\n"
    assert keys.signer(ORIGIN).seed == SEED
    assert not settings.JKN_SEAL_KEY_FILE.exists()


def test_a_key_is_made_once_for_its_owner_s_eyes(settings: Any) -> None:
    first = keys.signer(ORIGIN)
    assert keys.signer(ORIGIN) == first
    assert settings.JKN_SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_production_makes_no_key(settings: Any) -> None:
    settings.JKN_ENV = Place.PRODUCTION
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        keys.signer(ORIGIN)
    assert not settings.JKN_SEAL_KEY_FILE.exists()


def test_of_two_that_make_a_key_at_once_both_use_the_first(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keys.new_seed(settings.JKN_SEAL_KEY_FILE)
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert keys.signer(ORIGIN).seed == first


@pytest.mark.parametrize("text", ["", "x", "!!!!", base64.b64encode(SEED[:31]).decode()])
def test_what_is_no_key_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    with pytest.raises(ImproperlyConfigured, match="sealing key must be"):
        keys.seed_in(path)
