"""The steps of an official report: submit, take back, return, approve, sign, send, revise, give up."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker import clock, papers
from tracker.models import StaleVersion
from tracker.once import once
from tracker.paper_steps import STEPS
from tracker.permissions import holds, require
from tracker.views.periodic_reports import cannot_be_printed, find_report, report_crumbs, status_of

_BY_SLUG = {step.slug: step for step in STEPS}


@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step. What was read is what is decided on: a report that has changed since is read again first."""
    user, report, chosen = request.user, find_report(request.user, pk), _BY_SLUG.get(step)
    if chosen is None:
        raise Http404
    require(holds(user, chosen.act, report))
    if request.method != "POST" and not chosen.may(user, report):
        messages.warning(request, _("Somebody else has taken this step, or another one, meanwhile."))
        return redirect(report)

    form = chosen.form(request.POST if request.method == "POST" else None, report=report)
    if form.is_valid():
        try:
            after = chosen.take(report, user, form.cleaned_data, clock.today())
        except papers.MissingGlyph as missing:
            form.add_error(None, cannot_be_printed(missing))
        except StaleVersion as stale:
            stale.message = _(
                "The report has changed since you opened it. Read it as it stands now, then decide."
            )
            form.add_error(None, stale)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, chosen.done)
            return redirect(after)
    context = {
        "report": report,
        "step": chosen,
        "form": form,
        "crumbs": [*report_crumbs(), (report.period.label, report.get_absolute_url()), (chosen.title, "")],
    }
    return render(request, "periodic_reports/step.html", context, status=status_of(form))
