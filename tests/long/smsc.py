"""The SMPP server of the npm package `smpp` (MIT), as a process that can be killed."""

import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = "0.5.1"
SCRIPT = Path(__file__).with_suffix(".js")


def install(folder: Path) -> None:
    """Install the package into `folder`, from the registry that npm is set up with."""
    npm = shutil.which("npm")
    assert npm, "npm and node are needed: https://nodejs.org"
    subprocess.run([npm, "install", "--no-audit", "--no-fund", "--prefix", folder, f"smpp@{VERSION}"], check=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(slots=True)
class Server:
    """What it took and whose delivery was confirmed to it stands in files of `folder`, which outlive it."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[Any] | None" = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = ["node", str(SCRIPT), str(self.folder), str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        """`kill -9`, if it was ever started."""
        if not self.process:
            return
        assert self.process.stdout
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def account(self, **given: Any) -> dict[str, Any]:
        """Return what `JKN_SMS_SMPP` says of it."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": False,
            "user": "jkn",
            "password": "secret",
            "sender": "BPJSKes",
            "seconds": 2,
            **given,
        }

    def taken(self) -> list[tuple[str, str, str]]:
        """Return its reference, the number in E.164 and the text of each message that it took."""
        lines = (line.split("\t") for line in self._lines("taken"))
        return [(reference, f"+{number}", text) for reference, number, text in lines]

    def confirmed(self) -> list[str]:
        """Return the references of which it was told that their receipt is kept."""
        return self._lines("confirmed")

    def _lines(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text().splitlines() if file.exists() else []
