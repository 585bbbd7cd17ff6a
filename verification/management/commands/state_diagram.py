"""`manage.py state_diagram`: the state table as a diagram."""

from typing import Any

from django.core.management.base import BaseCommand

from verification.states import MOVES


class Command(BaseCommand):
    """Prints `verification.states.MOVES` as a Mermaid state diagram; docs/states.md holds what it prints."""

    help = "Print the states of a request and the moves between them as a Mermaid diagram."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the diagram."""
        self.stdout.write("stateDiagram-v2")
        for move in MOVES:
            source = move.source.value if move.source else "[*]"
            roles = ", ".join(sorted(role.value for role in move.roles))
            self.stdout.write(f"    {source} --> {move.target.value}: {move.verb.value} ({roles})")
