"""Work of the worker for accounts: e-mails to staff."""

from procrastinate.contrib.django import app

from jknoffice.accounts.life import letters

EVERY_MINUTE = "* * * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="accounts.send_letters", queueing_lock="accounts.send_letters")
def send_letters(timestamp: int) -> None:
    """Send the letters that wait."""
    letters.send_waiting()
