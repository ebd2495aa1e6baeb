from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.people import User
from tracker.storage import DurableStorage


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> Self:
        """Their own; administrators read who exported personal data."""
        if user.role == User.Role.ADMIN:
            return self.filter(models.Q(by=user) | models.Q(is_personal=True))
        return self.filter(by=user)


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
    at = models.DateTimeField(_("at"), default=clock.now)
    is_personal = models.BooleanField(_("holds personal data"), default=False)
    in_background = models.BooleanField(_("made in the background"), default=False)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.READY)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(
        _("file"), upload_to="exports/%Y/", storage=DurableStorage(), max_length=200, blank=True, default=""
    )
    file_size = models.PositiveBigIntegerField(_("file size in bytes"), default=0)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["status", "at"], name="export_waiting")]

    def __str__(self) -> str:
        return f"{self.list_name} {self.format} {self.at:%Y-%m-%d}"
