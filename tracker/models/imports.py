"""Reading an appendix into the register (nhập phụ lục): a file, its rows, what a person decided about each."""

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker import clock
from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.indicators import Indicator
from tracker.models.lifecycle import Versioned, step_guard
from tracker.models.organisations import Field
from tracker.models.people import User
from tracker.storage import DurableStorage


class ImportStatus(models.TextChoices):
    """How far an import is: being checked, written into the register, undone, or given up before."""

    CHECKING = "checking", _("Being checked")
    APPLIED = "applied", _("Written into the register")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", pgettext_lazy("import", "Given up")


NEXT: dict[Any, set[Any]] = {
    ImportStatus.CHECKING: {ImportStatus.APPLIED, ImportStatus.DISCARDED},
    ImportStatus.APPLIED: {ImportStatus.UNDONE},
    ImportStatus.UNDONE: set(),
    ImportStatus.DISCARDED: set(),
}

UNDO_HOURS = 24
"""How long an import can be undone, as long as nobody has touched what it wrote."""


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """The department reads what was imported; nobody else."""
        return self if user.sees_everything else self.none()


class Import(Versioned):
    """One appendix being read into the register. Nothing else changes before it is written, all at once."""

    class Kind(models.TextChoices):
        DIRECTIVES = "directives", _("Directives")
        INDICATORS = "indicators", _("Indicators")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("source document"),
    )
    field = models.ForeignKey(
        Field,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("field of work of rows that name none"),
    )
    file = models.FileField(
        _("file"), upload_to="imports/%Y/", storage=DurableStorage(), max_length=200, blank=True, default=""
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True, default="", editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    pasted = models.TextField(_("pasted table"), max_length=2_000_000, blank=True, default="")
    columns = models.JSONField(_("columns"), default=list, editable=False)
    """By table what each column holds, as read or as a person has put it right."""
    status = models.CharField(
        _("status"), max_length=9, choices=ImportStatus, default=ImportStatus.CHECKING, editable=False
    )
    outcome = models.JSONField(_("outcome"), default=dict, editable=False)
    """How many rows were created, updated, unchanged, skipped."""
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("begun at"), default=clock.now, editable=False)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    applied_at = models.DateTimeField(_("written at"), null=True, editable=False)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)

    objects = ImportQuerySet.as_manager()
    rows: "models.Manager[ImportRow]"

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        triggers = [step_guard(NEXT)]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name or self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("import_check", args=[self.pk])


class ImportRow(models.Model):
    """One row of an appendix: as printed, as put right by a person, and what became of it."""

    class Choice(models.TextChoices):
        TAKE = "take", _("Import")
        SKIP = "skip", _("Leave out")
        MERGE = "merge", _("Join to the row above")
        AS_NEW = "as_new", _("Import as a new one although there is one like it")

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        UNCHANGED = "unchanged", _("Unchanged")
        SKIPPED = "skipped", _("Left out")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    """The line in the file, from 1; rows split by a person have the same number and a ``part`` of their own."""
    part = models.PositiveSmallIntegerField(default=0)
    table = models.PositiveSmallIntegerField(default=0)
    row_class = models.CharField(_("class"), max_length=12)
    parent_number = models.PositiveIntegerField(null=True, blank=True)
    heading = models.TextField(_("heading"), blank=True, default="")
    printed = models.JSONField(_("as printed"), default=dict)
    edited = models.JSONField(_("as put right"), default=dict)
    """Only the cells that a person has changed."""
    choice = models.CharField(_("choice"), max_length=6, choices=Choice, default=Choice.TAKE)
    is_problem = models.BooleanField(default=False)
    is_doubtful = models.BooleanField(default=False)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True, default="")
    outcome_reason = models.CharField(_("why"), max_length=300, blank=True, default="")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    before = models.JSONField(default=dict, editable=False)
    """What the import replaced, so that it can be undone."""
    version_after = models.PositiveIntegerField(null=True, editable=False)
    """The record's version when the import had written it: a later one means that somebody has touched it."""

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["batch", "number", "part"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number", "part"], name="one_row_a_number_and_part")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"

    @property
    def cells(self) -> dict[str, str]:
        """What the row says now: the printed cells with those that a person has changed."""
        return {**self.printed, **self.edited}
