"""Filling the register from a file: every row goes in, or is refused with its line and reason; nothing half done."""

from participants.importing.faults import CannotRun
from participants.importing.run import ImportResult, run_import

__all__ = ["CannotRun", "ImportResult", "run_import"]
