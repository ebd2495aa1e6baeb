"""The figures that wait for this person's review outside progress reports, and what is known of one figure."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tracker.figures.entry import Entry, load_entries
from tracker.models import FrozenFigure, Measurement, ReportStatus, User


def figure_queue(user: User) -> Any:
    """Figures entered by themselves that this person may confirm or return, oldest first; others go with a report."""
    rows = Measurement.objects.visible_to(user).alone().waiting().filter(indicator__retired_on=None)
    others = rows.exclude(agency=user.agency_id).exclude(author=user.pk)
    return others.order_by("submitted_at", "pk")


def next_figure(user: User, pk: int) -> Measurement | None:
    """The figure to read after this one."""
    return figure_queue(user).exclude(pk=pk).first()


@dataclass(frozen=True)
class Reading:
    """One figure beside the period before, the plan, its other versions, and what was frozen."""

    figure: Any
    entry: Entry | None
    questions: list[Any]
    events: list[Any]
    evidence: list[Any]
    versions: list[Measurement]
    """Every other figure of the same period that counts or counted, and those still in review, newest first."""
    in_use: Measurement | None
    frozen: FrozenFigure | None

    @property
    def open_questions(self) -> list[Any]:
        return [question for question in self.questions if question.answered_at is None]

    @property
    def is_in_use(self) -> bool:
        return self.in_use is not None and self.in_use.pk == self.figure.pk

    @property
    def differs_from_frozen(self) -> bool:
        """What was closed is not what is in use today."""
        if self.frozen is None or self.in_use is None:
            return self.frozen is not None or (self.in_use is not None and self.figure.period.is_closed)
        return (self.frozen.value, self.frozen.value_words) != (self.in_use.value, self.in_use.value_words)


def reading(figure: Any, user: User) -> Reading:
    """Everything that is shown of a figure; needs ``for_list``."""
    indicator, period = figure.indicator, figure.period
    same = Measurement.objects.filter(indicator=indicator, part=figure.part_id, period=period)
    visible = same.visible_to(user).exclude(status=ReportStatus.DRAFT).exclude(pk=figure.pk)
    entries = load_entries([(indicator, figure.part)], {indicator.frequency: period}, role=figure.role)
    entry = entries[0] if entries else None
    if entry:
        entry.figure = figure
    frozen = FrozenFigure.objects.filter(
        Q(part=figure.part_id), indicator=indicator, period=period, revision=period.revision
    )
    return Reading(
        figure=figure,
        entry=entry,
        questions=list(figure.questions.select_related("answered_by")),
        events=list(figure.events.select_related("by", "by_agency")),
        evidence=list(figure.evidence.all()),
        versions=list(visible.for_list().order_by("-reviewed_at", "-pk")),
        in_use=same.in_force().first(),
        frozen=frozen.first() if period.is_closed else None,
    )
