"""Taking a back-up: a base back-up by `pg_basebackup`, then the photos; nothing of it is on a disk in clear."""

import subprocess
from collections.abc import Callable, Container
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from pyrage.x25519 import Recipient

from jknoffice.backup import boxes, manifest, photos
from jknoffice.backup.manifest import Manifest, Piece
from jknoffice.backup.server import called


def take(
    *,
    to: Path,
    recipient: str,
    program: Path,
    server: str,
    at: datetime | None = None,
    progress: Callable[[str], None] = lambda _words: None,
) -> Manifest:
    """Add a run to the set in the folder `to`, encrypted to `recipient` (age1…); return its manifest.

    `program` is `pg_basebackup`, `server` a connection string of a role that may replicate. The photos come after the
    base back-up, so that each row in it has its photo. Raises BoxError, SetError and `store.Away`; what was interrupted
    has no manifest, and the next run begins anew.
    """
    at, key = at or datetime.now(UTC), boxes.recipient(recipient)
    for name in ("base", "documents", manifest.FOLDER):
        (to / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    known = {name for each in manifest.read_all(to) for name in each.names} if _begun(to) else set[str]()
    stamp = manifest.stamp(at)
    progress("base back-up")
    base = _base(to, f"base/{stamp}.tar.gz{boxes.SUFFIX}", key, program, server)
    progress("photos")
    try:
        documents, taken = _documents(to, f"documents/{stamp}.tar{boxes.SUFFIX}", key, known)
    except BaseException:
        (to / base.file).unlink()  # without a manifest nobody would ever read it, or clear it away
        raise
    made = Manifest(at=at, recipient=recipient.strip(), base=base, documents=documents, names=taken)
    made.write(to)
    return made


def _begun(to: Path) -> bool:
    return any((to / manifest.FOLDER).glob("*.json"))


def _base(to: Path, file: str, key: Recipient, program: Path, server: str) -> Piece:
    target, environment = called(server)
    command = [str(program), "-D", "-", "-F", "tar", "-X", "fetch", "--checkpoint=fast", "--no-password", "-d", target]
    # Here and not by the server, which has its processors for those who work. More than 1 takes time and gains little.
    command.append("--compress=client-gzip:1")
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        piece = _piece(to, file, cast(BinaryIO, process.stdout), key)
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    if process.returncode:
        boxes.partial(to / file).unlink()
        raise manifest.SetError(f"pg_basebackup failed: {said.strip().splitlines()[-1] if said else 'it says nothing'}")
    boxes.keep(to / file)
    return piece


def _documents(to: Path, file: str, key: Recipient, known: Container[str]) -> tuple[Piece | None, list[str]]:
    """Write the photos that are not `known` into a file of the set; return it, and their names: None when all are."""
    wanted, taken = [name for name in photos.names() if name not in known], list[str]()
    if not wanted:
        return None, taken
    piece = _piece(to, file, photos.tar_of(wanted, taken=taken), key)
    boxes.keep(to / file)
    return piece, taken


def _piece(to: Path, file: str, source: BinaryIO, key: Recipient) -> Piece:
    size, digest = boxes.write(source, to / file, to=key)
    return Piece(file=file, size=size, sha256=digest)
