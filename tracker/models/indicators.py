import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.assignments import Assignment
from tracker.models.directives import Directive
from tracker.models.lifecycle import Versioned, WrongStep, because
from tracker.models.numbering import CodeCounter
from tracker.models.organisations import Agency, Field
from tracker.models.people import User
from tracker.models.periods import ReportingPeriod
from tracker.models.search import search_column, search_index
from tracker.vietnamese.text import fold

if TYPE_CHECKING:
    from tracker.models.targets import Target

FREQUENCIES = [
    (kind.value, kind.label)
    for kind in ReportingPeriod.Kind
    if kind not in {ReportingPeriod.Kind.WEEK, ReportingPeriod.Kind.THEMATIC, ReportingPeriod.Kind.AD_HOC}
]


class Qualifier(models.TextChoices):
    """The word printed before a figure: “ước”, “gần”, “hơn”, “khoảng”."""

    ESTIMATE = "estimate", _("estimated")
    NEARLY = "nearly", _("nearly")
    OVER = "over", _("over")
    ABOUT = "about", _("about")


def quantity_field(name: Any, **options: Any) -> models.DecimalField:
    """An exact decimal; never a float."""
    return models.DecimalField(name, max_digits=26, decimal_places=6, null=True, blank=True, **options)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: User) -> Self:
        """The department sees every indicator; another body those that it owns, gives figures for, or is counted in."""
        from tracker.models.targets import IndicatorPart

        if user.sees_everything:
            return self
        mine = user.agency_id
        given = Assignment.objects.filter(directive=OuterRef("directive"), agency=mine)
        return self.filter(
            Q(owner=mine)
            | Exists(IndicatorPart.objects.filter(indicator=OuterRef("pk"), agency=mine))
            | Q(roster__bodies__agency=mine)
            | Exists(given)
        ).distinct()

    def in_use(self) -> Self:
        """Accepted and not retired; what is only suggested is counted nowhere."""
        return self.filter(is_suggested=False, retired_on=None)

    def headline(self) -> Self:
        """The indicators of a year's plan; those below another one are read on its page."""
        return self.filter(parent=None)

    def with_target_in(self, year: int) -> Self:
        """Those for which a target falls due in a year."""
        from tracker.models.targets import Target

        return self.filter(Exists(Target.objects.filter(indicator=OuterRef("pk"), due_on__year=year)))

    def of_plan(self, user: User, year: int) -> Self:
        """A year's plan as this person reads it: the uppermost indicators that they see, with a target due in it."""
        # As a list of keys, so that who sees an indicator for two reasons counts it once.
        seen = Indicator.objects.visible_to(user).in_use().order_by()
        top = self.filter(pk__in=seen.values("pk")).exclude(parent__in=seen.values("pk"))
        return top.with_target_in(year)

    def search(self, text: str) -> Self:
        return self.filter(search__contains=fold(text))

    def asked_of(self, assignment: Assignment) -> Self:
        """The indicators whose figures an assignment's progress report asks for: those under its directive."""
        entered = [Indicator.Rule.OWN, Indicator.Rule.PARTS]
        return self.in_use().under(assignment.directive_id).filter(rule__in=entered)

    def under(self, directive: Any) -> Self:
        """Those that measure a directive, by themselves or through an indicator above them."""
        return self.filter(
            Q(directive=directive) | Q(parent__directive=directive) | Q(parent__parent__directive=directive)
        )

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query."""
        return self.select_related("field", "owner", "directive").order_by(
            "field__position", "position", "pk"
        )


class Indicator(Versioned):
    """A quantity to be reached: name, unit, how it is judged, who answers for the figure (chỉ tiêu)."""

    class ValueKind(models.TextChoices):
        NUMBER = "number", _("Number")
        PERCENT = "percent", _("Per cent")
        RANK = "rank", _("Rank")
        YES_NO = "yes_no", _("Yes or no")
        MONEY = "money", _("Money")
        WORDS = "words", _("Words")

    class Direction(models.TextChoices):
        UP = "up", _("The more the better")
        DOWN = "down", _("The less the better")
        KEEP = "keep", _("To be kept")

    class Level(models.TextChoices):
        STATE = "state", _("National level")
        PROVINCE = "province", _("Provincial level")
        DISTRICT = "district", _("District level")

    class Dimension(models.TextChoices):
        DISTRICT = "district", _("By district")
        BLOC = "bloc", _("By bloc")
        OPERATOR = "operator", _("By operator")
        LEVEL = "level", _("By level of service")
        AGENCY = "agency", _("By agency")

    class Rule(models.TextChoices):
        """How the figure of the whole is made; said openly on its page."""

        OWN = "own", _("Its own measure")
        PARTS = "parts", _("Added up from its parts")
        ROSTER = "roster", _("Counted from the list of agencies")
        ALL_CHILDREN = "all_children", _("All indicators below it reached")
        WEIGHTED = "weighted", _("Weighted mean of the indicators below it")

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=500)
    name_en = models.CharField(_("English name"), max_length=500, blank=True, default="")
    short_name = models.CharField(_("short name, for narrow columns"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=60, blank=True, default="")
    unit_en = models.CharField(_("English unit"), max_length=60, blank=True, default="")
    field = models.ForeignKey(
        Field, models.PROTECT, related_name="indicators", verbose_name=_("field of work")
    )
    value_kind = models.CharField(
        _("kind of value"), max_length=8, choices=ValueKind, default=ValueKind.NUMBER
    )
    direction = models.CharField(_("direction"), max_length=5, choices=Direction, default=Direction.UP)
    level = models.CharField(_("level"), max_length=9, choices=Level, default=Level.PROVINCE)
    is_cumulative = models.BooleanField(
        _("figures of the periods add up"),
        default=False,
        help_text=_("Yes for revenue or new subscribers; no for a stock, a share, a rank."),
    )
    frequency = models.CharField(_("entered every"), max_length=12, choices=FREQUENCIES, default="month")
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=1)
    definition = models.TextField(
        _("definition, printed under the figure"), max_length=2000, blank=True, default=""
    )
    method = models.TextField(_("method of calculation"), max_length=2000, blank=True, default="")
    figures_from = models.CharField(_("source of figures"), max_length=300, blank=True, default="")
    owner = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("agency that answers for the figure"),
    )
    directive = models.ForeignKey(
        Directive,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("directive it measures"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    rule = models.CharField(_("how the whole is made"), max_length=12, choices=Rule, default=Rule.OWN)
    weight = quantity_field(_("weight in the indicator above"))
    dimension = models.CharField(_("breakdown"), max_length=8, choices=Dimension, blank=True, default="")
    numerator_name = models.CharField(_("numerator"), max_length=200, blank=True, default="")
    denominator_name = models.CharField(_("denominator"), max_length=200, blank=True, default="")
    baseline_value = quantity_field(_("baseline"))
    baseline_year = models.PositiveSmallIntegerField(_("year of the baseline"), null=True, blank=True)
    baseline_source = models.CharField(_("source of the baseline"), max_length=300, blank=True, default="")
    baseline_qualifier = models.CharField(
        _("qualifier of the baseline"), max_length=8, choices=Qualifier, blank=True, default=""
    )
    is_suggested = models.BooleanField(
        _("suggested, not stated by any document"), default=False, editable=False
    )
    suggestion_note = models.CharField(max_length=500, blank=True, default="", editable=False)
    retired_on = models.DateField(_("no longer followed since"), null=True, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("entered at"), default=clock.now, editable=False)

    search = search_column("code", "name", "name_en")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["field__position", "position", "pk"]
        indexes = [search_index("indicator_search_trgm")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="indicator_not_its_own_parent",
                violation_error_message=_("An indicator cannot be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(numerator_name="", denominator_name="")
                | (~Q(numerator_name="") & ~Q(denominator_name="")),
                name="ratio_has_both_parts",
                violation_error_message=_("A ratio has a numerator and a denominator: name both."),
            ),
            models.CheckConstraint(
                condition=Q(baseline_value=None) | Q(baseline_year__isnull=False),
                name="baseline_has_a_year",
                violation_error_message=_("Give the year of the baseline."),
            ),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gt=0),
                name="indicator_weight_above_0",
                violation_error_message=_("A weight is more than 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name[:80]}"

    def get_absolute_url(self) -> str:
        return reverse("indicator_detail", args=[self.code])

    # Facts

    @property
    def label(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def short_label(self) -> str:
        """For the heads of narrow columns; the whole name where there is no short one, and for English readers."""
        return self.short_name if self.short_name and get_language() != "en" else self.label

    @property
    def unit_label(self) -> str:
        return self.unit_en if get_language() == "en" and self.unit_en else self.unit

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator_name)

    @property
    def is_percent(self) -> bool:
        """Differences of these are percentage points, never per cent."""
        return self.value_kind == self.ValueKind.PERCENT

    @property
    def is_entered(self) -> bool:
        """Somebody writes figures: its own, or those of its parts."""
        return self.rule in {self.Rule.OWN, self.Rule.PARTS}

    def target_on(self, day: dt.date) -> "Target | None":
        """The target to be judged against on a day: the next one due, else the last; its newest version.

        What is only suggested stands where nothing else does: it never replaces what a document says.
        """
        targets = sorted(self.targets.all(), key=lambda one: (one.due_on, not one.is_suggested, one.revision))
        newest = {target.due_on: target for target in targets}
        ahead = [due_on for due_on in newest if due_on >= day]
        return newest[min(ahead)] if ahead else newest[max(newest)] if newest else None

    # Verbs

    @classmethod
    @transaction.atomic
    def register(cls, *, by: User, year: int, **fields: Any) -> "Indicator":
        """Enter an indicator under the year's next code."""
        indicator = cls(code=CodeCounter.take(f"CT-{year}-"), created_by=by, **fields)
        indicator._check()
        indicator.save()
        return indicator

    @transaction.atomic
    def edit(self, *, by: User, expected_version: int | None, reason: str = "", **changes: Any) -> None:
        """Change what describes the indicator. Its unit and kind stay once figures are there."""
        stored = Indicator.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        stored.take_next_version(expected_version)
        fixed = {"unit", "value_kind", "is_cumulative", "frequency"}
        moved = [name for name in fixed if name in changes and changes[name] != getattr(stored, name)]
        if moved and stored.measurements.exists():
            raise ValidationError(
                dict.fromkeys(moved, _("Figures have been entered already: make a new indicator instead."))
            )
        for name, value in changes.items():
            setattr(stored, name, value)
        stored._check()
        with because(reason):
            stored.save(update_fields=[*changes, "version"])
        self.refresh_from_db()

    @transaction.atomic
    def accept(self, *, by: User) -> None:
        """Take a suggested indicator into the plan: from now on it counts."""
        stored = Indicator.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        if not stored.is_suggested:
            raise WrongStep(_("This suggestion has already been decided."))
        stored.is_suggested = False
        stored.version += 1
        stored.save(update_fields=["is_suggested", "version"])
        self.refresh_from_db()

    @transaction.atomic
    def retire(self, *, by: User, on: dt.date, reason: str) -> None:
        """Follow the indicator no longer from a day on; its figures stay."""
        Indicator.retire_all([self], by=by, on=on, reason=reason)
        self.refresh_from_db()

    @classmethod
    @transaction.atomic
    def retire_all(cls, indicators: "Iterable[Indicator]", *, by: User, on: dt.date, reason: str) -> None:
        """Follow none of these any longer, in two queries; as ``retire``."""
        if not reason.strip():
            raise ValidationError({"reason": _("Write why the indicator is no longer followed.")})
        chosen = cls.objects.filter(pk__in=[one.pk for one in indicators])
        held = chosen.select_for_update(of=("self",), no_key=True).order_by("pk")
        if any(held.values_list("retired_on", flat=True)):
            raise WrongStep(_("This indicator is no longer followed already."))
        with because(reason):
            chosen.update(retired_on=on, version=F("version") + 1)

    def _check(self) -> None:
        self.full_clean(exclude=["code"])
        if self.value_kind == self.ValueKind.RANK and self.direction == self.Direction.UP:
            raise ValidationError({"direction": _("A rank improves downwards: 33 is better than 40.")})
        above, seen = self.parent, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("An indicator cannot be part of itself.")})
            seen.add(above.pk)
            above = above.parent
