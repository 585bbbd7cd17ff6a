"""`python -m jknoffice.audit.witness`: run a witness until it is told to stop."""

import argparse
import fcntl
import signal
import sys
from pathlib import Path

from jknoffice.audit.sealing.note import NoteError, Verifier
from jknoffice.audit.witness.memory import Memory
from jknoffice.audit.witness.server import Witness


def main() -> int:
    """Serve until SIGTERM or Ctrl-C: exit status 0; 2 when another witness has the folder or the port is taken."""
    options = _options()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    memory = Memory(options.folder, options.key)
    with (options.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            server = Witness(memory, host=options.host, port=options.port)
        except (OSError, OverflowError) as error:
            sys.stderr.write(f"cannot start: {error}\n")
            return 2
        with server:
            sys.stdout.write(f"Witness on http://{options.host}:{server.server_port}\n")
            sys.stdout.flush()
            server.serve_forever()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m jknoffice.audit.witness", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where it remembers; one witness for each folder")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    parser.add_argument(
        "--key", type=_key, action="append", required=True, metavar="VKEY", help="a key it trusts; may be repeated"
    )
    return parser.parse_args()


def _key(text: str) -> Verifier:
    try:
        return Verifier.parse(text)
    except NoteError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
