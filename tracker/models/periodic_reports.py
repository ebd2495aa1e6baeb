import datetime as dt
import functools
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.lifecycle import Versioned, WrongStep, because, step_guard
from tracker.models.organisations import Agency, Field
from tracker.models.paper_records import (
    FROZEN,
    NEXT,
    WRITABLE,
    PaperStatus,
    PeriodicReportEvent,
    ReportFile,
)
from tracker.models.people import User
from tracker.models.periods import ReportingPeriod
from tracker.models.search import ViFold
from tracker.vietnamese.text import fold

_CARRIED_OVER = (
    *("period", "agency", "field", "form", "parts", "figures_on", "content", "facts", "title"),
    *("governing_body", "issuing_body", "symbol", "place", "recipients"),
    *("authority", "authority_of", "signer_post", "signer_name"),
)
"""What a new revision begins with."""

_FROZEN_FIELDS = (*_CARRIED_OVER, "number", "signed_on", "revision", "corrects", "writers")
"""What a signature closes for good."""


def _any_change(names: Iterable[str]) -> Any:
    changes = (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in names)
    return functools.reduce(operator.or_, changes)


class ReportPart(models.TextChoices):
    """What a report may be asked to hold; all of it unless somebody leaves a part out."""

    TARGETS = "targets", _("Targets")
    DIRECTIVES = "directives", _("Directives by state")
    LATE = "late", _("Overdue directives")
    OBSTACLES = "obstacles", _("Obstacles and recommendations")
    NEXT = "next", _("Work of the next period")


def all_parts() -> list[str]:
    return list(ReportPart.values)


class PeriodicReportQuerySet(models.QuerySet["PeriodicReport"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body the signed reports about itself."""
        if user.sees_everything:
            return self
        return self.filter(agency=user.agency_id, status__in=list(FROZEN))

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query; the text itself stays where it is."""
        rows = self.select_related("period", "agency", "field", "created_by").defer("content", "facts")
        return rows.order_by(F("period__ends_on").desc(), "-pk")

    def for_page(self) -> Self:
        """Everything that a report's own page shows of the record itself, in one query."""
        return self.select_related("period", "agency", "field", "created_by", "corrects")

    def search(self, text: str) -> Self:
        """Words of the title or of the number in either form, without accents."""
        parts = (F("number"), Value("/"), F("symbol"), Value(" "), F("number"), Value("-"), F("symbol"))
        folded = ViFold(Concat(*parts, Value(" "), F("title"), output_field=models.TextField()))
        return self.annotate(folded=folded).filter(folded__contains=fold(text))

    def waiting(self) -> Self:
        """Submitted and not decided."""
        return self.filter(status=PaperStatus.SUBMITTED)


class PeriodicReport(Versioned):
    """A periodic report as an official document (báo cáo định kỳ), from draft to sent.

    ``content`` holds the text as blocks of runs, ``facts`` what each number of it counts and where its list is; see
    ``tracker.linked_text``. From the signature on neither they nor the files change: a correction is a new revision.
    """

    class Form(models.TextChoices):
        """Whose form the paper has: Decree 30/2020/NĐ-CP, or the Party's own."""

        STATE = "state", _("Form of the State (Decree 30/2020)")
        PARTY = "party", _("Form of the Party")

    class Authority(models.TextChoices):
        """In whose place somebody signs (Decree 30/2020/NĐ-CP, Article 13)."""

        NONE = "", _("signs in their own office")
        COLLECTIVE = "TM.", _("TM. – on behalf of a collective")
        DEPUTY = "KT.", _("KT. – a deputy for the head")
        ORDER = "TL.", _("TL. – by order")
        DELEGATED = "TUQ.", _("TUQ. – authorised")

    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="reports", verbose_name=_("reporting period")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="periodic_reports",
        verbose_name=_("only about this agency"),
    )
    field = models.ForeignKey(
        Field,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="periodic_reports",
        verbose_name=_("only about this field of work"),
    )
    form = models.CharField(_("form"), max_length=5, choices=Form, default=Form.STATE)
    parts = ArrayField(
        models.CharField(max_length=10, choices=ReportPart), verbose_name=_("parts"), default=all_parts
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", editable=False
    )
    status = models.CharField(
        _("status"), max_length=9, choices=PaperStatus, default=PaperStatus.DRAFT, editable=False
    )
    figures_on = models.DateField(_("figures as of"), editable=False)
    content = models.JSONField(_("text"), default=dict, editable=False)
    facts = models.JSONField(_("figures of the text"), default=dict, editable=False)

    # What stands around the text
    title = models.CharField(_("abstract"), max_length=500)
    governing_body = models.CharField(_("governing body"), max_length=200, blank=True, default="")
    issuing_body = models.CharField(_("issuing body"), max_length=200)
    symbol = models.CharField(_("symbol"), max_length=40)
    place = models.CharField(_("place"), max_length=100)
    recipients = models.TextField(_("recipients"), max_length=2000, blank=True, default="")
    authority = models.CharField(
        _("signs"), max_length=4, choices=Authority, blank=True, default=Authority.NONE
    )
    authority_of = models.CharField(
        _("for whom (collective or head)"), max_length=120, blank=True, default=""
    )
    signer_post = models.CharField(_("signer's post"), max_length=120)
    signer_name = models.CharField(_("signer"), max_length=120, blank=True, default="")
    number = models.CharField(_("number"), max_length=10, blank=True, default="", editable=False)
    signed_on = models.DateField(_("signed on"), null=True, editable=False)

    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("drafted at"), default=clock.now, editable=False)
    writers = ArrayField(models.PositiveIntegerField(), default=list, editable=False)
    """Everybody who wrote in this draft: none of them approves it."""

    objects = PeriodicReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("periodic report")
        verbose_name_plural = _("periodic reports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "number",
                "symbol",
                ExtractYear("signed_on"),
                condition=~Q(number=""),
                name="one_report_a_number_and_year",
                violation_error_message=_("Another report of this year has this number."),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=~Q(status="discarded"),
                name="one_correction_a_report",
                violation_error_message=_("A new revision of this report exists already."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "sent"]) | (~Q(number="") & Q(signed_on__isnull=False)),
                name="signed_report_has_number_and_day",
            ),
        ]
        triggers = [
            step_guard(NEXT),
            pgtrigger.Protect(
                name="signed_report_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=["signed", "sent"]) & _any_change(_FROZEN_FIELDS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.revision})"

    def get_absolute_url(self) -> str:
        return reverse("report_detail", args=[self.pk])

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Django cannot ask PostgreSQL about the year of a day that is not stored: ``sign`` does, in words."""
        super().validate_constraints(exclude={*(exclude or ()), "signed_on"})

    # Facts

    @property
    def is_writable(self) -> bool:
        return self.status in WRITABLE

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN

    @property
    def full_number(self) -> str:
        """``12/BC-STTTT``; the Party writes ``12-BC/STTTT``: the joint is part of the symbol's form."""
        joint = "-" if self.form == self.Form.PARTY else "/"
        return f"{self.number}{joint}{self.symbol}"

    # Verbs

    @classmethod
    @transaction.atomic
    def draft(
        cls, *, by: User, content: Mapping[str, Any], facts: Mapping[str, Any], **frame: Any
    ) -> "PeriodicReport":
        """Begin a report with the text made from data."""
        report = cls(created_by=by, writers=[by.pk], content=dict(content), facts=dict(facts), **frame)
        report.full_clean()
        report.save()
        report._log("drafted", by=by)
        return report

    @transaction.atomic
    def write(
        self,
        *,
        by: User,
        expected_version: int | None,
        step: str = "edited",
        **changes: Any,
    ) -> None:
        """Change the text or what stands around it, while it is a draft or returned."""
        stored = self._locked()
        stored._require_writable()
        stored.take_next_version(expected_version)
        for name, value in changes.items():
            setattr(stored, name, value)
        stored._signed_by_hand(by)
        stored.full_clean()
        stored.save(update_fields=[*changes, "writers", "version"])
        stored._log(step, by=by)
        self.refresh_from_db()

    @transaction.atomic
    def submit(self, *, by: User, expected_version: int | None = None) -> None:
        """Put the draft before the leader (trình)."""
        stored = self._ready_for(PaperStatus.SUBMITTED, expected_version)
        stored._signed_by_hand(by)
        stored._move("submitted", by=by)
        self.refresh_from_db()

    @transaction.atomic
    def take_back(self, *, by: User, expected_version: int | None = None) -> None:
        """Take a submitted draft back, as long as nobody has decided on it."""
        self._ready_for(PaperStatus.DRAFT, expected_version)._move("taken_back", by=by)
        self.refresh_from_db()

    @transaction.atomic
    def send_back(self, *, by: User, reason: str, expected_version: int | None = None) -> None:
        """Return it with a reason (trả lại)."""
        if not reason.strip():
            raise ValidationError({"reason": _("Write why the report is returned.")})
        self._ready_for(PaperStatus.RETURNED, expected_version)._move("returned", by=by, reason=reason)
        self.refresh_from_db()

    @transaction.atomic
    def approve(self, *, by: User, expected_version: int | None = None) -> None:
        """Approve it for the signature (duyệt); never one who wrote in it."""
        stored = self._ready_for(PaperStatus.APPROVED, expected_version)
        if by.pk in stored.writers:
            raise WrongStep(_("Who wrote in a report does not approve it."))
        stored._move("approved", by=by)
        self.refresh_from_db()

    @transaction.atomic
    def sign(
        self,
        *,
        by: User,
        number: str,
        signed_on: dt.date,
        signer_name: str,
        today: dt.date,
        make_files: "Callable[[PeriodicReport], Mapping[str, bytes]]",
        expected_version: int | None = None,
    ) -> None:
        """Record number, day and signer; text, figures and files are frozen from here on.

        ``make_files`` gives the files by format (docx, pdf, xlsx), made from the report with its number. A paper is
        signed neither on a day to come nor before the day of its figures, and a number is given once a year
        (Decree 30/2020/NĐ-CP, Article 15).
        """
        stored = self._ready_for(PaperStatus.SIGNED, expected_version)
        stored.number, stored.signed_on, stored.signer_name = number, signed_on, signer_name
        stored._refuse_a_wrong_day(signed_on, today)
        stored._refuse_a_taken_number()
        stored.full_clean()
        stored._move("signed", by=by, save=["number", "signed_on", "signer_name"])
        for file_format, content in make_files(stored).items():
            ReportFile.keep(stored, file_format, content)
        self.refresh_from_db()

    @transaction.atomic
    def send(self, *, by: User, note: str = "", expected_version: int | None = None) -> None:
        """Record that it went to its recipients (đã gửi)."""
        self._ready_for(PaperStatus.SENT, expected_version)._move("sent", by=by, reason=note)
        self.refresh_from_db()

    @transaction.atomic
    def discard(self, *, by: User, reason: str = "", expected_version: int | None = None) -> None:
        """Give up a draft; it stays on record."""
        self._ready_for(PaperStatus.DISCARDED, expected_version)._move("discarded", by=by, reason=reason)
        self.refresh_from_db()

    @transaction.atomic
    def revise(self, *, by: User, reason: str) -> "PeriodicReport":
        """Begin a new revision of a signed report: the same text, a draft again; the signed one stays."""
        if not reason.strip():
            raise ValidationError({"reason": _("Write what the new revision corrects.")})
        stored = self._locked()
        if not stored.is_frozen:
            raise WrongStep(_("Only a signed report is corrected by a new revision."))
        correction = PeriodicReport(
            corrects=stored,
            revision=stored.revision + 1,
            created_by=by,
            writers=[by.pk],
            **{name: getattr(stored, name) for name in _CARRIED_OVER},
        )
        correction.full_clean()
        correction.save()
        correction._log("drafted", by=by, reason=reason)
        stored._log("revised", by=by, reason=reason)
        return correction

    # Inside the verbs

    def _locked(self) -> "PeriodicReport":
        return PeriodicReport.objects.select_for_update().get(pk=self.pk)

    def _require_writable(self) -> None:
        if not self.is_writable:
            raise WrongStep(_("This report is no draft any more: its text does not change."))

    def _signed_by_hand(self, by: User) -> None:
        if by.pk not in self.writers:
            self.writers = [*self.writers, by.pk]

    def _ready_for(self, status: PaperStatus, expected_version: int | None) -> "PeriodicReport":
        """The locked record, moved to the next status in memory; what was read is what is decided on."""
        stored = self._locked()
        if status not in NEXT[PaperStatus(stored.status)]:
            raise WrongStep(_("Somebody else has taken this step, or another one, meanwhile."))
        stored.take_next_version(expected_version)
        stored.status = status
        return stored

    def _move(self, step: str, *, by: User, reason: str = "", save: Iterable[str] = ()) -> None:
        with because(reason):
            self.save(update_fields=["status", "version", "writers", *save])
        self._log(step, by=by, reason=reason)

    def _refuse_a_wrong_day(self, signed_on: dt.date, today: dt.date) -> None:
        if signed_on > today:
            raise ValidationError({"signed_on": _("The day of the signature has not come yet.")})
        if signed_on < self.figures_on:
            raise ValidationError(
                {"signed_on": _("The report cannot be signed before the day of its figures.")}
            )

    def _refuse_a_taken_number(self) -> None:
        others = PeriodicReport.objects.exclude(pk=self.pk).filter(
            number=self.number,
            symbol=self.symbol,
            signed_on__year=self.signed_on.year if self.signed_on else 0,
        )
        if taken := others.first():
            text = _("The number %(number)s of this year belongs to “%(title)s”.")
            words = {"number": taken.full_number, "title": taken.title}
            raise ValidationError({"number": ValidationError(text, params=words)})

    def _log(self, step: str, *, by: User, reason: str = "") -> None:
        from tracker import notifying

        event = PeriodicReportEvent.objects.create(
            report=self, step=step, by=by, by_agency_id=by.agency_id, reason=reason
        )
        notifying.paper_moved(event)
