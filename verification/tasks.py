"""Work of the worker: each task makes one domain call. Arguments hold row ids only."""

from contextlib import suppress

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ProcrastinateException

from jknoffice import clock
from jknoffice.audit import startup
from verification import changes, outbox, retention, summary
from verification.annotation import work
from verification.documents import shredding, vault
from verification.likeness import matching, queueing
from verification.self_service import answering
from verification.self_service import codes as account_codes
from verification.sms import gateways

EVERY_MINUTE = "* * * * *"
EVERY_FIVE_MINUTES = "*/5 * * * *"
EVERY_HOUR = "7 * * * *"
AT_NIGHT = "41 1 * * *"
JOBS_KEPT_HOURS = 72
FOR_HOURS = RetryStrategy(max_attempts=6, exponential_wait=5)
"""After 5 s, 25 s, 2, 10 and 52 minutes, and 4 hours: the storage of photos may be away."""


@app.task(name=outbox.SEND_TASK)
def send_message(*, message_id: int) -> None:
    """Send one message of the outbox."""
    outbox.deliver(message_id=message_id)


@app.task(name=work.READ_TASK, queue=work.QUEUE, retry=FOR_HOURS)
def read_document(*, document_id: int) -> None:
    """Let the machine read one photo."""
    work.read(document_id=document_id)


@app.task(name=account_codes.ANSWER_TASK, retry=RetryStrategy(max_attempts=5, wait=20))
def answer_account_code(*, code_id: int) -> None:
    """Look whom a code that was asked for is for, and send it."""
    answering.answer(code_id=code_id)


@app.task(name=queueing.MATCH_TASK, retry=FOR_HOURS)
def match_photo(*, document_id: int) -> None:
    """Look for copies of a photo that was kept."""
    matching.match(document_id=document_id)


@app.task(name=queueing.MATCH_READ_TASK, retry=RetryStrategy(max_attempts=3, wait=60))
def match_read_numbers(*, document_id: int) -> None:
    """Look for copies of a photo among those on which the machine read the same number."""
    matching.match_by_numbers(document_id=document_id)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.deliver_messages", queueing_lock="verification.deliver_messages")
def deliver_messages(timestamp: int) -> None:
    """Send the messages whose time has come, and those whose job got lost; forget what nobody may send any more."""
    gateways.listen()
    outbox.deliver_waiting()
    outbox.erase_given_up(at=clock.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.apply_holds", queueing_lock="verification.apply_holds")
def apply_holds(timestamp: int) -> None:
    """Write to the register what was held long enough."""
    changes.apply_due()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.expire_requests", queueing_lock="verification.expire_requests")
def expire_requests(timestamp: int) -> None:
    """End requests whose code or better photo never came."""
    changes.expire_due()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.release_claims", queueing_lock="verification.release_claims")
def release_claims(timestamp: int) -> None:
    """Give back cases that somebody claimed and left lying."""
    changes.release_stale()


@app.periodic(cron=EVERY_FIVE_MINUTES)
@app.task(name="verification.send_summaries", queueing_lock="verification.send_summaries")
def send_summaries(timestamp: int) -> None:
    """Send the supervisors the summary of the day, once its time has come; what failed is tried again."""
    summary.send_due()


@app.periodic(cron=EVERY_HOUR)
@app.task(name="verification.remove_orphans", queueing_lock="verification.remove_orphans")
def remove_orphans(timestamp: int) -> None:
    """Delete photos whose request was never completed."""
    vault.remove_orphans(at=clock.now())


@app.periodic(cron=EVERY_HOUR)
@app.task(name="verification.note_settings", queueing_lock="verification.note_settings")
def note_settings(timestamp: int) -> None:
    """Record the settings of the worker when they are not those recorded last."""
    startup.note(process="worker")


@app.periodic(cron=AT_NIGHT)
@app.task(name="verification.sweep", queueing_lock="verification.sweep")
def sweep(timestamp: int) -> None:
    """Delete what is kept no longer."""
    retention.sweep()


@app.periodic(cron=AT_NIGHT)
@app.task(name="verification.shred_documents", queueing_lock="verification.shred_documents")
def shred_documents(timestamp: int) -> None:
    """Delete the photos of cases that were closed long ago."""
    shredding.shred_due()


@app.periodic(cron=AT_NIGHT)
@app.task(name="verification.forget_jobs", queueing_lock="verification.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that ended days ago; those that failed stay, for somebody to look at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT_HOURS)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="verification.retry_stalled", queueing_lock="verification.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give jobs of killed workers to a living one: procrastinate does not by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        # One that cannot be retried (its twin waits already) does not hold up the others.
        with suppress(ProcrastinateException):
            await manager.retry_job(job)
