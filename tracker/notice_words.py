"""What a notice says (lời thông báo) in the language of who reads it: its sentence, who said it, what can be done."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from tracker.exports.lists import LISTS
from tracker.models import Directive, Notice, Urging
from tracker.models.period_names import period_name
from tracker.templatetags.display import day, percent, quantity, weekday_date

Kind = Notice.Kind

LONGEST_TITLE, LONGEST_QUOTE = 140, 240

_CHANGES = {
    "paused": gettext_lazy("Paused: %(title)s"),
    "resumed": gettext_lazy("Goes on: %(title)s"),
    "stopped": gettext_lazy("Stopped: %(title)s"),
    "withdrawn": gettext_lazy("Withdrawn: %(title)s"),
    "restored": gettext_lazy("Restored: %(title)s"),
    "reopened": gettext_lazy("Reopened: %(title)s"),
    "transferred": gettext_lazy("Transferred to another agency: %(title)s"),
    "extended": gettext_lazy("Deadline extended, %(before)s → %(after)s: %(title)s"),
    "deadline_corrected": gettext_lazy("Deadline corrected, %(before)s → %(after)s: %(title)s"),
}

_ACTIONS = {
    Kind.RETURNED: pgettext_lazy("notice", "Correct"),
    Kind.FIGURE_RETURNED: pgettext_lazy("notice", "Correct"),
    Kind.PAPER_SUBMITTED: pgettext_lazy("notice", "Read and decide"),
    Kind.PAPER_RETURNED: pgettext_lazy("notice", "Correct"),
    Kind.EXTENSION_ASKED: pgettext_lazy("notice", "Decide"),
    Kind.DATE_PROPOSED: pgettext_lazy("notice", "Answer"),
    Kind.DUE: pgettext_lazy("notice", "Report"),
    Kind.LATE: pgettext_lazy("notice", "Report"),
    Kind.SILENT: pgettext_lazy("notice", "Report"),
    Kind.CLOSING: pgettext_lazy("notice", "Report"),
    Kind.TO_REVIEW: pgettext_lazy("notice", "Review"),
}
"""What the button says; everything else is simply opened."""


def title(notice: Notice) -> str:
    """The sentence itself, as plain text. Days of the notice's own year are written without the year."""
    return _SENTENCES[notice.kind](notice)


def detail(notice: Notice, today: dt.date) -> str:
    """Who said it, on which work, until when; parts joined by a middle dot."""
    if notice.kind in Notice.DAILY:
        parts = [_("Reminder by the system")]
    else:
        parts = [_who(notice), notice.directive.code if notice.directive else "", *_facts(notice, today)]
    if notice.for_person:
        parts.append(_("in place of %(name)s") % {"name": notice.for_person.full_name})
    return " · ".join(part for part in parts if part)


def action(notice: Notice) -> tuple[str, str]:
    """What the button says and where it leads."""
    label = _ACTIONS.get(Kind(notice.kind), pgettext_lazy("notice", "See"))
    if notice.words.get("answer_due_on") and notice.kind in {Kind.URGED, Kind.INSTRUCTED}:
        label = _ACTIONS[Kind.DATE_PROPOSED]
    return str(label), notice.url


def heading(told_on: dt.date, today: dt.date) -> str:
    """Under which heading of the page a day stands: today, yesterday, this week, last week, its month."""
    monday = today - dt.timedelta(days=today.weekday())
    if told_on >= today:
        return _("Today, %(day)s") % {"day": day(told_on, today)}
    if told_on == today - dt.timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": day(told_on, today)}
    if told_on >= monday:
        return _("This week")
    if told_on >= monday - dt.timedelta(days=7):
        return _("Last week")
    return period_name("month", told_on.year, told_on.month)


# Parts of sentences


def _who(notice: Notice) -> str:
    """A person of one's own agency or of the department by name; returned and confirmed by the agency that did it."""
    if notice.by is None:
        return ""
    if notice.kind in {Kind.RETURNED, Kind.CONFIRMED, Kind.FIGURE_RETURNED, Kind.FIGURE_CONFIRMED}:
        return notice.by.agency.label
    return notice.by.full_name


def _facts(notice: Notice, today: dt.date) -> list[str]:
    """What stands beside the sentence: days and reasons."""
    words = notice.words
    facts = []
    if words.get("cooperating"):
        facts.append(_("co-operating"))
    for name, sentence in (
        ("due_on", _("deadline %(day)s")),
        ("fix_by", _("correct by %(day)s")),
        ("answer_due_on", _("answer by %(day)s")),
        ("review_on", _("looked at again on %(day)s")),
    ):
        if words.get(name):
            facts.append(sentence % {"day": _day(words[name], today)})
    if words.get("document"):
        facts.append(words["document"])
    if words.get("after_deadline"):
        facts.append(_("asked after the deadline"))
    if words.get("reason"):
        facts.append(_quoted(words["reason"]))
    return facts


def _about(notice: Notice) -> str:
    directive: Directive | None = notice.directive
    return _cut(directive.label, LONGEST_TITLE) if directive else ""


def _quoted(text: str) -> str:
    return f"“{_cut(text, LONGEST_QUOTE)}”"


def _cut(text: str, length: int) -> str:
    return Truncator(" ".join(text.split())).chars(length)


def _with_quote(sentence: str, text: str) -> str:
    return f"{sentence} – {_quoted(text)}" if text.strip() else sentence


def _day(iso: str | None, today: dt.date) -> str:
    return day(dt.date.fromisoformat(iso), today) if iso else _("no deadline")


# The sentences, in the order of the kinds


def _assigned(notice: Notice) -> str:
    words = notice.words
    if count := words.get("handed_over"):
        text = ngettext(
            "You take over %(n)s task of %(name)s", "You take over %(n)s tasks of %(name)s", count
        )
        return text % {"n": quantity(count), "name": words["from"]}
    sentence = _("Newly assigned: %(title)s")
    if words.get("again"):
        sentence = _("Assigned again: %(title)s")
    if words.get("in_charge"):
        sentence = _("You are in charge: %(title)s")
    return sentence % {"title": _about(notice)}


def _returned(notice: Notice) -> str:
    return _with_quote(_("Returned: %(title)s") % {"title": _about(notice)}, notice.words["note"])


def _confirmed(notice: Notice) -> str:
    words = {"title": _about(notice), "percent": percent(notice.words["percent"], 0)}
    if notice.words.get("completed"):
        return _("Completion confirmed: %(title)s") % words
    return _("Confirmed: %(title)s, %(percent)s complete") % words


def _figure_returned(notice: Notice) -> str:
    return _with_quote(_("Figure returned: %(name)s, %(period)s") % _figure(notice), notice.words["note"])


def _figure_confirmed(notice: Notice) -> str:
    return _("Figure confirmed: %(name)s, %(period)s") % _figure(notice)


def _figure(notice: Notice) -> dict[str, str]:
    words = notice.words
    name = words["name_en"] if get_language() == "en" and words.get("name_en") else words["name"]
    period = words.get("period_name") or period_name(*words["period"])
    return {"name": _cut(name, LONGEST_TITLE), "period": period[:1].lower() + period[1:]}


def _declined(notice: Notice) -> str:
    return _("%(agency)s declines: %(title)s") % {"agency": _agency(notice), "title": _about(notice)}


def _agency(notice: Notice) -> str:
    return notice.assignment.agency.label if notice.assignment else ""


def _changed(notice: Notice) -> str:
    words = notice.words
    facts = {"title": _about(notice)}
    if "before" in words:
        facts |= {name: _day(words[name], notice.day) for name in ("before", "after")}
    return str(_CHANGES[words["step"]]) % facts


def _instructed(notice: Notice) -> str:
    """Under the leader's post, as people here speak of them: “Giám đốc Sở giao: …”."""
    who = notice.by.position or notice.by.full_name if notice.by else ""
    return _("%(who)s instructs: %(text)s") % {"who": who, "text": _cut(notice.words["text"], LONGEST_QUOTE)}


def _answered(notice: Notice) -> str:
    words = {"title": _about(notice)}
    return _with_quote(_("Your instruction is answered: %(title)s") % words, notice.words["answer"])


def _urged(notice: Notice) -> str:
    what = _cut(notice.words["lacks"], LONGEST_QUOTE)
    if notice.words["grade"] == Urging.Grade.REMIND:
        return _("Urged: %(what)s") % {"what": what}
    return f"{Urging.Grade(notice.words['grade']).label}: {what}"


def _urging_answered(notice: Notice) -> str:
    agency = notice.by.agency.label if notice.by else ""
    return _with_quote(_("%(agency)s has answered the urging") % {"agency": agency}, notice.words["answer"])


def _extension_asked(notice: Notice) -> str:
    words = {name: _day(notice.words[name], notice.day) for name in ("before", "after")}
    return _("%(agency)s asks for an extension, %(before)s → %(after)s: %(title)s") % (
        words | {"agency": _agency(notice), "title": _about(notice)}
    )


def _extension_decided(notice: Notice) -> str:
    words = {"title": _about(notice), "day": _day(notice.words["day"], notice.day)}
    granted = _("Extension approved until %(day)s: %(title)s") % words
    refused = _("Extension refused: %(title)s") % words
    return _with_quote(granted if notice.words["granted"] else refused, notice.words["note"])


def _date_proposed(notice: Notice) -> str:
    words = {name: _day(notice.words[name], notice.day) for name in ("proposed", "asked")}
    sentence = _("%(proposed)s proposed as deadline instead of %(asked)s: %(title)s")
    return _with_quote(sentence % (words | {"title": _about(notice)}), notice.words["note"])


def _proposal_answered(notice: Notice) -> str:
    words = {"agency": _agency(notice), "title": _about(notice), "day": _day(notice.words["day"], notice.day)}
    accepted = _("%(agency)s accepts the deadline %(day)s: %(title)s") % words
    declined = _("%(agency)s does not accept the deadline %(day)s: %(title)s") % words
    return _with_quote(accepted if notice.words["accepted"] else declined, notice.words["note"])


def _paper_submitted(notice: Notice) -> str:
    return _("An official report waits for your approval: %(title)s") % _paper(notice)


def _paper_returned(notice: Notice) -> str:
    return _with_quote(_("Official report returned: %(title)s") % _paper(notice), notice.words["note"])


def _paper_approved(notice: Notice) -> str:
    return _("Official report approved: %(title)s") % _paper(notice)


def _paper_signed(notice: Notice) -> str:
    return _("Official report signed, number %(number)s: %(title)s") % _paper(notice)


def _paper(notice: Notice) -> dict[str, str]:
    return {"title": _cut(notice.words["title"], LONGEST_TITLE), "number": notice.words["number"]}


def _deputy(notice: Notice) -> str:
    who = notice.by.full_name if notice.by else ""
    words = {name: _day(notice.words[name], notice.day) for name in ("starts_on", "ends_on")}
    return _("You read the messages of %(name)s from %(starts_on)s to %(ends_on)s") % (words | {"name": who})


def _export_made(notice: Notice) -> str:
    """Under the name of the list in the reader's language."""
    words = {"list": LISTS[notice.words["list"]].title, "n": quantity(notice.words["rows"])}
    if notice.words["failed"]:
        return _("The file could not be made: %(list)s") % words
    return (
        ngettext(
            "The file is ready: %(list)s, %(n)s row",
            "The file is ready: %(list)s, %(n)s rows",
            notice.words["rows"],
        )
        % words
    )


# The morning's: how many, and the day that matters most


def _due(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext("%(n)s task is due on %(day)s", "%(n)s tasks are due, the first on %(day)s", count)
    return text % _counted(notice)


def _late(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext(
        "%(n)s task is overdue, since %(day)s", "%(n)s tasks are overdue, the oldest since %(day)s", count
    )
    return text % _counted(notice)


def _silent(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext(
        "%(n)s task has had no report since %(day)s",
        "%(n)s tasks have had no report for long, the oldest since %(day)s",
        count,
    )
    return text % _counted(notice)


def _not_received(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext(
        "%(n)s assignment of %(day)s has not been received",
        "%(n)s assignments have not been received, the oldest of %(day)s",
        count,
    )
    return text % _counted(notice)


def _to_review(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext(
        "%(n)s report has waited %(days)s working days for review",
        "%(n)s reports wait for review, the longest for %(days)s working days",
        count,
    )
    return text % {"n": quantity(count), "days": quantity(notice.words["days"])}


def _to_decide(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext(
        "%(n)s request for an extension waits for you", "%(n)s requests for an extension wait for you", count
    )
    return text % {"n": quantity(count)}


def _closing(notice: Notice) -> str:
    count = notice.words["count"]
    if notice.words.get("figures"):
        text = ngettext(
            "%(n)s figure has to be entered by %(day)s", "%(n)s figures have to be entered by %(day)s", count
        )
        return text % _counted(notice, "send_by")
    text = ngettext(
        "%(n)s task has to be reported on by %(day)s", "%(n)s tasks have to be reported on by %(day)s", count
    )
    return text % _counted(notice, "send_by")


def _answer_due(notice: Notice) -> str:
    count = notice.words["count"]
    text = ngettext(
        "%(n)s answer to an urging is due on %(day)s",
        "%(n)s answers to urgings are due, the first on %(day)s",
        count,
    )
    return text % _counted(notice)


def _escalated(notice: Notice) -> str:
    count, agencies = notice.words["count"], notice.words["agencies"]
    text = ngettext("%(n)s task is long overdue", "%(n)s tasks are long overdue", count)
    where = ngettext("in %(n)s agency", "in %(n)s agencies", agencies)
    return f"{text % {'n': quantity(count)}}, {where % {'n': quantity(agencies)}}"


def _week(notice: Notice) -> str:
    words: dict[str, Any] = notice.words
    parts = [
        ngettext("%(n)s directive overdue", "%(n)s directives overdue", words["late"]),
        ngettext("%(n)s agency behind", "%(n)s agencies behind", words["late_agencies"]),
        ngettext("%(n)s decision waits for you", "%(n)s decisions wait for you", words["decisions"]),
        ngettext("%(n)s target at risk", "%(n)s targets at risk", words["at_risk"]),
        ngettext("%(n)s report waits for review", "%(n)s reports wait for review", words["waiting"]),
    ]
    counts = (words[name] for name in ("late", "late_agencies", "decisions", "at_risk", "waiting"))
    said = [part % {"n": quantity(count)} for part, count in zip(parts, counts, strict=True) if count]
    return pgettext("notice", "The week: %(counts)s") % {"counts": "; ".join(said)}


def _counted(notice: Notice, name: str = "first") -> dict[str, str]:
    told = dt.date.fromisoformat(notice.words[name])
    return {"n": quantity(notice.words["count"]), "day": weekday_date(told, notice.day)}


_SENTENCES: dict[str, Callable[[Notice], str]] = {
    Kind.ASSIGNED: _assigned,
    Kind.RETURNED: _returned,
    Kind.CONFIRMED: _confirmed,
    Kind.FIGURE_RETURNED: _figure_returned,
    Kind.FIGURE_CONFIRMED: _figure_confirmed,
    Kind.DECLINED: _declined,
    Kind.CHANGED: _changed,
    Kind.INSTRUCTED: _instructed,
    Kind.ANSWERED: _answered,
    Kind.URGED: _urged,
    Kind.URGING_ANSWERED: _urging_answered,
    Kind.EXTENSION_ASKED: _extension_asked,
    Kind.EXTENSION_DECIDED: _extension_decided,
    Kind.DATE_PROPOSED: _date_proposed,
    Kind.PROPOSAL_ANSWERED: _proposal_answered,
    Kind.PAPER_SUBMITTED: _paper_submitted,
    Kind.PAPER_RETURNED: _paper_returned,
    Kind.PAPER_APPROVED: _paper_approved,
    Kind.PAPER_SIGNED: _paper_signed,
    Kind.DEPUTY: _deputy,
    Kind.EXPORT_MADE: _export_made,
    Kind.DUE: _due,
    Kind.LATE: _late,
    Kind.SILENT: _silent,
    Kind.NOT_RECEIVED: _not_received,
    Kind.TO_REVIEW: _to_review,
    Kind.TO_DECIDE: _to_decide,
    Kind.CLOSING: _closing,
    Kind.ANSWER_DUE: _answer_due,
    Kind.ESCALATED: _escalated,
    Kind.WEEK: _week,
}
"""Every kind has its sentence; tests/test_notice_words.py walks them."""
