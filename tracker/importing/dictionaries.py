"""Fields of work and tracking officers as cells name them."""

import re

from django.utils.translation import gettext as _

from tracker.appendices import Doubt
from tracker.models import Field, User
from tracker.vietnamese.text import fold


class Dictionaries:
    """All fields in use and all officers, read once for an import."""

    def __init__(self) -> None:
        self.fields = list(Field.objects.filter(is_active=True))
        self.people = list(User.objects.active().filter(role=User.Role.OFFICER))

    def field(
        self, printed: str, *, heading: str, default: Field | None
    ) -> tuple[Field | None, Doubt | None]:
        """The field that the cell names, else the heading above, else the one chosen for the import."""
        if not printed.strip():
            found = self._headed(heading) or default
            missing = _("No field of work: choose one for all rows that name none, or write it here.")
            return found, None if found else Doubt("no_field", "field", True, missing)
        words = _words(printed)
        for field in self.fields:
            if words in {_words(field.name), _words(field.name_en), _words(field.code)}:
                return field, None
        near = [
            field
            for field in self.fields
            if _initials(field.name) == words.replace(" ", "") or words in _words(field.name)
        ]
        if len(near) == 1:
            sentence = _("Taken as “%(name)s”.") % {"name": near[0].name}
            return near[0], Doubt("field_taken", "field", False, sentence)
        sentence = _("There is no field of work “%(name)s”.") % {"name": printed}
        return default, Doubt("unknown_field", "field", default is None, sentence)

    def officer(self, printed: str) -> tuple[User | None, Doubt | None]:
        """The officer of that name or account; nobody when several have it."""
        if not printed.strip():
            return None, None
        words = _words(printed)
        found = [one for one in self.people if words in {_words(one.full_name), _words(one.username)}]
        if len(found) == 1:
            return found[0], None
        sentence = _("No tracking officer is called “%(name)s”; the row is imported without one.")
        return None, Doubt("unknown_watcher", "watcher", False, sentence % {"name": printed})

    def _headed(self, heading: str) -> Field | None:
        """The field that the nearest heading names, alone or behind other words."""
        for line in reversed(heading.split("\n")):
            words = f" {_words(line)} "
            named = [field for field in self.fields if f" {_words(field.name)} " in words]
            if named:
                return max(named, key=lambda field: len(field.name))
        return None


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _initials(name: str) -> str:
    return "".join(word[0] for word in _words(name).split())
