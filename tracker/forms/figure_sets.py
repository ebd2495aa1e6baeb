"""The figures of several entries on one page: a period's, or those of a progress report."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext

from tracker.figures.entry import Entry
from tracker.forms.base import FormError, TrackerForm, WithFormToken
from tracker.forms.figures import FigureForm
from tracker.models import ProgressReport, User


class FigureForms:
    """The figures of several entries on one page; each is judged for itself, so that one error loses no other."""

    def __init__(
        self, entries: Sequence[Entry], data: Any = None, *, report: ProgressReport | None = None
    ) -> None:
        self.report = report
        self.forms = [FigureForm(entry, data, report=report, prefix=entry.key) for entry in entries]

    def __iter__(self) -> Iterator[FigureForm]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def before_label(self) -> str:
        """“Tháng 5” where all figures are of one period, else “Kỳ trước”."""
        labels = {form.entry.previous_label for form in self.forms}
        return labels.pop() if len(labels) == 1 else gettext("Period before")

    @property
    def now_label(self) -> str:
        """“Thực hiện tháng 6” where all figures are of one period."""
        labels = {form.entry.period.short_label for form in self.forms}
        return (
            gettext("Actual, %(period)s") % {"period": labels.pop().lower()}
            if len(labels) == 1
            else gettext("Actual")
        )

    def is_valid(self) -> bool:
        return all([form.is_valid_or_unsent for form in self.forms])

    def keep(self, *, by: User, as_of_on: dt.date | None = None) -> None:
        """Save each row, always in the order of the indicators that are locked."""
        for form in sorted(self.forms, key=lambda one: (one.entry.indicator.pk, one.entry.key)):
            form.keep(by=by, as_of_on=as_of_on)

    def check(self, *, today: dt.date) -> bool:
        """Whether all can be handed in."""
        return all([form.check(today=today) for form in self.forms])

    def go_on_from_stored(self) -> None:
        for form in self.forms:
            form.go_on_from_stored()

    @property
    def conflict(self) -> bool:
        return any(form.conflict for form in self.forms)

    @property
    def error_list(self) -> list[FormError]:
        """Every error with the name of its figure, so that the summary can be read alone."""
        return [
            FormError(f"{form.entry.label}: {error.text}", error.target or form.main.id_for_label)
            for form in self.forms
            for error in form.error_list
        ]

    @property
    def unread(self) -> list[str]:
        """The figures of which something could not be read and is therefore not in the draft."""
        return [form.entry.label for form in self.forms if form.is_bound and form.errors]

    @property
    def errors(self) -> bool:
        return bool(self.error_list)


class MonthForm(WithFormToken, TrackerForm):
    """What the page with all figures of a period sends beside them."""

    ky = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, data: Any = None, *, figures: FigureForms, **options: Any) -> None:
        super().__init__(data, **options)
        self.figures = figures

    @property
    def error_list(self) -> list[FormError]:
        return [*super().error_list, *self.figures.error_list]
