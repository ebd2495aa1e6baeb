from typing import Any, Self

from django.core.files.base import File
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.extensions import ExtensionRequest
from tracker.models.lifecycle import WrongStep
from tracker.models.measurements import Measurement
from tracker.models.people import User
from tracker.models.progress import ProgressReport
from tracker.models.urgings import UrgingRecipient
from tracker.storage import DurableStorage


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        reports = ProgressReport.objects.visible_to(user).order_by().values("pk")
        figures = Measurement.objects.visible_to(user).order_by().values("pk")
        extensions = ExtensionRequest.objects.visible_to(user).order_by().values("pk")
        answers = UrgingRecipient.objects.visible_to(user).order_by().values("pk")
        return self.filter(
            Q(report__in=reports)
            | Q(measurement__in=figures)
            | Q(extension__in=extensions)
            | Q(urged__in=answers)
        )


Entry = ProgressReport | Measurement | ExtensionRequest | UrgingRecipient
"""What a file or a link can belong to: a report, a figure, a request for an extension, an answer to an urging."""

_PLACES: dict[type[models.Model], str] = {
    ProgressReport: "report",
    Measurement: "measurement",
    ExtensionRequest: "extension",
    UrgingRecipient: "urged",
}


class Evidence(models.Model):
    """A file or a link that proves what a progress report or a figure says (minh chứng)."""

    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("report"),
    )
    measurement = models.ForeignKey(
        Measurement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("measurement"),
    )
    extension = models.ForeignKey(
        ExtensionRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("request for an extension"),
    )
    urged = models.ForeignKey(
        UrgingRecipient,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("answer to an urging"),
    )
    title = models.CharField(_("name"), max_length=255)
    file = models.FileField(
        _("file"),
        upload_to="evidence/%Y/%m/",
        storage=DurableStorage(),
        max_length=200,
        blank=True,
        default="",
    )
    link = models.URLField(_("link"), max_length=500, blank=True, default="")
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    content_type = models.CharField(_("content type"), max_length=100, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, measurement=None, extension=None, urged=None)
                | Q(report=None, measurement__isnull=False, extension=None, urged=None)
                | Q(report=None, measurement=None, extension__isnull=False, urged=None)
                | Q(report=None, measurement=None, extension=None, urged__isnull=False),
                name="evidence_proves_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(link="")) | (~Q(file="") & Q(link="")),
                name="evidence_is_a_file_or_a_link",
                violation_error_message=_("Evidence is either a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence_download", args=[self.pk])

    @classmethod
    @transaction.atomic
    def attach_file(
        cls,
        entry: Entry,
        *,
        by: User,
        file: File,
        title: str,
        stored_name: str,
        content_type: str,
        sha256: str,
    ) -> "Evidence":
        """Add a checked file to an entry that may still be changed. ``stored_name`` is ours, never the sender's."""
        cls._require_editable(entry)
        found = cls(title=title, size=file.size, content_type=content_type, sha256=sha256, added_by=by)
        setattr(found, _PLACES[type(entry)], entry)
        found.file.save(stored_name, file, save=False)
        found.save()
        return found

    @classmethod
    @transaction.atomic
    def attach_link(cls, entry: Entry, *, by: User, link: str, title: str) -> "Evidence":
        """Add a link to an entry that may still be changed."""
        cls._require_editable(entry)
        return cls.objects.create(**{_PLACES[type(entry)]: entry}, title=title, link=link, added_by=by)

    @transaction.atomic
    def remove(self) -> None:
        """Take evidence off an entry that may still be changed; history keeps that it was there."""
        if entry := self.report or self.measurement or self.extension or self.urged:
            self._require_editable(entry)
        self.delete()

    @staticmethod
    def _require_editable(entry: Entry) -> None:
        stored: Any = type(entry)._default_manager.select_for_update(of=("self",)).get(pk=entry.pk)
        if stored.is_editable:
            return
        if isinstance(stored, ProgressReport):
            raise WrongStep(_("This report has been submitted and can no longer be changed."))
        if isinstance(stored, Measurement):
            raise WrongStep(_("This figure has been submitted and can no longer be changed."))
        raise WrongStep(_("This has been dealt with and can no longer be changed."))
