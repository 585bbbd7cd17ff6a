"""What PostgreSQL would do for the queries of a page."""

import re
from collections.abc import Iterable

from django.db import connection
from django.test.utils import CaptureQueriesContext

_SCAN = re.compile(r"Seq Scan on (\w+)")


def scans(queries: CaptureQueriesContext, *, of: Iterable[str]) -> list[str]:
    """The queries that would read one of these tables from its beginning to its end."""
    found = []
    with connection.cursor() as cursor:
        for sql in {query["sql"] for query in queries.captured_queries}:
            if sql.startswith(("SELECT", "UPDATE", "DELETE")) and any(table in sql for table in of):
                cursor.execute("EXPLAIN " + sql)
                read = {table for (line,) in cursor.fetchall() for table in _SCAN.findall(line)}
                if read & {*of}:
                    found.append(sql)
    return found
