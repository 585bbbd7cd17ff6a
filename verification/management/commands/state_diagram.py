"""`manage.py state_diagram`: the state table as a diagram."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from verification.state_drawing import svg
from verification.states import MOVES


class Command(BaseCommand):
    """Prints `verification.states.MOVES` as a Mermaid state diagram (docs/states.md) or as SVG (docs/states.svg)."""

    help = "Print the states of a request and the moves between them as a Mermaid diagram, or as a picture."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form."""
        parser.add_argument("--format", choices=["mermaid", "svg"], default="mermaid", help="default: %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the diagram."""
        if options["format"] == "svg":
            self.stdout.write(svg(), ending="")
            return
        self.stdout.write("stateDiagram-v2")
        for move in MOVES:
            source = move.source.value if move.source else "[*]"
            roles = ", ".join(sorted(role.value for role in move.roles))
            self.stdout.write(f"    {source} --> {move.target.value}: {move.verb.value} ({roles})")
