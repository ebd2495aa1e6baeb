import datetime as dt
import hashlib
from os import SEEK_END
from typing import Any, Self

from django.core.files.base import File
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.notices import Notice
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.storage import DurableStorage

KEEP = dt.timedelta(days=7)
"""How long a file that was made in the background can be fetched."""

LOST_AFTER = dt.timedelta(minutes=15)
"""A file that takes longer was left behind by a process that died: it is made anew."""

MOST_ATTEMPTS = 3
"""A file whose maker died so often would kill the next one too."""


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> Self:
        """Their own; administrators read who exported personal data."""
        if user.role == User.Role.ADMIN:
            return self.filter(Q(by=user) | Q(is_personal=True))
        return self.filter(by=user)

    def prepared(self) -> Self:
        """Files made in the background, the others were handed over at once."""
        return self.filter(in_background=True)

    def in_hand(self) -> Self:
        return self.filter(status__in=[Export.Status.WAITING, Export.Status.MAKING])

    def for_list(self) -> Self:
        return self.select_related("by__agency")


class Export(models.Model):
    """One list taken out as a file (bản xuất): a large one made in the background, or one with personal data."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    list_name = models.CharField(_("list"), max_length=40)
    query = models.TextField(_("filter"), blank=True, default="")
    format = models.CharField(_("format"), max_length=8)
    language = models.CharField(_("language"), max_length=5, default="vi")
    by = models.ForeignKey(User, models.PROTECT, related_name="exports", verbose_name=_("by"))
    by_role = models.CharField(_("role"), max_length=12, choices=User.Role, editable=False)
    by_agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("agency"), editable=False
    )
    at = models.DateTimeField(_("at"), default=clock.now)
    is_personal = models.BooleanField(_("holds personal data"), default=False)
    in_background = models.BooleanField(_("made in the background"), default=False)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.READY)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(
        _("file"), upload_to="exports/%Y/", storage=DurableStorage(), max_length=200, blank=True, default=""
    )
    file_size = models.PositiveBigIntegerField(_("file size in bytes"), default=0)
    file_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["status", "at"], name="export_waiting")]

    def __str__(self) -> str:
        return f"{self.list_name} {self.format} {self.at:%Y-%m-%d}"

    # Facts

    @property
    def is_in_hand(self) -> bool:
        return self.status in {self.Status.WAITING, self.Status.MAKING}

    @property
    def is_given_up(self) -> bool:
        """It failed because its makers died, not because something is wrong with it."""
        return self.status == self.Status.FAILED and self.attempts >= MOST_ATTEMPTS

    @property
    def percent_done(self) -> int:
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else 0

    def is_still_of(self, user: User) -> bool:
        """Whether this person may have the file: who asked for it, in the same role and agency as then."""
        return (
            user.is_active
            and user.pk == self.by_id
            and user.role == self.by_role
            and user.agency_id == self.by_agency_id
        )

    # Verbs

    @classmethod
    def _of(cls, user: User, **facts: object) -> "Export":
        return cls(by=user, by_role=user.role, by_agency=user.agency, **facts)

    @classmethod
    def note(
        cls,
        *,
        by: User,
        list_name: str,
        query: str,
        format: str,
        language: str,
        rows: int,
        at: dt.datetime,
    ) -> "Export":
        """Write down that personal data were taken out."""
        noted = cls._of(
            by,
            list_name=list_name,
            query=query,
            format=format,
            language=language,
            at=at,
            is_personal=True,
            rows_total=rows,
            rows_done=rows,
            finished_at=at,
        )
        noted.save()
        return noted

    @classmethod
    @transaction.atomic
    def put(
        cls,
        *,
        by: User,
        list_name: str,
        query: str,
        format: str,
        language: str,
        rows: int,
        at: dt.datetime,
        is_personal: bool = False,
    ) -> "Export":
        """Have a large file made in the background; asked for twice it is made once."""
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        same = {"list_name": list_name, "query": query, "format": format, "language": language}
        waiting = cls.objects.in_hand().filter(by=by, **same).first()
        if waiting is not None:
            return waiting
        asked = cls._of(
            by,
            **same,
            at=at,
            is_personal=is_personal,
            in_background=True,
            rows_total=rows,
            status=cls.Status.WAITING,
        )
        asked.save()
        return asked

    @classmethod
    @transaction.atomic
    def claim(cls, at: dt.datetime) -> "Export | None":
        """The next file to make, for one process alone; also one that a dead process left behind."""
        waits = Q(status=cls.Status.WAITING)
        found = (
            cls._free().filter(waits | cls._lost(at), attempts__lt=MOST_ATTEMPTS).order_by("at", "pk").first()
        )
        if found is not None:
            found.status, found.started_at, found.rows_done = cls.Status.MAKING, at, 0
            found.attempts += 1
            found.save(update_fields=["status", "started_at", "rows_done", "attempts"])
        return found

    @classmethod
    @transaction.atomic
    def give_up(cls, at: dt.datetime) -> int:
        """Fail the files whose makers died once too often, and tell who asked for them; returns how many."""
        dying = cls._free().filter(cls._lost(at), attempts__gte=MOST_ATTEMPTS)
        given_up = list(dying)
        for export in given_up:
            export.fail(at)
        return len(given_up)

    def advance(self, rows_done: int) -> None:
        """How far the file is, for those who wait."""
        self._claimed().update(rows_done=rows_done)

    @transaction.atomic
    def finish(self, content: Any, *, name: str, rows: int, at: dt.datetime) -> None:
        """Keep the file and tell who asked for it; nothing when another process has taken it over."""
        if not self._claimed().select_for_update().exists():
            return
        content.seek(0)
        self.file_sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        self.file_size = content.seek(0, SEEK_END)
        content.seek(0)
        self.file.save(name, File(content), save=False)
        self.status, self.finished_at = self.Status.READY, at
        self.rows_total = self.rows_done = rows
        self.save()
        self._tell(at)

    @transaction.atomic
    def fail(self, at: dt.datetime) -> None:
        """It cannot be made: the rights are gone, or something is wrong; who asked for it is told."""
        if self._claimed().select_for_update().exists():
            self.status, self.finished_at = self.Status.FAILED, at
            self.save(update_fields=["status", "finished_at"])
            self._tell(at)

    @classmethod
    def expire(cls, at: dt.datetime) -> int:
        """Remove the files that have been there long enough; returns how many. The rows stay as the record."""
        old = cls.objects.prepared().exclude(file="").filter(finished_at__lt=at - KEEP)
        removed = 0
        for export in old:
            export.file.delete(save=False)
            export.save(update_fields=["file"])
            removed += 1
        return removed

    @classmethod
    def _free(cls) -> ExportQuerySet:
        """Locked for this process, but for those that another one has."""
        return cls.objects.select_for_update(skip_locked=True, of=("self",)).select_related("by__agency")

    @classmethod
    def _lost(cls, at: dt.datetime) -> Q:
        return Q(status=cls.Status.MAKING, started_at__lt=at - LOST_AFTER)

    def _claimed(self) -> ExportQuerySet:
        return Export.objects.filter(pk=self.pk, status=self.Status.MAKING, started_at=self.started_at)

    def _tell(self, at: dt.datetime) -> None:
        """Only who asked: a deputy reads what concerns work, and could not open the file."""
        Notice.objects.create(
            user=self.by,
            kind=Notice.Kind.EXPORT_MADE,
            day=timezone.localdate(at),
            at=at,
            cause=f"export:{self.pk}",
            url=reverse("export_files"),
            words={
                "list": self.list_name,
                "rows": self.rows_total,
                "failed": self.status == self.Status.FAILED,
            },
        )
