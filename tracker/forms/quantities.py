"""A field for a number as people write it, which shows back in words what it understood.

What could be read two ways is saved only after somebody saw it in words. Wherever the words stand beside the
field, a hidden companion (``<name>-seen``) carries the text they were made of; a doubtful text passes when its
companion says the same. So without a script a doubtful number is asked about once, and with one the words came
while typing.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm
from tracker.vietnamese.quantities import (
    DECIMALS,
    INTEGER_DIGITS,
    LONGEST,
    QUALIFIERS,
    NotAQuantity,
    Quantity,
    doubt_in_unit,
    format_quantity,
    in_unit,
    in_words,
    read_quantity,
)
from tracker.vietnamese.text import compose

REFUSALS = {
    "empty": _("Write a number, for example 1.720,5 or 160 nghìn."),
    "unreadable": _("Write a number, for example 1.720,5 or 160 nghìn."),
    "too_long": _("Write only the number and its unit, at most %(longest)d characters."),
    "range": _("The number is too large: at most %(digits)d digits before the comma."),
    "decimals": _("Too many digits after the comma: at most %(decimals)d here."),
    "whole": _("Write a whole number."),
    "unit": _("This is measured in “%(unit)s”. Write the number in that unit."),
    "no_unit": _("Write only the number, without a unit."),
    "qualifier": _("Write only the number, without “ước”, “gần”, “hơn”, “khoảng”."),
    "unseen": _("Read as: %(words)s. If that is right, send the form again."),
}
"""Why a text is not taken; codes of ``NotAQuantity`` and those of the field."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What came from the browser: the text, and the text whose words stood beside the field."""

    text: str
    seen: str = ""

    @property
    def is_seen(self) -> bool:
        return _same_text(self.seen) == _same_text(self.text)


@dataclass(frozen=True, slots=True)
class ShownBack:
    """What stands beside the field: ``words``, or the sentence of the ``refusal``; both empty for no text."""

    text: str = ""
    words: str = ""
    is_doubtful: bool = False
    refusal: str = ""


def show_back(text: str, unit: str) -> ShownBack:
    """What is understood of a text in a field of that unit."""
    if not text.strip():
        return ShownBack()
    try:
        read = _read(text, unit)
    except NotAQuantity as refusal:
        return ShownBack(refusal=_sentence(refusal.code, unit))
    return ShownBack(text, _words(read), read.doubt is not None)


class QuantityInput(forms.TextInput):
    """A text control with its words below; where scripts run they follow the typing."""

    template_name = "components/_quantity.html"
    unit = ""
    asked = ""
    """The text whose words stand in the field's own error, so that they are not said twice."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed | None:
        text = data.get(name)
        return None if text is None else Typed(compose(str(text)), compose(str(data.get(f"{name}-seen", ""))))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        place = f"{widget['attrs'].get('id', name)}_words"
        described = widget["attrs"].get("aria-describedby", "")
        widget["attrs"] |= {
            "aria-describedby": f"{described} {place}".strip(),
            "hx-get": f"{reverse('quantity_preview')}?{urlencode({'unit': self.unit, 'o': name})}",
            "hx-target": f"#{place}",
        }
        text = widget["value"] or ""
        shown = show_back(text, self.unit)
        if shown.refusal and "aria-invalid" in widget["attrs"]:
            shown = ShownBack()  # the error above says it
        is_told = bool(text) and text == self.asked
        return context | {"place": place, "name": name, "shown": shown, "is_told": is_told}


class QuantityField(forms.Field):
    """A number in ``unit``, read as people write it; the unit may stand in the text, also in another size.

    Cleans to a ``Decimal`` in that unit; with ``with_qualifier`` to a ``Quantity`` whose value and unit are the
    field's and which keeps “ước”, “gần”, “hơn”, “khoảng”. ``decimals`` limits the digits after the comma.
    The unit may be set later (``form.fields["value"].unit = indicator.unit``), for each form of a set its own.
    """

    widget = QuantityInput
    default_error_messages = REFUSALS

    def __init__(
        self, *, unit: str = "", decimals: int = DECIMALS, with_qualifier: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self.unit, self.decimals, self.with_qualifier = unit, decimals, with_qualifier
        self.widget.attrs = {"inputmode": "decimal", "autocomplete": "off"} | self.widget.attrs

    @property
    def unit(self) -> str:
        """The unit of the value, as it is printed beside it: “tỷ đồng”, “nghìn thuê bao”, “%”, or nothing."""
        return self.widget.unit

    @unit.setter
    def unit(self, unit: str) -> None:
        self.widget.unit = unit

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Typed):
            return value.text
        if isinstance(value, Quantity):
            return _print(value)
        return format_quantity(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | Quantity | None:
        typed = value if isinstance(value, Typed) else Typed("" if value is None else str(value))
        if not typed.text.strip():
            return None
        try:
            read = _read(typed.text, self.unit)
        except NotAQuantity as refusal:
            raise self._refuse(refusal.code) from None
        if -int(read.value.as_tuple().exponent) > self.decimals:
            raise self._refuse("decimals" if self.decimals else "whole")
        if read.qualifier and not self.with_qualifier:
            raise self._refuse("qualifier")
        if read.doubt and not typed.is_seen:
            self.widget.asked = typed.text
            raise self._refuse("unseen", words=_words(read))
        return read if self.with_qualifier else read.value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _same_text(self.prepare_value(initial)) != _same_text(self.prepare_value(data))

    def _refuse(self, code: str, words: str = "") -> ValidationError:
        params = _params(self.unit, words) | {"decimals": self.decimals}
        message = self.error_messages["no_unit" if code == "unit" and not self.unit else code]
        return ValidationError(message, code=code, params=params)


class PreviewForm(TrackerForm):
    """A number and a unit, to see how it is read."""

    text = QuantityField(label=_("A number"), required=False)
    unit = forms.CharField(label=_("Unit of measure"), required=False, max_length=LONGEST)

    def __init__(self, text: str, unit: str) -> None:
        super().__init__(initial={"text": text, "unit": unit})
        self.fields["text"].unit = unit


def _read(text: str, unit: str) -> Quantity:
    """The quantity with its value in ``unit``."""
    read = read_quantity(text)
    return replace(read, value=in_unit(read, unit), unit=unit, doubt=doubt_in_unit(read, unit))


def _words(read: Quantity) -> str:
    return f"{QUALIFIERS.get(read.qualifier, '')} {in_words(read.value, read.unit)}".strip()


def _print(read: Quantity) -> str:
    return f"{QUALIFIERS.get(read.qualifier, '')} {format_quantity(read.value)}".strip()


def _same_text(text: Any) -> str:
    return "" if text is None else compose(str(text)).strip()


def _params(unit: str, words: str = "") -> dict[str, Any]:
    limits = {"longest": LONGEST, "digits": INTEGER_DIGITS, "decimals": DECIMALS}
    return limits | {"unit": unit, "words": words}


def _sentence(code: str, unit: str) -> str:
    return str(REFUSALS["no_unit" if code == "unit" and not unit else code]) % _params(unit)
