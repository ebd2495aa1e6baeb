import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models.lifecycle import OUTSIDE, Status, Versioned
from tracker.models.people import User
from tracker.models.search import number_column, search_column, search_index
from tracker.storage import DurableStorage
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.document_numbers import number_keys
from tracker.vietnamese.text import fold

if TYPE_CHECKING:
    from tracker.models.sources import DirectiveSource


def named(text: str) -> Q:
    """The documents that a text names: by words, or by a number with any separators, case and marks."""
    wanted = Q(search__contains=fold(text))
    for key in number_keys(text):
        wanted |= Q(number_search__contains=key)
    return wanted


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body reads the sources of its own directives."""
        if user.sees_everything:
            return self
        from tracker.models.directives import Directive

        mine = Directive.objects.visible_to(user)
        return self.filter(pk__in=mine.values("sources__document"))

    def search(self, text: str) -> Self:
        """By everything printed: what names the document, its exact words, its full text."""
        return self.filter(named(text) | Q(text_search__contains=fold(text)))

    def called(self, text: str) -> Self:
        """By what names a document: number in any spelling, abstract, issuer, occasion or speaker."""
        return self.filter(named(text))

    def for_list(self, user: User) -> Any:
        """With how many directives that the person sees come from each, and how many of these are completed."""
        from tracker.models.directives import Directive

        listed = Directive.objects.visible_to(user).exclude(status__in=list(OUTSIDE))
        from_it = listed.filter(sources__document=OuterRef("pk")).order_by().values("sources__document")
        number = Count("pk", distinct=True)
        done = from_it.filter(status=Status.COMPLETED)
        return self.annotate(
            directive_count=Coalesce(Subquery(from_it.annotate(n=number).values("n")), 0),
            done_count=Coalesce(Subquery(done.annotate(n=number).values("n")), 0),
        )


class Document(Versioned):
    """Where directives come from (văn bản): a written document, or a spoken direction with its exact words."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", _("Resolution")
        DECREE = "decree", _("Decree")
        DECISION = "decision", _("Decision")
        DIRECTIVE = "directive", _("Directive (document)")
        PLAN = "plan", _("Plan")
        CIRCULAR = "circular", _("Circular")
        LETTER = "letter", _("Official letter")
        TELEGRAM = "telegram", _("Urgent telegram")
        CONCLUSIONS = "conclusions", _("Notice of conclusions")
        NOTE = "note", _("Leader's written note")
        SPOKEN = "spoken", _("Spoken direction")
        PRESS = "press", _("Press article")
        OTHER = "other", _("Other document")

    class Version(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("version of a document", "Draft")
        SIGNED = "signed", _("Signed")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.CharField(_("number and symbol"), max_length=60, blank=True, default="")
    issued_on = models.DateField(_("date"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True, default="")
    abstract = models.TextField(_("abstract"), max_length=2000)
    version_kind = models.CharField(_("version"), max_length=6, choices=Version, default=Version.SIGNED)
    link = models.URLField(_("link"), max_length=500, blank=True, default="")
    file = models.FileField(
        _("file"), upload_to="documents/%Y/", storage=DurableStorage(), max_length=200, blank=True, default=""
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True, default="", editable=False)
    file_size = models.PositiveIntegerField(_("file size in bytes"), default=0, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    reported_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("reported in")
    )
    text = models.TextField(_("full text"), max_length=200_000, blank=True, default="")
    # A spoken direction: who said what, where, on which occasion. ``issued_on`` is the day it was spoken.
    occasion = models.CharField(_("occasion"), max_length=300, blank=True, default="")
    place = models.CharField(_("place"), max_length=200, blank=True, default="")
    speaker = models.CharField(_("speaker"), max_length=120, blank=True, default="")
    speaker_post = models.CharField(_("speaker's post"), max_length=200, blank=True, default="")
    words = models.TextField(_("exact words"), max_length=10_000, blank=True, default="")

    search = search_column("number", "abstract", "issuer", "occasion", "speaker")
    number_search = number_column("number")
    text_search = search_column("words", "text")

    objects = DocumentQuerySet.as_manager()
    sources: "models.Manager[DirectiveSource]"

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [F("issued_on").desc(nulls_last=True), "-pk"]
        indexes = [
            search_index("document_search_trgm"),
            search_index("document_number_trgm", "number_search"),
            search_index("document_text_trgm", "text_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "issuer", "issued_on", "version_kind"],
                condition=~Q(number=""),
                nulls_distinct=False,
                name="one_document_a_number",
                violation_error_message=_("This document is already in the register."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="spoken")
                | (Q(issued_on__isnull=False) & ~Q(speaker="") & ~Q(occasion="") & ~Q(words="")),
                name="spoken_direction_says_who_when_what",
                violation_error_message=_(
                    "A spoken direction needs its date, occasion, speaker and exact words."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("document_detail", args=[self.pk])

    @property
    def label(self) -> str:
        """“Nghị định 49/2017/NĐ-CP”, or the occasion of a spoken direction, or the abstract."""
        kind = self.get_kind_display()
        if self.number:
            return f"{kind} {self.number}"
        if self.kind == self.Kind.SPOKEN:
            return f"{kind}: {self.speaker}"
        return f"{kind}: {self.abstract}"

    @property
    def full_text(self) -> str:
        """What directives are taken from: the whole text, or a spoken direction's exact words."""
        return self.text or self.words

    @property
    def is_spoken(self) -> bool:
        return self.kind == self.Kind.SPOKEN

    @classmethod
    def short_label(cls, kind: str, number: str, issued_on: str | None) -> str:
        """“Nghị định 49/2017/NĐ-CP”, “Phát biểu chỉ đạo 8/1/2020”: for rows that name their source in passing."""
        words = str(cls.Kind(kind).label)
        if number:
            return f"{words} {number}"
        day = dt.date.fromisoformat(issued_on) if issued_on else None
        return f"{words} {format_date(day)}" if day else words

    # Verbs

    @classmethod
    @transaction.atomic
    def register(cls, **fields: Any) -> "Document":
        """Enter a document, with its file if there is one."""
        document = cls(**fields)
        document.full_clean()
        document.save()
        return document

    @transaction.atomic
    def edit(self, *, expected_version: int | None, **changes: Any) -> None:
        """Change the register's words, or give the document another file. The history keeps what stood before."""
        stored = Document.objects.select_for_update().get(pk=self.pk)
        stored.take_next_version(expected_version)
        for name, value in changes.items():
            setattr(stored, name, value)
        stored.full_clean()
        stored.save(update_fields=[*changes, "version"])
        self.refresh_from_db()
