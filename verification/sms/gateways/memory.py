"""For tests: keeps messages in a list, and fails when told to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What was handed over."""

    to: str
    text: str


sent: list[Message] = []
failures: list[Exception] = []
"""Errors to raise, one for each coming call, before messages are taken again."""


def send(*, to: str, text: str) -> str:
    """Keep the message and return its place in the list, or raise the next of `failures`."""
    if failures:
        raise failures.pop(0)
    sent.append(Message(to, text))
    return str(len(sent))
