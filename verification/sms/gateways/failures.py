"""What goes wrong on the way out."""

from datetime import timedelta


class GatewayDown(Exception):
    """The gateway did not take the message; sending it again later may help. Its words quote no number and no text.

    `wait` is how long the gateway itself asks to be left alone.
    """

    def __init__(self, words: str = "", *, wait: timedelta = timedelta(0)) -> None:
        super().__init__(words)
        self.wait = wait


class Refused(GatewayDown):
    """The gateway says that it will never take this message, such as one to a number that cannot be."""
