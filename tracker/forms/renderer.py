"""How every form of the site looks: one place for classes, hints and errors."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from tracker.vietnamese.text import compose, plain_bullets


def composed(text: str) -> str:
    """Vietnamese letters as single characters (NFC), whatever the keyboard sent; bullets pasted from Word as dashes."""
    return plain_bullets(compose(text))


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a group of round or square boxes, with what it means."""

    tag: SafeString
    id: str
    label: str
    hint: str
    checked: bool


class BoundField(forms.BoundField):
    """A field with the design's classes, which reads every text in composed Unicode, see ``composed``.

    Boxes and file pickers keep the browser's own look: Bootstrap's would load pictures from data: addresses,
    which the content security policy refuses.
    """

    @property
    def data(self):
        value = super().data
        if isinstance(value, str):
            return composed(value)
        if isinstance(value, list):
            return [composed(item) if isinstance(item, str) else item for item in value]
        return value

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden or getattr(widget, "input_type", "") in {"checkbox", "radio", "file"}:
            return attrs
        kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
        given = widget.attrs.get("class", "")
        attrs["class"] = " ".join(filter(None, [given, kind, "is-invalid" if self.errors else ""]))
        return attrs

    @property
    def options(self) -> Iterator[Option]:
        """The choices of a group; ``field.choice_hints`` (value → sentence) says what each means."""
        hints = getattr(self.field, "choice_hints", {})
        for choice in self.subwidgets:
            value = str(choice.data["value"])
            yield Option(
                tag=choice.tag(),
                id=choice.id_for_label,
                label=choice.choice_label,
                hint=hints.get(value, ""),
                checked=choice.data["selected"],
            )


class Renderer(TemplatesSetting):
    """The project's renderer: templates of the project first, our field markup for ``as_field_group``."""

    bound_field_class = BoundField
    field_template_name = "components/_field.html"
    form_template_name = "components/_form.html"
