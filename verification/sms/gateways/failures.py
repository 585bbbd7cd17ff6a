"""What goes wrong on the way out."""


class GatewayDown(Exception):
    """The gateway did not take the message; sending it again later may help. Its words quote no number and no text."""
