"""The lines that a leader reads first, made from the numbers of the page."""

import re
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.figures.overview import Overview
from tracker.figures.register import Row
from tracker.figures.targets import Plan
from tracker.judgement import Verdict

_LINK = re.compile(r"\[(.+?)\]\((\w+)\)")


@dataclass(frozen=True)
class Part:
    """A run of words; ``target`` names what it opens: late, decisions, plan, met, worst, or nothing."""

    text: str
    target: str = ""


def lead_line(page: Overview) -> list[Part]:
    """What is late and with whom, what waits for this person, whether the year's targets will be reached.

    Where no target can be judged: whether as much is completed as the deadlines ask for.
    """
    sentences = [_about_late(page), _about_decisions(page), _about_targets(page) or _about_plan(page)]
    return _parts(" ".join(filter(None, sentences)))


def _about_late(page: Overview) -> str:
    if not page.late:
        return _("No directive is overdue.")
    words = {"n": page.late, "agencies": _names(_heaviest(page.late_agencies))}
    if not page.late_agencies:
        text = ngettext(
            "[%(n)s directive is overdue](late), not assigned to any agency yet.",
            "[%(n)s directives are overdue](late), not assigned to any agency yet.",
            page.late,
        )
    elif len(page.late_agencies) == 1:
        text = ngettext(
            "[%(n)s directive is overdue](late), at %(agencies)s.",
            "[%(n)s directives are overdue](late), all at %(agencies)s.",
            page.late,
        )
    elif len(_heaviest(page.late_agencies)) <= 3:
        text = ngettext(
            "[%(n)s directive is overdue](late); at least half of the overdue assignments are at %(agencies)s.",
            "[%(n)s directives are overdue](late); at least half of the overdue assignments are at %(agencies)s.",
            page.late,
        )
    else:
        words["agencies"] = str(len(page.late_agencies))
        text = ngettext(
            "[%(n)s directive is overdue](late), spread over %(agencies)s agencies.",
            "[%(n)s directives are overdue](late), spread over %(agencies)s agencies.",
            page.late,
        )
    return text % words


def _about_decisions(page: Overview) -> str:
    count = len(page.decisions)
    if not page.may_decide or page.scope.is_past:
        return ""
    if not count:
        return _("Nothing waits for your decision.")
    text = ngettext(
        "[%(n)s matter waits for your decision](decisions).",
        "[%(n)s matters wait for your decision](decisions).",
        count,
    )
    return text % {"n": count}


def _about_targets(page: Overview) -> str:
    plan = page.plan
    if plan.upto is None or not plan.judged:
        return ""
    met, total = len(plan.with_verdict(Verdict.MET)), len(plan.rows)
    if plan.upto.year < page.scope.today.year:
        text = ngettext(
            "In %(year)s [%(met)s/%(total)s target was reached](met)%(rest)s.",
            "In %(year)s [%(met)s/%(total)s targets were reached](met)%(rest)s.",
            total,
        )
    else:
        text = ngettext(
            "By the year's end [%(met)s/%(total)s target](met) is expected to be reached%(rest)s.",
            "By the year's end [%(met)s/%(total)s targets](met) are expected to be reached%(rest)s.",
            total,
        )
    return text % {"year": plan.upto.year, "met": met, "total": total, "rest": _about_worst(plan)}


def _about_worst(plan: Plan) -> str:
    if plan.unsafe:
        name = Truncator(in_sentence(plan.unsafe[0].indicator.short_label)).chars(120)
        # Square brackets would read as the words of a link.
        name = name.replace("[", "(").replace("]", ")")
        return _("; the greatest worry is [%(name)s](worst)") % {"name": name}
    unknown = len(plan.rows) - len(plan.judged)
    if not unknown:
        return ""
    text = ngettext("; of %(n)s too little is known", "; of %(n)s too little is known", unknown)
    return text % {"n": unknown}


def in_sentence(name: str) -> str:
    """A name inside a sentence: “doanh thu ngành in”; what begins with capitals is an abbreviation and keeps them."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _about_plan(page: Overview) -> str:
    curve = page.curve
    if not curve.planned_by_now:
        return ""
    if curve.behind > 0:
        text = ngettext(
            "Against the year's plan [%(n)s directive too few](plan) is completed.",
            "Against the year's plan [%(n)s directives too few](plan) are completed.",
            curve.behind,
        )
    elif curve.behind < 0:
        text = ngettext(
            "The year's plan is exceeded [by %(n)s directive](plan).",
            "The year's plan is exceeded [by %(n)s directives](plan).",
            -curve.behind,
        )
    else:
        text = _("The year's plan [is kept](plan).")
    return text % {"n": abs(curve.behind)}


def _heaviest(rows: list[Row]) -> list[Row]:
    """The fewest agencies that hold at least half of the overdue assignments."""
    half, held, chosen = sum(row.late for row in rows) / 2, 0, []
    for row in rows:
        if held >= half:
            break
        held += row.late
        chosen.append(row)
    return chosen


def _names(rows: list[Row]) -> str:
    names = [row.name for row in rows]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _parts(text: str) -> list[Part]:
    """The words between the links and the links, in their order. Agencies' names hold no such brackets."""
    parts: list[Part] = []
    end = 0
    for match in _LINK.finditer(text):
        parts += [Part(text[end : match.start()]), Part(match[1], match[2])]
        end = match.end()
    return [part for part in [*parts, Part(text[end:])] if part.text]
