"""Accounts."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models.branch import Branch
from jknoffice.accounts.roles import Reach, Role, rights_of
from jknoffice.audit.actor import Actor, Kind
from jknoffice.audit.scope import Scope


class State(models.TextChoices):
    """Where an account stands in the life of a staff member."""

    WAITING = "waiting", _("Not released")
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")


def _paired(what: str) -> models.CheckConstraint:
    """Return the constraint that `*_at` and `*_by` stand there together or not at all."""
    both = models.Q(**{f"{what}_at__isnull": False, f"{what}_by__isnull": False})
    neither = models.Q(**{f"{what}_at__isnull": True, f"{what}_by__isnull": True})
    return models.CheckConstraint(condition=both | neither, name=f"user_{what}_paired")


class User(AbstractBaseUser):
    """An account. Staff have a role, and a `person_id` that joins all accounts of one human being.

    There is no superuser: what a role may do stands in `roles.py`, and no flag goes around it.
    """

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    person_id = models.CharField(max_length=64, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    needs_link = models.BooleanField(default=False, editable=False)
    """Until a one-time link is used, the password alone sets up no second step (`login.links`)."""
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True, editable=False)
    suspended_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    left_at = models.DateTimeField(_("left"), null=True, blank=True, editable=False)
    left_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager["User"]()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=["", *Role.values]), name="user_role_known"),
            models.CheckConstraint(
                condition=models.Q(role="") | ~models.Q(person_id=""), name="user_staff_is_a_person"
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=[role.value for role in Role if rights_of(role).needs_branch])
                | models.Q(branch__isnull=False),
                name="user_role_has_branch",
            ),
            _paired("suspended"),
            _paired("left"),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(suspended_at=None, left_at=None),
                name="user_stopped_is_not_active",
            ),
            models.CheckConstraint(
                condition=models.Q(suspended_at=None) | models.Q(left_at=None), name="user_stopped_in_one_way"
            ),
            models.CheckConstraint(
                condition=(models.Q(suspended_by=None) | ~models.Q(suspended_by=models.F("id")))
                & (models.Q(left_by=None) | ~models.Q(left_by=models.F("id"))),
                name="user_not_stopped_by_themselves",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        """Whether this account belongs to staff: only they may enter the admin."""
        return bool(self.role)

    @property
    def state(self) -> State:
        """Where the account stands; what the list filters by is `life.states.CONDITIONS`."""
        if self.left_at:
            return State.LEFT
        if self.suspended_at:
            return State.SUSPENDED
        if not self.is_active:
            return State.WAITING
        return State.INVITED if self.needs_link and self.last_login is None else State.ACTIVE

    @property
    def audit_scope(self) -> Scope:
        """How much of the audit log this person may read."""
        return rights_of(self.role).audit

    @property
    def reach(self) -> Reach:
        """Whose cases this person works on."""
        return rights_of(self.role).reach

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return whether the role carries the permission `app.codename`."""
        return self.is_active and obj is None and perm in rights_of(self.role).permissions

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        """Return whether the role carries all of the permissions."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Return whether the role carries any permission of the app."""
        return self.is_active and any(perm.startswith(f"{app_label}.") for perm in rights_of(self.role).permissions)

    def branches(self) -> models.QuerySet[Branch]:
        """Return the branches whose cases this person works on."""
        if self.branch is None or self.reach is Reach.NOWHERE:
            return Branch.objects.none()
        if self.reach is Reach.REGION:
            return Branch.objects.filter(region=self.branch.region)
        return Branch.objects.filter(pk=self.branch.pk)

    def answers_for(self, branch_id: int | None) -> bool:
        """Return whether the branch of this number is among `branches()`. One's own costs no query."""
        if branch_id is None or self.branch_id is None or self.reach is Reach.NOWHERE:
            return False
        return branch_id == self.branch_id or self.branches().filter(pk=branch_id).exists()

    def get_session_auth_hash(self) -> str:
        """Return what a session carries along: one that was begun with other rights or another password is over."""
        stands = [self.password, self.role, str(self.branch_id), str(self.is_active)]
        return salted_hmac("jknoffice.accounts.session", "\n".join(stands), algorithm="sha256").hexdigest()

    def as_actor(self) -> Actor:
        """Return this person as the audit log names them."""
        branch = self.branch.code if self.branch else ""
        return Actor(kind=Kind.STAFF, name=self.username, person=self.person_id, branch=branch)

    def get_short_name(self) -> str:
        """Return the user name, as Django's templates ask for it."""
        return self.username
