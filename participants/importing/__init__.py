"""Filling the register from a file: every row goes in, or is refused with its line and reason; nothing half done.

File (`source`) → text in a staging table (`filling`, `cells`) → checked by SQL (`rules`, `checking`) → compared with
the register (`comparing`) → written in one transaction (`publishing`, `first_load`) and told of (`reports`).
"""

from participants.importing.faults import CannotRun
from participants.importing.run import ImportResult, Phase, run_import

__all__ = ["CannotRun", "ImportResult", "Phase", "run_import"]
