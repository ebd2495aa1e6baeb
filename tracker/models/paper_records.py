"""What an official report leaves behind: its states, the log of its steps, the files kept at the signature."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker import clock
from tracker.models.lifecycle import append_only
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.storage import DurableStorage

if TYPE_CHECKING:
    from tracker.models.periodic_reports import PeriodicReport


class PaperStatus(models.TextChoices):
    """The life of an official report: drafted, submitted to a leader, approved, signed with a number, sent."""

    DRAFT = "draft", pgettext_lazy("official report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("official report", "Submitted to the leader")
    RETURNED = "returned", pgettext_lazy("official report", "Returned")
    APPROVED = "approved", pgettext_lazy("official report", "Approved")
    SIGNED = "signed", pgettext_lazy("official report", "Signed")
    SENT = "sent", pgettext_lazy("official report", "Sent")
    DISCARDED = "discarded", pgettext_lazy("official report", "Discarded")


NEXT: dict[Any, set[Any]] = {
    PaperStatus.DRAFT: {PaperStatus.SUBMITTED, PaperStatus.DISCARDED},
    PaperStatus.SUBMITTED: {PaperStatus.DRAFT, PaperStatus.RETURNED, PaperStatus.APPROVED},
    PaperStatus.RETURNED: {PaperStatus.SUBMITTED, PaperStatus.DISCARDED},
    PaperStatus.APPROVED: {PaperStatus.RETURNED, PaperStatus.SIGNED},
    PaperStatus.SIGNED: {PaperStatus.SENT},
    PaperStatus.SENT: set(),
    PaperStatus.DISCARDED: set(),
}

WRITABLE = frozenset({PaperStatus.DRAFT, PaperStatus.RETURNED})
FROZEN = frozenset({PaperStatus.SIGNED, PaperStatus.SENT})


class PeriodicReportEvent(models.Model):
    """One step of an official report: an append-only log."""

    class Step(models.TextChoices):
        DRAFTED = "drafted", _("drafted the report")
        EDITED = "edited", _("edited the text")
        REFRESHED = "refreshed", _("took the figures from the data again")
        FRAMED = "framed", _("changed what stands around the text")
        SUBMITTED = "submitted", _("submitted it to the leader")
        TAKEN_BACK = "taken_back", _("took it back")
        RETURNED = "returned", _("returned it")
        APPROVED = "approved", _("approved it")
        SIGNED = "signed", _("recorded the signature")
        SENT = "sent", _("sent it")
        REVISED = "revised", _("began a new revision")
        DISCARDED = "discarded", _("discarded the draft")

    report = models.ForeignKey(
        "tracker.PeriodicReport", models.PROTECT, related_name="events", verbose_name=_("periodic report")
    )
    step = models.CharField(_("step"), max_length=10, choices=Step)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    by_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    at = models.DateTimeField(_("at"), default=clock.now)
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        verbose_name = _("step of a periodic report")
        verbose_name_plural = _("steps of periodic reports")
        ordering = ["-at", "-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.report_id} {self.step}"


class ReportFile(models.Model):
    """A file of a signed report, kept as it was made at the signature."""

    class Format(models.TextChoices):
        WORD = "docx", "Word"
        PDF = "pdf", "PDF"
        EXCEL = "xlsx", "Excel"

    report = models.ForeignKey(
        "tracker.PeriodicReport", models.PROTECT, related_name="files", verbose_name=_("periodic report")
    )
    format = models.CharField(_("format"), max_length=4, choices=Format)
    file = models.FileField(upload_to="reports/%Y/", storage=DurableStorage(), max_length=200)
    size = models.PositiveIntegerField(_("file size in bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file of a periodic report")
        verbose_name_plural = _("files of periodic reports")
        ordering = ["report", "format"]
        constraints = [models.UniqueConstraint(fields=["report", "format"], name="one_file_a_format")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.report_id}.{self.format}"

    @classmethod
    def keep(cls, report: "PeriodicReport", file_format: str, content: bytes) -> "ReportFile":
        """Store the file with its checksum; once a format."""
        return cls.objects.create(
            report=report,
            format=file_format,
            file=ContentFile(content, f"bao-cao-{report.pk}.{file_format}"),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
