"""`python -m jknoffice.environment` writes a development `.env` with fresh keys, unless there is one."""

import base64
import os
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / ".env"
KEYS = ("SECRET_KEY", "JKN_AUDIT_KEY", "JKN_DATA_KEY")


def write(file: Path) -> bool:
    """Write the environment of a development place, for this user's eyes only, and return whether it was written.

    A file that is there stays as it is: the database is sealed with its keys. Each key is 32 random bytes in base64.
    """
    lines = [
        '# The environment of this copy. README.md, "Configuration", lists what may stand here.',
        "JKN_ENV=development",
    ]
    lines += [f"{name}={base64.b64encode(os.urandom(32)).decode()}" for name in KEYS]
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(number, "w") as opened:
        opened.write("\n".join(lines) + "\n")
    return True


if __name__ == "__main__":
    if write(FILE):
        sys.stdout.write(f"Wrote {FILE} with fresh keys for development.\n")
