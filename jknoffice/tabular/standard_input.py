"""Standard input as a file: it is read more than once."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def spooled(stream: IO[bytes], folder: Path) -> Iterator[Path]:
    """Keep what comes from `stream` in a file in `folder` that only this user can read, and give its path.

    It is deleted when the block ends. The folder is made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder, prefix="stdin-")  # mode 0600
    try:
        with os.fdopen(number, "wb") as file:
            shutil.copyfileobj(stream, file)
        yield Path(name)
    finally:
        Path(name).unlink()
