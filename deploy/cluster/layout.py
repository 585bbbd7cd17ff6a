"""Where everything of a cluster is: its folder, its ports, its made-up keys and passwords."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROLES = ("owner", "web", "worker", "sealer", "replication")
_KEYS = ("SECRET_KEY", "JKN_AUDIT_KEY", "JKN_DATA_KEY", "JKN_SEAL_KEY", "JKN_S3_SECRET_KEY", "postgres", *ROLES)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A cluster in `folder`, on the eleven ports from `port` on (of these, SeaweedFS also uses those 10,000 higher).

    Photos lie in S3 or, with `photos_in_folder`, in the folder `photos`.
    """

    folder: Path
    port: int = 8920
    photos_in_folder: bool = False

    def make(self) -> None:
        """Make the folder, if it is not there; PostgreSQL runs as another user, and has to pass."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)

    @property
    def photos(self) -> Path:
        """The folder of photos, where they are not in S3."""
        return self.folder / "var" / "documents"

    @property
    def archive(self) -> Path:
        """The folder of back-ups, to which the log goes while the cluster runs."""
        return self.folder / "backup"

    @property
    def identity(self) -> Path:
        """The private key of back-ups; at a real place it would lie offline."""
        return self.folder / "identity"

    @property
    def https(self) -> int:
        """The port of nginx."""
        return self.port

    @property
    def http(self) -> int:
        """The port of nginx that redirects to `https`."""
        return self.port + 1

    @property
    def webs(self) -> tuple[int, int]:
        """The ports of the two web processes."""
        return self.port + 2, self.port + 3

    @property
    def primary(self) -> int:
        """The port of the first PostgreSQL."""
        return self.port + 4

    @property
    def standby(self) -> int:
        """The port of the second PostgreSQL."""
        return self.port + 5

    @property
    def s3(self) -> int:
        """The port of S3; the three after it belong to the other parts of SeaweedFS."""
        return self.port + 6

    @property
    def sms(self) -> int:
        """The port of the made-up SMS gateway."""
        return self.port + 10

    @property
    def address(self) -> str:
        """Where a browser finds the cluster."""
        return f"https://localhost:{self.https}"

    @cached_property
    def keys(self) -> dict[str, str]:
        """Keys and passwords by name, drawn by the first who asks and kept in `keys.json`."""
        file = self.folder / "keys.json"
        if not file.exists():
            drawn = {name: secrets.token_hex(24) for name in _KEYS}
            drawn |= {name: base64.b64encode(os.urandom(32)).decode() for name in _KEYS if name.startswith("JKN_")}
            file.touch(mode=0o600)
            file.write_text(json.dumps(drawn))
        found: dict[str, str] = json.loads(file.read_text())
        return found

    def database(self, role: str, *, attributes: str = "read-write", database: str = "jkn") -> str:
        """Return the DATABASE_URL of a role: both servers, of which the client takes one with these attributes."""
        both = f"127.0.0.1:{self.primary},127.0.0.1:{self.standby}"
        if attributes != "read-write":
            both = f"127.0.0.1:{self.standby},127.0.0.1:{self.primary}"
        options = f"target_session_attrs={attributes}&connect_timeout=3"
        return f"postgres://jkn_{role}:{self.keys[role]}@{both}/{database}?{options}"
