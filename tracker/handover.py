"""Handing one person's open work to others in one step, when people leave or change their post."""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction

from tracker import clock, notifying
from tracker.figures.people import open_work_of, tracked_by
from tracker.models import User


@transaction.atomic
def hand_over(
    person: User, *, by: User, to: Mapping[int, User | None], tracking_to: User | None = None
) -> tuple[int, int]:
    """Give each agency's open assignments of ``person`` to the person named for that agency (by key).

    None leaves an assignment to the whole agency; agencies that are not named keep theirs. ``tracking_to`` takes
    the directives that the person tracks. Returns how many assignments and directives were moved.
    """
    # In the order in which every verb locks directives, so that two hand-overs cannot block each other.
    assignments = open_work_of(person).filter(agency__in=to).order_by("directive_id", "pk")
    taken: Counter[User] = Counter()
    for assignment in assignments:
        heir = to[assignment.agency_id]
        assignment.put_in_charge(by=by, person=heir, tell=False)
        if heir:
            taken[heir] += 1
    notifying.handed_over(person, taken, by=by, at=clock.now())
    directives = list(tracked_by(person)) if tracking_to else []
    for directive in directives:
        directive.edit(by=by, expected_version=None, tracking_officer=tracking_to)
    return len(assignments), len(directives)
