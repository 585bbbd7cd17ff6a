"""The log's table: the text of the entry is the truth, the columns are computed from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.moments import moment_of
from jknoffice.audit.refusals import REFUSED
from jknoffice.audit.scope import OF_ACCOUNTS, AuditLogQuerySet


class _FromEntry(models.Func):
    """A value at a path of the entry, as the database computes it."""

    arity = 1

    def __init__(self, *path: str, cast: str) -> None:
        super().__init__(models.F("entry"))
        self.path, self.cast = path, cast

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        text, params = compiler.compile(self.source_expressions[0])
        return f"(({text}::jsonb #>> '{{{','.join(self.path)}}}')::{self.cast})", tuple(params)

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, str]]:
        return "jknoffice.audit.models.entry._FromEntry", self.path, {"cast": self.cast}


def _column(*path: str, cast: str = "text", field: models.Field[Any, Any] | None = None) -> models.GeneratedField:
    return models.GeneratedField(
        expression=_FromEntry(*path, cast=cast), output_field=field or models.TextField(), db_persist=True
    )


class AuditLog(models.Model):
    """One entry. It is never changed or deleted: triggers refuse UPDATE, DELETE and TRUNCATE.

    `mac` is HMAC-SHA256 of `entry` under a key that the database does not have. All columns but these two are
    computed by PostgreSQL from `entry`, so they cannot disagree with it. `at_us` is microseconds since 1970 UTC.
    """

    entry = models.TextField(_("entry"))
    mac = models.BinaryField()
    uuid = _column("uuid", cast="uuid", field=models.UUIDField())
    at_us = _column("at", cast="bigint", field=models.BigIntegerField())
    kind = _column("kind")
    actor = _column("actor")
    person = _column("person")
    branch = _column("branch")
    session = _column("session")
    action = _column("action")
    object_type = _column("object", "type")
    object_id = _column("object", "id")
    object_version = _column("object_version", cast="int", field=models.IntegerField())
    subject = _column("subject", cast="uuid", field=models.UUIDField())
    reason = _column("reason")

    objects = models.Manager.from_queryset(AuditLogQuerySet)()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["uuid"], name="audit_uuid_once"),
            models.UniqueConstraint(
                fields=["object_type", "object_id", "object_version"],
                condition=models.Q(object_version__isnull=False),
                name="audit_version_once",
            ),
        ]
        indexes = [
            models.Index(fields=["at_us"], name="audit_at"),
            models.Index(fields=["actor", "at_us"], name="audit_actor_at"),
            models.Index(fields=["action", "at_us"], name="audit_action_at"),
            models.Index(fields=["branch", "at_us"], name="audit_branch_at"),
            models.Index(fields=["subject", "at_us"], name="audit_subject_at"),
            models.Index(fields=["object_type", "object_id", "at_us"], name="audit_object_at"),
            models.Index(fields=["person", "at_us"], condition=models.Q(person__gt=""), name="audit_person_at"),
            models.Index(fields=["session", "at_us"], condition=models.Q(session__gt=""), name="audit_session_at"),
            models.Index(fields=["at_us"], condition=REFUSED, name="audit_refused_at"),
            models.Index(fields=["branch", "at_us"], condition=REFUSED, name="audit_branch_refused_at"),
            models.Index(fields=["branch", "action", "at_us"], name="audit_branch_action_at"),
            models.Index(fields=["at_us"], condition=OF_ACCOUNTS, name="audit_accounts_at"),
            models.Index(fields=["at_us"], condition=OF_ACCOUNTS & REFUSED, name="audit_accounts_refused_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.uuid}"

    @property
    def at(self) -> datetime:
        """The moment of the entry, aware, in UTC."""
        return moment_of(self.at_us)
