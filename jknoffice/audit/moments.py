"""Moments as the log writes them: whole microseconds since 1970 UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970 UTC; raise ValueError for a naive one."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(at_us: int) -> datetime:
    """Return the aware datetime (UTC) of microseconds since 1970 UTC."""
    return _EPOCH + timedelta(microseconds=at_us)
