"""Writing the decision into the database, and finding where the database differs from it."""

from collections.abc import Mapping

from django.db import connection, transaction
from psycopg import sql

from jknoffice.hands.decision import DECISION, Hand

# From the catalogue, not from information_schema: that shows a role only what it has itself granted or been granted.
_PRIVILEGES = """
SELECT relname::text, privilege_type FROM pg_class, aclexplode(relacl)
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND grantee = %(role)s::regrole
UNION ALL
SELECT relname::text, privilege_type || '(' || string_agg(attname, ',' ORDER BY attname) || ')'
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
WHERE relnamespace = 'public'::regnamespace AND grantee = %(role)s::regrole
GROUP BY relname, privilege_type
"""


class HandRefused(Exception):
    """The hands cannot be parted in this database; the message says what to do."""


@transaction.atomic
def apply(names: Mapping[Hand, str]) -> None:
    """Give each role exactly what the decision says, and take everything else away.

    `names` are the roles in the database. Raises `HandRefused` unless the owner of the tables calls, when a role is
    missing or has powers that no grant can take away, and when a table has no decision.
    """
    _demand_owner()
    _demand_decisions()
    for name in names.values():
        _demand_humble(name)
    with connection.cursor() as cursor:
        for role in ("PUBLIC", *map(_quoted, names.values())):
            cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
            cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}")
            cursor.execute(f"REVOKE ALL ON SCHEMA public FROM {role}")
        for hand, name in names.items():
            role = _quoted(name)
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            for table, rights in DECISION.items():
                if allowed := rights.of(hand):
                    cursor.execute(f'GRANT {", ".join(allowed)} ON "{table}" TO {role}')
                    for sequence in _sequences(table) if "INSERT" in allowed else ():
                        cursor.execute(f'GRANT USAGE ON SEQUENCE "{sequence}" TO {role}')


def differences(names: Mapping[Hand, str]) -> list[str]:
    """Return one sentence for each place where the database differs from the decision; none when all is well."""
    found: list[str] = []
    for hand, name in names.items():
        try:
            _demand_humble(name)
        except HandRefused as refusal:
            found.append(str(refusal))
            continue
        wanted = {(table, _sorted(right)) for table, rights in DECISION.items() for right in rights.of(hand)}
        with connection.cursor() as cursor:
            cursor.execute(_PRIVILEGES, {"role": _quoted(name)})
            present = {(table, right) for table, right in cursor.fetchall()}
        found += [f"{name} lacks {right} on {table}" for table, right in sorted(wanted - present)]
        found += [f"{name} has {right} on {table}" for table, right in sorted(present - wanted)]
    return found


def may_alter_the_log() -> bool:
    """Return whether this process could change an entry of the audit log: it logged in as the owner or a superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('audit_auditlog', 'UPDATE')")
        return bool(cursor.fetchone()[0])


def _demand_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        if not cursor.fetchone()[0]:
            raise HandRefused("Only the owner of the tables can grant: call this with the owner's DATABASE_URL.")


def _demand_decisions() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if unknown := sorted(tables ^ DECISION.keys()):
        raise HandRefused(
            f"These tables stand in the database or in jknoffice/hands/decision.py, but not in both: "
            f"{', '.join(unknown)}. Migrate first, or decide who may use them."
        )


def _demand_humble(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR EXISTS (
                SELECT FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND pg_has_role(pg_roles.oid, relowner, 'MEMBER')
            )
            FROM pg_roles WHERE rolname = %s
            """,
            [name],
        )
        found = cursor.fetchone()
    if found is None:
        raise HandRefused(f"There is no role {name}. Make it with: CREATE ROLE {_quoted(name)} LOGIN;")
    if found[0]:
        raise HandRefused(f"{name} is the owner, a superuser or can become one: no grant holds it. Name another role.")


def _sequences(table: str) -> list[str]:
    """Return the sequences that a row of `table` draws from; those of identity columns need no right of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT sequence.relname FROM pg_depend
            JOIN pg_class AS sequence ON sequence.oid = pg_depend.objid AND sequence.relkind = 'S'
            WHERE pg_depend.refobjid = %s::regclass AND pg_depend.deptype = 'a'
            """,
            [f'"{table}"'],
        )
        return [row[0] for row in cursor.fetchall()]


def _sorted(right: str) -> str:
    """Return a privilege with its columns in the order of the catalogue's."""
    privilege, _, columns = right.rstrip(")").partition("(")
    return f"{privilege}({','.join(sorted(columns.split(',')))})" if columns else privilege


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string()
