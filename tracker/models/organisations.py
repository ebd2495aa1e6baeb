import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker.models.lifecycle import Versioned
from tracker.models.search import search_column, search_index, sort_column
from tracker.vietnamese.text import fold


def _days_before() -> list[int]:
    return [7, 3, 1, 0]


def _days_after() -> list[int]:
    return [1, 3, 7]


class Weekday(models.IntegerChoices):
    """The days on which a weekly message may go out."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")


class Configuration(models.Model):
    """The office's own settings (cấu hình), one row, kept by administrators."""

    due_soon_days = models.PositiveSmallIntegerField(
        _("days before a deadline that count as due soon"), default=14
    )
    review_days = models.PositiveSmallIntegerField(
        _("working days within which a report is reviewed"), default=3
    )
    stale_days = models.PositiveSmallIntegerField(
        _("days without a report after which work counts as silent"), default=30
    )
    closing_soon_days = models.PositiveSmallIntegerField(
        _("days before figures close that count as about to close"), default=5
    )
    safe_percent = models.PositiveSmallIntegerField(
        _("share of the plan, per cent, from which a target is expected to be reached"), default=100
    )
    risk_percent = models.PositiveSmallIntegerField(
        _("share of the plan, per cent, from which a target is at risk and not yet lost"), default=95
    )
    far_percent = models.PositiveSmallIntegerField(
        _("difference from its history, per cent, from which a figure raises a question"), default=50
    )
    caution_points = models.PositiveSmallIntegerField(
        _("percentage points behind the expected progress: caution"), default=5
    )
    risk_points = models.PositiveSmallIntegerField(
        _("percentage points behind the expected progress: at risk"), default=15
    )
    alarm_points = models.PositiveSmallIntegerField(
        _("percentage points behind the expected progress: alarm"), default=30
    )
    extension_limit = models.PositiveSmallIntegerField(
        _("extensions of one assignment that need no leader's exception"), default=1
    )
    remind_before = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("days before a deadline on which agencies are reminded; 0 is the day itself"),
        default=_days_before,
        size=10,
    )
    remind_after = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1)]),
        verbose_name=_("days after a missed deadline on which agencies are reminded"),
        default=_days_after,
        size=10,
    )
    remind_weekly = models.BooleanField(_("after that, remind every week"), default=True)
    not_received_days = models.PositiveSmallIntegerField(
        _("working days after which an assignment nobody has received is reminded of"), default=2
    )
    head_after_days = models.PositiveSmallIntegerField(
        _("days overdue after which the head of the agency is told"), default=3
    )
    leader_after_days = models.PositiveSmallIntegerField(
        _("days overdue after which the directing leader is told"), default=7
    )
    digest_at = models.TimeField(_("time of the morning's message"), default=dt.time(7, 0))
    weekly_digest_on = models.PositiveSmallIntegerField(
        _("day of the leaders' weekly message"), choices=Weekday, default=Weekday.MONDAY
    )
    support = models.CharField(_("whom users may ask for help"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("configuration")
        verbose_name_plural = _("configuration")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_configuration"),
            models.CheckConstraint(
                condition=Q(risk_percent__lte=F("safe_percent")),
                name="risk_begins_below_safe",
                violation_error_message=_("At risk begins below the share from which a target is safe."),
            ),
            models.CheckConstraint(
                condition=Q(head_after_days__lte=F("leader_after_days")),
                name="head_is_told_before_the_leader",
                violation_error_message=_("The head of the agency is told before the directing leader."),
            ),
            models.CheckConstraint(
                condition=Q(caution_points__lte=F("risk_points"), risk_points__lte=F("alarm_points")),
                name="warnings_grow",
                violation_error_message=_("The limits of the warnings grow from caution to alarm."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Configuration"))

    @classmethod
    def current(cls) -> "Configuration":
        """The settings in force, or the defaults when nobody has saved any. Never writes."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class StatusTerm(models.Model):
    """An official status word (trạng thái) with its rule and where the word comes from."""

    axis = models.CharField(_("axis"), max_length=40)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("Vietnamese term"), max_length=200)
    name_en = models.CharField(_("English term"), max_length=200)
    official_use = models.CharField(_("official use"), max_length=40)
    rule = models.CharField(_("rule"), max_length=300, blank=True, default="")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("status term")
        verbose_name_plural = _("status terms")
        ordering = ["axis", "pk"]

    def __str__(self) -> str:
        return self.name


class AgencyQuerySet(models.QuerySet["Agency"]):
    def in_force(self, day: dt.date) -> Self:
        """Bodies that exist on that day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def bodies(self) -> Self:
        """Bodies that answer for work themselves, without the groups."""
        return self.filter(is_group=False)

    def search(self, text: str) -> Self:
        return self.filter(search__contains=fold(text))

    def by_name(self) -> Self:
        return self.order_by("sort_key", "pk")


class Agency(Versioned):
    """A body that gives, leads or helps with work (cơ quan, đơn vị), or a printed group of such bodies."""

    class Bloc(models.TextChoices):
        PARTY = "party", _("Party bloc")
        STATE = "state", _("Government bloc")
        FRONT = "front", _("Fatherland Front and mass organisations")
        DISTRICT = "district", _("Districts and city")
        ENTERPRISE = "enterprise", _("Enterprises")
        INTERNAL = "internal", _("Units of the department")

    class Certainty(models.TextChoices):
        HIGH = "high", _("Sure")
        MEDIUM = "medium", _("Fairly sure")
        LOW = "low", _("To be checked")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True, default="")
    short_name = models.CharField(_("short name"), max_length=60, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=80)
    bloc = models.CharField(_("bloc"), max_length=12, choices=Bloc)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent body")
    )
    is_department = models.BooleanField(_("this is the department itself"), default=False)
    is_group = models.BooleanField(_("group of bodies"), default=False)
    members = models.ManyToManyField(
        "self", through="AgencyMembership", symmetrical=False, related_name="groups"
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty, default=Certainty.HIGH)
    certainty_note = models.TextField(_("basis and notes"), blank=True, default="")

    search = search_column("code", "name", "name_en", "short_name")
    sort_key = sort_column(F("name"))

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["sort_key", "pk"]
        indexes = [
            search_index("agency_search_trgm"),
            models.Index(fields=["sort_key"], name="agency_sort_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["is_department"],
                condition=Q(is_department=True),
                name="one_department",
                violation_error_message=_("There is already a department."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_it_starts",
                violation_error_message=_("The last day of validity is before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")) | Q(merged_into=None),
                name="agency_merges_into_another",
                violation_error_message=_("An agency cannot merge into itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("agency_edit", args=[self.pk])

    @property
    def label(self) -> str:
        """The name as lists print it: short where there is a short form, English for English readers."""
        if get_language() == "en" and self.name_en:
            return self.name_en
        return self.short_name or self.name

    @property
    def in_department(self) -> bool:
        """The department itself or one of its units: its people read the whole register."""
        return self.is_department or self.bloc == self.Bloc.INTERNAL

    def members_on(self, day: dt.date) -> AgencyQuerySet:
        """The bodies that a group stands for on that day."""
        memberships = AgencyMembership.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day), group=self
        )
        return Agency.objects.in_force(day).filter(pk__in=memberships.values("member"))

    def line_upwards(self) -> set[int]:
        """This body and all that it belongs to, by key."""
        line: set[int] = set()
        body: Agency | None = self
        while body and body.pk not in line:
            line.add(body.pk)
            body = body.parent
        return line

    @transaction.atomic
    def set_members(self, members: Iterable["Agency"], *, today: dt.date) -> None:
        """Let the group stand for these bodies from today on; past days keep the members that they had."""
        wanted = {member.pk for member in members}
        present = {
            row.member_id: row
            for row in self.memberships.select_for_update().filter(Q(valid_to=None) | Q(valid_to__gte=today))
        }
        is_first = not self.memberships.exists()
        for member_pk in sorted(wanted - present.keys()):
            start = None if is_first else today
            AgencyMembership.objects.create(group=self, member_id=member_pk, valid_from=start)
        for member_pk in sorted(present.keys() - wanted):
            row = present[member_pk]
            if row.valid_from and row.valid_from >= today:
                row.delete()
            else:
                row.valid_to = today - dt.timedelta(days=1)
                row.save(update_fields=["valid_to"])


class AgencyMembership(models.Model):
    """A body in a printed group such as “UBND các huyện, thành phố”, with dates."""

    group = models.ForeignKey(Agency, models.PROTECT, related_name="memberships", verbose_name=_("group"))
    member = models.ForeignKey(
        Agency, models.PROTECT, related_name="group_memberships", verbose_name=_("member")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("group membership")
        verbose_name_plural = _("group memberships")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "valid_from"], nulls_distinct=False, name="one_membership_a_start"
            ),
            models.CheckConstraint(
                condition=~Q(group=F("member")),
                name="no_group_in_itself",
                violation_error_message=_("A group cannot be a member of itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} – {self.member}"


class Field(models.Model):
    """A field of work (lĩnh vực): post, printing, publishing, telecoms, IT and so on."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("field of work")
        verbose_name_plural = _("fields of work")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name
