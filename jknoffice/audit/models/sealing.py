"""Tables of the sealed log: the leaves of the Merkle tree, its complete subtrees, and its checkpoints."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditOrigin(models.Model):
    """A tree and its name. There is one, unless a restore lost what witnesses had seen and two officers opened another.

    `first_entry` is the audit id of the entry that opens it (leaf 0); null for the first origin. That entry has the
    action `OPENED` and names the origin in `after["origin"]`.
    """

    OPENED = "audit.origin_opened"

    name = models.CharField(_("name"), max_length=120, unique=True)
    opened_at = models.DateTimeField(_("opened"))
    first_entry = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


def _origin() -> "models.ForeignKey[AuditOrigin, AuditOrigin]":
    """Leaves come by the million and are written by the sealer alone: neither an index nor a check for each."""
    return models.ForeignKey(AuditOrigin, models.PROTECT, db_constraint=False, db_index=False, related_name="+")


class AuditLeaf(models.Model):
    """Entry `audit_id` is leaf `seq` of its tree; numbers are dense from 0. `hash` is the leaf's (RFC 6962)."""

    origin = _origin()
    seq = models.BigIntegerField()
    audit_id = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("leaf")
        verbose_name_plural = _("leaves")
        constraints = [
            models.UniqueConstraint(fields=["origin", "seq"], name="audit_leaf_seq"),
            models.UniqueConstraint(fields=["origin", "audit_id"], name="audit_leaf_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id}/{self.seq}"


class AuditNode(models.Model):
    """The hash of a complete subtree of 2**level leaves, from level 8 on: proofs need not read all leaves."""

    LOWEST = 8

    origin = _origin()
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("subtree")
        verbose_name_plural = _("subtrees")
        constraints = [models.UniqueConstraint(fields=["origin", "level", "index"], name="audit_node_once")]

    def __str__(self) -> str:
        return f"{self.origin_id}/{self.level}/{self.index}"


class AuditCheckpoint(models.Model):
    """The tree at one size. `note`, its signed form, is set once after the commit; `highest_id` is an audit id."""

    origin = models.ForeignKey(AuditOrigin, models.PROTECT)
    size = models.BigIntegerField(_("entries"))
    root = models.BinaryField()
    frontier = models.BinaryField()
    highest_id = models.BigIntegerField()
    sealed_at = models.DateTimeField(_("sealed"))
    note = models.TextField(_("signed note"), null=True)  # noqa: DJ001  (null: not signed yet)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["origin", "size"]
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="audit_checkpoint_size")]
        indexes = [models.Index(fields=["origin", "sealed_at"], name="audit_checkpoint_at")]

    def __str__(self) -> str:
        return f"{self.origin_id}/{self.size}"


class AuditKey(models.Model):
    """A public key that signs checkpoints larger than `from_size`; `handover` is the note that both keys signed."""

    origin = models.ForeignKey(AuditOrigin, models.PROTECT)
    vkey = models.TextField(_("public key"))
    from_size = models.BigIntegerField(_("from entry"))
    handover = models.TextField(_("hand-over"), blank=True)
    created_at = models.DateTimeField(_("in use since"))

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["origin", "id"]
        constraints = [models.UniqueConstraint(fields=["origin", "vkey"], name="audit_key_once")]

    def __str__(self) -> str:
        return self.vkey


class AuditHalt(models.Model):
    """Why the sealer stopped, and since when; `ended_at` once it went on."""

    reason = models.TextField(_("reason"))
    halted_at = models.DateTimeField(_("halted"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("halt")
        verbose_name_plural = _("halts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.reason
