"""Parts II to IV of a report: what fell short and why, the work of the next period, what is asked of whom."""

from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import urlencode

from tracker import report_words as words
from tracker.figures.completeness import ASKED, Handing, judged
from tracker.figures.punctuality import Moved, moved
from tracker.figures.register import NOT_DONE, Counted, count_by_field
from tracker.figures.report_directives import count_rows, in_a_sentence, late_by_lead, lead_of, name_of
from tracker.figures.report_facts import FactBook, paragraph, table
from tracker.figures.report_scope import ReportScope, following
from tracker.figures.report_targets import Goals, indicator_address
from tracker.figures.sentence import in_sentence
from tracker.judgement import Verdict
from tracker.linked_text import Block, Run, Runs
from tracker.models import Cell, Directive, Obstacle, ProgressReport, ReportingPeriod
from tracker.models.standing import end_of
from tracker.report_words import fill, together
from tracker.vietnamese.dates import format_date


def load_obstacles(scope: ReportScope) -> list[Obstacle]:
    """What held up work of the report on its day, what is needed first on top."""
    moment = end_of(scope.as_of)
    rows = Obstacle.objects.visible_to(scope.user).filter(raised_at__lt=moment)
    rows = rows.filter(Q(solved_at=None) | Q(solved_at__gte=moment))
    rows = rows.filter(directive__in=scope.directives().order_by().values("pk"))
    return list(rows.for_list().order_by("needed_by", "pk"))


# II. Shortcomings


def shortcomings(
    scope: ReportScope,
    book: FactBook,
    goals: Goals | None,
    late: list[Any] | None,
    obstacles: list[Obstacle] | None,
) -> list[Block]:
    """From what is overdue, unsure, silent and held up; None leaves a part out. Nothing to say gives no blocks."""
    blocks = []
    if late:
        run = count_rows(scope, book, "tasks.late", len(late), "quá hạn chưa hoàn thành", tt="late")
        template = words.LATE_ALONE if scope.only_agency else words.LATE_AT
        agencies = [] if scope.only_agency else late_by_lead(scope, book, late)
        blocks.append(paragraph("short.late", fill(template, late=run, agencies=agencies)))
    blocks += [
        paragraph("short.silent", runs) for runs in [_silent(scope, book)] if late is not None and runs
    ]
    blocks += [paragraph("short.unsure", runs) for runs in [_unsure(scope, book, goals)] if runs]
    if obstacles:
        blocks.append(paragraph("short.obstacles", [{"t": words.OBSTACLES_HEADING}]))
        blocks += [_obstacle(book, one) for one in obstacles]
    return blocks


def _silent(scope: ReportScope, book: FactBook) -> Runs:
    """Of the report's own period; nothing before the day by which agencies send."""
    window = scope.report_window
    if scope.today <= window.agencies_send_on:
        return []
    rows = judged(scope, window).order_by()
    counts = dict.fromkeys(Handing, 0)
    for handing in rows.values_list("handing", flat=True):
        counts[Handing(handing)] += 1
    asked = sum(counts[state] for state in ASKED)
    if not counts[Handing.MISSING] and not counts[Handing.LATE]:
        return []

    def run(key: str, number: int, says: str, choice: str) -> Run:
        told = f"số lượt giao {says} kỳ {window.label_in_text}"
        return book.count(f"reports.{key}", number, _assignments(scope, choice), told)

    late = run("late", counts[Handing.LATE], "gửi báo cáo chậm", Handing.LATE)
    said = fill(
        words.SILENT,
        period=window.label_in_text,
        missing=run("missing", counts[Handing.MISSING], "chưa gửi báo cáo", Handing.MISSING),
        asked=run("asked", asked, "phải báo cáo", "asked"),
    )
    return together([said, fill(words.SENT_LATE, late=late) if counts[Handing.LATE] else ""], "")


def _assignments(scope: ReportScope, choice: str) -> str:
    query = {"kbc": scope.report_window.code, "nop": str(choice)}
    if scope.only_field:
        query["lv"] = scope.only_field.code
    if scope.only_agency:
        query["cq"] = scope.only_agency.code
    return f"{reverse('assignment_list')}?{urlencode(query)}"


def _unsure(scope: ReportScope, book: FactBook, goals: Goals | None) -> Runs:
    """The targets that will hardly be reached, the worst first."""
    unsafe = [row for row in goals.plan.unsafe if row in goals.rows] if goals else []
    parts: list[Runs] = []
    for row in unsafe:
        name = in_sentence(row.indicator.name)
        url = indicator_address(row, scope.report_window)
        code = book.figure(f"{row.indicator.code}.code", row.indicator.code, url, "mã chỉ tiêu")
        risk = "khó đạt" if row.verdict == Verdict.OFF else "có nguy cơ"
        parts.append(fill("{name} ({code}, {risk})", name=name, code=code, risk=risk))
    return fill(words.UNSURE, names=together(parts, "; ")) if parts else []


def _obstacle(book: FactBook, one: Obstacle) -> Block:
    said = fill(
        words.OBSTACLE,
        code=_named(book, one.directive),
        title=in_a_sentence(one.directive.official_title),
        what=in_a_sentence(one.description),
        cause=in_a_sentence(one.cause),
    )
    return paragraph(f"short.obstacle.{one.pk}", said)


def _named(book: FactBook, directive: Directive) -> Run:
    """A directive's code, linked to its page."""
    return book.figure(f"{directive.code}.code", directive.code, directive.get_absolute_url(), "mã nhiệm vụ")


# III. The next period


def next_work(
    scope: ReportScope, ahead: ReportScope, book: FactBook, fields: Counted, number: int
) -> list[Block]:
    """What is overdue, what falls due in the next legal window, what goes on. ``number`` is its table's.

    ``ahead`` is the same cut on the very day of the figures, which may lie after the report's own period.
    """
    blocks = []
    late = fields.total.late
    if late:
        run = count_rows(scope, book, "tasks.late", late, "quá hạn chưa hoàn thành", tt="late")
        blocks.append(paragraph("next.late", fill(words.FINISH_LATE, late=run)))
    window = following(scope.report_window)
    if window:
        blocks += _due_next(ahead, book, window, number)
    total = fields.total if ahead is scope else count_by_field(ahead).total
    ongoing = total.cells[Cell.OPEN_NO_DEADLINE]
    if ongoing:
        says = "chưa hoàn thành, không quy định thời hạn"
        run = count_rows(ahead, book, "next.ongoing", ongoing, says, o=str(Cell.OPEN_NO_DEADLINE))
        blocks.append(paragraph("next.ongoing", fill(words.GOING_ON, ongoing=run)))
    return blocks


def _due_next(ahead: ReportScope, book: FactBook, window: ReportingPeriod, number: int) -> list[Block]:
    # The whole register: what falls due in the next window may lie beyond the report's year.
    everything = ahead.in_period(None)
    rows = list(
        everything.directives()
        .filter(cell__in=NOT_DONE, due_then__range=(window.starts_on, window.ends_on))
        .select_related("lead")
        .order_by(F("due_then").asc(), "pk")
    )
    if not rows:
        return []
    says = f"đến hạn trong {window.label_in_text}"
    said = fill(
        words.DUE_NEXT,
        period=window.label_in_text,
        start=format_date(window.starts_on),
        end=format_date(window.ends_on),
        due=count_rows(everything, book, "next.due", len(rows), says, o="open", kbc=window.code),
        table=str(number),
    )
    lines: list[list[str | Run]] = [
        [str(place), row.official_title, lead_of(row), format_date(row.due_then)]
        for place, row in enumerate(rows, 1)
    ]
    caption = words.numbered(number, words.NEXT_CAPTION)
    return [
        paragraph("next.due", said),
        table("next", caption, words.NEXT_HEAD, lines, "rllc", [7, 55, 24, 14]),
    ]


# IV. Recommendations


def recommendations(scope: ReportScope, book: FactBook, obstacles: list[Obstacle]) -> list[Block]:
    """What somebody else must solve, extensions asked for, proposals in confirmed reports of the period."""
    blocks = [_asked(book, one) for one in obstacles if one.solver is None or not one.solver.is_department]
    asking = moved(scope.directives(), Moved.ASKED, scope).count()
    if asking:
        run = count_rows(scope, book, "tasks.asking", asking, "đang đề nghị gia hạn", han=Moved.ASKED.value)
        blocks.append(paragraph("ask.extensions", fill(words.ASK_EXTENSIONS, asked=run)))
    return [*blocks, *(_proposal(book, report) for report in _proposals(scope))]


def _asked(book: FactBook, one: Obstacle) -> Block:
    said = fill(
        words.ASK_BODY,
        body=name_of(one.solver) if one.solver else one.solver_outside,
        day=format_date(one.needed_by),
        what=in_sentence(in_a_sentence(one.description)),
        cause=in_sentence(in_a_sentence(one.cause)),
        code=_named(book, one.directive),
    )
    return paragraph(f"ask.obstacle.{one.pk}", said)


def _proposals(scope: ReportScope) -> list[ProgressReport]:
    window = scope.report_window
    rows = ProgressReport.objects.visible_to(scope.user).confirmed().exclude(proposal="")
    rows = rows.filter(as_of_on__range=(window.starts_on, min(window.ends_on, scope.as_of)))
    rows = rows.filter(assignment__directive__in=scope.directives().order_by().values("pk"))
    return list(rows.select_related("agency", "assignment__directive").order_by("as_of_on", "pk"))


def _proposal(book: FactBook, report: ProgressReport) -> Block:
    said = fill(
        words.PROPOSAL,
        agency=name_of(report.agency),
        what=in_sentence(in_a_sentence(report.proposal)),
        code=_named(book, report.assignment.directive),
    )
    return paragraph(f"ask.proposal.{report.pk}", said)


def empty(key: str, sentence: str) -> list[Block]:
    """The one paragraph of a part that has nothing to say: it says so."""
    return [paragraph(f"{key}.none", [{"t": sentence}])]
