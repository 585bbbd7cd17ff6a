"""The demo's branches and participants, imported as a data admin would import them."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from jknoffice.accounts.models import Branch
from jknoffice.accounts.models.branch import Zone
from jknoffice.demo.people import BRANCHES, Person
from jknoffice.demo.people.register_file import write_csv
from jknoffice.demo.staff import BY, demand_demo
from participants.importing import ImportResult, run_import
from participants.models import Peserta
from participants.models.choices import Membership, Relation


def open_branches() -> None:
    """Create the demo's branches; those that exist are left as they are."""
    demand_demo()
    Branch.objects.bulk_create(
        [Branch(code=plan.code, name=plan.name, region=plan.region, time_zone=Zone[plan.zone]) for plan in BRANCHES],
        ignore_conflicts=True,
    )


def enrol(people: Sequence[Person]) -> ImportResult:
    """Write made-up people into a file and import it with the product's own import."""
    demand_demo()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo-register.csv"
        write_csv(people, path)
        return run_import(path=path, by=BY, user=None, rejects=None, dry_run=False)


def newcomer() -> Peserta:
    """Return a participant for whom an account can be tried out: with a number, no account yet, and no request."""
    free = Peserta.objects.filter(account=None, requests=None, phone__isnull=False, relation=Relation.SELF)
    return free.filter(status=Membership.ACTIVE).order_by("pk")[0]
