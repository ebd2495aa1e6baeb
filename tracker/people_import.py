"""People read from a table (nhập người dùng): rows are checked by the same form as one account, then written together.

Reading the same table again changes nothing, so that a mended file is simply read in once more.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tracker.agency_directory import agency_directory
from tracker.appendices.directory import Directory
from tracker.appendices.reading import Table, Unreadable
from tracker.forms.people import AccountEditForm, AccountForm, free_account_name
from tracker.models import AccountLink, User
from tracker.vietnamese.text import fold

MOST_ROWS = 200
"""People of one table; a longer list is read in parts."""

LABELS = {
    "full_name": gettext_lazy("Full name"),
    "username": gettext_lazy("Account name"),
    "email": gettext_lazy("Work e-mail"),
    "phone": gettext_lazy("Telephone"),
    "agency": gettext_lazy("Agency"),
    "role": gettext_lazy("Role"),
    "position": gettext_lazy("Position"),
}
NEEDED = {"full_name", "agency", "role"}

_OTHER_HEADS = {
    "ho ten": "full_name",
    "tai khoan": "username",
    "email": "email",
    "e-mail": "email",
    "thu dien tu": "email",
    "so dien thoai": "phone",
    "don vi": "agency",
    "chuc danh": "position",
}
"""How offices also write these heads, folded."""

Values = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """One field of an account that is there already: what stands now and what the table says."""

    label: str
    old: str
    new: str


@dataclass
class Entry:
    """One line of the table: what it says, what is wrong with it, and what becomes of it."""

    number: int
    values: Values
    person: User | None = None
    problems: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        if self.problems:
            return "wrong"
        if self.person is None:
            return "new"
        return "changed" if self.differences else "same"


def read_people(tables: Iterable[Table]) -> list[tuple[int, Values]]:
    """The lines below the heads of the first table that has them. Raises ``Unreadable`` with a sentence."""
    heads = _heads()
    for table in tables:
        for place, row in enumerate(table.rows):
            columns = {
                at: heads[fold(cell).strip()] for at, cell in enumerate(row) if fold(cell).strip() in heads
            }
            if set(columns.values()) >= NEEDED:
                return _lines(table.rows, place + 1, columns)
    needed = ", ".join(str(LABELS[name]) for name in LABELS if name in NEEDED)
    raise Unreadable(
        _("No table with the columns %(columns)s was found. Use the template.") % {"columns": needed}
    )


def _heads() -> dict[str, str]:
    heads = dict(_OTHER_HEADS)
    for language, _name in settings.LANGUAGES:
        with override(language):
            heads |= {fold(str(label)): name for name, label in LABELS.items()}
    return heads


def _lines(rows: list[list[str]], first: int, columns: dict[int, str]) -> list[tuple[int, Values]]:
    lines = []
    for number, row in enumerate(rows[first:], start=first + 1):
        values = {name: " ".join(row[at].split()) for at, name in columns.items() if at < len(row)}
        if any(values.values()):
            lines.append((number, values))
    if not lines:
        raise Unreadable(_("There is nobody in the table."))
    if len(lines) > MOST_ROWS:
        text = _("The table names %(n)d people; at most %(most)d are read at once.")
        raise Unreadable(text % {"n": len(lines), "most": MOST_ROWS})
    return lines


def check(lines: Iterable[tuple[int, Values]]) -> list[Entry]:
    """What each line would do now. Nothing is written."""
    directory, roles = agency_directory(), _roles()
    entries = [Entry(number, values) for number, values in lines]
    taken: dict[tuple[str, str], int] = {}
    for entry in entries:
        _check(entry, directory, roles)
        if not entry.problems:
            _refuse_twice(entry, taken)
    return entries


@transaction.atomic
def apply(entries: Iterable[Entry], *, by: User, at: dt.datetime, with_mail: bool) -> list[AccountLink]:
    """Write the lines without a problem: new accounts each with a one-time link, and changes of the others."""
    links = []
    for entry in entries:
        if entry.state == "new":
            person = User.open_account(by=by, **entry.content)
            by_mail = with_mail and bool(person.email)
            links.append(AccountLink.make(person, by=by, at=at, by_mail=by_mail))
        elif entry.state == "changed" and entry.person:
            entry.person.edit_account(by=by, expected_version=entry.person.version, **entry.content)
    return links


def _check(entry: Entry, directory: Directory, roles: dict[str, str]) -> None:
    values = dict(entry.values)
    values["role"] = roles.get(fold(values.get("role", "")), values.get("role", ""))
    read = directory.read(values.get("agency", ""))
    if len(read.found) == 1 and not read.unknown and not read.needs_choice:
        values["agency"] = read.found[0].name
    entry.person = _known(entry, values)
    if entry.problems:
        return
    if entry.person and not entry.person.is_active:
        entry.problems.append(_("This account is locked: unlock it or leave the line out."))
        return
    form = _form(entry.person, values)
    if not form.is_valid():
        entry.problems += [error.text for error in form.error_list]
        return
    entry.content = form.content
    if entry.person:
        entry.differences = _differences(User.objects.get(pk=entry.person.pk), form.content)


def _known(entry: Entry, values: Values) -> User | None:
    """The account that the line means: by its name, else by the e-mail, else by the person's name in the agency."""
    username, email = values.get("username", ""), values.get("email", "")
    if username:
        return User.objects.filter(username__iexact=username).first()
    if email:
        return User.objects.filter(email__iexact=email).first()
    namesakes = User.objects.filter(
        full_name__iexact=values.get("full_name", ""), agency__name=values.get("agency", "")
    )[:2]
    if len(namesakes) > 1:
        entry.problems.append(_("Several people of this agency have this name: write the account name."))
    return namesakes[0] if namesakes else None


def _form(person: User | None, values: Values) -> AccountForm:
    """An empty cell leaves what is stored; a name that is not given is made from the full name."""
    if person is None:
        return AccountForm(values)
    stored = {name: getattr(person, name) for name in LABELS} | {"agency": person.agency.name}
    given = {name: text for name, text in values.items() if text}
    data = stored | given | {"version": person.version}
    return AccountEditForm(data, instance=User.objects.get(pk=person.pk))


def _differences(person: User, content: dict[str, Any]) -> list[Difference]:
    return [
        Difference(str(LABELS[name]), _shown(name, getattr(person, name)), _shown(name, content[name]))
        for name in LABELS
        if getattr(person, name) != content[name]
    ]


def _shown(name: str, value: Any) -> str:
    return str(User.Role(value).label) if name == "role" else str(value)


def _refuse_twice(entry: Entry, taken: dict[tuple[str, str], int]) -> None:
    """One account a name and an e-mail also within the table; a name that was made gets the next number."""
    if entry.person is None and not entry.values.get("username"):
        entry.content["username"] = _free(entry.content["full_name"], taken)
    for name in ("username", "email"):
        key = (name, entry.content[name].lower())
        if not key[1]:
            continue
        if key in taken:
            text = _("The same %(field)s stands in line %(line)d.")
            entry.problems.append(text % {"field": str(LABELS[name]).lower(), "line": taken[key]})
        taken.setdefault(key, entry.number)


def _free(full_name: str, taken: dict[tuple[str, str], int]) -> str:
    wanted = free_account_name(full_name)
    stem = wanted.rstrip("0123456789")
    start = int(wanted[len(stem) :] or 1)
    numbered = (f"{stem}{number}" for number in range(start + 1, start + MOST_ROWS + 1))
    return next(name for name in (wanted, *numbered) if ("username", name) not in taken)


def _roles() -> dict[str, str]:
    """Every way in which a role is written, folded → its value."""
    roles = {value: value for value in User.Role.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            roles |= {fold(str(label)): value for value, label in User.Role.choices}
    return roles
