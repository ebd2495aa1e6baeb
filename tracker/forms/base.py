"""What every form of the site has in common: how text is read, and how errors are listed."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.forms.utils import pretty_name
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

OUT_OF_DATE = _("This page is out of date. Load it again.")

LONGEST_TEXT = 20_000
"""Characters in a text without a limit of its own: about ten printed pages."""

_ALLOWED_CONTROLS = {"\n", "\r", "\t"}
_DIRECTION_MARKS = {
    chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

TOO_LONG = ngettext_lazy(
    "Use at most %(limit_value)d character; there are %(show_value)d now.",
    "Use at most %(limit_value)d characters; there are %(show_value)d now.",
    "limit_value",
)


def refuse_hidden_characters(text: str) -> None:
    """Refuse what cannot be seen but changes what is read: controls and marks that turn the direction."""
    hidden = {
        character
        for character in text
        if character in _DIRECTION_MARKS
        or (character not in _ALLOWED_CONTROLS and (character < " " or "\x7f" <= character <= "\x9f"))
    }
    if hidden:
        raise ValidationError(
            _("The text holds characters that cannot be seen. Type it again."), code="hidden"
        )


@dataclass(frozen=True, slots=True)
class FormError:
    """One sentence of the error summary and the id of its control; "" when it is about the whole form."""

    text: str
    target: str


class TrackerForm(forms.Form):
    """A form that reads composed Unicode (see the renderer), refuses hidden characters and caps lengths."""

    use_required_attribute = False  # the server's sentences are in Vietnamese, the browser's may not be

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _name_in_refusal(field, field.label or pretty_name(name))
            if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
                _guard(field)
            if isinstance(field, forms.IntegerField) and field.widget.is_hidden:
                _say_out_of_date(field)

    @property
    def error_list(self) -> list[FormError]:
        """Every error in the order of the fields, those about the whole form first."""
        listed = [FormError(str(text), "") for text in self.errors.get(NON_FIELD_ERRORS, [])]
        for bound in self:
            listed += [FormError(str(text), self._target(bound)) for text in bound.errors]
        return listed

    def refuse(self, refusal: ValidationError) -> None:
        """Put what a verb refused at its fields; what concerns no field of this form is about the whole form."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    @staticmethod
    def _target(bound: forms.BoundField) -> str:
        if bound.is_hidden:
            return ""
        return bound.id_for_label or bound.auto_id


class TrackerModelForm(TrackerForm, forms.ModelForm):
    """The same for a form that edits a record."""


class WithFormToken(forms.Form):
    """A hidden key that makes pressing a button twice, or going back and pressing again, count once."""

    form_token = forms.UUIDField(
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid": OUT_OF_DATE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = uuid.uuid4

    def clean_form_token(self) -> uuid.UUID:
        """A form without a key counts for itself."""
        return self.cleaned_data.get("form_token") or uuid.uuid4()


def _name_in_refusal(field: forms.Field, label: Any) -> None:
    """Say which field is empty, unless the form has its own sentence."""
    if str(field.error_messages["required"]) == str(forms.Field.default_error_messages["required"]):
        sentence = (
            _("Choose “%(label)s”.") if isinstance(field, forms.ChoiceField) else _("Fill in “%(label)s”.")
        )
        field.error_messages["required"] = sentence % {"label": label}


def _say_out_of_date(field: forms.IntegerField) -> None:
    """A number that the page itself carries is never typed: wrong or missing, the page is broken or old."""
    field.error_messages |= {"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    field.validators = [type(limit)(limit.limit_value, OUT_OF_DATE) for limit in field.validators]


def _guard(field: forms.CharField) -> None:
    limit = field.max_length or LONGEST_TEXT
    kept = [
        validator
        for validator in field.validators
        if not isinstance(validator, MaxLengthValidator | ProhibitNullCharactersValidator)
    ]
    field.validators = [MaxLengthValidator(limit, TOO_LONG), refuse_hidden_characters, *kept]
    # A browser cuts a pasted text without a word; the server says how much is too much.
    field.widget.attrs.pop("maxlength", None)
