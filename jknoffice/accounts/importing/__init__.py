"""Branches and staff from files: all rows of a file, or none."""

from jknoffice.accounts.importing.branches import import_branches
from jknoffice.accounts.importing.rows import FileRefused
from jknoffice.accounts.importing.staff import import_staff

__all__ = ["FileRefused", "import_branches", "import_staff"]
