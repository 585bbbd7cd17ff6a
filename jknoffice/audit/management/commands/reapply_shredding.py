"""`manage.py reapply_shredding`: after a restore, shred again what had been shredded."""

from typing import Any

from django.core.management.base import BaseCommand

from jknoffice.audit import shredding


class Command(BaseCommand):
    """Empties the keys of subjects that the log says were shredded. Run it after each restore; twice does no harm."""

    help = "After a restore: empty again the keys of all subjects that the log says were shredded."

    def handle(self, *args: Any, **options: Any) -> None:
        """Shred again, and say how many keys had come back."""
        self.stdout.write(f"{shredding.reapply()} keys emptied again.")
