"""The filters above the lists: every parameter that an address may carry is declared here, nothing else is read.

What cannot be read is said in a sentence and left out; the person's input stays where it was typed.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tracker.figures.completeness import CHOICES as HANDINGS
from tracker.figures.completeness import cut, with_handing
from tracker.figures.counting import count_together
from tracker.figures.periods import Period
from tracker.figures.punctuality import Moved, moved
from tracker.figures.register import DONE, DUE, NOT_DONE
from tracker.figures.reminded import LISTED, reminded
from tracker.figures.saved_views import View, rows_of
from tracker.figures.scope import Scope
from tracker.forms.base import TrackerForm
from tracker.forms.filter_fields import (
    LONGEST_SEARCH,
    UNKNOWN,
    AgencyFilter,
    DayFilter,
    PeriodFilter,
    WindowFilter,
    field_filter,
)
from tracker.models import (
    Agency,
    Assignment,
    CalendarDay,
    Cell,
    Document,
    Field,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    Standing,
    User,
)
from tracker.vietnamese.dates import format_date

STANDINGS = [choice for choice in Standing.choices if choice[0] != Standing.OUTSIDE]
ORIGINAL = "goc"
DUE_CELLS = "due"
DEADLINES = [(ORIGINAL, _("Judged by the original deadline")), *Moved.choices]
CELLS = [
    *(choice for choice in Cell.choices if choice[0] != Cell.OUTSIDE),
    (DUE_CELLS, _("Fell due")),
    ("done", _("Completed")),
    ("open", _("Not completed")),
]
SUMS: dict[str, list[Cell]] = {DUE_CELLS: DUE, "done": DONE, "open": NOT_DONE}
"""Several cells of the official table under one name."""


@dataclass(frozen=True)
class Active:
    """One filter that is on: what it is called, its value in words, and the address without it."""

    name: str
    label: Any
    text: str
    without: str
    count: int = 0


class ListFilter(filters.FilterSet):
    """The filters of one list for one person, on one day."""

    SHOWN: ClassVar[tuple[str, ...]]

    q = filters.CharFilter(label=_("Search"), method="matching", max_length=LONGEST_SEARCH)

    class Meta:
        form = TrackerForm

    def __init__(self, data: QueryDict, *, user: User, today: dt.date) -> None:
        super().__init__(data, Agency.objects.none())
        self.user, self.today = user, today
        self.prepare()
        self.form.is_valid()
        day = self.form.cleaned_data.get("den")
        if day and day > today:
            self.form.add_error("den", _("This day has not come yet; today is shown."))

    def prepare(self) -> None:
        """Fill in the choices that depend on the person, the day or the database."""

    def start(self, values: dict[str, Any]) -> Any:
        """The rows before the filters that each narrow by themselves."""
        raise NotImplementedError

    def rows(self, without: Collection[str] = ()) -> Any:
        """The rows that pass every filter but those named."""
        values = {name: value for name, value in self.form.cleaned_data.items() if name not in without}
        rows = self.start(values)
        for name, value in values.items():
            rows = self.filters[name].filter(rows, value)
        return rows

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.search(text)

    def leave(self, rows: Any, name: str, value: Any) -> Any:
        """Already part of the start."""
        return rows

    @property
    def controls(self) -> Iterator[forms.BoundField]:
        """The filters with a control of their own beside the search box."""
        return (self.form[name] for name in self.SHOWN)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Filters that are on and have no control: the form sends them along."""
        return [(name, text) for name, text in self.given.items() if name not in {"q", "sx", *self.SHOWN}]

    @cached_property
    def given(self) -> dict[str, str]:
        """The parameters that are on and could be read, as the address has them."""
        cleaned = self.form.cleaned_data
        on = {name: self.data[name] for name in self.filters if cleaned.get(name) not in (None, "")}
        return on | ({"sx": self.data["sx"]} if self.data.get("sx") else {})

    def address(self, *without: str, **changes: str) -> str:
        """The address of the same list with other filters; never of a page further down."""
        parameters = {name: value for name, value in self.given.items() if name not in without} | changes
        return f"?{urlencode(parameters)}"

    @property
    def status_address(self) -> str:
        """The address with every filter but the status, ready for a status to be added."""
        rest = self.address("tt")
        return f"{rest}{'' if rest == '?' else '&'}tt="

    @property
    def active(self) -> list[Active]:
        return [
            Active(name, self.form.fields[name].label, self._in_words(name), self.address(name))
            for name in self.given
            if name != "sx"
        ]

    @property
    def to_drop(self) -> list[Active]:
        """For an empty list: which filter to drop, and how many rows there are then."""
        counts = count_together(
            self.user, **{f"without_{one.name}": self.rows(without={one.name}) for one in self.active}
        )
        found = [Active(**(vars(one) | {"count": counts[f"without_{one.name}"]})) for one in self.active]
        return sorted((one for one in found if one.count), key=lambda one: -one.count)

    def _in_words(self, name: str) -> str:
        value = self.form.cleaned_data[name]
        if isinstance(value, dt.date):
            return format_date(value)
        if isinstance(value, (Agency, Period, ReportingPeriod, Document)):
            return value.label
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        return str(choices.get(value, value))


class RegisterFilter(ListFilter):
    """What directives and assignments are both cut by: standing, official cell, field, period, day."""

    tt = filters.ChoiceFilter(
        label=_("Status"),
        field_name="standing",
        choices=STANDINGS,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    o = filters.ChoiceFilter(
        label=_("Official table"),
        method="in_cell",
        choices=CELLS,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    cq = AgencyFilter(label=_("Agency"), method="leave", max_length=LONGEST_SEARCH)
    vt = filters.ChoiceFilter(
        label=_("Role of the agency"),
        method="leave",
        choices=Assignment.Role.choices,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    han = filters.ChoiceFilter(
        label=_("Deadline"),
        method="leave",
        choices=DEADLINES,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    ky = PeriodFilter(label=_("Period"), method="leave")
    den = DayFilter(label=_("As of"), method="leave")

    def prepare(self) -> None:
        self.filters["lv"].extra["choices"] = [(row.code, row.label) for row in Field.objects.all()]
        periods = Period.around(self.today)
        asked = Period.parse(self.data.get("ky", ""))
        if asked and asked not in periods:
            periods.append(asked)
        self.filters["ky"].extra["choices"] = [("", _("The whole register"))] + [
            (period.code, period.label) for period in periods
        ]

    @cached_property
    def office(self) -> Scope:
        """The whole register of today."""
        return Scope.of(self.user, self.today)

    def scope_of(self, values: dict[str, Any]) -> Scope:
        scope = self.office.on(values.get("den") or self.today).in_period(values.get("ky"))
        return scope.against_original() if values.get("han") == ORIGINAL else scope

    def in_cell(self, rows: Any, name: str, cell: str) -> Any:
        return rows.filter(cell__in=SUMS.get(cell, [cell]))

    @property
    def scope(self) -> Scope:
        """The cut that the address asks for."""
        return self.scope_of(self.form.cleaned_data)


class DirectiveFilter(RegisterFilter):
    """The filters of the register of directives."""

    lv = filters.ChoiceFilter(
        label=_("Field of work"), field_name="field__code", empty_label=_("All"), error_messages=UNKNOWN
    )
    ct = AgencyFilter(label=_("Lead"), method="led_by", max_length=LONGEST_SEARCH)
    vb = filters.ModelChoiceFilter(
        label=_("Document"),
        field_name="sources__document",
        queryset=Document.objects.none(),
        error_messages={"invalid_choice": _("There is no such document.")},
    )
    kbc = WindowFilter(label=_("Due in the reporting period"), method="due_in", max_length=40)
    xem = filters.ChoiceFilter(
        label=_("View of the list"), method="leave", choices=View.choices, error_messages=UNKNOWN
    )

    def prepare(self) -> None:
        super().prepare()
        self.filters["vb"].queryset = Document.objects.visible_to(self.user)

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return "tt", "lv", ("ct" if self.user.sees_everything else "vt"), "han", "ky", "den"

    @property
    def view(self) -> str:
        """The query of the saved view that is open, whatever else narrows it."""
        name = next((name for name in ("xem", "tt") if name in self.given), "")
        return f"{name}={self.given[name]}" if name else ""

    @property
    def is_outside(self) -> bool:
        """The list of what was withdrawn or transferred, which no count of the register holds."""
        return self.form.cleaned_data.get("xem") == View.OUTSIDE

    def start(self, values: dict[str, Any]) -> Any:
        scope = self.scope_of(values)
        rows = moved(rows_of(values.get("xem", ""), scope), values.get("han", ""), scope)
        agency, role = values.get("cq"), values.get("vt", "")
        if agency or role:
            rows = rows.assigned_to(agency or self.user.agency, role)
        return rows

    def led_by(self, rows: Any, name: str, agency: Agency) -> Any:
        return rows.led_by(agency)

    def due_in(self, rows: Any, name: str, window: ReportingPeriod) -> Any:
        return rows.filter(due_then__range=(window.starts_on, window.ends_on))


class AssignmentFilter(RegisterFilter):
    """The filters of the register of assignments."""

    lv = filters.ChoiceFilter(
        label=_("Field of work"),
        field_name="directive__field__code",
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    nv = filters.CharFilter(
        label=_("Code of the directive"), field_name="directive__code", lookup_expr="iexact", max_length=20
    )
    khoi = filters.ChoiceFilter(
        label=_("Bloc"), field_name="agency__bloc", choices=Agency.Bloc.choices, error_messages=UNKNOWN
    )
    kbc = WindowFilter(label=_("Reporting period"), method="leave", max_length=40)
    nop = filters.ChoiceFilter(
        label=_("Report of the period"), method="leave", choices=HANDINGS, error_messages=UNKNOWN
    )
    nhac = filters.ChoiceFilter(
        label=_("Reminder"),
        method="reminded_of",
        choices=[(kind.value, kind.label) for kind in LISTED],
        error_messages=UNKNOWN,
    )

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return (
            ("tt", "lv", "cq", "vt", "han", "ky")
            if self.user.sees_everything
            else ("tt", "lv", "vt", "han", "ky", "den")
        )

    def window_of(self, values: dict[str, Any]) -> ReportingPeriod | None:
        """The reporting period that is looked at; without one the reports of the period in hand are meant."""
        if values.get("nop") and not values.get("kbc"):
            return ReportingPeriod.in_hand(self.today)
        return values.get("kbc")

    def scope_of(self, values: dict[str, Any]) -> Scope:
        """Of a reporting period the work as it stood when its figures closed."""
        scope, window = super().scope_of(values), self.window_of(values)
        return scope.on(min(window.ends_on, self.today)) if window else scope

    def start(self, values: dict[str, Any]) -> Any:
        scope = self.scope_of(values)
        rows = moved(scope.assignments(), values.get("han", ""), scope)
        if window := self.window_of(values):
            rows = with_handing(rows, window, self.today)
        if choice := values.get("nop"):
            rows = cut(rows, choice)
        if agency := values.get("cq"):
            rows = rows.filter(agency=agency)
        if role := values.get("vt"):
            rows = rows.filter(role=role)
        return rows

    def reminded_of(self, rows: Any, name: str, kind: str) -> Any:
        calendar = CalendarDay.objects.working_days_around(self.today)
        return reminded(kind, rows, self.office.office, self.today, calendar)


class ProgressFilter(ListFilter):
    """The filters of the list of progress reports."""

    WAITING = "waiting"

    tt = filters.ChoiceFilter(
        label=_("Status"),
        method="in_state",
        choices=[(WAITING, _("Waiting for review, work going on")), *ReportStatus.choices],
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    cq = AgencyFilter(label=_("Agency"), field_name="agency", max_length=LONGEST_SEARCH)
    nv = filters.CharFilter(
        label=_("Code of the directive"),
        field_name="assignment__directive__code",
        lookup_expr="iexact",
        max_length=20,
    )
    lv = field_filter("assignment__directive__field__code")
    kbc = WindowFilter(label=_("Reporting period"), method="in_window", max_length=40)

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("tt", "cq", "nv") if self.user.sees_everything else ("tt", "nv")

    def start(self, values: dict[str, Any]) -> Any:
        return ProgressReport.objects.visible_to(self.user)

    def in_window(self, rows: Any, name: str, window: ReportingPeriod) -> Any:
        return rows.filter(as_of_on__range=(window.starts_on, window.ends_on))

    def in_state(self, rows: Any, name: str, state: str) -> Any:
        return rows.waiting() if state == self.WAITING else rows.filter(status=state)


class DocumentFilter(ListFilter):
    """The filters of the register of documents."""

    SHOWN = ("loai",)

    loai = filters.ChoiceFilter(
        label=_("Kind of document"),
        field_name="kind",
        choices=Document.Kind.choices,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )

    def start(self, values: dict[str, Any]) -> Any:
        return Document.objects.visible_to(self.user)
