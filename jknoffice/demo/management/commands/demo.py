"""`manage.py demo`: fills a development database with made-up people and requests."""

import contextlib
import io
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from jknoffice.demo import register, requests, staff
from jknoffice.demo.people import BRANCHES, families
from participants import phone
from participants.models import Peserta


class Command(BaseCommand):
    """Migrates, then makes 12 branches, 5,000 participants, staff for every role and 60 requests. Safe to run twice."""

    help = "Fill the database with made-up people and requests (development and test only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed and the number of participants."""
        parser.add_argument("--seed", type=int, default=2026, help="same seed, same people (default 2026)")
        parser.add_argument("--participants", type=int, default=5000, help="how many (default 5000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill what is missing."""
        try:
            staff.demand_demo()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        call_command("migrate", verbosity=0)
        people = list(families(seed=options["seed"], count=options["participants"], branches=BRANCHES))
        register.open_branches()
        staff.hire()
        if not Peserta.objects.exists():
            register.enrol(people)
        story = requests.fill(people=people, seed=options["seed"], now=timezone.now())
        # The console gateway prints what it sends; here that would be a page of text about the past.
        with contextlib.redirect_stdout(io.StringIO()):
            done = sum(1 for _status in tqdm(story, "requests", requests.COUNT, disable=None, leave=False))
        self.stdout.write(f"Demo: {len(BRANCHES)} branches, {len(people)} participants, {done} requests.")
        somebody = register.newcomer()
        self.stdout.write(
            f"To make a participant's account: NIK {somebody.nik}, born {somebody.birth_date:%d-%m-%Y},"
            f" number {phone.show(somebody.phone or '')}."
        )
