"""Work of the worker for accounts. Arguments hold row ids only, and what happened by its code."""

from datetime import datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jknoffice.accounts import notices
from jknoffice.accounts.life import letters

EVERY_MINUTE = "* * * * *"


@app.task(name=notices.TELL_TASK, retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def tell(*, user_id: int, event: str, at: str) -> None:
    """Tell somebody by e-mail what happened to their password or second step; `at` is in ISO 8601."""
    notices.tell(user_id=user_id, event=notices.Event(event), at=datetime.fromisoformat(at))


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="accounts.send_letters", queueing_lock="accounts.send_letters")
def send_letters(timestamp: int) -> None:
    """Send the letters that wait."""
    letters.send_waiting()
