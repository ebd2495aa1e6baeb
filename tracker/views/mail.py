"""Outgoing mail (thư đi) for administrators: what became of each message, and sending one again."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tracker import clock
from tracker.figures.mail import mail_counts, mail_views
from tracker.forms.mail import MailFilter
from tracker.htmx import render_page
from tracker.models import OutgoingMessage, OutgoingRun, WrongStep
from tracker.once import once
from tracker.permissions import can_manage_mail, require
from tracker.tables.mail import MailTable
from tracker.views.registers import asked

TABS = [
    ("tat-ca", gettext_lazy("All")),
    ("cho", pgettext_lazy("mail", "Waiting")),
    ("can-xem", pgettext_lazy("mail", "Needs a look")),
    ("da-gui", pgettext_lazy("mail", "Sent")),
    ("khong-can", pgettext_lazy("mail", "Not needed any more")),
]


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Kind, subject, address and outcome of each message; what it says is its receiver's alone."""
    require(can_manage_mail(request.user))

    filters = MailFilter(request.GET)
    rows = filters.cut(OutgoingMessage.objects.all())
    views, counts = mail_views(rows), mail_counts(request.user, rows)
    view = request.GET.get("xem")
    view = view if view in views else TABS[0][0]
    table = MailTable.show(views[view].for_list(), **asked(request), total=counts[view])
    now, run = clock.now(), OutgoingRun.last()
    context = {
        "table": table,
        "page": table.page,
        "filters": filters,
        "view": view,
        "tabs": [(key, label, counts[key]) for key, label in TABS],
        "run": run,
        "is_silent": run.is_silent(now),
        "is_on": settings.MAIL_IS_ON,
        "today": now.date(),
    }
    return render_page(request, "mail/list.html", "mail/_results.html", context)


@require_POST
@once
def mail_send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a message tried anew that was given up, or of which nobody knows whether it arrived."""
    require(can_manage_mail(request.user))

    message = get_object_or_404(OutgoingMessage.objects.for_list(), pk=pk)
    try:
        message.send_again(by=request.user, at=clock.now())
    except WrongStep as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        text = _("The message to %(name)s is tried again with the next run.")
        messages.success(request, text % {"name": message.user.full_name})
    return redirect(f"{reverse('mail_list')}?xem=can-xem")
