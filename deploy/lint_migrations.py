"""`python -m deploy.lint_migrations`: would a migration stop the product, or break the version that runs beside it?

django-migration-linter reads the SQL of each migration that does not stand in `migrations.baseline`. What it warns of
fails as well. docs/deployment.md, "Migrations", says what it cannot see.
"""

import os
import sys
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).with_name("migrations.baseline")
OURS = ["accounts", "alarms", "audit", "participants", "verification"]


def baseline() -> dict[tuple[str, str], str]:
    """Return the migrations that are not looked at, by app and name, with the reason.

    Raises ValueError for a line without a reason.
    """
    found = {}
    for line in BASELINE.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, reason = line.partition("  ")
        app, _, migration = name.partition(".")
        if not (migration and reason.strip()):
            raise ValueError(f"{BASELINE.name}: {line!r} has no reason")
        found[app, migration] = reason.strip()
    return found


def main() -> int:
    """Look at all new migrations; return 1 when one should not run beside a product that serves."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jknoffice.settings")
    import django

    django.setup()
    from django_migration_linter import MigrationLinter

    class Linter(MigrationLinter):
        """Leaves out what stands in the baseline."""

        def should_ignore_migration(self, app_label: str, migration_name: str, *args: Any, **given: Any) -> bool:
            if (app_label, migration_name) in known:
                return True
            return bool(super().should_ignore_migration(app_label, migration_name, *args, **given))

    known = baseline()
    linter = Linter(
        include_apps=OURS,
        no_cache=True,
        all_warnings_as_errors=True,
        quiet=["ignore", "ok"],
        analyser_string="postgresql",
    )
    linter.lint_all_migrations()
    if not linter.has_errors:
        return 0
    sys.stderr.write(
        'docs/deployment.md, "Migrations", says how it is done. A migration that may stop the product all the same'
        f" (a small table, an empty one) gets a line with the reason in deploy/{BASELINE.name}.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
