"""Personal values of entries, kept apart so that they can be shredded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditSubject(models.Model):
    """The key of one person's values in the log, wrapped by a key from the environment; empty once shredded."""

    uuid = models.UUIDField(primary_key=True)
    wrapped_key = models.BinaryField(blank=True)

    class Meta:
        verbose_name = _("audit subject")
        verbose_name_plural = _("audit subjects")

    def __str__(self) -> str:
        return str(self.uuid)


class AuditValue(models.Model):
    """One personal value of one entry, encrypted under its subject's key."""

    entry_uuid = models.UUIDField()
    subject = models.UUIDField(db_index=True)
    field = models.CharField(max_length=40)
    ciphertext = models.BinaryField()

    class Meta:
        verbose_name = _("audit value")
        verbose_name_plural = _("audit values")
        constraints = [models.UniqueConstraint(fields=["entry_uuid", "field"], name="audit_value_once")]

    def __str__(self) -> str:
        return f"{self.entry_uuid}/{self.field}"
