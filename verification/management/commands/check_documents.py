"""`manage.py check_documents`: can photos be decrypted?"""

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from jknoffice.audit.management.moment import moment
from jknoffice.crypto import Unreadable
from verification.documents import store, vault
from verification.models import Document


class Command(BaseCommand):
    """Decrypts photos drawn by lot, and shows and keeps none of them. Exit status 0: all open, 1: some do not."""

    help = "Decrypt photos drawn by lot, and say how many open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --sample and --until."""
        parser.add_argument("--sample", type=int, default=20, help="how many (default: %(default)s)")
        parser.add_argument("--until", type=moment, metavar="ISO", help="only photos that were kept before this moment")

    def handle(self, *args: Any, sample: int, until: datetime | None, **options: Any) -> None:
        """Decrypt, and say what came of it: row ids, no names."""
        rows = Document.objects.filter(shredded_at__isnull=True)
        if until:
            rows = rows.filter(created_at__lt=until)
        lost, looked = [], 0
        for document in rows.order_by("?")[:sample]:
            looked += 1
            try:
                vault.jpeg_of(document)
            except (vault.Lost, store.Away, Unreadable) as error:
                lost.append(f"{document.pk} ({type(error).__name__})")
        self.stdout.write(f"{looked - len(lost)} of {looked} photos open.")
        if lost:
            self.stdout.write(f"Not: {', '.join(lost)}")
            sys.exit(1)
