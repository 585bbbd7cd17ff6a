"""The topology of `compose.yaml` as processes of this machine.

    python -m deploy.local_cluster start | stop | status | promote [--folder FOLDER] [--port 8920] [--reading]

Two webs behind nginx, two workers, a sealer, PostgreSQL with a synchronous standby and an archive of its log,
SeaweedFS, a made-up SMS gateway, all as in production (TLS, database roles, keys), filled with the people of the demo.
`start` also starts what died.
"""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from deploy.cluster import postgres, topology
from deploy.cluster.layout import Layout
from deploy.cluster.processes import ClusterError


def main(arguments: list[str]) -> int:
    """Do what the command line says; return 0, or 1 with a sentence on standard error."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["start", "stop", "status", "promote"])
    parser.add_argument("--folder", type=Path, default=Path("var/cluster"), help="default: var/cluster")
    parser.add_argument("--port", type=int, default=8920, help="the first of eleven ports (default 8920)")
    parser.add_argument("--reading", action="store_true", help="start the reader of photos as well")
    given = parser.parse_args(arguments)
    layout = Layout(folder=given.folder.resolve(), port=given.port)
    try:
        match given.command:
            case "start":
                topology.start(layout, reading=given.reading)
                sys.stdout.write(f"Participants: {layout.address}/   Staff: {layout.address}/admin/\n")
            case "stop":
                topology.stop(layout)
            case "promote":
                sys.stdout.write(f"The standby is the primary after {postgres.promote(layout):.1f} s.\n")
        for name, how in topology.status(layout).items():
            sys.stdout.write(f"  {name:<9} {how}\n")
    except ClusterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
