"""What targets say in words: amounts, changes, verdicts, formulas with the numbers put into them, sentences.

Numbers are written as the office prints them; nothing is computed here that ``tracker.figures`` has not judged.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from tracker.figures.target_rows import Change, IndicatorRow, goal_of
from tracker.judgement import Direction, Formula, Verdict
from tracker.models import Indicator, Qualifier, ReportingPeriod, Target
from tracker.templatetags.display import NOTHING, day, quantity
from tracker.vietnamese.quantities import in_words

ValueKind = Indicator.ValueKind
Operator = Target.Operator

ROUGH_FROM = 1000
"""A forecast of so much and more is written without decimals: it is no measurement."""

_SIGNS = {Operator.MORE: "> ", Operator.AT_MOST: "≤ ", Operator.LESS: "< "}
_PERIODS: dict[str, Any] = {
    "month": pgettext_lazy("period of entry", "month"),
    "quarter": pgettext_lazy("period of entry", "quarter"),
    "half": pgettext_lazy("period of entry", "half-year"),
    "nine_months": pgettext_lazy("period of entry", "nine months"),
    "year": pgettext_lazy("period of entry", "year"),
}


# Amounts


def fixed(value: Decimal | None, decimals: int) -> str:
    """Rounded half up, with all its decimals: 731 as ``731,0``."""
    if value is None:
        return NOTHING
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    minus = "−" if rounded < 0 else ""
    return minus + number_format(abs(rounded), decimal_pos=decimals, force_grouping=True)


def at_most(value: Decimal | None, decimals: int) -> str:
    """Rounded half up, without zeros at the end: 46.80 as ``46,8``."""
    if value is None:
        return NOTHING
    return quantity(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def amount(value: Decimal | None, indicator: Indicator) -> str:
    """A figure of an indicator. What adds up keeps all its decimals, so that sums can be followed by eye."""
    if value is None:
        return NOTHING
    if indicator.value_kind == ValueKind.YES_NO:
        return _("Yes") if value else _("No")
    if indicator.is_cumulative:
        return fixed(value, indicator.decimals)
    return at_most(value, indicator.decimals)


def with_unit(value: Decimal | None, indicator: Indicator) -> str:
    """A per cent sign stands without a space, a unit after one that does not break."""
    return _in_unit(amount(value, indicator), value, indicator)


def baseline(indicator: Indicator) -> str:
    """The baseline as it was printed: “ước 1.720 tỷ đồng”."""
    value = indicator.baseline_value
    text = amount(value, indicator) if indicator.value_kind == ValueKind.YES_NO else quantity(value)
    return qualified(_in_unit(text, value, indicator), indicator.baseline_qualifier)


def _in_unit(text: str, value: Decimal | None, indicator: Indicator) -> str:
    if value is None or indicator.value_kind == ValueKind.YES_NO or not indicator.unit_label:
        return text
    space = "" if indicator.unit == "%" else "\N{NO-BREAK SPACE}"
    return f"{text}{space}{indicator.unit_label}"


def forecast(value: Decimal | None, indicator: Indicator) -> str:
    if value is None:
        return NOTHING
    text = fixed(value, 0 if abs(value) >= ROUGH_FROM else indicator.decimals)
    return f"{text}%" if indicator.is_percent else text


def target_text(target: Target | None, indicator: Indicator) -> str:
    """What must be reached: “1.800”, “≤ 35”, “40–60”, or the words of the document."""
    if target is None:
        return NOTHING
    if target.value is None and (target.operator != Operator.ALL or target.words):
        return target.words or NOTHING
    if target.operator == Operator.RANGE:
        return f"{quantity(target.value)}–{quantity(target.upper)}"
    if indicator.value_kind == ValueKind.YES_NO:
        return amount(target.value, indicator)
    return _SIGNS.get(Operator(target.operator), "") + quantity(goal_of(target))


def qualified(text: str, qualifier: str) -> str:
    """“ước 731,0”: the word that stood before the figure stays before it."""
    return f"{Qualifier(qualifier).label} {text}" if qualifier else text


# Against the past


@dataclass(frozen=True)
class ChangeWords:
    """``tone``: up (better), down (worse) or nothing; ``icon`` shows which way the figure itself went."""

    text: str
    tone: str = ""
    icon: str = ""
    basis: str = ""


def change_words(change: Change, indicator: Indicator, year: int, asked: str = "same_period") -> ChangeWords:
    """The change with its unit, and what it compares with where that is not what was asked for."""
    gone = change.difference
    if gone is None:
        return ChangeWords(NOTHING)
    basis = _basis(change.basis, year) if change.basis != asked else ""
    if round(gone, 1) == 0:
        is_lower_better = indicator.direction == Direction.DOWN
        return ChangeWords(_("unchanged") if is_lower_better else _("kept up"), basis=basis)
    if change.kind == "rank":
        text = _("up %(n)s places") if gone > 0 else _("down %(n)s places")
        return ChangeWords(text % {"n": quantity(abs(gone))}, *_moved(gone > 0, gone > 0), basis)
    sign = "+" if gone > 0 else ""
    is_better = (gone < 0) == (indicator.direction == Direction.DOWN)
    if change.kind == "points":
        text = _("%(n)s points") % {"n": sign + at_most(gone, 1)}
    else:
        text = f"{sign}{fixed(gone, 1)}%"
    return ChangeWords(text, *_moved(gone > 0, is_better), basis)


def gained(row: IndicatorRow) -> str:
    """How much more or less than the earlier figure, in the indicator's unit, where the change is a per cent."""
    change = row.change
    if change.kind != "growth" or change.difference is None or change.before is None or row.actual is None:
        return ""
    by = row.actual - change.before
    text = _("%(n)s more") if by >= 0 else _("%(n)s less")
    return text % {"n": amount(abs(by), row.indicator)}


def _moved(is_rise: bool, is_better: bool) -> tuple[str, str]:
    return ("up" if is_better else "down"), ("up-t" if is_rise else "down-t")


def _basis(basis: str, year: int) -> str:
    if basis == "spread":
        return _("converted")
    if basis == "year_end":
        return _("end of %(year)s") % {"year": year - 1}
    return ""


# Verdicts and projections


@dataclass(frozen=True)
class VerdictWords:
    text: str | Promise
    icon: str
    tone: str


VERDICTS = {
    Verdict.MET: VerdictWords(pgettext_lazy("verdict", "On course"), "ok", "ck-ok"),
    Verdict.RISK: VerdictWords(pgettext_lazy("verdict", "At risk"), "warn", "ck-warn"),
    Verdict.OFF: VerdictWords(pgettext_lazy("verdict", "Unlikely"), "bad", "ck-bad"),
    Verdict.NONE: VerdictWords(pgettext_lazy("verdict", "Cannot be said"), "minus", "faint"),
}
VERDICT_CHOICES = [(key.value, words.text) for key, words in VERDICTS.items()]


def why_none(row: IndicatorRow) -> str:
    """Why no verdict stands there."""
    if row.target is None:
        return _("no target")
    if goal_of(row.target) is None or row.indicator.value_kind == ValueKind.WORDS:
        return _("target in words")
    if row.actual is None:
        return _("no figures yet")
    return _("too early to say")


def formula(row: IndicatorRow) -> str:
    """How the projection was made, with the numbers put into it."""
    made = row.projection
    if made is None:
        return ""
    parts, indicator = made.parts, row.indicator
    if made.formula == Formula.MEAN_RATE:
        return _("%(sum)s ÷ %(count)s × %(periods)s %(unit)s = %(value)s") % {
            "sum": amount(parts["sum"], indicator),
            "count": quantity(parts["count"]),
            "periods": quantity(parts["periods"]),
            "unit": _PERIODS[indicator.frequency],
            "value": at_most(made.value, indicator.decimals + 1),
        }
    if made.formula == Formula.MEAN_CHANGE:
        return _mean_change(row)
    return _(
        "%(now)s agencies in use + %(pace)s agencies a week × %(weeks)s weeks = %(value)s of %(total)s"
    ) % {
        "now": quantity(parts["now"]),
        "pace": at_most(parts["pace"], 2),
        "weeks": at_most(parts["weeks_left"], 1),
        "value": at_most(made.value, 1),
        "total": quantity(parts["total"]),
    }


def _mean_change(row: IndicatorRow) -> str:
    made: Any = row.projection
    parts, decimals = made.parts, row.indicator.decimals + 1
    text = _("%(last)s + (%(last)s − %(first)s) ÷ %(passed)s × %(left)s = %(value)s") % {
        "last": at_most(parts["last"], decimals),
        "first": at_most(parts["first"], decimals),
        "passed": quantity(parts["periods_passed"]),
        "left": quantity(parts["periods_left"]),
        "value": at_most(parts["last"] + parts["mean_change"] * parts["periods_left"], decimals),
    }
    reached = parts["last"] + parts["mean_change"] * parts["periods_left"]
    if abs(reached - made.value) < Decimal("0.000001"):
        return text
    bound = _("%(text)s, at most %(value)s") if reached > made.value else _("%(text)s, at least %(value)s")
    return bound % {"text": text, "value": quantity(made.value)}


def projection_rule(indicator: Indicator) -> str:
    """The rule of the projection in words, for “method and source”."""
    if indicator.rule in {Indicator.Rule.ROSTER, Indicator.Rule.ALL_CHILDREN}:
        return _("agencies in use now + the pace of the last 4 weeks × the weeks left")
    if indicator.is_cumulative:
        return _("mean of the confirmed periods × the periods of the year")
    return _("the last level + the mean change a period × the periods left")


# Sentences


def spelled(n: int) -> str:
    """A small number as a word in a Vietnamese sentence: “bảy”."""
    return in_words(Decimal(n)) if get_language() == "vi" else str(n)


def period_word(indicator: Indicator) -> str:
    return str(_PERIODS[indicator.frequency])


def lowered(period: ReportingPeriod) -> str:
    """A period's short name inside a sentence: “tháng 5”."""
    name = period.short_label
    return name[:1].lower() + name[1:]


def cumulative_label(upto: ReportingPeriod) -> str:
    """“Lũy kế 5 tháng”; of other periods “Lũy kế đến hết quý I”."""
    if upto.kind == "month":
        return ngettext("%(n)s month to date", "%(n)s months to date", upto.number) % {"n": upto.number}
    return _("To the end of %(period)s") % {"period": lowered(upto)}


def still_needed(row: IndicatorRow) -> tuple[str, str, str] | None:
    """What the rest of the year has to bring: the words before the rate, the rate, the words after it."""
    if row.needed is None or row.actual is None:
        return None
    if row.coverage:
        return _bodies_needed(row)
    indicator = row.indicator
    if indicator.value_kind in {ValueKind.RANK, ValueKind.YES_NO, ValueKind.WORDS}:
        return None
    if indicator.is_cumulative:
        return _flow_needed(row)
    return _level_needed(row)


def _flow_needed(row: IndicatorRow) -> tuple[str, str, str]:
    needed: Any = row.needed
    goal = quantity(goal_of(row.target))
    if row.indicator.direction == Direction.DOWN:
        if needed < 0:
            return _("The year's limit of %(goal)s has been passed.") % {"goal": goal}, "", ""
        before = _("To stay within %(goal)s, the %(left)s %(periods)s left may bring on average at most")
    else:
        if needed <= 0:
            return _("The year's target of %(goal)s has been reached.") % {"goal": goal}, "", ""
        before = _("To reach %(goal)s, the %(left)s %(periods)s left must bring on average")
    names = _names(row) | {"goal": goal}
    rate = _("%(amount)s a %(period)s") % {
        "amount": with_unit(needed, row.indicator),
        "period": period_word(row.indicator),
    }
    after = _("; the past %(past)s brought %(mean)s.") % (names | {"mean": amount(row.mean, row.indicator)})
    return before % names, rate, after


def _level_needed(row: IndicatorRow) -> tuple[str, str, str] | None:
    target: Any = row.target
    needed: Any = row.needed
    actual: Any = row.actual
    if target.is_met_by(actual):
        return _("The target of %(goal)s is met now.") % {"goal": target_text(target, row.indicator)}, "", ""
    if row.indicator.direction == Direction.KEEP:
        return None
    names = _names(row) | {"goal": target_text(target, row.indicator)}
    before = (
        _("To reach %(goal)s, the %(left)s %(periods)s left must rise on average by")
        if needed > 0
        else _("To reach %(goal)s, the %(left)s %(periods)s left must fall on average by")
    )
    unit = _("points") if row.indicator.is_percent else row.indicator.unit_label
    rate = _("%(amount)s a %(period)s") % {
        "amount": f"{at_most(abs(needed), 2)}\N{NO-BREAK SPACE}{unit}",
        "period": period_word(row.indicator),
    }
    made = row.projection
    mean = made.parts.get("mean_change") if made else None
    if mean is None:
        return before % names, rate, "."
    change = _("rose by %(n)s") if mean >= 0 else _("fell by %(n)s")
    after = _("; so far it %(change)s.") % {"change": change % {"n": at_most(abs(mean), 2)}}
    return before % names, rate, after


def _bodies_needed(row: IndicatorRow) -> tuple[str, str, str]:
    coverage: Any = row.coverage
    made: Any = row.projection
    target: Any = row.target
    if not coverage.missing:
        return _("All %(n)s agencies are in use.") % {"n": quantity(coverage.in_scope)}, "", ""
    before = _("To have all %(n)s agencies by %(day)s, every week left must add") % {
        "n": quantity(coverage.in_scope),
        "day": day(target.due_on),
    }
    rate = _("%(n)s agencies") % {"n": at_most(row.needed, 1)}
    pace = made.parts["pace"] if made else Decimal(0)
    return before, rate, _("; the last 4 weeks added %(n)s a week.") % {"n": at_most(pace, 2)}


def _names(row: IndicatorRow) -> dict[str, str]:
    word = period_word(row.indicator)
    done = len(row.done_rows)
    return {
        "left": spelled(row.periods_left),
        "periods": word if row.periods_left == 1 or get_language() == "vi" else f"{word}s",
        "past": f"{spelled(done)} {word if done == 1 or get_language() == 'vi' else word + 's'}",
    }


def months_finding(row: IndicatorRow) -> str:
    """The sentence above the line of periods: how many reached their plan, and what is needed from the next one on."""
    planned = [one for one in row.done_rows if one.plan is not None and one.value is not None]
    plans = {one.plan for one in planned}
    word = period_word(row.indicator)
    is_lower_better = row.indicator.direction == Direction.DOWN
    reached = sum((one.value <= one.plan) if is_lower_better else (one.value >= one.plan) for one in planned)  # type: ignore[operator]
    goal = quantity(plans.pop()) if len(plans) == 1 else _("its plan")
    if not planned:
        found = _("No plan by period has been set")
    elif not reached:
        found = _("No %(period)s has reached %(goal)s") % {"period": word, "goal": goal}
    else:
        found = _("%(n)s of %(all)s %(period)s reached %(goal)s") % {
            "n": reached,
            "all": len(planned),
            "period": word,
            "goal": goal,
        }
    done = {one.period.pk for one in row.done_rows}
    last = max((index for index, one in enumerate(row.rows) if one.period.pk in done), default=-1)
    after = row.rows[last + 1 :]
    if row.indicator.is_cumulative and row.needed is not None and row.needed > 0 and after:
        return _("%(found)s; from %(period)s on %(needed)s is needed.") % {
            "found": found,
            "period": lowered(after[0].period),
            "needed": amount(row.needed, row.indicator),
        }
    return f"{found}."


def sum_finding(row: IndicatorRow) -> str:
    """The sentence above the sum of the year."""
    names = {
        "period": lowered(row.upto),
        "actual": amount(row.actual, row.indicator),
        "gap": amount(abs(row.gap), row.indicator) if row.gap is not None else "",
        "value": forecast(row.projected, row.indicator),
    }
    if row.gap is None:
        text = _("To the end of %(period)s: %(actual)s.")
    elif row.gap > 0:
        text = _("To the end of %(period)s: %(actual)s, %(gap)s short of the plan.")
    else:
        text = _("To the end of %(period)s: %(actual)s, %(gap)s beyond the plan.")
    if row.projection is None:
        return text % names
    pace = _("At this pace the year brings about %(value)s.")
    return f"{text % names} {pace % names}"


PART_NOUNS = {
    "district": gettext_lazy("districts"),
    "bloc": gettext_lazy("blocs"),
    "operator": gettext_lazy("operators"),
    "level": gettext_lazy("levels"),
    "agency": gettext_lazy("agencies"),
    "": gettext_lazy("parts"),
}


def parts_present(present: int, expected: int, dimension: str) -> str:
    """“đã có 7/10 huyện”."""
    return _("%(present)s/%(expected)s %(parts)s so far") % {
        "present": quantity(present),
        "expected": quantity(expected),
        "parts": PART_NOUNS[dimension],
    }
