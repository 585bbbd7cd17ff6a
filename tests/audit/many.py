"""Many entries quickly, made by PostgreSQL: for plans and speeds of pages, never for what reads macs."""

from django.db import connection

_INSERT = """
INSERT INTO audit_auditlog (entry, mac)
SELECT jsonb_build_object(
    'v', 1, 'uuid', gen_random_uuid(), 'at', 1700000000000000 + n * 1000000::bigint,
    'kind', 'staff', 'actor', 'operator' || n %% 500,
    'person', encode(sha256(convert_to('p' || n %% 450, 'UTF8')), 'hex'),
    'branch', 'B' || n %% 120, 'session', substr(md5((n / 40)::text), 1, 16),
    'action', (ARRAY['peserta.viewed', 'request.viewed', 'request.approved', 'document.viewed',
        'request.approve_refused', 'peserta.searched', 'import.finished', 'account.login_refused'])[1 + n %% 8],
    'object', jsonb_build_object('type', 'bench.case', 'id', (n / 12)::text), 'object_version', NULL,
    'subject', md5((n / 30)::text)::uuid, 'before', '{}'::jsonb, 'after', '{}'::jsonb, 'reason', '', 'pii', '{}'::jsonb
)::text, '\\x00' FROM generate_series(%s, %s) AS n
"""


def generate(number: int, *, first: int = 1) -> None:
    """Write `number` entries, one a second: 500 accounts, 120 branches, cases of 12 and subjects of 30 entries."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [first, first + number - 1])


def analyse() -> None:
    """Let the planner know what there is."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_auditlog")
