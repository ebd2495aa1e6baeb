"""Closing a period's figures (chốt số liệu): its numbers are frozen in the same transaction."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import clock
from tracker.figures.targets import PeriodFigure, period_figures
from tracker.models import Configuration, FrozenFigure, ReportingPeriod, User, WrongStep
from tracker.vietnamese.dates import format_date

_PLACES = Decimal("0.000001")


@transaction.atomic
def close_period(
    period: ReportingPeriod, by: User, closed_for: str, at: dt.datetime | None = None
) -> ReportingPeriod:
    """Freeze every number of the period as it stands now, then close it. ``closed_for`` names the report.

    Not before the window's last day: figures as of the days still to come belong in it. To close earlier, an
    administrator moves the closing day and says why. Whoever confirms a figure of this period at the same moment
    waits, so that a figure is either frozen or marked as having come after the closing.

    Raises WrongStep when the window still runs or somebody else has closed the period meanwhile.
    """
    at = at or clock.now()
    today = timezone.localtime(at).date()
    held = ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if held.is_closed:
        raise WrongStep(held.lock_sentence())
    if today < held.ends_on:
        raise WrongStep(
            _(
                "Figures as of days up to %(day)s still belong in this period: close it from that day on. "
                "To close earlier, an administrator first moves the closing day, with a reason."
            )
            % {"day": format_date(held.ends_on)}
        )
    figures = period_figures(held, by, Configuration.current(), today)
    FrozenFigure.objects.bulk_create(_frozen(held, figure) for figure in figures)
    held.close(by=by, closed_for=closed_for, at=at)
    period.refresh_from_db()
    return period


def exact(value: Decimal | None) -> Decimal | None:
    """A number as the database keeps it: six decimals. Frozen and present numbers are compared in this form."""
    return None if value is None else value.quantize(_PLACES)


def _frozen(period: ReportingPeriod, figure: PeriodFigure) -> FrozenFigure:
    cell = figure.cell
    return FrozenFigure(
        period=period,
        revision=period.revision,
        indicator=figure.indicator,
        part_id=figure.part_pk,
        value=exact(cell.value),
        value_words=cell.words,
        numerator=exact(cell.numerator),
        denominator=exact(cell.denominator),
        qualifier=cell.qualifier,
        certainty=cell.certainty,
        role=cell.role,
        as_of_on=cell.as_of_on,
        plan=exact(figure.plan),
        to_date=exact(figure.to_date),
        plan_to_date=exact(figure.plan_to_date),
    )
