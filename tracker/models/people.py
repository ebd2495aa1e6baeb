import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Any, Self

import pghistory
from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models.lifecycle import Versioned, WrongStep
from tracker.models.organisations import Agency
from tracker.models.search import GivenNameFirst, search_column, search_index, sort_column
from tracker.vietnamese.text import fold

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import ManyRelatedManager  # noqa: F401


REVIEWED_EVERY = dt.timedelta(days=183)
"""How long it counts that an administrator has found an account's agency and role right (rà soát)."""


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def reporters(self) -> Self:
        """People who may report for their agency."""
        return self.active().filter(role__in=[User.Role.STAFF, User.Role.AGENCY_HEAD, User.Role.OFFICER])

    def unused(self, now: dt.datetime) -> Self:
        """In use by name only: no log-in, review or open invitation for ``TRACKER_UNUSED_ACCOUNT_DAYS``."""
        since = now - dt.timedelta(days=settings.TRACKER_UNUSED_ACCOUNT_DAYS)
        invited = User.objects.filter(
            links__used_at=None, links__revoked_at=None, links__expires_at__gt=now
        ).values("pk")
        touched = Greatest("last_login", "created_at", "reviewed_at")
        return self.active().alias(touched_at=touched).filter(touched_at__lt=since).exclude(pk__in=invited)

    def to_review(self, now: dt.datetime) -> Self:
        """In use, and nobody has looked for half a year whether agency and role are still right."""
        looked_at = Greatest("created_at", "reviewed_at")
        return self.active().alias(looked_at=looked_at).filter(looked_at__lt=now - REVIEWED_EVERY)

    def search(self, text: str) -> Self:
        return self.filter(search__contains=fold(text))

    def by_given_name(self) -> Self:
        return self.order_by("sort_key", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UserQuerySet:
        """The agency comes along: it is printed and asked about wherever a person is."""
        return super().get_queryset().select_related("agency")

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """The first administrator of a new installation, in the department. A weak password is refused."""
        fields |= {"role": User.Role.ADMIN, "agency": Agency.objects.get(is_department=True)}
        validate_password(password or "", self.model(username=username, **fields))
        return self.create_user(username, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """By account name or work e-mail, in any case: people type either on the log-in page."""
        return self.get(Q(username__iexact=username) | Q(email__iexact=username, email__contains="@"))


class User(Versioned, AbstractBaseUser):
    """A person with an account (người dùng). Disabled, never deleted: history keeps the name."""

    class Role(models.TextChoices):
        STAFF = "staff", _("Agency staff")
        AGENCY_HEAD = "agency_head", _("Agency head")
        OFFICER = "officer", _("Tracking officer")
        LEADER = "leader", _("Department leader")
        ADMIN = "admin", _("Administrator")
        VIEWER = "viewer", _("Viewer")

    class Language(models.TextChoices):
        VI = "vi", "Tiếng Việt"
        EN = "en", "English"

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = models.CharField(
        _("account name"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Use letters without marks, digits, dots and hyphens.")
            )
        ],
        error_messages={"unique": _("This account name is already taken.")},
    )
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("work e-mail"), blank=True, default="")
    phone = models.CharField(_("telephone"), max_length=30, blank=True, default="")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="people", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    position = models.CharField(_("position"), max_length=120, blank=True, default="")
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.VI)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("account in use"), default=True)
    must_change_password = models.BooleanField(_("must change the password at next log-in"), default=False)
    password_changed_at = models.DateTimeField(
        _("password changed at"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    reviewed_at = models.DateTimeField(_("last reviewed at"), null=True, blank=True, editable=False)

    search = search_column("username", "full_name", "email")
    sort_key = sort_column(GivenNameFirst(F("full_name")))

    SEE_EVERYTHING = frozenset({Role.OFFICER, Role.LEADER, Role.ADMIN})
    """Roles that read the whole register, wherever they work."""

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["sort_key", "pk"]
        indexes = [search_index("user_search_trgm"), models.Index(fields=["sort_key"], name="user_sort_key")]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_account_a_name_in_any_case",
                violation_error_message=_("This account name is already taken."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_account_an_email",
                violation_error_message=_("Another account already uses this e-mail."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("user_edit", args=[self.pk])

    def get_short_name(self) -> str:
        """How the admin greets."""
        return self.full_name

    @property
    def given_name(self) -> str:
        return self.full_name.split()[-1] if self.full_name.split() else ""

    @property
    def initials(self) -> str:
        words = self.full_name.split()
        return (words[0][0] + words[-1][0]).upper() if words else ""

    @property
    def sees_everything(self) -> bool:
        """The department reads the whole register; other bodies read what concerns them."""
        return self.role in self.SEE_EVERYTHING or self.agency.in_department

    @property
    def is_staff(self) -> bool:
        """May enter the Django admin: administrators and officers."""
        return self.is_active and self.role in {self.Role.ADMIN, self.Role.OFFICER}

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """No permission comes from Django's own tables: the admin classes ask ``tracker.permissions``."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    def set_password(self, raw_password: str | None) -> None:
        """Composed first: keyboards and systems write the same Vietnamese letter in different ways."""
        super().set_password(raw_password and unicodedata.normalize("NFC", raw_password))
        self.password_changed_at = timezone.now()

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(raw_password and unicodedata.normalize("NFC", raw_password))

    # Verbs of the administrator. Field-level history says who; a reason stands beside it in the same row.

    @classmethod
    @transaction.atomic
    def open_account(cls, *, by: "User", **fields: Any) -> "User":
        """Make an account that nobody can enter before its owner has chosen a password by a link."""
        user = cls(must_change_password=True, **fields)
        user.set_password(None)
        user.full_clean(exclude=["password"])
        with pghistory.context(user=by.pk):
            user.save()
        return user

    @transaction.atomic
    def edit_account(self, *, by: "User", expected_version: int | None, **changes: Any) -> None:
        """Change what an administrator keeps of a person. The last active administrator stays one."""
        if changes.get("role", self.Role.ADMIN) != self.Role.ADMIN:
            self._leave_an_administrator(by)
        stored = self._locked()
        stored.take_next_version(expected_version)
        for name, value in changes.items():
            setattr(stored, name, value)
        stored.full_clean(exclude=["password"])
        with pghistory.context(user=by.pk):
            stored.save(update_fields=[*changes, "version"])
        self.refresh_from_db()

    @transaction.atomic
    def lock(self, *, by: "User | None", reason: str) -> None:
        """Close the account (khoá): the person is logged out at once and cannot come back; reports stay.

        ``by`` None: the nightly command locks what nobody uses.
        """
        if not reason.strip():
            raise ValidationError({"reason": _("Write why the account is locked.")})
        if by and self.pk == by.pk:
            raise WrongStep(_("Nobody locks their own account: ask another administrator."))
        self._leave_an_administrator(by)
        stored = self._locked()
        if not stored.is_active:
            raise WrongStep(_("This account is locked already."))
        stored._set_active(False, by=by, reason=reason)
        self.links.open().revoke(at=timezone.now())
        self.sessions.all().delete()
        self.refresh_from_db()

    @transaction.atomic
    def unlock(self, *, by: "User") -> None:
        """Open a locked account again with the role and agency that it had: they count as reviewed."""
        stored = self._locked()
        if stored.is_active:
            raise WrongStep(_("This account is in use already."))
        stored.reviewed_at = timezone.now()
        stored._set_active(True, by=by)
        self.refresh_from_db()

    @transaction.atomic
    def clear_password(self, *, by: "User") -> None:
        """The password no longer counts and every open session of the person ends; a link sets the next one."""
        stored = self._locked()
        stored.set_password(None)
        stored.must_change_password = True
        stored.version += 1
        with pghistory.context(user=by.pk):
            stored.save(update_fields=["password", "password_changed_at", "must_change_password", "version"])
        self.refresh_from_db()

    @transaction.atomic
    def choose_password(self, password: str, *, at: dt.datetime) -> None:
        """The person's own new password. Sessions opened with the former one end; its hash stays to compare with.

        Whether the password is good enough is judged before, by the validators of ``tracker/passwords.py``.
        """
        from tracker.models.passwords import FormerPassword

        stored = self._locked()
        former = stored.password
        stored.set_password(password)
        stored.must_change_password = False
        with pghistory.context(user=self.pk):
            stored.save(update_fields=["password", "password_changed_at", "must_change_password"])
        if is_password_usable(former):
            FormerPassword.keep(stored, former, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def mark_reviewed(self, *, by: "User", at: dt.datetime) -> None:
        """The account, its agency and its role are still right (đã rà soát)."""
        stored = self._locked()
        stored.reviewed_at = at
        with pghistory.context(user=by.pk):
            stored.save(update_fields=["reviewed_at"])
        self.refresh_from_db()

    def _locked(self) -> "User":
        return User.objects.select_for_update(of=("self",)).get(pk=self.pk)

    def _leave_an_administrator(self, by: "User | None") -> None:
        """Refuse a step after which nobody could manage accounts.

        All active administrators are locked in one order: of two who lock each other at the same moment, the
        second finds that he is no longer one.
        """
        rows = User.objects.active().filter(role=self.Role.ADMIN).order_by("pk")
        keys = {user.pk for user in rows.select_for_update(of=("self",))}
        if by and by.role == self.Role.ADMIN and by.pk not in keys:
            raise WrongStep(_("Your own account has just been locked or changed by another administrator."))
        if self.pk in keys and keys == {self.pk}:
            raise WrongStep(
                _("This is the last administrator in use: make somebody else administrator first.")
            )

    def _set_active(self, is_active: bool, *, by: "User | None", reason: str = "") -> None:
        self.is_active = is_active
        self.version += 1
        with pghistory.context(user=by.pk if by else None, reason=reason):
            self.save(update_fields=["is_active", "version", "reviewed_at"])
