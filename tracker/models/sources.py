from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.documents import Document
from tracker.models.lifecycle import WrongStep
from tracker.models.organisations import Agency
from tracker.models.people import User

if TYPE_CHECKING:
    from tracker.models.directives import Directive


class DirectiveSource(models.Model):
    """A document that a directive comes from, with the exact sentence (căn cứ)."""

    directive = models.ForeignKey(
        "Directive", models.CASCADE, related_name="sources", verbose_name=_("directive")
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="sources", verbose_name=_("document"))
    sentence = models.TextField(_("exact sentence"), max_length=4000)
    printed_number = models.CharField(_("number as printed"), max_length=20, blank=True, default="")
    gloss = models.TextField(
        _("words that are the newspaper's, not the document's"), max_length=1000, blank=True, default=""
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "document"], name="one_source_a_document")
        ]

    def __str__(self) -> str:
        return self.sentence[:80]

    @classmethod
    @transaction.atomic
    def cite(
        cls,
        directive: "Directive",
        *,
        by: User,
        document: Document,
        sentence: str,
        gloss: str = "",
        printed_number: str = "",
        reason: str = "",
    ) -> "DirectiveSource":
        """Link a directive to one more document that hands it down, with the exact sentence.

        A directive that a later document repeats is linked, not entered twice. After the assignment a source is
        added or corrected only with a reason.
        """
        stored = directive.locked()
        _require_reason(stored, reason)
        if stored.sources.filter(document=document).exists():
            raise ValidationError({"document": _("This document is already a source of the directive.")})
        source = cls.objects.create(
            directive=stored,
            document=document,
            sentence=sentence,
            gloss=gloss,
            printed_number=printed_number,
            position=stored.sources.count(),
        )
        stored.log("edited", by=by, reason=reason, document=document)
        return source

    @transaction.atomic
    def correct(self, *, by: User, sentence: str, gloss: str = "", reason: str = "") -> None:
        """Put the sentence right; what stood there before stays in the history."""
        directive = self.directive.locked()
        _require_reason(directive, reason)
        self.sentence, self.gloss = sentence, gloss
        self.save(update_fields=["sentence", "gloss"])
        directive.log("edited", by=by, reason=reason, document=self.document)


def _require_reason(directive: "Directive", reason: str) -> None:
    if directive.is_assigned and not reason.strip():
        raise ValidationError({"reason": _("Changing a source after the assignment needs a reason.")})


class Suggestion(models.Model):
    """Something inferred, not said by the source (gợi ý): shown as suggested until a person decides."""

    class Kind(models.TextChoices):
        COOPERATING = "cooperating", _("Co-operating body")
        MEASURE = "measure", _("Measure")
        DEADLINE = "deadline", _("Kind of deadline")
        SOURCE = "source", _("Source document")
        CAUTION = "caution", _("Caution")

    class State(models.TextChoices):
        OPEN = "open", _("Suggested")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    directive = models.ForeignKey(
        "Directive", models.CASCADE, related_name="suggestions", verbose_name=_("directive")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("suggestion"), max_length=1000)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @transaction.atomic
    def decide(self, *, by: User, accepted: bool) -> None:
        """Accept or dismiss once; who decided is kept."""
        stored = Suggestion.objects.select_for_update().get(pk=self.pk)
        if stored.state != self.State.OPEN:
            raise WrongStep(_("This suggestion has already been decided."))
        self.state = self.State.ACCEPTED if accepted else self.State.DISMISSED
        self.decided_by, self.decided_at = by, clock.now()
        self.save(update_fields=["state", "decided_by", "decided_at"])
