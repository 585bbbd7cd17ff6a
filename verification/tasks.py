"""Work of the worker: each task makes one domain call. Arguments hold row ids only."""

import logging

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from verification import changes, outbox
from verification.documents import vault

logger = logging.getLogger(__name__)

EVERY_MINUTE = "* * * * *"
EVERY_HOUR = "7 * * * *"


@app.task(name=outbox.SEND_TASK)
def send_message(*, message_id: int) -> None:
    """Send one message of the outbox."""
    outbox.deliver(message_id=message_id)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.sweep", queueing_lock="verification.sweep")
def sweep(timestamp: int) -> None:
    """Do what time brings: retries of messages, holds that are over, requests and claims that are too old."""
    done = {
        "messages": outbox.deliver_waiting(),
        "applied": changes.apply_due(),
        "expired": changes.expire_due(),
        "released": changes.release_stale(),
    }
    if any(done.values()):
        logger.info("sweep: %s", done)


@app.periodic(cron=EVERY_HOUR)
@app.task(name="verification.remove_orphans", queueing_lock="verification.remove_orphans")
def remove_orphans(timestamp: int) -> None:
    """Delete photos whose request was never completed."""
    vault.remove_orphans(at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.retry_stalled", queueing_lock="verification.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give jobs of killed workers to a living one: procrastinate does not by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
