"""Lists of named bodies: reading the matrix, keeping a list, saying how far a body is."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.figures.matrix import Choice, Matrix, Tree
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import AgencyChoice, DayField, DocumentChoice
from tracker.models import Agency, BodyState, Document, Roster, RosterBody, User

STATES = [
    (BodyState.NOT_STARTED, pgettext_lazy("of an agency on a list", "Not started")),
    (BodyState.IN_PROGRESS, pgettext_lazy("of an agency on a list", "Under way")),
    (BodyState.IN_USE, pgettext_lazy("of an agency on a list", "In use")),
    (BodyState.EXEMPT, pgettext_lazy("of an agency on a list", "Exempt")),
]
UNKNOWN = _("“%(value)s” is not one of the choices.")


class MatrixForm(TrackerForm):
    """What the address of the matrix asks for: which lists, which rows, as of which day."""

    ct = forms.CharField(label=_("List of agencies"), max_length=20, required=False)
    tt = forms.CharField(label=_("Rows"), max_length=30, required=False)
    den = DayField(label=_("As of"), required=False)

    def __init__(self, *args: Any, tree: Tree, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree, self.today = tree, today
        names = [(one.indicator.code, one.indicator.label) for one in tree.choices]
        self.fields["ct"].widget = forms.Select(choices=names)

    def clean_ct(self) -> Choice | None:
        code = self.cleaned_data["ct"]
        found = self.tree.find(code) if code else next(iter(self.tree.choices), None)
        if code and found is None:
            raise ValidationError(UNKNOWN, params={"value": code})
        return found

    def clean_tt(self) -> str:
        wanted = self.cleaned_data["tt"]
        codes = {f"dat-{one.code}" for one in self.tree.lists}
        if wanted and wanted not in codes and wanted not in Matrix.FILTERS:
            raise ValidationError(UNKNOWN, params={"value": wanted})
        return wanted

    def clean_den(self) -> dt.date:
        day = self.cleaned_data["den"] or self.today
        if day > self.today:
            raise ValidationError(_("This day has not come yet; today is shown."))
        return day

    @property
    def choice(self) -> Choice | None:
        """What is asked for, else the first that there is."""
        return self.cleaned_data.get("ct") or next(iter(self.tree.choices), None)

    @property
    def wanted(self) -> str:
        return self.cleaned_data.get("tt", "")

    @property
    def day(self) -> dt.date:
        return self.cleaned_data.get("den") or self.today


class _RosterForm(WithFormToken, TrackerForm):
    """One change of a list; ``viec`` says which."""

    STEP = ""

    def __init__(self, *args: Any, roster: Roster | None, **kwargs: Any) -> None:
        super().__init__(*args, prefix=None, auto_id=f"id_{self.STEP}_%s", **kwargs)
        self.roster = roster

    def save(self, roster: Roster, *, by: User) -> None:
        raise NotImplementedError


class AddBodyForm(_RosterForm):
    """A body that is counted from a day on."""

    STEP = "them"

    agency = AgencyChoice(label=_("Agency"))
    from_day = DayField(
        label=_("Counted from"), help_text=_("Empty: from the beginning of the list"), required=False
    )
    reason = forms.CharField(label=_("Document or reason"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.bodies()
        self.fields["agency"].widget.attrs["list"] = "co-quan"

    def save(self, roster: Roster, *, by: User) -> None:
        read = self.cleaned_data
        roster.add(read["agency"], from_day=read["from_day"], reason=read["reason"])


class EndBodyForm(_RosterForm):
    """A body that is counted no longer; earlier days keep it."""

    STEP = "ket-thuc"

    body = forms.ModelChoiceField(None, label=_("Agency"), empty_label=_("– choose –"))
    on = DayField(label=_("Last day on which it is counted"))
    reason = forms.CharField(label=_("Document or reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = _present(self.roster)

    def save(self, roster: Roster, *, by: User) -> None:
        read = self.cleaned_data
        read["body"].end(on=read["on"], reason=read["reason"])


class MergeForm(_RosterForm):
    """Bodies that become one: the number of bodies changes from that day on and every page says so."""

    STEP = "hop-nhat"

    old = forms.ModelMultipleChoiceField(
        None, label=_("Agencies that merge"), widget=forms.CheckboxSelectMultiple
    )
    agency = AgencyChoice(label=_("Into"))
    on = DayField(label=_("First day of the new agency"))
    reason = forms.CharField(label=_("Document or reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old"].queryset = _present(self.roster)
        self.fields["agency"].queryset = Agency.objects.bodies()
        self.fields["agency"].widget.attrs["list"] = "co-quan"

    def save(self, roster: Roster, *, by: User) -> None:
        read = self.cleaned_data
        old = [body.agency for body in read["old"]]
        roster.merge(old, read["agency"], on=read["on"], reason=read["reason"])


class AcceptForm(_RosterForm):
    """The suggested list is the one to be counted."""

    STEP = "chap-nhan"

    def save(self, roster: Roster, *, by: User) -> None:
        roster.accept(by=by)


ROSTER_FORMS = {form.STEP: form for form in (AddBodyForm, EndBodyForm, MergeForm, AcceptForm)}


def _present(roster: Roster | None) -> Any:
    """The places on the list that have no end yet."""
    bodies = RosterBody.objects.filter(roster=roster) if roster else RosterBody.objects.none()
    return bodies.filter(valid_to=None).select_related("agency").order_by("agency__code", "pk")


class MarkForm(WithFormToken, TrackerForm):
    """How far a body is, since when, and what shows it."""

    state = forms.ChoiceField(
        label=pgettext_lazy("of an agency on a list", "State"), choices=STATES, widget=forms.RadioSelect
    )
    since_on = DayField(
        label=_("Since"), help_text=_("The day on which it became true, not the day it was reported")
    )
    note = forms.CharField(
        label=_("Evidence or reason"),
        help_text=_("In use needs a document or words; an exemption needs both its reason and its document."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = DocumentChoice(
        label=_("Document"), help_text=_("Number or words of the abstract"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = Document.objects.visible_to(user)
        self.fields["state"].choice_hints = {
            BodyState.EXEMPT: _("leaves the denominator from that day on"),
            BodyState.NOT_STARTED: _("also takes a mark back: the body counts until the day before"),
        }

    @property
    def words(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_token"}
