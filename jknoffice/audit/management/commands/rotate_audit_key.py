"""`manage.py rotate_audit_key NEW_KEY_FILE`: from now on another key signs the log."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from jknoffice.audit.actor import Actor
from jknoffice.audit.sealing import keys, rotation, sealer


class Command(BaseCommand):
    """Hands the log over to the key in a file, which is made when it is missing. Both keys sign the hand-over."""

    help = "Hand the sealing of the audit log over to a new key; both keys sign the hand-over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("new_key_file", type=Path, help="the new seed in base64; it is made when it is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and say what to do now."""
        path: Path = options["new_key_file"]
        try:
            seed = keys.seed_in(path) if path.exists() else keys.new_seed(path)
            key = rotation.rotate(new_seed=seed, by=Actor.system("rotate_audit_key"))
        except (ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        except rotation.KeyUsedBefore as error:
            raise CommandError(f"The key in {path} has signed this log before. Use a fresh one.") from error
        except sealer.Halted as error:
            raise CommandError(f"The sealer has halted: {error}") from error
        self.stdout.write(
            f"After {key.from_size} entries the log is handed over to\n\n    {key.vkey}\n\n"
            f"Now set JKN_SEAL_KEY_FILE={path.resolve()} (or JKN_SEAL_KEY to its text) for the worker\n"
            "and start it again, and give the new key to the HTTP witnesses. Until then nothing is sealed. Keep the\n"
            "first key published: verifiers follow the hand-overs from there. Destroy the old seed."
        )
