import datetime as dt
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.directives import Directive
from tracker.models.lifecycle import WrongStep
from tracker.models.organisations import Agency
from tracker.models.people import User


class ObstacleQuerySet(models.QuerySet["Obstacle"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(directive__in=Directive.objects.visible_to(user).order_by())

    def standing(self) -> Self:
        """Not solved yet."""
        return self.filter(solved_at=None)

    def overdue(self, day: dt.date) -> Self:
        """Not solved on the day after it was needed, or later."""
        return self.standing().filter(needed_by__lt=day)

    def solved(self) -> Self:
        return self.filter(solved_at__isnull=False)

    def search(self, text: str) -> Self:
        """By what finds the directive; accents and case do not matter."""
        return self.filter(directive__in=Directive.objects.search(text).order_by().values("pk"))

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query."""
        return self.select_related("directive", "solver", "agency", "raised_by", "solved_by")


class Obstacle(models.Model):
    """What holds work up (vướng mắc): what, why, who must solve it, by when. It does not stop the clock."""

    directive = models.ForeignKey(
        Directive, models.PROTECT, related_name="obstacles", verbose_name=_("directive")
    )
    description = models.TextField(_("what holds the work up"), max_length=1000)
    cause = models.TextField(_("cause"), max_length=1000)
    solver = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agency that must solve it"),
    )
    solver_outside = models.CharField(
        _("body outside the province that must solve it"), max_length=200, blank=True, default=""
    )
    needed_by = models.DateField(_("to be solved by"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("raised by"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    raised_at = models.DateTimeField(_("raised at"), default=clock.now)
    solution = models.TextField(_("how it was solved"), max_length=1000, blank=True, default="")
    solved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        verbose_name = _("obstacle")
        verbose_name_plural = _("obstacles")
        ordering = ["needed_by", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(solver__isnull=False) & Q(solver_outside=""))
                | (Q(solver=None) & ~Q(solver_outside="")),
                name="obstacle_names_who_must_solve_it",
                violation_error_message=_("Name one body that must solve it: in the province or outside."),
            ),
            models.CheckConstraint(
                condition=Q(solved_at=None, solution="") | (Q(solved_at__isnull=False) & ~Q(solution="")),
                name="solved_obstacle_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.description[:80]

    def get_absolute_url(self) -> str:
        return f"{self.directive.get_absolute_url()}#vuong-mac"

    # Facts

    @property
    def solver_label(self) -> str:
        return self.solver.label if self.solver else self.solver_outside

    @property
    def is_solved(self) -> bool:
        return self.solved_at is not None

    def days_over(self, day: dt.date) -> int:
        """Days past the day by which it was needed; 0 before it and when it has been solved."""
        return 0 if self.is_solved else max((day - self.needed_by).days, 0)

    # Verbs

    @classmethod
    @transaction.atomic
    def raise_on(
        cls, directive: Directive, *, by: User, at: dt.datetime | None = None, **content: Any
    ) -> "Obstacle":
        """Say what holds an open directive up: what, why, who must solve it (in the province or outside), by when."""
        if not directive.locked().is_open:
            raise WrongStep(_("This directive is closed: nothing holds it up any more."))
        obstacle = cls(
            directive=directive, raised_by=by, agency=by.agency, raised_at=at or clock.now(), **content
        )
        obstacle.full_clean()
        obstacle.save()
        return obstacle

    @transaction.atomic
    def solve(self, *, by: User, solution: str, at: dt.datetime | None = None) -> None:
        """Say how it was solved (đã tháo gỡ); the record stays."""
        if not solution.strip():
            raise ValidationError({"solution": _("Write how it was solved.")})
        stored = Obstacle.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.solved_at:
            raise WrongStep(_("This obstacle has already been solved."))
        self.solution, self.solved_by, self.solved_at = solution, by, at or clock.now()
        self.save(update_fields=["solution", "solved_by", "solved_at"])
