import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.judgement import agrees, growth
from tracker.models.indicators import Indicator, quantity_field
from tracker.models.lifecycle import WrongStep
from tracker.models.measurements import Measurement
from tracker.models.organisations import Configuration
from tracker.models.people import User

DAYS_TO_ANSWER = 2
"""At least so long somebody has; otherwise until the agencies have to send the period's figures."""

LARGEST = Decimal(10) ** 20
"""What a stored number may not reach."""

EARLIER_FIGURES = 6
"""How many confirmed figures before it a new one is held against."""


class DataQuestionQuerySet(models.QuerySet["DataQuestion"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(measurement__in=Measurement.objects.visible_to(user).order_by())

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query."""
        return self.select_related(
            "measurement__indicator",
            "measurement__part__agency",
            "measurement__part__indicator",
            "measurement__period",
            "measurement__agency",
            "measurement__author",
            "answered_by",
        ).annotate(is_open=Q(answered_at=None))

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)


class DataQuestion(models.Model):
    """A doubt about a figure that somebody must answer (câu hỏi số liệu). Nothing is corrected silently."""

    class Kind(models.TextChoices):
        FAR = "far", _("Far from its history")
        PART_OVER_WHOLE = "part_over_whole", _("A part larger than the whole")
        SUM = "sum", _("The parts do not add up to the whole")
        GROWTH = "growth", _("The printed growth differs from the computed one")
        PRINTED = "printed", _("Printed, but improbable")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("The figure stands")
        CORRECTED = "corrected", _("A corrected figure follows")

    measurement = models.ForeignKey(
        Measurement, models.PROTECT, related_name="questions", verbose_name=_("measurement")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    detail = models.TextField(_("what is doubtful"), max_length=1000, blank=True, default="")
    compared_with = quantity_field(_("compared with"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer_due_on = models.DateField(_("answer by"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True, default="")
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = DataQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a figure")
        verbose_name_plural = _("questions about figures")
        ordering = ["answered_at", "-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measurement", "kind"], condition=Q(answered_at=None), name="one_open_question_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", outcome="")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(outcome="")),
                name="answered_question_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measurement_id} {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("question_answer", args=[self.pk])

    @property
    def agency_id(self) -> int | None:
        """Whose figure it is about, for ``tracker.permissions``."""
        return self.measurement.agency_id

    @transaction.atomic
    def reply(self, *, by: User, outcome: str, answer: str, at: dt.datetime | None = None) -> None:
        """Answer once, with words; who answered is shown beside the figure."""
        if not answer.strip():
            raise ValidationError({"answer": _("Write the answer.")})
        if not outcome:
            raise ValidationError(
                {"outcome": _("Choose whether the figure stands or a corrected one follows.")}
            )
        stored = DataQuestion.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.answered_at:
            raise WrongStep(_("This question has already been answered."))
        self.outcome, self.answer, self.answered_by, self.answered_at = outcome, answer, by, at or clock.now()
        self.full_clean(exclude=["measurement"])
        self.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])

    @classmethod
    def ask_about(cls, measurement: Measurement) -> list["DataQuestion"]:
        """Put the questions that a figure raises; the author's explanation answers them at once, in their name.

        A doubt that the figure no longer raises, because it was corrected before it was handed in again, is answered
        so in the author's name too; what a person found improbable in print stays open.
        """
        found = dict(doubts(measurement))
        author = measurement.author
        still_open = measurement.questions.filter(answered_at=None).exclude(kind=cls.Kind.PRINTED)
        if author:
            for question in still_open.exclude(kind__in=found):
                question.reply(by=author, outcome=cls.Outcome.CORRECTED, answer=_in_vietnamese_corrected())
        asked = []
        due_on = max(measurement.period.agencies_send_on, clock.today() + dt.timedelta(days=DAYS_TO_ANSWER))
        for kind, compared in found.items():
            question, _created = cls.objects.update_or_create(
                measurement=measurement,
                kind=kind,
                answered_at=None,
                defaults={"compared_with": compared},
                create_defaults={"compared_with": compared, "answer_due_on": due_on},
            )
            asked.append(question)
            if measurement.explanation.strip() and author:
                question.reply(by=author, outcome=cls.Outcome.KEPT, answer=measurement.explanation)
        return asked


def _in_vietnamese_corrected() -> str:
    """What is stored is written in the office's language, whoever reads it."""
    with override("vi"):
        return gettext("The figure was corrected before it was handed in again.")


_WITHOUT_DISTANCE = {Indicator.ValueKind.RANK, Indicator.ValueKind.YES_NO, Indicator.ValueKind.WORDS}


def doubts(measurement: Measurement, far_percent: int | None = None) -> list[tuple[str, Decimal | None]]:
    """What is doubtful about a figure, each with the number it was compared with (None: too large to be kept).

    ``far``: see ``far_from``. ``part_over_whole``: a part exceeds the whole of the same period. ``sum``: the parts do
    not add up to the whole, or are more than it before all of them are there. A figure that waits for review is held
    against the others like a confirmed one: else two that contradict each other could both be waiting. ``growth``: the
    growth printed beside it is not the one that the figure of a year before gives, at the printed number of decimals.
    """
    value, indicator = measurement.value, measurement.indicator
    if value is None or indicator.value_kind in _WITHOUT_DISTANCE:
        return []
    limit = Configuration.current().far_percent if far_percent is None else far_percent
    Kind = DataQuestion.Kind
    compared: list[tuple[str, Decimal | None]] = [(Kind.FAR, far_from(value, _earlier(measurement), limit))]
    if not indicator.is_ratio and not indicator.is_percent:
        compared += [
            (Kind.PART_OVER_WHOLE, _whole_below(measurement)),
            (Kind.SUM, _differing_sum(measurement)),
            (Kind.GROWTH, _differing_growth(measurement)),
        ]
    return [(kind, _kept(number)) for kind, number in compared if number is not None]


def _kept(number: Decimal) -> Decimal | None:
    return number.quantize(Decimal("0.000001")) if abs(number) < LARGEST else None


def far_from(value: Decimal, earlier: Iterable[Decimal], limit: int) -> Decimal | None:
    """The mean of up to six figures before this one, oldest first, when it differs by more than ``limit`` per cent."""
    recent = list(earlier)[-EARLIER_FIGURES:]
    if not recent:
        return None
    mean = sum(recent, Decimal(0)) / len(recent)
    return mean if mean != 0 and abs(value - mean) * 100 > abs(mean) * limit else None


def _earlier(measurement: Measurement) -> list[Decimal]:
    """The confirmed figures of the same periods before, oldest first."""
    rows = Measurement.objects.filter(
        indicator=measurement.indicator_id,
        part=measurement.part_id,
        period__kind=measurement.period.kind,
        period__ends_on__lt=measurement.period.ends_on,
    ).in_force()
    found = rows.values_list("period__ends_on", "value")
    return [number for _day, number in sorted(found, key=lambda row: row[0]) if number is not None]


def _standing(measurement: Measurement, parts: set[int | None]) -> dict[int | None, Decimal]:
    """The values of these parts (None: the whole) in the figure's period: the one that waits, else the one in use."""
    rows = Measurement.objects.filter(indicator=measurement.indicator_id, period=measurement.period_id)
    waiting = rows.waiting().exclude(pk=measurement.pk).order_by("submitted_at", "pk")
    found = {figure.part_id: figure.value for figure in rows.in_force()}
    found |= {figure.part_id: figure.value for figure in waiting}
    found[measurement.part_id] = measurement.value
    return {part: value for part, value in found.items() if part in parts and value is not None}


def _parts(measurement: Measurement) -> set[int | None]:
    parts = measurement.indicator.parts.all()
    return {part.pk for part in parts if part.is_in_force(measurement.period.ends_on)}


def _whole_below(measurement: Measurement) -> Decimal | None:
    """Of a part the whole that it exceeds; of the whole the largest part that exceeds it."""
    parts = _parts(measurement)
    values = _standing(measurement, {None, *parts})
    whole = values.pop(None, None)
    if whole is None:
        return None
    if measurement.part_id:
        return whole if measurement.value is not None and measurement.value > whole else None
    largest = max(values.values(), default=None)
    return largest if largest is not None and largest > whole else None


def _differing_sum(measurement: Measurement) -> Decimal | None:
    """The sum of the parts where it is not the whole; while a part is missing only where it is more already."""
    parts = _parts(measurement)
    values = _standing(measurement, {None, *parts})
    whole = values.pop(None, None)
    if whole is None or not values or (measurement.part_id and measurement.part_id not in parts):
        return None
    if _whole_below(measurement) is not None:
        return None  # said already
    total = sum(values.values(), Decimal(0))
    is_complete = len(values) == len(parts)
    return total if total > whole or (is_complete and total != whole) else None


def _differing_growth(measurement: Measurement) -> Decimal | None:
    """The computed growth against the same period a year before, where the printed one is another."""
    if measurement.printed_growth is None:
        return None
    period, indicator = measurement.period, measurement.indicator
    rows = Measurement.objects.filter(
        indicator=indicator,
        part=measurement.part_id,
        period__kind=period.kind,
        period__number=period.number,
        period__year=period.year - 1,
    )
    found = rows.in_force().first()
    before = found.value if found else None
    if before is None and period.kind == "year" and indicator.baseline_year == period.year - 1:
        before = indicator.baseline_value if measurement.part_id is None else None
    computed = growth(measurement.value, before)
    printed = measurement.printed_growth.normalize()
    return computed if agrees(printed, computed) is False else None
