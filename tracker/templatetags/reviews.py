"""How a progress report reads to its reviewer: what to look at, and what is new since last time."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.templatetags.measurements import doubt_in_words, figure_value, questions_short

register = template.Library()


@dataclass(frozen=True)
class Doubt:
    """One thing to look at: a few words for the queue, a sentence for the report."""

    short: str
    sentence: str


@register.filter
def doubts(report: Any, today: dt.date) -> list[Doubt]:
    """The warnings of a report in words."""
    return [_WORDS[code](report, today) for code in report.warnings(today)]


def _with_reason(sentence: str, reason: str) -> str:
    return (
        _("%(sentence)s The agency writes: %(reason)s") % {"sentence": sentence, "reason": reason}
        if reason
        else sentence
    )


def _percent_fell(report: Any, today: dt.date) -> Doubt:
    points = report.percent_before - report.percent
    short = ngettext("%(n)s point lower", "%(n)s points lower", points) % {"n": points}
    sentence = _("Completion fell from %(before)s%% to %(now)s%%.") % {
        "before": report.percent_before,
        "now": report.percent,
    }
    return Doubt(short, _with_reason(sentence, report.decrease_reason))


def _no_evidence(report: Any, today: dt.date) -> Doubt:
    return Doubt(_("No evidence"), _("The report has no evidence attached."))


def _overdue(report: Any, today: dt.date) -> Doubt:
    days = (today - report.assignment.due_on).days
    short = ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}
    sentence = ngettext(
        "The work is %(n)s day overdue and not completed.",
        "The work is %(n)s days overdue and not completed.",
        days,
    )
    return Doubt(short, sentence % {"n": days})


def _asks_pause(report: Any, today: dt.date) -> Doubt:
    return Doubt(_("Asks to pause"), _with_reason(_("The agency asks to pause the work."), report.obstacles))


def _asks_stop(report: Any, today: dt.date) -> Doubt:
    return Doubt(_("Asks to stop"), _with_reason(_("The agency asks to stop the work."), report.obstacles))


def _no_output(report: Any, today: dt.date) -> Doubt:
    sentence = _("Completion is reported without an output document.")
    return Doubt(_("No output document"), _with_reason(sentence, report.no_output_reason))


def _done_late(report: Any, today: dt.date) -> Doubt:
    days = (report.completed_on - report.assignment.due_on).days
    short = ngettext("Completed %(n)s day late", "Completed %(n)s days late", days) % {"n": days}
    sentence = ngettext(
        "The completion date lies %(n)s day after the deadline.",
        "The completion date lies %(n)s days after the deadline.",
        days,
    )
    return Doubt(short, sentence % {"n": days})


def _full_but_open(report: Any, today: dt.date) -> Doubt:
    return Doubt(
        _("100% but not completed"), _("100% is reported, but the work is not reported as completed.")
    )


def _figures(report: Any, today: dt.date) -> Doubt:
    doubtful = [entry for entry in report.figure_entries if entry.is_doubtful]
    if len(doubtful) == 1:
        short = f"{doubtful[0].label} {doubt_in_words(doubtful[0])}"
    else:
        short = questions_short(len(doubtful))
    return Doubt(short, "\n".join(_figure_sentence(entry, report) for entry in doubtful))


def _figure_sentence(entry: Any, report: Any) -> str:
    now, before = (figure_value(figure, entry.indicator) for figure in (entry.figure, entry.before))
    sentence = _("%(name)s: %(now)s, in the period before %(before)s (%(doubt)s).") % {
        "name": entry.label,
        "now": now,
        "before": before,
        "doubt": doubt_in_words(entry),
    }
    if any(question.answered_at is None for question in entry.questions):
        sentence += " " + _(
            "The question about it is still open: it has to be answered before the report counts."
        )
    return _with_reason(sentence, entry.figure.explanation or report.obstacles)


_WORDS = {
    "figures": _figures,
    "percent_fell": _percent_fell,
    "no_evidence": _no_evidence,
    "overdue": _overdue,
    "asks_pause": _asks_pause,
    "asks_stop": _asks_stop,
    "no_output": _no_output,
    "done_late": _done_late,
    "full_but_open": _full_but_open,
}


@dataclass(frozen=True)
class Piece:
    """A run of sentences that stood in the last confirmed report too, or that is new."""

    text: str
    is_new: bool


@register.simple_tag
def changes(text: str, before: str) -> list[Piece]:
    """The text in pieces; nothing is marked where nothing was kept, as all of it is then new."""
    known = {sentence.strip() for sentence in _sentences(before)}
    pieces: list[Piece] = []
    for sentence in _sentences(text):
        is_new = sentence.strip() not in known
        if pieces and pieces[-1].is_new == is_new:
            pieces[-1] = Piece(pieces[-1].text + sentence, is_new)
        else:
            pieces.append(Piece(sentence, is_new))
    return pieces if any(not piece.is_new for piece in pieces) else [Piece(text, is_new=False)]


def _sentences(text: str) -> list[str]:
    """Sentences with the space after them, so that joining them gives the text again."""
    return re.findall(r".+?(?:[.;!?…](?=\s)\s*|\n+|$)", text, re.DOTALL)
