"""A witness that speaks c2sp.org/tlog-witness over HTTP. `python -m jknoffice.audit.witness` is one to run."""

import base64
import hashlib
import http.client
import urllib.error
import urllib.request

from jknoffice.audit.models import AuditCheckpoint
from jknoffice.audit.sealing import proofs
from jknoffice.audit.sealing.witnesses.base import Disagreement, Unreachable

TIMEOUT_SECONDS = 5
LONGEST = 1024 * 1024


class HttpWitness:
    """A witness at `url` (http or https, without a slash at the end)."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.name = self.url

    def newest(self, origin: str) -> str | None:
        """Ask for the newest note that it has of an origin."""
        place = hashlib.sha256(origin.encode()).hexdigest()
        status, body = self._ask(urllib.request.Request(f"{self.url}/checkpoint/{place}"))  # noqa: S310  (from settings)
        return body if status == http.client.OK else None

    def take(self, checkpoint: AuditCheckpoint, *, seen: int) -> None:
        """Send the checkpoint with the proof that it grew out of the one of `seen` leaves."""
        proof = proofs.consistency(checkpoint.origin, seen, checkpoint.size) if seen else []
        lines = [f"old {seen}", *[base64.b64encode(each).decode() for each in proof], "", checkpoint.note or ""]
        body = "\n".join(lines).encode()
        status, answer = self._ask(urllib.request.Request(f"{self.url}/add-checkpoint", data=body))  # noqa: S310
        if status != http.client.OK:
            raise Disagreement(f"witness {self.name} refuses {checkpoint.size} entries: {status} {answer[:200]}")

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
                return response.status, response.read(LONGEST).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                answer = error.read(LONGEST).decode("utf-8", "replace")
            if error.code >= http.client.INTERNAL_SERVER_ERROR:
                raise Unreachable(f"status {error.code}") from error
            return error.code, answer
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error)) from error
