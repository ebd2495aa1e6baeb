"""What administrators keep, taken out: agencies, users, outgoing mail; and the calendar of reporting periods."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tracker.exports import sheet as cells
from tracker.exports.asking import Asked
from tracker.exports.sheet import Sheet, from_queryset, from_records
from tracker.figures.mail import mail_views
from tracker.figures.people import account_views, agency_views
from tracker.forms.base import TrackerForm
from tracker.forms.mail import MailFilter
from tracker.forms.people import PeopleFilter
from tracker.forms.periods import chosen_year
from tracker.models import Agency, Configuration, OutgoingMessage, ReportingPeriod, User
from tracker.tables.mail import MailTable
from tracker.tables.people import UserTable
from tracker.tables.periods import PeriodTable
from tracker.vietnamese.text import contains_forbidden

AGENCY_VIEWS = {
    "hien-hanh": gettext_lazy("In force"),
    "khong-nguoi": gettext_lazy("Nobody reports"),
    "can-kiem-tra": gettext_lazy("Name to be checked"),
    "het-hieu-luc": gettext_lazy("No longer in force"),
    "co-nguoi": gettext_lazy("With people who have an account"),
}
USER_VIEWS = {
    "dang-dung": gettext_lazy("In use"),
    "chua-kich-hoat": gettext_lazy("Never logged in"),
    "da-khoa": gettext_lazy("Locked"),
    "khong-dung": gettext_lazy("Not used for long"),
    "can-ra-soat": gettext_lazy("To review"),
    "con-dung": gettext_lazy("All that are not locked"),
    "tat-ca": gettext_lazy("All"),
}
MAIL_VIEWS = {
    "tat-ca": gettext_lazy("All"),
    "cho": pgettext_lazy("mail", "Waiting"),
    "can-xem": pgettext_lazy("mail", "Needs a look"),
    "da-gui": pgettext_lazy("mail", "Sent"),
    "khong-can": pgettext_lazy("mail", "Not needed any more"),
}
"""What the tabs of the pages are called."""


def agencies(asked: Asked) -> Sheet:
    """By bloc, then by name, as the page has them."""
    text = asked.data.get("q", "")[:200]
    text = "" if contains_forbidden(text) else text
    name, rows = _view(agency_views(asked.today), asked)
    found = rows.search(text) if text else rows
    found = sorted(
        found.select_related("merged_into").by_name(), key=lambda one: Agency.Bloc.values.index(one.bloc)
    )
    columns = [
        cells.index(_("No.")),
        cells.text(_("Name"), width=44),
        cells.text(_("Short name"), width=20),
        cells.text(_("Code"), width=12),
        cells.text(_("Bloc"), width=22),
        cells.text(_("Kind"), width=22),
        cells.text(_("Group of bodies"), width=10),
        cells.day(_("Valid from")),
        cells.day(_("Valid to")),
        cells.text(_("Merged into"), width=30).off_paper(),
        cells.text(_("How sure the name is"), width=14),
        cells.text(_("Basis and notes"), width=40).off_paper(),
        cells.number(_("People")),
        cells.number(_("Open work")),
    ]

    def read(one: Any) -> list[Any]:
        return [
            one.name,
            one.short_name,
            one.code,
            one.get_bloc_display(),
            one.kind,
            _("yes") if one.is_group else "",
            one.valid_from,
            one.valid_to,
            one.merged_into.name if one.merged_into else "",
            one.get_certainty_display(),
            one.certainty_note,
            one.people_count,
            one.open_work,
        ]

    filters = [(_("Group of rows"), str(AGENCY_VIEWS[name]))] + ([(_("Search"), text)] if text else [])
    rows = from_records(columns, found, read)
    return Sheet(_("Agencies"), columns, rows, len(found), asked.today, filters=filters)


def users(asked: Asked) -> Sheet:
    """Accounts and their rights, for the review that TCVN and Decree 53/2022 ask for. Personal data."""
    form = PeopleFilter(asked.data)
    name, rows = _view(account_views(form.cut(User.objects.all()), asked.now), asked)
    rows, order = UserTable.ordered(rows, asked.order)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Full name"), "full_name", 26),
        cells.text(_("Account name"), "username", 16),
        cells.text(_("Position"), "position", 26),
        cells.text(_("Agency"), "agency__name", 34),
        cells.choice(_("Role"), "role", User.Role.choices, 22),
        cells.text(_("Work e-mail"), "email", 28),
        cells.text(_("Telephone"), "phone", 16),
        cells.text(_("State"), "is_active", 14, lambda active: _("In use") if active else _("Locked")),
        cells.moment(_("Last log-in"), "last_login"),
        cells.moment(_("Account made"), "created_at"),
        cells.moment(_("Account reviewed"), "reviewed_at"),
    ]
    filters = [(_("Group of rows"), str(USER_VIEWS[name])), *_said(form), (_("Order"), order)]
    found = from_queryset(columns, rows)
    return Sheet(_("Users"), columns, found, rows.count(), asked.today, filters=filters)


def mail(asked: Asked) -> Sheet:
    """To whom, about what, what became of it; what a mail says is its receiver's alone. Personal data."""
    form = MailFilter(asked.data)
    name, rows = _view(mail_views(form.cut(OutgoingMessage.objects.all())), asked)
    rows, order = MailTable.ordered(rows, asked.order)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Person"), "user__full_name", 24),
        cells.text(_("Agency"), "user__agency__name", 30),
        cells.text(_("Address"), "address", 28),
        cells.choice(_("Kind"), "kind", OutgoingMessage.Kind.choices),
        cells.text(_("Message"), "subject", 44),
        cells.day(_("Of day"), "day"),
        cells.choice(_("State"), "status", OutgoingMessage.Status.choices),
        cells.number(_("Attempts"), "attempts"),
        cells.moment(_("Sent at"), "sent_at"),
        cells.text(_("What became of it"), "outcome", 40),
    ]
    filters = [(_("Group of rows"), str(MAIL_VIEWS[name])), *_said(form), (_("Order"), order)]
    found = from_queryset(columns, rows)
    return Sheet(_("Outgoing mail"), columns, found, rows.count(), asked.today, filters=filters)


def periods(asked: Asked) -> Sheet:
    """The calendar of a year with each period's window, sending days and state."""
    seen = ReportingPeriod.objects.visible_to(asked.user)
    years = sorted(set(seen.order_by().values_list("year", flat=True)))
    year = chosen_year(asked.data.get("nam"), years, asked.today.year)
    rows = seen.filter(year=year)
    kinds = set(rows.order_by().values_list("kind", flat=True))
    kind = asked.data.get("loai", "") if asked.data.get("loai") in kinds else ""
    rows, order = PeriodTable.ordered((rows.of_kind(kind) if kind else rows).for_list(), asked.order)
    found, soon = list(rows), Configuration.current().closing_soon_days
    columns = [
        cells.index(_("No.")),
        cells.text(_("Reporting period"), width=26),
        cells.text(_("Kind of period"), width=16),
        cells.day(_("Figures from")),
        cells.day(_("Figures close on")),
        cells.day(_("Agencies send by")),
        cells.day(_("The department sends by")),
        cells.text(_("State of the period"), width=18),
        cells.number(_("Revision")),
        cells.text(_("Closed by"), width=22),
        cells.moment(_("Closed at")),
    ]

    def read(period: ReportingPeriod) -> list[Any]:
        return [
            period.label,
            str(ReportingPeriod.Kind(period.kind).label),
            period.starts_on,
            period.ends_on,
            period.agencies_send_on,
            period.department_sends_on,
            str(period.state_on(asked.today, soon).label),
            period.revision,
            period.closed_by.full_name if period.closed_by else "",
            period.closed_at,
        ]

    filters = [(_("Year"), str(year))]
    if kind:
        filters.append((_("Kind of period"), str(ReportingPeriod.Kind(kind).label)))
    rows = from_records(columns, found, read)
    filters.append((_("Order"), order))
    return Sheet(_("Reporting periods"), columns, rows, len(found), asked.today, filters=filters)


def _view(views: Mapping[str, Any], asked: Asked) -> tuple[str, Any]:
    """The tab of the page that the address names; the first where it names none."""
    name = asked.data.get("xem", "")
    name = name if name in views else next(iter(views))
    return name, views[name]


def _said(form: TrackerForm) -> list[tuple[str, str]]:
    """What a form of filters could read, in words."""
    found = []
    for name, value in form.cleaned_data.items():
        if value:
            choices = (
                dict(getattr(form.fields[name], "choices", None) or ()) if isinstance(value, str) else {}
            )
            found.append((str(form.fields[name].label), str(choices.get(value, value))))
    return found
