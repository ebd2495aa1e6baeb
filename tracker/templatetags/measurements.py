"""How figures read: with the word before them and their unit, beside the period before and the plan."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.figures.entry import Comparison, Entry
from tracker.models import DataQuestion, Indicator, Measurement, Target
from tracker.templatetags.display import NOTHING, percent, quantity
from tracker.vietnamese.quantities import NotAQuantity, in_words

register = template.Library()

ValueKind = Indicator.ValueKind
_SIGNS = {"eq": "", "ge": "≥ ", "gt": "> ", "le": "≤ ", "lt": "< "}


@register.simple_tag
def figure_value(figure: Measurement | None, indicator: Indicator, *, unit: bool = False) -> str:
    """“ước 1.720 tỷ đồng”, “41/58”, “Có”; a dash for what is missing."""
    if figure is None or not figure.has_figure:
        return NOTHING
    if indicator.value_kind == ValueKind.WORDS:
        return figure.value_words
    if indicator.is_ratio:
        return f"{quantity(figure.numerator)}/{quantity(figure.denominator)}"
    word = f"{figure.get_qualifier_display()} " if figure.qualifier else ""
    return word + amount(figure.value, indicator, unit=unit)


@register.filter
def amount(value: Decimal | None, indicator: Indicator, *, unit: bool = False) -> str:
    """A number as the indicator's values are written: “148,6”, “92%”, “Có”; with the unit if asked."""
    if value is None:
        return NOTHING
    if indicator.value_kind == ValueKind.YES_NO:
        return _("Yes") if value else _("No")
    if indicator.is_percent or indicator.unit == "%":
        return percent(value, 2)
    return quantity(value) + (f" {indicator.unit_label}" if unit and indicator.unit else "")


@register.filter
def in_full(value: Decimal | None, indicator: Indicator) -> str:
    """“một nghìn bảy trăm hai mươi tỷ đồng”; nothing where words would say nothing more."""
    if value is None or indicator.value_kind in {ValueKind.YES_NO, ValueKind.WORDS}:
        return ""
    try:
        return in_words(value, indicator.unit)
    except NotAQuantity:
        return ""


@register.filter
def plan_of(entry: Entry) -> str:
    """The plan of the period, or for a level what must be reached: “≥ 90%”."""
    if entry.plan is not None:
        return amount(entry.plan, entry.indicator)
    if entry.indicator.is_cumulative or entry.target is None:
        return NOTHING
    return target_text(entry.target, entry.indicator)


@register.filter
def target_text(target: Target, indicator: Indicator) -> str:
    """“≥ 90%”, “từ 70 đến 80”, “tất cả”, or the words of the document."""
    if target.operator == Target.Operator.ALL:
        return _("all")
    if target.value is None:
        return target.words
    if target.operator == Target.Operator.RANGE:
        return _("%(lower)s to %(upper)s") % {
            "lower": amount(target.value, indicator),
            "upper": amount(target.upper, indicator),
        }
    return _SIGNS[target.operator] + amount(target.value, indicator)


@register.filter
def change_text(comparison: Comparison) -> str:
    """“+27,3%”, “+4,8 điểm”, “+7 bậc”, “+1”; a dash when nothing can be said."""
    change = comparison.change
    if change is None:
        return NOTHING
    text = f"{'+' if change > 0 else ''}{quantity(change, 1)}"
    if comparison.kind == "growth":
        return f"{text}%"
    if comparison.kind == "points":
        return _("%(n)s points") % {"n": text}
    if comparison.kind == "rank":
        return _("%(n)s places") % {"n": text}
    return text


@register.filter
def points_text(value: Decimal | None) -> str:
    """“−15,5 điểm”: how a per cent has moved."""
    if value is None:
        return NOTHING
    return _("%(n)s points") % {"n": f"{'+' if value > 0 else ''}{quantity(value, 1)}"}


@register.simple_tag
def worse_sentence(entry: Entry) -> str:
    """“Giảm so với tháng 5.”; of what should go down, or of a rank, that it rises."""
    period = entry.previous_label
    period = period[:1].lower() + period[1:]
    if entry.indicator.value_kind == ValueKind.RANK:
        return _("Lost places since %(period)s.") % {"period": period}
    if entry.indicator.direction == Indicator.Direction.DOWN:
        return _("Up on %(period)s.") % {"period": period}
    return _("Down on %(period)s.") % {"period": period}


@register.filter
def doubt_in_words(entry: Entry) -> str:
    """“giảm 22%”, “giảm 3 điểm”, “xa số các kỳ trước”: a few words about a figure to look at."""
    compared = entry.compare()
    change, kind = compared.change, compared.kind
    if compared.is_worse and entry.indicator.is_ratio and (change is None or change >= 0):
        change, kind = compared.points, "points"
    if not compared.is_worse or change is None:
        return _("far from the periods before") if compared.far is not None else _("asked about")
    size = change_text(Comparison(kind, abs(change), None, None, is_worse=True, far=None)).removeprefix("+")
    if entry.indicator.value_kind == ValueKind.RANK:
        return _("lost %(n)s") % {"n": size}
    return (_("up %(n)s") if change > 0 else _("down %(n)s")) % {"n": size}


@register.simple_tag
def question_text(question: DataQuestion, indicator: Indicator) -> str:
    """What is asked, with the number that the figure was compared with."""
    kind, number = question.kind, question.compared_with
    if kind == DataQuestion.Kind.GROWTH:
        return _("The printed growth is not the computed one: %(n)s.") % {"n": percent(number, 2)}
    written = amount(number, indicator, unit=True)
    sentences = {
        DataQuestion.Kind.FAR: _("Far from the mean of the periods before: %(n)s."),
        DataQuestion.Kind.PART_OVER_WHOLE: _("A part larger than the whole: %(n)s."),
        DataQuestion.Kind.SUM: _("The parts add up to %(n)s, which is not the whole."),
        DataQuestion.Kind.PRINTED: _("Printed so, but improbable."),
    }
    return sentences[DataQuestion.Kind(kind)] % {"n": written}


@register.filter
def questions_short(number: int) -> str:
    """“2 số liệu cần xem”."""
    return ngettext("%(n)s figure to look at", "%(n)s figures to look at", number) % {"n": number}
