"""New migrations are looked at, and one that stops the product is named."""

from pathlib import Path

import pytest

from deploy import lint_migrations

pytestmark = pytest.mark.django_db(transaction=True)

BAD = ("verification", "0018_read_numbers")
"""It makes an index without CONCURRENTLY."""


def test_a_migration_that_locks_a_table_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = lint_migrations.baseline()
    assert known.pop(BAD) == "before the first release"
    monkeypatch.setattr(lint_migrations, "baseline", lambda: known)
    assert lint_migrations.main() == 1
    told = capsys.readouterr()
    assert "CREATE INDEX locks table" in told.out
    assert "docs/deployment.md" in told.err


def test_a_migration_without_a_reason_is_not_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "migrations.baseline"
    file.write_text("verification.0018_read_numbers\n")
    monkeypatch.setattr(lint_migrations, "BASELINE", file)
    with pytest.raises(ValueError, match="has no reason"):
        lint_migrations.baseline()
