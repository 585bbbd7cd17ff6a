"""Two accounts of one person count as one person."""

from jknoffice.crypto import Purpose, key_for, keyed_hash


def person_id(nik: str) -> str:
    """Return the keyed hash of a 16-digit NIK, 64 hexadecimal digits.

    It joins a staff member's accounts, and a staff member to their own row in the register, without storing the NIK.
    """
    return keyed_hash(key_for(Purpose.PERSON), nik).hex()
