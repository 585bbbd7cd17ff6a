"""E-mail addresses: masked where they need not be read."""


def mask(address: str) -> str:
    """Return an address with its name hidden but for the first letter, as in `s•••@contoh.id`; an empty one stays."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}•••{at}{domain}" if at else ""
