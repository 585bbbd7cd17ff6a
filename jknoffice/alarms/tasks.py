"""Work of the worker: looking for alarms, and writing about them."""

from procrastinate.contrib.django import app

from jknoffice.alarms import letters, watching
from jknoffice.alarms.retention import RULES
from verification import retention

EVERY_MINUTE = "* * * * *"
AT_NIGHT = "43 1 * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="alarms.watch", queueing_lock="alarms.watch")
def watch(timestamp: int) -> None:
    """Evaluate the rules over what has been recorded since."""
    watching.watch()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="alarms.send_letters", queueing_lock="alarms.send_letters")
def send_letters(timestamp: int) -> None:
    """Write about the alarms that were raised since."""
    letters.send_waiting()


@app.periodic(cron=AT_NIGHT)
@app.task(name="alarms.sweep", queueing_lock="alarms.sweep")
def sweep(timestamp: int) -> None:
    """Delete alarms that were handled long ago."""
    retention.sweep(rules=RULES)
