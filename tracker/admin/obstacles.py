"""Obstacles in the admin: reported as a step of their directive, solved here by the same form and verb."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tracker.admin.base import Step, TrackerAdmin, posted
from tracker.forms.obstacles import SolutionForm
from tracker.models import Obstacle, User
from tracker.permissions import can_solve_obstacle


def may_solve(user: User, obstacle: Obstacle) -> bool:
    return not obstacle.is_solved and can_solve_obstacle(user)


def _solve(request: HttpRequest, obstacle: Obstacle, form: Any) -> None:
    obstacle.solve(by=request.user, solution=form.cleaned_data["solution"])


@admin.register(Obstacle)
class ObstacleAdmin(TrackerAdmin):
    """Read-only but for its solution."""

    list_display = ("directive_code", "description", "solver_name", "needed_by", "solved_at")
    list_select_related = ("directive", "solver", "agency", "raised_by", "solved_by")
    search_fields = ("directive__code",)
    reading = (
        "directive",
        "description",
        "cause",
        "solver",
        "solver_outside",
        "needed_by",
        "raised_by",
        "agency",
        "raised_at",
        "solution",
        "solved_by",
        "solved_at",
    )
    steps = (Step("giai-quyet", gettext_lazy("Solve"), may_solve, posted(SolutionForm), _solve),)

    @admin.display(description=gettext_lazy("directive"), ordering="directive__code")
    def directive_code(self, obstacle: Obstacle) -> str:
        return obstacle.directive.code

    @admin.display(description=gettext_lazy("agency that must solve it"))
    def solver_name(self, obstacle: Obstacle) -> str:
        return obstacle.solver_label
