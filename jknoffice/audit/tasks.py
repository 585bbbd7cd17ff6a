"""Work of the worker: sealing. The queue is its own, so that a worker with the sealer's database role can take it."""

import logging

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from jknoffice.audit.sealing import sealer

logger = logging.getLogger(__name__)

QUEUE = "seal"
EVERY_FIVE_SECONDS = "* * * * * */5"
AT_NIGHT = "23 2 * * *"
KEPT_HOURS = 24


@app.periodic(cron=EVERY_FIVE_SECONDS)
@app.task(name="audit.seal", queue=QUEUE, queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Seal what waits. A halt is recorded by the sealer, and told here without failing the job."""
    _seal_all(everything=False)


@app.periodic(cron=AT_NIGHT)
@app.task(name="audit.seal_stragglers", queue=QUEUE, queueing_lock="audit.seal_stragglers")
def seal_stragglers(timestamp: int) -> None:
    """Search the whole log for entries that were committed more than an hour after later ones."""
    _seal_all(everything=True)


@app.periodic(cron=AT_NIGHT)
@app.task(name="audit.forget_jobs", queue=QUEUE, queueing_lock="audit.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Delete the finished jobs of the queue: sealing leaves 17,280 a day."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, queue=QUEUE)


def _seal_all(*, everything: bool) -> None:
    try:
        sealed = sealer.seal_all(everything=everything)
    except sealer.Halted as error:
        logger.critical("sealing has halted: %s", error)
    else:
        if sealed.entries:
            logger.info("sealed %s entries, %s in all", sealed.entries, sealed.size)
