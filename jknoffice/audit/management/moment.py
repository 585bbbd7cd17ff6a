"""Moments on the command line."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime

from django.utils import timezone


def moment(text: str) -> datetime:
    """Return an ISO 8601 date or moment in UTC; one without a zone is local. Raises ArgumentTypeError."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else timezone.make_aware(found)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"not an ISO 8601 moment: {text}") from error
