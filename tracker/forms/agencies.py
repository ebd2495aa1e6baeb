"""An agency as administrators keep it: names, validity, what it merged into, the members of a group."""

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker.forms.base import TrackerModelForm, WithFormToken
from tracker.forms.fields import AgencyChoice, DayField
from tracker.forms.progress import Difference
from tracker.models import Agency, Assignment, StaleVersion


class AgencyForm(WithFormToken, TrackerModelForm):
    """Ending an agency that still has open work is allowed, once the administrator has been told how much."""

    valid_from = DayField(label=_("Valid from"), required=False)
    valid_to = DayField(
        label=_("Valid to"), help_text=_("The last day; empty while the agency exists"), required=False
    )
    parent = AgencyChoice(label=_("Parent body"), required=False)
    merged_into = AgencyChoice(
        label=_("Merged into"), help_text=_("The body that goes on with its work"), required=False
    )
    members = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("Members today"),
        help_text=_("A directive given to the group becomes one assignment for each of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    despite_open_work = forms.BooleanField(
        label=_("Save all the same; the open work stays with this agency until it is transferred"),
        required=False,
    )

    class Meta:
        model = Agency
        fields = [
            "code",
            "name",
            "short_name",
            "name_en",
            "kind",
            "bloc",
            "parent",
            "valid_from",
            "valid_to",
            "merged_into",
            "is_group",
            "certainty",
            "certainty_note",
        ]
        widgets = {"certainty_note": forms.Textarea(attrs={"rows": 3}), "certainty": forms.RadioSelect}
        labels = {"is_group": _("This is a printed group such as “UBND các huyện, thành phố”")}

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        agency = self.instance
        for name in ("parent", "merged_into"):
            body: Any = self.fields[name]
            body.queryset = Agency.objects.exclude(pk=agency.pk)
            body.widget.attrs["list"] = "ds-co-quan"
            self.initial[name] = getattr(agency, name)
        certainty: Any = self.fields["certainty"]
        certainty.choices = Agency.Certainty.choices
        if agency.pk:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("A code never changes: addresses and files name it.")
        members: Any = self.fields["members"]
        members.queryset = Agency.objects.in_force(today).bodies().exclude(pk=agency.pk).by_name()
        if agency.pk and agency.is_group:
            members.initial = list(agency.members_on(today).values_list("pk", flat=True))
        self.asks_about_open_work = False
        self.fields["version"].initial = agency.version
        self.conflict: list[Difference] = []

    @property
    def asks(self) -> bool:
        """Whether the page must ask to go on although there is open work."""
        return self.asks_about_open_work or bool(self.data.get("despite_open_work"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        agency = self.instance
        if data.get("parent") and agency.pk and agency.pk in data["parent"].line_upwards():
            self.add_error("parent", _("This body belongs to the agency itself: choose another parent."))
        if data.get("merged_into") and not data.get("valid_to") and "valid_to" not in self.errors:
            self.add_error("valid_to", _("Give the last day of an agency that has merged into another."))
        if data.get("members") and not data.get("is_group"):
            self.add_error("members", _("Only a group has members."))
        self._ask_about_open_work(data)
        self._compare_with_stored(data)
        return data

    def _compare_with_stored(self, data: dict[str, Any]) -> None:
        """Somebody saved meanwhile: show both versions; sent again, the form changes what is stored now."""
        stored = Agency.objects.filter(pk=self.instance.pk).first()
        if stored is None or data.get("version") in {None, stored.version}:
            return
        self.conflict = [
            Difference(
                str(self.fields[name].label), str(getattr(stored, name) or ""), str(data.get(name) or "")
            )
            for name in self.Meta.fields
            if name in data and getattr(stored, name) != data[name]
        ]
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        self.add_error(None, StaleVersion(stored))

    def _ask_about_open_work(self, data: dict[str, Any]) -> None:
        ends = data.get("valid_to")
        before = Agency.objects.filter(pk=self.instance.pk).values_list("valid_to", flat=True).first()
        if not self.instance.pk or not ends or ends == before:
            return
        open_work = Assignment.objects.open().filter(agency=self.instance.pk).count()
        if open_work and not data.get("despite_open_work"):
            self.asks_about_open_work = True
            text = ngettext(
                "This agency still has %(n)d open assignment: transfer it first, or save all the same.",
                "This agency still has %(n)d open assignments: transfer them first, or save all the same.",
                open_work,
            )
            self.add_error("valid_to", text % {"n": open_work})

    @transaction.atomic
    def save(self, commit: bool = True) -> Agency:
        """The agency, and its members as of today."""
        if self.instance.pk:
            stored = Agency.objects.select_for_update().get(pk=self.instance.pk)
            stored.take_next_version(self.cleaned_data["version"])
            self.instance.version = stored.version
        agency = super().save(commit)
        if agency.is_group:
            agency.set_members(self.cleaned_data["members"], today=self.today)
        return agency

    def _save_m2m(self) -> None:
        """Members have dates: ``save`` keeps them."""
