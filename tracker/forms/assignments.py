"""Giving a directive to bodies, and what becomes of one assignment: declined, given again, transferred."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import AgencyChoice
from tracker.models import Agency, Assignment, Directive, User
from tracker.vietnamese.text import fold


@dataclass(frozen=True)
class Recipient:
    """One body that will have the directive: in which role, as a member of which group."""

    agency: Agency
    role: Assignment.Role
    group: Agency | None = None


@dataclass(frozen=True)
class Bloc:
    """The bodies of one bloc as boxes to tick."""

    name: str
    boxes: list[tuple[Agency, bool]]

    @property
    def chosen(self) -> int:
        return sum(is_chosen for _agency, is_chosen in self.boxes)


class AssignForm(WithFormToken, TrackerForm):
    """To whom a directive is given. First it is shown who gets what, then it is assigned."""

    lead = AgencyChoice(
        label=_("Lead agency"),
        help_text=_("One body, or a group such as “UBND các huyện, thành phố”. Accents do not matter."),
        error_messages={"required": _("Choose the lead agency: exactly one body answers for the work.")},
    )
    person = forms.ModelChoiceField(
        label=_("Person in charge at the lead agency"), queryset=User.objects.none(), required=False
    )
    search = forms.CharField(label=_("Find a body"), max_length=100, required=False)
    cooperating = forms.ModelMultipleChoiceField(
        label=_("Co-operating bodies"),
        queryset=Agency.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("Choose bodies from the list."),
            "invalid_pk_value": _("Choose bodies from the list."),
        },
    )
    agreed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, directive: Directive, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directive, self.today = directive, today
        self.given = list(directive.assignments.active().select_related("agency"))
        self.has_lead = any(assignment.is_lead for assignment in self.given)
        in_force = Agency.objects.in_force(today)
        self.fields["lead"].queryset = in_force
        self.fields["lead"].widget.attrs["list"] = "co-quan"
        self.fields["lead"].initial = directive.lead
        self.fields["cooperating"].queryset = in_force
        people = User.objects.reporters().by_given_name()
        self.fields["person"].queryset = people
        self.fields["person"].label_from_instance = lambda user: f"{user.full_name} – {user.agency.label}"
        self.fields["person"].empty_label = _("– the agency names the person –")
        if self.has_lead:
            del self.fields["lead"], self.fields["person"]

    @cached_property
    def agencies(self) -> list[Agency]:
        """Every body of this day, by name: what the browser offers, and the boxes."""
        return list(Agency.objects.in_force(self.today).by_name())

    @property
    def blocs(self) -> Iterator[Bloc]:
        """Bodies that fit the search, and those that are ticked already, bloc by bloc."""
        ticked = {str(value) for value in self["cooperating"].value() or []}
        wanted = fold(str(self["search"].value() or "")[:100].strip())
        has_it = {assignment.agency_id for assignment in self.given}
        for bloc in Agency.Bloc:
            boxes = [
                (agency, str(agency.pk) in ticked)
                for agency in self.agencies
                if agency.bloc == bloc
                and agency.pk not in has_it
                and (wanted in agency.search or str(agency.pk) in ticked)
            ]
            if boxes:
                yield Bloc(str(bloc.label), boxes)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lead, chosen = data.get("lead"), list(data.get("cooperating") or [])
        if self.has_lead and not chosen and "cooperating" not in self.errors:
            self.add_error("cooperating", _("Choose at least one co-operating body."))
        if lead is not None and lead in chosen:
            self.add_error("cooperating", _("The lead agency does not co-operate with itself."))
        if not self.errors and not self.recipients:
            self.add_error(
                None, _("Nobody would get this directive: these bodies have it, or the group is empty.")
            )
        person = data.get("person")
        if person and person.agency_id not in {row.agency.pk for row in self.leading}:
            self.add_error("person", _("The person in charge works in another agency."))
        return data

    @cached_property
    def recipients(self) -> list[Recipient]:
        """Exactly who gets the directive on this day: a group stands for its members, nobody gets it twice."""
        data = self.cleaned_data
        wanted = [(data["lead"], Assignment.Role.LEAD)] if data.get("lead") else []
        wanted += [(agency, Assignment.Role.COOPERATING) for agency in data.get("cooperating") or []]
        served = {assignment.agency_id for assignment in self.given}
        rows = []
        for agency, role in wanted:
            bodies = agency.members_on(self.today).by_name() if agency.is_group else [agency]
            for body in bodies:
                if body.pk not in served:
                    served.add(body.pk)
                    rows.append(Recipient(body, role, agency if agency.is_group else None))
        return rows

    @property
    def leading(self) -> list[Recipient]:
        return [row for row in self.recipients if row.role == Assignment.Role.LEAD]

    @property
    def cooperating_rows(self) -> list[Recipient]:
        return [row for row in self.recipients if row.role == Assignment.Role.COOPERATING]

    @property
    def list_shown(self) -> str:
        """The list as the page shows it; agreeing to another list than today's shows it again."""
        return ",".join(f"{row.role[0]}{row.agency.pk}" for row in self.recipients)

    @property
    def is_agreed(self) -> bool:
        return self.cleaned_data["agreed"] == self.list_shown


class DeclineForm(WithFormToken, TrackerForm):
    """Why the agency does not take the directive."""

    reason = forms.CharField(
        label=_("Reason for declining"),
        help_text=_("For example: not within the tasks of the agency, and which agency it concerns."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class GiveAgainForm(WithFormToken, TrackerForm):
    """The assigner's answer to a refusal."""

    answer = forms.CharField(
        label=_("Answer to the agency"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class TransferForm(WithFormToken, TrackerForm):
    """To which body an assignment goes, and why."""

    to = AgencyChoice(
        label=_("New agency"), help_text=_("Name or code; accents do not matter. One body, not a group.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Agency.objects.in_force(today).bodies()
        self.fields["to"].queryset = bodies
        self.fields["to"].widget.attrs["list"] = "co-quan"
        self.agencies = bodies.by_name()


class InChargeForm(WithFormToken, TrackerForm):
    """Who in the agency does the work; nobody is an answer too."""

    person = forms.ModelChoiceField(label=_("Person in charge"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.reporters().filter(agency=assignment.agency_id).by_given_name()
        self.fields["person"].queryset = people
        self.fields["person"].empty_label = _("– nobody yet –")
        self.fields["person"].initial = assignment.person_id
