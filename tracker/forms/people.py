"""What an administrator writes about people: the account, why it is locked, who takes over the work."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, TrackerModelForm, WithFormToken
from tracker.forms.fields import AgencyChoice
from tracker.forms.progress import Difference
from tracker.models import Agency, User
from tracker.vietnamese.names import account_name
from tracker.vietnamese.text import fold

ROLE_HINTS = {
    User.Role.STAFF: _("Reports the progress of the own agency"),
    User.Role.AGENCY_HEAD: _("Reports, and names who in the agency is in charge"),
    User.Role.OFFICER: _("Enters and assigns directives, reviews reports, sees every agency"),
    User.Role.LEADER: _("Reads the overview, confirms, pauses or stops work, gives instructions"),
    User.Role.ADMIN: _("Manages users, agencies and dictionaries; never touches results"),
    User.Role.VIEWER: _("Reads only"),
}
"""One sentence for each role; what exactly it may do is printed beside the form from the permission table."""


class AccountForm(WithFormToken, TrackerModelForm):
    """A person's account as an administrator keeps it."""

    agency = AgencyChoice(
        label=_("Agency"), help_text=_("Type a few letters to find it; accents do not matter")
    )

    class Meta:
        model = User
        fields = ["full_name", "position", "email", "phone", "agency", "role", "username"]
        widgets = {"role": forms.RadioSelect}
        labels = {
            "full_name": _("Full name"),
            "position": _("Position"),
            "email": _("Work e-mail"),
            "phone": _("Telephone"),
            "role": _("Role"),
            "username": _("Account name"),
        }
        help_texts = {
            "email": _("The person may log in with it too"),
            "phone": _("So that officers can call when needed"),
            "username": _("Left empty, it is made from the name, for example ha.nt"),
        }
        error_messages = {"role": {"required": _("Choose a role.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = User.Role.choices  # no empty choice
        role.choice_hints = ROLE_HINTS
        self.fields["username"].required = False
        for name in ("full_name", "position", "email", "phone", "username"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.bodies()
        agency.widget.attrs["list"] = "ds-co-quan"
        if self.instance.pk:
            self.initial["agency"] = self.instance.agency
        # The page asks for itself again and takes over only the part that depends on what was chosen.
        role.widget.attrs |= _swap("#vai-tro-lam-duoc")
        if self.instance.pk is None:
            self.fields["full_name"].widget.attrs |= _swap("#ten-tai-khoan")

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("username") and data.get("full_name"):
            data["username"] = self.instance.username or free_account_name(data["full_name"])
            if not data["username"]:
                self.add_error("username", _("Write an account name: none can be made from this name."))
        return data

    @property
    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AccountEditForm(AccountForm):
    """The same for a person who has an account: names the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["username"].required = True
        self.fields["username"].help_text = _("What the person types to log in")

    def go_on_from(self, stored: Any) -> list[Difference]:
        """Sent again, this form changes what is stored now. Returns where the two versions differ."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        return [
            Difference(str(self.fields[name].label), _shown(name, theirs), _shown(name, mine))
            for name, mine in self.content.items()
            if (theirs := getattr(stored, name)) != mine
        ]


def _shown(name: str, value: Any) -> str:
    return str(User.Role(value).label) if name == "role" else str(value)


def _swap(part: str) -> dict[str, str]:
    return {
        "hx-get": ".",
        "hx-trigger": "change",
        "hx-target": part,
        "hx-select": part,
        "hx-swap": "outerHTML",
    }


class PersonChoice(forms.ModelChoiceField):
    """People with their position, so that namesakes are told apart."""

    def label_from_instance(self, person: Any) -> str:
        return f"{person.full_name} ({person.position or person.username})"


class MoveWorkForm(WithFormToken, TrackerForm):
    """Who takes over: one answer for each agency whose work the person has, one for tracked directives."""

    def __init__(self, *args: Any, person: User, agencies: Iterable[Agency], tracks: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.agencies = list(agencies)
        others = User.objects.reporters().exclude(pk=person.pk).by_given_name()
        for agency in self.agencies:
            self.fields[f"agency_{agency.pk}"] = PersonChoice(
                others.filter(agency=agency),
                label=_("Work of %(agency)s goes to") % {"agency": agency.name},
                required=False,
                empty_label=_("the whole agency, nobody by name"),
            )
        if tracks:
            officers = User.objects.active().filter(role=User.Role.OFFICER).exclude(pk=person.pk)
            self.fields["tracking"] = PersonChoice(
                officers.by_given_name(),
                label=_("Directives that this person tracks go to"),
                empty_label=_("choose an officer"),
                error_messages={"required": _("Choose the officer who tracks these directives from now on.")},
            )

    @property
    def work_fields(self) -> list[forms.BoundField]:
        """The questions about work alone."""
        return [field for field in self if field.name == "tracking" or field.name.startswith("agency_")]

    @property
    def recipients(self) -> dict[int, User | None]:
        """Agency key → who takes over; None leaves the work to the whole agency."""
        return {agency.pk: self.cleaned_data[f"agency_{agency.pk}"] for agency in self.agencies}


class LockForm(MoveWorkForm):
    """Why an account is locked, and who takes over its open work in the same step."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For example: moved to another agency on 1/6/2020. It stays in the journal."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why the account is locked.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """An account is locked also when no officer is left to take over: the directives then stay."""
        super().__init__(*args, **kwargs)
        if tracking := self.fields.get("tracking"):
            tracking.required = False
            tracking.empty_label = _("nobody yet: they stay in this person's name")  # type: ignore[attr-defined]


class ReviewForm(TrackerForm):
    """Which accounts an administrator has looked at and found right."""

    person = forms.ModelMultipleChoiceField(User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.active()  # type: ignore[attr-defined]


def free_account_name(full_name: str) -> str:
    """The customary account name with a number behind it when it is taken: ``ha.nt``, ``ha.nt2``."""
    wanted = account_name(full_name)[:56]
    if not wanted:
        return ""
    taken = {
        name.lower()
        for name in User.objects.filter(username__istartswith=wanted).values_list("username", flat=True)
    }
    numbered = (f"{wanted}{number}" for number in range(2, len(taken) + 3))
    return next(name for name in [wanted, *numbered] if name not in taken)


class AgencyOfPeople(forms.ModelChoiceField):
    """An agency of the filter, written by its code in the address."""

    def label_from_instance(self, agency: Any) -> str:
        return agency.label


class PeopleFilter(TrackerForm):
    """What the address of the user list may ask for; what cannot be read is left out and said."""

    q = forms.CharField(
        label=_("Find a name or work e-mail"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    cq = AgencyOfPeople(
        Agency.objects.none(), label=_("Agency"), to_field_name="code", required=False, empty_label=_("All")
    )
    vt = forms.ChoiceField(label=_("Role"), choices=[("", _("All")), *User.Role.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["cq"]
        agency.queryset = Agency.objects.filter(pk__in=User.objects.values("agency")).by_name()

    def cut(self, users: Any) -> Any:
        """Only the people who fit."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            users = users.search(wanted["q"])
        if wanted.get("cq"):
            users = users.filter(agency=wanted["cq"])
        if wanted.get("vt"):
            users = users.filter(role=wanted["vt"])
        return users


def offered(agencies: Iterable[Agency]) -> list[tuple[str, str]]:
    """What the browser offers while an agency is typed: each name, and the letters without marks that find it too."""
    return [(agency.name, fold(f"{agency.name} {agency.short_name}").strip()) for agency in agencies]
