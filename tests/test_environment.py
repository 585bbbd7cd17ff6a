"""The development `.env` that `make setup` writes."""

import base64
from pathlib import Path

import environ

from jknoffice.environment import KEYS, write


def test_it_names_the_place_and_holds_three_fresh_keys_for_this_user_only(tmp_path: Path) -> None:
    seen = set()
    for name in ("one", "other"):
        file = tmp_path / name
        assert write(file)
        assert file.stat().st_mode & 0o777 == 0o600
        found: dict[str, str] = {}
        environ.Env.ENVIRON, kept = found, environ.Env.ENVIRON
        try:
            environ.Env.read_env(file)
        finally:
            environ.Env.ENVIRON = kept
        assert found.keys() == {"JKN_ENV", *KEYS}
        assert found["JKN_ENV"] == "development"
        assert {len(base64.b64decode(found[key], validate=True)) for key in KEYS} == {32}
        seen |= {found[key] for key in KEYS}
    assert len(seen) == 2 * len(KEYS)


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("JKN_ENV=production\n")
    assert not write(file)
    assert file.read_text() == "JKN_ENV=production\n"
