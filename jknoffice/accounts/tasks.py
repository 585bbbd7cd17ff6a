"""Work of the worker for accounts. Arguments hold row ids only, and what happened by its code."""

from datetime import datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jknoffice.accounts import notices


@app.task(name=notices.TELL_TASK, retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def tell(*, user_id: int, event: str, at: str) -> None:
    """Tell somebody by e-mail what happened to their second step; `at` is in ISO 8601."""
    notices.tell(user_id=user_id, event=notices.Event(event), at=datetime.fromisoformat(at))
