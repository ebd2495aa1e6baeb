"""Form fields that read dates, percentages and the names of bodies as people here write them."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import refuse_hidden_characters
from tracker.vietnamese.dates import NotADate, format_date, read_date
from tracker.vietnamese.text import fold

LONGEST_NAME = 300
MOST_MATCHES = 100

_ACCOUNT_BEHIND_NAME = re.compile(r"\(([A-Za-z0-9._-]+)\)\s*$")
_WHOLE = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*%?", re.ASCII)


class DayField(forms.Field):
    """A date, the day always first: ``16/6/2020``, ``16-6-2020``. Years 2000 to 2100."""

    widget = forms.TextInput
    default_error_messages = {
        "unreadable": _("Write the date as day/month/year, for example 16/6/2020."),
        "impossible": _("There is no such day in the calendar."),
        "year": _("The year lies between 2000 and 2100."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        self.widget.attrs = attrs | self.widget.attrs
        self.widget.attrs["class"] = f"{self.widget.attrs.get('class', '')} w-date".strip()

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value
        try:
            return read_date(str(value))
        except NotADate as refusal:
            raise ValidationError(self.error_messages[refusal.code], code=refusal.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class PercentField(forms.Field):
    """A whole percentage from 0 to 100, with or without the sign."""

    widget = forms.TextInput
    default_error_messages = {"range": _("Write a whole number from 0 to 100.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs = {"inputmode": "numeric", "autocomplete": "off"} | self.widget.attrs

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        match = _WHOLE.fullmatch(str(value).strip())
        if not match or int(match[1]) > 100:
            raise ValidationError(self.error_messages["range"], code="range")
        return int(match[1])


class NamedRecordField(forms.Field):
    """A record typed by its code or name, without accents and in any case; the browser offers the list.

    ``queryset`` holds what this person may choose. What fits several records is asked again with their names.
    """

    widget = forms.TextInput
    default_error_messages = {
        "unknown": _("Nothing in the register fits “%(text)s”. Type a code or a part of the name."),
        "several": _("“%(text)s” fits several: %(names)s. Type more of the name, or the code."),
        "too_long": _("Use at most 300 characters."),
    }

    def __init__(self, *, queryset: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.queryset = queryset
        self.widget.attrs = {"autocomplete": "off", "spellcheck": "false"} | self.widget.attrs

    def name_of(self, record: Any) -> str:
        """What is written in the field for this record; typed again it finds the record again."""
        raise NotImplementedError

    def keys_of(self, record: Any) -> set[str]:
        """Texts that mean exactly this record."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return self.name_of(value) if isinstance(value, Model) else value

    def to_python(self, value: Any) -> Any:
        text = " ".join(str(value or "").split())
        if not text:
            return None
        if len(text) > LONGEST_NAME:
            raise ValidationError(self.error_messages["too_long"], code="too_long")
        refuse_hidden_characters(text)
        found = list(self.queryset.search(text)[:MOST_MATCHES])
        exact = [record for record in found if fold(text) in {fold(key) for key in self.keys_of(record)}]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text})
        names = "; ".join(self.name_of(record) for record in (exact or found)[:5])
        raise ValidationError(
            self.error_messages["several"], code="several", params={"text": text, "names": names}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class AgencyChoice(NamedRecordField):
    """A body or a group by name or code: “UBND cac huyen”, “H03”."""

    def name_of(self, record: Any) -> str:
        return record.name

    def keys_of(self, record: Any) -> set[str]:
        return {record.name, record.code, record.short_name} - {""}


class DirectiveChoice(NamedRecordField):
    """A directive by its code, or by words of its title."""

    def name_of(self, record: Any) -> str:
        return record.code

    def keys_of(self, record: Any) -> set[str]:
        return {record.code}


class PersonChoice(NamedRecordField):
    """A person by name, account name or work e-mail: “thu ha”, “ha.nt”."""

    default_error_messages = {
        "unknown": _("Nobody who sees the same work is called “%(text)s”. Type a part of the name."),
    }

    def name_of(self, record: Any) -> str:
        """Two people may have one name: the account tells them apart."""
        return f"{record.full_name} ({record.username})"

    def keys_of(self, record: Any) -> set[str]:
        return {record.full_name, record.username, record.email} - {""}

    def to_python(self, value: Any) -> Any:
        account = _ACCOUNT_BEHIND_NAME.search(str(value or ""))
        return super().to_python(account[1] if account else value)


class DocumentChoice(NamedRecordField):
    """A document by its number, or by words of its abstract."""

    def name_of(self, record: Any) -> str:
        return record.number or record.abstract[:LONGEST_NAME]

    def keys_of(self, record: Any) -> set[str]:
        return {record.number, record.abstract} - {""}
