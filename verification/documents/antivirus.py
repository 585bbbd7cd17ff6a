"""Asking a virus scanner, where there is one: clamd over its socket, by its command INSTREAM (clamd(8)).

Whatever is not plainly called clean counts as not clean, also a scanner that does not answer.
"""

import logging
import socket
from contextlib import closing

from django.conf import settings

SECONDS = 10.0
_PIECE = 64 * 1024

logger = logging.getLogger(__name__)


class NotClean(Exception):
    """The scanner found something."""


class NotChecked(Exception):
    """The scanner could not be asked, or gave no answer that can be understood."""


def demand_clean(raw: bytes) -> None:
    """Let `settings.CLAMD` look at a file; do nothing where that is empty. Raises `NotClean` and `NotChecked`."""
    if not settings.CLAMD:
        return
    try:
        with closing(_connected(settings.CLAMD)) as scanner:
            scanner.sendall(b"zINSTREAM\0")
            for start in range(0, len(raw), _PIECE):
                piece = raw[start : start + _PIECE]
                scanner.sendall(len(piece).to_bytes(4, "big") + piece)
            scanner.sendall(bytes(4))
            answer = _answer(scanner)
    except (OSError, ValueError) as error:
        logger.exception("clamd cannot be asked")
        raise NotChecked from error
    if answer == b"stream: OK":
        return
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        logger.warning("clamd found something in an upload")
        raise NotClean
    logger.error("clamd gave an answer that is none")
    raise NotChecked


def _connected(where: str) -> socket.socket:
    """Return a connection to "unix:/path" or "host:port"."""
    if where.startswith("unix:"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(SECONDS)
        try:
            scanner.connect(where.removeprefix("unix:"))
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _answer(scanner: socket.socket) -> bytes:
    """Return what stands before the zero byte that ends an answer; at most 4 KiB."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096 and (more := scanner.recv(4096)):
        answer += more
    return answer.rstrip(b"\0")
