"""Reading an appendix into the register (nhập phụ lục): a file, its rows, what a person decided about each."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker import clock
from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.indicators import Indicator
from tracker.models.lifecycle import Versioned, WrongStep, step_guard
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
    """How many rows were created, updated, unchanged, skipped; until then, what an earlier import has said of them."""
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

    @property
    def label(self) -> str:
        """The name of the file; a pasted table has none."""
        return self.file_name or str(_("Pasted table"))

    @property
    def undo_until(self) -> dt.datetime | None:
        return self.applied_at + dt.timedelta(hours=UNDO_HOURS) if self.applied_at else None

    @property
    def is_touched(self) -> bool:
        """Has a person decided about a row since the rows were read?"""
        return self.version != self.outcome.get("read_in_version", 1)

    @property
    def taken_from(self) -> "Import | None":
        """The earlier import of which corrections were taken over."""
        return Import.objects.filter(pk=self.outcome.get("taken_from")).first()

    # Verbs; those that write into the register are in ``tracker.importing``.

    def locked(self, *, status: str = ImportStatus.CHECKING) -> "Import":
        """This import read again under a lock. Raises WrongStep when it has left ``status`` meanwhile."""
        stored = Import.objects.select_for_update().get(pk=self.pk)
        if stored.status != status:
            raise WrongStep(_("This import has been written, undone or given up in the meantime."))
        return stored

    @transaction.atomic
    def discard(self, *, by: User) -> None:
        """Give the import up; nothing of it was written into the register."""
        stored = self.locked()
        stored.status = ImportStatus.DISCARDED
        stored.undone_by, stored.undone_at = by, clock.now()
        stored.version += 1
        stored.save(update_fields=["status", "undone_by", "undone_at", "version"])
        self.refresh_from_db()


class RowChanged(ValidationError):
    """Somebody else has changed the row first; it stands as they left it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has changed this row meanwhile. It is shown as it stands now; your words are below."
            )
        )


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

    @property
    def name(self) -> str:
        """How people call the row: its line in the file, with a letter behind it when it was split."""
        return f"{self.number}{chr(ord('a') + self.part)}" if self.part else str(self.number)

    @property
    def anchor(self) -> str:
        return f"d{self.number}-{self.part}"

    @property
    def state(self) -> str:
        """A mark that changes with every change of the row: a form of an older state is recognised by it."""
        kept = json.dumps([self.edited, self.choice, self.row_class], sort_keys=True)
        return hashlib.sha256(kept.encode()).hexdigest()[:16]

    # Verbs: what a person decides about a row before the import is written

    def put_right(self, cells: dict[str, str], *, state: str) -> None:
        """Keep what a person has typed; a cell that reads as printed again is no change."""
        with self._changing(state):
            now = {**self.cells, **cells}
            self.edited = {role: text for role, text in now.items() if text != self.printed.get(role, "")}
            self.save(update_fields=["edited"])

    def choose(self, choice: str, *, state: str) -> None:
        """Import the row, leave it out, join it to the row above, or import it although there is one like it."""
        with self._changing(state):
            self.choice = choice
            self.save(update_fields=["choice"])

    def take_as(self, row_class: str, *, state: str) -> None:
        """Say what the row is. The words of a continuation are taken out of the row that they were added to."""
        with self._changing(state):
            if self.row_class == "continuation" != row_class:
                self._leave_the_row_above()
            self.row_class, self.choice = row_class, self.Choice.TAKE
            self.save(update_fields=["row_class", "choice"])

    def split(self, words: str, *, state: str) -> None:
        """Make two rows of one: the second begins with these words of the text, else at its first line break.

        Raises ValidationError when the text does not hold the words behind its beginning.
        """
        with self._changing(state):
            text = self.cells.get("content", "")
            at = text.find(words.strip()) if words.strip() else text.find("\n")
            first, second = text[: max(at, 0)].strip(), text[max(at, 0) :].strip()
            if at <= 0 or not first or not second:
                raise ValidationError(
                    {"split_at": _("Give words with which the second part of the text begins.")}
                )
            others = {
                role: cell for role, cell in self.cells.items() if role not in {"content", "index", "code"}
            }
            later = ImportRow.objects.filter(batch=self.batch_id, number=self.number, part__gt=self.part)
            for row in later.order_by("-part"):
                row.part += 1
                row.save(update_fields=["part"])
            ImportRow.objects.create(
                batch_id=self.batch_id,
                number=self.number,
                part=self.part + 1,
                table=self.table,
                row_class=self.row_class,
                parent_number=self.parent_number,
                heading=self.heading,
                edited={**others, "content": second},
            )
            self.edited = {**self.edited, "content": first}
            self.save(update_fields=["edited"])

    @contextmanager
    def _changing(self, state: str) -> Iterator[None]:
        """One change, under the lock of the import, from the state of the row that the person saw."""
        with transaction.atomic():
            batch = self.batch.locked()
            self.refresh_from_db()
            if self.state != state:
                raise RowChanged
            batch.version += 1
            batch.save(update_fields=["version"])
            yield

    def _leave_the_row_above(self) -> None:
        above = ImportRow.objects.filter(batch=self.batch_id, number=self.parent_number or 0, part=0).first()
        if above is None:
            return
        cells = dict(above.cells)
        for role, text in self.printed.items():
            before, found, behind = cells.get(role, "").rpartition(text)
            if role != "index" and found:
                cells[role] = f"{before.rstrip()}{behind}"
        changed = {role: text for role, text in cells.items() if text != above.printed.get(role, "")}
        above.edited = changed
        above.save(update_fields=["edited"])
