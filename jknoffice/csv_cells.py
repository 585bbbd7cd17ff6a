"""Cells of CSV files that people open in a spreadsheet."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""With what a cell begins that a spreadsheet may reckon with (OWASP ASVS 5.0, 1.2.10), in wide letters as well."""


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def plain(cell: str) -> str:
    """Return what `neutral()` was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULAS) else cell
