import datetime as dt
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.models.directives import Directive
from tracker.models.lifecycle import WrongStep
from tracker.models.people import User


class InstructionQuerySet(models.QuerySet["Instruction"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(directive__in=Directive.objects.visible_to(user))

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)


class Instruction(models.Model):
    """A leader's direction on a directive under way (ý kiến chỉ đạo), with the answer to it."""

    directive = models.ForeignKey(
        Directive, models.PROTECT, related_name="instructions", verbose_name=_("directive")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="instructions", verbose_name=_("leader"))
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("instruction"), max_length=2000)
    addressee = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="instructions_to",
        verbose_name=_("who acts on it"),
    )
    answer_due_on = models.DateField(_("answer by"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="an_answer_has_words_and_an_author",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("at")),
                name="answered_after_the_instruction",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    @transaction.atomic
    def give(
        cls, directive: Directive, *, by: User, text: str, at: dt.datetime, **fields: Any
    ) -> "Instruction":
        """Say what is to be done; ``fields``: ``addressee``, ``answer_due_on``. Who has to answer is told."""
        from tracker import notifying

        instruction = cls.objects.create(directive=directive, by=by, text=text, at=at, **fields)
        notifying.instructed(instruction)
        return instruction

    @transaction.atomic
    def reply(self, *, by: User, answer: str, at: dt.datetime) -> None:
        """Answer once; the leader sees who answered and when."""
        from tracker import notifying

        stored = Instruction.objects.select_for_update().get(pk=self.pk)
        if stored.answered_at:
            raise WrongStep(_("This instruction has already been answered."))
        # A clock may be set back between the two.
        self.answer, self.answered_by, self.answered_at = answer, by, max(at, stored.at)
        self.save(update_fields=["answer", "answered_by", "answered_at"])
        notifying.instruction_answered(self)
