"""The numeric side of the demonstration year: plans, monthly figures, lists of agencies, closings.

What happens stands in ``fixtures/demo_figures.json``; the figures inside progress reports stand with their reports in
``fixtures/demo.json``. All of it is made up (dữ liệu minh hoạ), except what the article says of 2019.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tracker import clock
from tracker.closing import close_period
from tracker.demonstration_acts import Deed, acting, day, moment
from tracker.models import (
    DataQuestion,
    Indicator,
    IndicatorPart,
    Measurement,
    Obstacle,
    PeriodPlan,
    ProgressReport,
    ReportingPeriod,
    Target,
    User,
)
from tracker.permissions import (
    can_answer_question,
    can_close_period,
    can_enter_figure,
    can_manage_indicators,
    can_raise_obstacle,
    can_reopen_period,
    can_review_figure,
    can_solve_obstacle,
    can_verify_figure,
    require,
)
from tracker.register_data import read_fixture

if TYPE_CHECKING:
    from tracker.demonstration import Year

NOT_FIELDS = {"key", "parent", "owner", "target", "plan", "parts", "named_parts"}


class FiguresOfTheYear:
    """The acts on indicators, figures, lists and periods; ``year`` has the people, agencies and directives."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.data: dict[str, Any] = read_fixture("demo_figures.json")
        self.label: str = year.data["label"]
        self.indicators = {one.code: one for one in Indicator.objects.all()}
        self.months = list(ReportingPeriod.objects.of_all().of_kind("month").filter(year=2020).in_order())
        self.parts: dict[str, dict[str, IndicatorPart]] = {}

    def acts(self) -> Iterator[tuple[dt.datetime, Deed]]:
        yield moment(self.data["set_up_on"], "14:00"), self._set_up
        for row in [*self._monthly(), *self.data["figures"]]:
            yield from self._acts_of_figure(row)
        deeds = {"answers": self._answer, "obstacles": self._raise_obstacle}
        for name, deed in deeds.items():
            for row in self.data[name]:
                yield moment(row["on"], row.get("at", "10:00")), self.year.act(deed, row)
        for row in self.data["closings"]:
            deed = self._close if row["do"] == "close" else self._reopen
            yield moment(row["on"], row.get("at", "16:00")), self.year.act(deed, row)
        for row in self.data["obstacles"]:
            if "solved" in row:
                yield moment(row["solved"]["on"], "16:00"), self.year.act(self._solve, row)

    def _monthly(self) -> Iterator[dict[str, Any]]:
        """The rows of figures that come every month, written out one by one."""
        for series in self.data["series"]:
            same = {name: series[name] for name in series.keys() - {"values", "written", "explanation"}}
            for number, (month, value) in enumerate(
                zip(self.data["months"], series["values"], strict=True), 1
            ):
                written = series.get("written", {}).get(str(number), month["written"])
                explanation = series.get("explanation", {}).get(str(number), "")
                yield month | same | {"value": value, "written": written, "explanation": explanation}

    def _acts_of_figure(self, row: dict[str, Any]) -> Iterator[tuple[dt.datetime, Deed]]:
        yield moment(row["written"], row.get("at", "15:30")), self.year.act(self._enter, row)
        if "reviewed" in row:
            yield moment(row["reviewed"], row.get("review_at", "14:30")), self.year.act(self._review, row)

    # The plan of the year

    def _set_up(self) -> None:
        """Accept what was suggested, add the year's targets, plans and breakdowns, and who answers for them."""
        by = self.year.people[self.data["officer"]]
        require(can_manage_indicators(by))
        with acting(by):
            for code in self.data["accepted"]:
                self.indicators[code].accept(by=by)
                if self.indicators[code].rule == Indicator.Rule.ROSTER:
                    self.indicators[code].roster.accept(by=by)
            heads = [row for row in self.data["registered"] if "parent" not in row]
            for row in heads:
                self._register(row, by)
            for code, row in self.data["planned"].items():
                self.indicators[code].edit(
                    by=by, expected_version=None, reason=self.label, **self._fields(row)
                )
                self._plan(self.indicators[code], row, by)
            for row in self.data["registered"]:
                if row not in heads:
                    self._register(row, by)

    def _register(self, row: dict[str, Any], by: User) -> None:
        fields = {"note": self.label, "field": self.year.fields[row["field"]]} | self._fields(row)
        if "note" in row:
            fields["note"] = f"{row['note']} {self.label}."
        indicator = Indicator.register(by=by, year=2020, **fields)
        self.indicators[row["key"]] = indicator
        self._plan(indicator, row, by)

    def _fields(self, row: dict[str, Any]) -> dict[str, Any]:
        plain = {name: value for name, value in row.items() if name not in NOT_FIELDS | {"field", "note"}}
        if "parent" in row:
            plain["parent"] = self.indicators[row["parent"]]
        return plain | {"owner": self.year.agencies[row["owner"]]}

    def _plan(self, indicator: Indicator, row: dict[str, Any], by: User) -> None:
        self._make_parts(indicator, row)
        if target := row.get("target"):
            values = {name: value for name, value in target.items() if name not in {"due_on", "value"}}
            Target.set(
                indicator,
                by=by,
                due_on=day(target["due_on"]),
                value=Decimal(target["value"]),
                document=self.year.documents[self.data["document"]],
                reason=self.label,
                **values,
            )
        plans = [(None, row.get("plan"))]
        plans += [(self._part(indicator, one["name"]), one["plan"]) for one in row.get("named_parts", ())]
        for part, plan in plans:
            if plan:
                values = dict(zip(self.months, map(Decimal, plan), strict=True))
                PeriodPlan.set_many(indicator, by=by, values=values, part=part)

    def _make_parts(self, indicator: Indicator, row: dict[str, Any]) -> None:
        codes = row.get("parts", ())
        if row.get("dimension") == Indicator.Dimension.AGENCY:
            codes = indicator.parent.roster.bodies.values_list("agency__code", flat=True)
        made = [IndicatorPart(indicator=indicator, agency=self.year.agencies[code]) for code in codes]
        made += [IndicatorPart(indicator=indicator, name=one["name"]) for one in row.get("named_parts", ())]
        for position, part in enumerate(made):
            part.position = position
        IndicatorPart.objects.bulk_create(made)
        self.parts[indicator.code] = {part.agency.code if part.agency else part.name: part for part in made}

    def _part(self, indicator: Indicator, name: str | None) -> IndicatorPart | None:
        return self.parts[indicator.code][name] if name else None

    # Figures

    def enter_inside(self, report: ProgressReport, row: dict[str, Any], by: User) -> None:
        """Write the figures of a progress report's draft; they go with it from then on."""
        as_of_on = day(row.get("figures_on", row["on"]))
        for key, value in row.get("figures", {}).items():
            indicator = self.indicators[key]
            part = self._part(indicator, row["agency"])
            require(can_enter_figure(by, indicator, part))
            figure = Measurement.in_hand_of(
                indicator, self._month_of(as_of_on), by=by, part=part, report=report
            )
            figure.save_draft(by=by, as_of_on=as_of_on, note=self.label, **_amounts(value))

    def _enter(self, row: dict[str, Any]) -> None:
        by, indicator = self.year.people[row["by"]], self.indicators[row["of"]]
        part, role = self._part(indicator, row.get("part")), row.get("role", Measurement.Role.OWN)
        is_own = role == Measurement.Role.OWN
        require(can_enter_figure(by, indicator, part) if is_own else can_verify_figure(by, indicator))
        as_of_on = day(row["as_of"])
        with acting(by):
            figure = Measurement.in_hand_of(indicator, self._month_of(as_of_on), by=by, part=part, role=role)
            figure.save_draft(
                by=by,
                as_of_on=as_of_on,
                certainty=row.get("certainty", ""),
                explanation=row.get("explanation", ""),
                note=f"{row['source']} {self.label}." if "source" in row else self.label,
                **_amounts(row["value"]),
            )
            if row.get("state") != "draft":
                figure.submit(by=by, today=clock.today())

    def _review(self, row: dict[str, Any]) -> None:
        by = self.year.people[row["reviewer"]]
        indicator = self.indicators[row["of"]]
        figure = Measurement.objects.waiting().get(
            indicator=indicator,
            part=self._part(indicator, row.get("part")),
            period=self._month_of(day(row["as_of"])),
        )
        require(can_review_figure(by, figure))
        with acting(by):
            if row.get("state") == "returned":
                figure.send_back(by=by, note=row["remark"])
            else:
                figure.confirm(by=by)

    def _answer(self, row: dict[str, Any]) -> None:
        by = self.year.people[row["by"]]
        question = DataQuestion.objects.unanswered().get(
            measurement__indicator=self.indicators[row["of"]], measurement__period__code=row["period"]
        )
        require(can_answer_question(by, question))
        with acting(by):
            question.reply(by=by, outcome=row["outcome"], answer=row["answer"])

    def _month_of(self, on: dt.date) -> ReportingPeriod:
        return next(month for month in self.months if month.starts_on <= on <= month.ends_on)

    # Periods, obstacles

    def _close(self, row: dict[str, Any]) -> None:
        by, period = self.year.people[row["by"]], ReportingPeriod.objects.get(code=row["period"])
        require(can_close_period(by, period))
        with acting(by):
            close_period(period, by, row["words"])

    def _reopen(self, row: dict[str, Any]) -> None:
        by, period = self.year.people[row["by"]], ReportingPeriod.objects.get(code=row["period"])
        require(can_reopen_period(by, period))
        with acting(by):
            period.reopen(by=by, reason=row["words"])

    def _raise_obstacle(self, row: dict[str, Any]) -> None:
        by, directive = self.year.people[row["by"]], self.year.directives[row["directive"]]
        directive.refresh_from_db()
        require(can_raise_obstacle(by, directive))
        with acting(by):
            Obstacle.objects.create(
                directive=directive,
                description=row["description"],
                cause=row["cause"],
                solver=self.year.agencies.get(row.get("solver", "")),
                solver_outside=row.get("solver_outside", ""),
                needed_by=day(row["needed_by"]),
                raised_by=by,
                agency=by.agency,
                raised_at=clock.now(),
            )

    def _solve(self, row: dict[str, Any]) -> None:
        by = self.year.people[row["solved"]["by"]]
        require(can_solve_obstacle(by))
        obstacle = Obstacle.objects.standing().get(
            directive=self.year.directives[row["directive"]], description=row["description"]
        )
        with acting(by):
            obstacle.solve(by=by, solution=row["solved"]["solution"])


def _amounts(text: str) -> dict[str, Decimal]:
    """“84/120” is a ratio, anything else a value."""
    if "/" not in text:
        return {"value": Decimal(text)}
    numerator, denominator = text.split("/")
    return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
