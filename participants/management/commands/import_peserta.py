"""`manage.py import_peserta FILE…`: fills the register from files."""

import json
import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import override
from tqdm import tqdm

from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.tabular import spooled
from participants.importing import CannotRun, ImportResult, Phase, run_import

KEYS = "rows created updated unchanged refused warnings kept_phone kept_email seconds rows_per_second batch".split()


class Command(BaseCommand):
    """Imports participants from files, each in a transaction of its own (`participants/importing/`).

    Refused rows go to FILE.rejects.csv with line, column, code, sentence and the row as it was: correct them there and
    import that file. Rows that are taken, but look odd, go to FILE.warnings.csv. Stopped with Ctrl-C or killed, an
    import has written nothing; --resume goes on. Exit status: 0 all rows in, 1 some refused, 2 could not run.
    """

    help = "Import participants from files with a header."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files and how to go about them."""
        parser.add_argument(
            "files", type=Path, nargs="+", metavar="FILE", help="CSV, also packed, or XLSX; - for stdin"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing to the register")
        parser.add_argument("--resume", action="store_true", help="go on with an interrupted import of the same file")
        parser.add_argument("--full", action="store_true", help="the file holds everybody: report who is missing")
        parser.add_argument(
            "--as-of",
            type=_moment,
            metavar="MOMENT",
            help="of when the file is (2026-11-23 or 2026-11-23T08:00): numbers and e-mail addresses changed later are "
            "kept (default: when the file was modified, but at least 30 days ago)",
        )
        parser.add_argument("--columns", type=Path, metavar="TOML", help="which column is which")
        parser.add_argument("--rejects", type=Path, help="where refused rows go (default: FILE.rejects.csv)")
        parser.add_argument("--warnings", type=Path, help="where odd rows go (default: FILE.warnings.csv)")
        parser.add_argument("--missing", type=Path, help="with --full: who is missing (default: FILE.missing.csv)")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--by", metavar="USERNAME", help="data admin in whose name this is done")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import one file after the other, and say what was done."""
        files: list[Path] = options["files"]
        if len(files) > 1 and any(options[name] for name in ("rejects", "warnings", "missing", "as_of")):
            raise CommandError("one_file: --rejects, --warnings, --missing and --as-of go with one file.", returncode=2)
        user = self._user(options["by"])
        refused = 0
        for path in files:
            refused += self._one(path, user, options)
        if refused:
            sys.exit(1)

    def _one(self, path: Path, user: User | None, options: dict[str, Any]) -> int:
        """Import one file; return how many rows were refused."""
        reports = {name: options[name] or _beside(path, name) for name in ("rejects", "warnings", "missing")}
        try:
            with (
                nullcontext(path) if str(path) != "-" else spooled(sys.stdin.buffer, settings.JKN_VAR / "spool") as file
            ):
                result = self._import(file, user, reports, options)
        except CannotRun as refusal:
            raise CommandError(f"{refusal.fault}: {refusal}", returncode=2) from refusal
        except DatabaseError as error:
            # The further lines of its text may hold a row.
            raise CommandError(f"database: {str(error).partition(chr(10))[0]}", returncode=2) from None
        except KeyboardInterrupt:
            raise CommandError("stopped: nothing was written; --resume goes on.", returncode=2) from None
        if options["format"] == "json":
            self.stdout.write(json.dumps({key: getattr(result, key) for key in KEYS}))
        else:
            self._say(result, reports, options)
        return result.refused

    def _import(self, path: Path, user: User | None, reports: dict[str, Path], options: dict[str, Any]) -> ImportResult:
        # What goes wrong is said in English on a terminal, like everything there; the reports speak Indonesian.
        with override("en"), tqdm(unit=" rows", disable=None, leave=False, smoothing=0.1) as bar:

            def show(rows: int, phase: Phase, estimate: int | None) -> None:
                bar.total = estimate
                bar.set_description(phase, refresh=phase != Phase.READING)
                bar.update(rows - bar.n)

            return run_import(
                path=path,
                by=user.as_actor() if user else Actor.system("import_peserta"),
                user=user,
                rejects=reports["rejects"],
                warnings=reports["warnings"],
                missing=reports["missing"],
                dry_run=options["dry_run"],
                resume=options["resume"],
                full=options["full"],
                as_of=options["as_of"],
                columns=options["columns"],
                progress=show,
            )

    def _user(self, username: str | None) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None or not user.has_perm("participants.import_peserta"):
            raise CommandError(f"no_permission: {username} is no active data admin.", returncode=2)
        return user

    def _say(self, result: ImportResult, reports: dict[str, Path], options: dict[str, Any]) -> None:
        counts = ", ".join(f"{getattr(result, key)} {key}" for key in KEYS[1:5])
        self.stdout.write(f"{result.rows} rows in {result.seconds} s ({result.rows_per_second}/s): {counts}")
        if result.changed_nothing:
            self.stdout.write("The register held all of this already: nothing changed.")
        if result.kept_phone:
            self.stdout.write(f"{result.kept_phone} numbers were changed by a request since and are kept.")
        if result.kept_email:
            self.stdout.write(f"{result.kept_email} e-mail addresses were changed by their holders since and are kept.")
        for count, word, report in (
            (result.refused, "Refused rows", "rejects"),
            (result.warnings, "Warnings", "warnings"),
            (result.missing, "Not in the file", "missing"),
        ):
            if count:
                self.stdout.write(f"{word}: {count}, see {reports[report]}")
        if result.unknown:
            self.stdout.write(f"Columns left alone: {', '.join(result.unknown)}")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was kept.")


def _file(path: Path) -> AbstractContextManager[Path]:
    """Return the file, or what comes from standard input as one."""
    return spooled(sys.stdin.buffer, settings.JKN_VAR / "spool") if str(path) == "-" else nullcontext(path)


def _beside(path: Path, report: str) -> Path:
    """Return where a report goes that nobody has named; that of standard input goes to the working folder."""
    return Path(f"stdin.{report}.csv") if str(path) == "-" else path.with_name(f"{path.name}.{report}.csv")


def _moment(text: str) -> datetime:
    """Return the moment that a date or a date with a time names, in our time zone. Raises ValueError."""
    if moment := parse_datetime(text):
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    if day := parse_date(text):
        return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
    raise ValueError(text)
