"""`python -m jknoffice.backup.keys FILE`: draws a key pair for back-ups, on a machine that stays offline.

The private half goes to FILE, for this user's eyes only; the public half is printed (JKN_BACKUP_RECIPIENT). The program
`age-keygen` does the same.
"""

import os
import sys
from pathlib import Path

from pyrage.x25519 import Identity


def write(file: Path) -> str:
    """Write a new private key, and return the public one. Raises FileExistsError: no key is overwritten."""
    drawn = Identity.generate()
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as opened:
        opened.write(f"# public key: {drawn.to_public()}\n{drawn}\n")
    return str(drawn.to_public())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(f"{write(Path(sys.argv[1]))}\n")
