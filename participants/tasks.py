"""Work of the worker for the register. The queue of imports is its own: one of ten million rows takes minutes."""

from procrastinate.contrib.django import app

from jknoffice import clock
from participants.uploads import retention, work
from participants.uploads.steps import CHECK_TASK, IMPORT_TASK, QUEUE

EVERY_HOUR = "17 * * * *"


@app.task(name=CHECK_TASK, queue=QUEUE)
def check_upload(*, upload_id: int) -> None:
    """Do the dry run of an uploaded file."""
    work.check(upload_id=upload_id)


@app.task(name=IMPORT_TASK, queue=QUEUE)
def import_upload(*, upload_id: int) -> None:
    """Import an uploaded file that was confirmed."""
    work.publish(upload_id=upload_id)


@app.periodic(cron=EVERY_HOUR)
@app.task(name="participants.remove_uploads", queueing_lock="participants.remove_uploads")
def remove_uploads(timestamp: int) -> None:
    """Delete uploaded files that nobody took further."""
    retention.remove_old(at=clock.now())
