"""Deleting what nobody took further: uploaded files hold personal data."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from participants.models import ImportUpload
from participants.uploads import folder
from participants.uploads.steps import forget


def remove_old(*, at: datetime) -> int:
    """Delete the files and reports of uploads whose last step is older than `UPLOAD_LIFETIME`; return how many.

    Folders of no upload, left by a process that was killed, go as well.
    """
    before = at - settings.UPLOAD_LIFETIME
    removed = 0
    for pk in ImportUpload.objects.filter(removed_at=None, moved_at__lt=before).values_list("pk", flat=True):
        with transaction.atomic():
            row = (
                ImportUpload.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(pk=pk, removed_at=None, moved_at__lt=before)
                .first()
            )
            if row:
                forget(row, at=at)
                record(
                    "import.upload_removed",
                    by=Actor.system("retention"),
                    about=Thing.of(row),
                    after={"sha256": row.sha256},
                    at=at,
                )
                removed += 1
    kept = {str(uuid) for uuid in ImportUpload.objects.filter(removed_at=None).values_list("uuid", flat=True)}
    for name in folder.older_than(before.timestamp()):
        if name not in kept:
            folder.remove(name)
    return removed
