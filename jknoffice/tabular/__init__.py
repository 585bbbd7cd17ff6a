"""Tables in files as people send them: CSV in its dialects and encodings, packed or not, and XLSX.

It knows nothing of what the columns mean. `Table.of(path)` finds out how to read a file, `rows()` reads it row by row.
"""

from jknoffice.tabular.faults import CannotRead
from jknoffice.tabular.standard_input import spooled
from jknoffice.tabular.table import Table

__all__ = ["CannotRead", "Table", "spooled"]
