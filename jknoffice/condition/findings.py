"""What is wrong, in plain words, and what to do about it: for `manage.py doctor`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from jknoffice.audit.sealing.health import LONGEST_UNSEALED, halted, unsealed_oldest_seconds
from jknoffice.audit.startup import identity_is_another
from jknoffice.condition import measures
from jknoffice.hands import may_alter_the_log

OLDEST_POSTGRES = 170_000
CLOCK_SECONDS = 5
FREE_WARN, FREE_BAD = 0.15, 0.05


class Level(StrEnum):
    """How bad it is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: `words` say how it stands, `advice` what to do ("" when all is well)."""

    code: str
    level: Level
    words: str
    advice: str = ""


def findings() -> Iterator[Finding]:
    """Yield what was found, the most fundamental first; after a database that does not answer nothing more."""
    yield from _settings()
    try:
        yield from _database()
        yield from _work()
        yield from _sealing()
    except DatabaseError as error:
        yield Finding(
            code="database",
            level=Level.BAD,
            words=f"The database does not answer ({type(error).__name__}).",
            advice="Start PostgreSQL, and check DATABASE_URL: host, port, role and password.",
        )
    yield from _places()


def _settings() -> Iterator[Finding]:
    wrong = [check for check in run_checks(include_deployment_checks=settings.PRODUCTION) if check.level >= ERROR]
    for check in wrong:
        yield Finding(code=str(check.id), level=Level.BAD, words=check.msg, advice=check.hint or "Change the setting.")
    if not wrong:
        yield _good("settings", f"The settings of this {settings.JKN_ENV} place can be used.")
    if settings.PRODUCTION and not settings.JKN_SEAL_WITNESSES:
        yield Finding(
            code="witnesses",
            level=Level.WARNING,
            words="No witness keeps checkpoints of the audit log.",
            advice="Name one outside of this office in JKN_SEAL_WITNESSES (docs/audit-log.md).",
        )


def _database() -> Iterator[Finding]:
    connection.ensure_connection()
    version = connection.cursor().connection.info.server_version
    if version < OLDEST_POSTGRES:
        yield Finding(
            code="postgres",
            level=Level.BAD,
            words=f"PostgreSQL {version // 10_000} is too old.",
            advice=f"Use PostgreSQL {OLDEST_POSTGRES // 10_000} or newer.",
        )
    else:
        yield _good("postgres", f"PostgreSQL {version // 10_000} answers.")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield _judged(
        "migrations",
        not missing,
        "The database is migrated.",
        f"{len(missing)} migrations are missing.",
        "With the owner's DATABASE_URL: `manage.py migrate`, then `manage.py grant_hands`.",
    )
    if settings.PRODUCTION and may_alter_the_log():
        yield Finding(
            code="hands",
            level=Level.BAD,
            words="The role of this process could alter the audit log.",
            advice="Log in with a role of docs/database-roles.md, never with the owner.",
        )
    if identity_is_another():
        yield Finding(
            code="identity_key",
            level=Level.BAD,
            words="People are told again by another key than at first: two accounts of one person count as two people.",
            advice="Set JKN_IDENTITY_KEY to the first one, or to the first JKN_DATA_KEY (docs/runbooks/keys.md).",
        )
    yield from _archive(measures.archiving())
    ahead = measures.clock_seconds()
    yield _judged(
        "clock",
        abs(ahead) <= CLOCK_SECONDS,
        "This clock and the database's agree.",
        f"The database's clock is off by {ahead:+.0f} s from this one.",
        "Let both machines take their time from the same NTP server: codes and holds depend on it.",
    )


def _archive(found: measures.Archiving) -> Iterator[Finding]:
    match found:
        case measures.Archiving.FOLLOWED:
            yield _good("archive", "The log of the database goes to the archive.")
        case measures.Archiving.STANDS:
            yield Finding(
                code="archive",
                level=Level.BAD,
                words="The log of the database does not get to the archive, and waits on the primary's disk.",
                advice="Start `jkn-archive` (compose: `archive`); of an archive_command the server's log tells.",
            )
        case measures.Archiving.HOLE:
            yield Finding(
                code="archive",
                level=Level.BAD,
                words="The archive of the database's log has a hole: the server has no more what comes next in it.",
                advice="Begin the archive anew, and take a back-up at once (docs/runbooks/backup.md).",
            )
        case measures.Archiving.NONE if settings.PRODUCTION:
            yield Finding(
                code="archive",
                level=Level.WARNING,
                words="The log of the database goes to no archive: with both servers all since a back-up is lost.",
                advice="Let `jkn-archive` run (docs/runbooks/backup.md).",
            )


def _work() -> Iterator[Finding]:
    yield _judged(
        "worker",
        measures.worker_lives(),
        "A worker lives.",
        "No worker has said for a minute that it lives: no SMS goes out, no hold ends, nothing is sealed.",
        "Start `manage.py procrastinate worker` (deploy/), and look why the last one ended.",
    )
    overdue = measures.oldest_message_seconds()
    yield _judged(
        "messages",
        overdue <= 120,
        "Messages go out in time.",
        f"A message has waited {overdue / 60:.0f} min for the worker.",
        "Look at the worker's log: is a gateway slow, or the worker busy?",
        level=Level.WARNING,
    )
    refused = measures.messages_refused()
    yield _judged(
        "gateways",
        not refused,
        "The gateways take messages.",
        f"No gateway took {refused} messages in {measures.REPEATEDLY} attempts or more; they are still tried.",
        "The worker's log says what each gateway answered. While an SMS gateway is away, name another one first.",
        level=Level.WARNING,
    )
    given_up = measures.messages()["failed"]
    yield _judged(
        "given_up",
        not given_up,
        "No message was given up.",
        f"{given_up} messages were taken by no gateway.",
        "Look whether the gateways answer; supervisors can send them again (Figures, Messages that did not go out).",
        level=Level.WARNING,
    )
    failed = sum(count for (_queue, status), count in measures.jobs().items() if status == "failed")
    yield _judged(
        "jobs",
        not failed,
        "No job has failed.",
        f"{failed} jobs have failed.",
        "The worker's log says why; `manage.py procrastinate shell` lists them and can retry them.",
        level=Level.WARNING,
    )


def _sealing() -> Iterator[Finding]:
    reason, lag = halted(), unsealed_oldest_seconds()
    yield _judged(
        "sealer",
        reason is None,
        "The audit log is being sealed.",
        f"The sealer has halted: {reason}.",
        "Do not go on without finding out why: docs/runbooks/.",
    )
    yield _judged(
        "seal_lag",
        lag <= LONGEST_UNSEALED.total_seconds(),
        "No entry waits for its seal.",
        f"An entry has waited {lag} s for its seal.",
        "Is a worker for the queue `seal` running? See docs/audit-log.md.",
        level=Level.WARNING,
    )


def _places() -> Iterator[Finding]:
    trouble = measures.storage_trouble()
    yield _judged(
        "storage",
        not trouble,
        "The storage of photos answers.",
        f"{trouble} Nobody can send or see a photo.",
        "Is the object storage of JKN_S3_ENDPOINT up, with this bucket and for this key? Without that setting: is "
        f"{settings.JKN_VAR} there and writable for this user?",
    )
    if not trouble and measures.storage_is_public():
        yield Finding(
            code="storage_public",
            level=Level.BAD,
            words="Anybody can list the bucket of photos, without a key.",
            advice="Let the object storage demand keys (SeaweedFS: `-s3.config`), and take all public rights away.",
        )
    for code, folder in (("disk", settings.JKN_VAR), ("disk_uploads", settings.UPLOAD_FOLDER)):
        free = measures.free_share(folder)
        yield _judged(
            code,
            free >= FREE_WARN,
            f"{free:.0%} of the disk of {folder} is free.",
            f"Only {free:.0%} of the disk of {folder} is free.",
            "Make room: a full disk refuses photos and imports.",
            level=Level.BAD if free < FREE_BAD else Level.WARNING,
        )


def _good(code: str, words: str) -> Finding:
    return Finding(code=code, level=Level.GOOD, words=words)


def _judged(code: str, well: bool, good: str, wrong: str, advice: str, *, level: Level = Level.BAD) -> Finding:
    return _good(code, good) if well else Finding(code=code, level=level, words=wrong, advice=advice)


STATUS: Mapping[Level, int] = {Level.GOOD: 0, Level.WARNING: 1, Level.BAD: 2}
"""The exit status of the command, by the worst level that was found."""
