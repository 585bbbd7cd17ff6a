"""Work of the worker: looking for alarms, and writing about them."""

from procrastinate.contrib.django import app

from jknoffice.alarms import letters, watching

EVERY_MINUTE = "* * * * *"


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
