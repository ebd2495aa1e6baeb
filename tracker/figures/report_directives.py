"""Part I of a report about work: the four official cells, both deadlines, the table by field, what is overdue."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tracker import report_words as words
from tracker.figures.counting import count_together
from tracker.figures.punctuality import Moved, moved_lists
from tracker.figures.register import Counted, Row, Share, count_by_field, late_directives
from tracker.figures.report_facts import FactBook, paragraph, table
from tracker.figures.report_scope import ReportScope
from tracker.linked_text import Block, Run, Runs
from tracker.models import Agency, Assignment, Cell, Obstacle, ProgressReport, Urging, UrgingRecipient
from tracker.models.standing import end_of
from tracker.report_words import fill, together
from tracker.templatetags.display import percent
from tracker.vietnamese.dates import format_date

CELLS = {
    Cell.DONE_ON_TIME: "hoàn thành đúng hạn",
    Cell.DONE_LATE: "hoàn thành quá hạn",
    Cell.DONE_NO_DEADLINE: "hoàn thành, không quy định thời hạn",
    Cell.OPEN_IN_TIME: "chưa hoàn thành, trong hạn",
    Cell.OPEN_OVERDUE: "chưa hoàn thành, quá hạn",
    Cell.OPEN_NO_DEADLINE: "chưa hoàn thành, không quy định thời hạn",
    Cell.STOPPED: "dừng thực hiện",
}


def about_directives(scope: ReportScope, book: FactBook, fields: Counted, number: int) -> list[Block]:
    """The paragraphs and the table, the report's ``number``-th, on all work; of an empty register one sentence."""
    row = fields.total
    if not row.total:
        said = fill(words.NO_DIRECTIVES, day=format_date(scope.as_of), year=str(scope.report_window.year))
        return [paragraph("directives.totals", said)]
    original = count_by_field(scope.against_original()).total
    lists = moved_lists(scope)
    counts = count_together(scope.user, times_urged=_urgings(scope), **lists)
    blocks = [paragraph("directives.totals", _totals(scope, book, row))]
    if row.due or original.due:
        blocks.append(paragraph("directives.punctual", _punctual(scope, book, row, original)))
    if counts[Moved.EXTENDED] or counts[Moved.ASKED]:
        blocks.append(paragraph("directives.moved", _moved(scope, book, counts)))
    if counts["times_urged"] and scope.only_field is None:
        url = f"{reverse('urging_list')}?{urlencode(_urging_query(scope))}"
        run = book.count("urgings", counts["times_urged"], url, "số lượt đôn đốc trong kỳ")
        blocks.append(paragraph("directives.urged", fill(words.URGED, urgings=run)))
    return [*blocks, table_by_field(scope, book, fields, number)]


def count_rows(scope: ReportScope, book: FactBook, key: str, number: int, says: str, **filters: str) -> Run:
    """A number of directives with the address of exactly these."""
    day = format_date(scope.as_of)
    return book.count(key, number, scope.list_of(**filters), f"số nhiệm vụ {says}, tính đến ngày {day}")


def _totals(scope: ReportScope, book: FactBook, row: Row) -> Runs:
    cells = {
        str(cell): count_rows(scope, book, f"tasks.{cell}", row.cells[cell], says, o=str(cell))
        for cell, says in CELLS.items()
    }
    stopped = cells.pop(str(Cell.STOPPED))
    return fill(
        words.TOTALS,
        day=format_date(scope.as_of),
        year=str(scope.report_window.year),
        scope=_whose(scope),
        total=count_rows(scope, book, "tasks.total", row.total, "được giao theo dõi"),
        done=count_rows(scope, book, "tasks.done", row.done, "đã hoàn thành", o="done"),
        open=count_rows(scope, book, "tasks.open", row.open, "chưa hoàn thành", o="open"),
        done_share=_share(scope, book, "tasks.done_share", row.done_of_all, "đã hoàn thành", o="done"),
        denominator=words.OF_ALL_BUT_STOPPED if row.cells[Cell.STOPPED] else words.OF_ALL,
        stopped=fill(words.STOPPED, stopped=stopped) if row.cells[Cell.STOPPED] else "",
        **cells,
    )


def _whose(scope: ReportScope) -> str:
    """Of what the register was narrowed to."""
    if scope.only_field:
        return f" thuộc lĩnh vực {scope.only_field.name}"
    return f" do {name_of(scope.only_agency)} chủ trì" if scope.only_agency else ""


def _share(scope: ReportScope, book: FactBook, key: str, share: Share, says: str, **filters: str) -> Run:
    """A percentage whose two numbers stand beside it; without a denominator a dash."""
    told = f"tỷ lệ {says}: {share.numerator}/{share.denominator} nhiệm vụ"
    return book.figure(key, percent(share.percent), scope.list_of(**filters), told)


def _punctual(scope: ReportScope, book: FactBook, row: Row, original: Row) -> Runs:
    of_original: Any = scope.against_original()
    now, then = row.on_time_of_due, original.on_time_of_due
    on_time, due = {"o": str(Cell.DONE_ON_TIME)}, {"o": "due"}
    says = "đúng hạn theo hạn giao ban đầu"
    return fill(
        words.PUNCTUAL,
        due=count_rows(scope, book, "tasks.due", row.due, "đến hạn", **due),
        on_time=count_rows(scope, book, "tasks.on_time", now.numerator, "hoàn thành đúng hạn", **on_time),
        share=_share(scope, book, "tasks.on_time_share", now, "hoàn thành đúng hạn", **on_time),
        original_due=count_rows(
            of_original, book, "original.due", then.denominator, "đến hạn theo hạn giao ban đầu", **due
        ),
        original_on_time=count_rows(of_original, book, "original.on_time", then.numerator, says, **on_time),
        original_share=_share(of_original, book, "original.share", then, says, **on_time),
    )


def _moved(scope: ReportScope, book: FactBook, counts: dict[str, int]) -> Runs:
    def run(key: str, choice: Moved, says: str) -> Run:
        return count_rows(scope, book, key, counts[choice], says, han=choice.value)

    asked = run("tasks.asking", Moved.ASKED, "đang đề nghị gia hạn")
    if not counts[Moved.EXTENDED]:
        return fill(words.ASKED_ALONE, asked=asked)
    often = run("tasks.often", Moved.OFTEN, "gia hạn từ ba lần trở lên")
    return fill(
        words.MOVED,
        extended=run("tasks.extended", Moved.EXTENDED, "đã được gia hạn"),
        often=fill(words.OFTEN, often=often) if counts[Moved.OFTEN] else "",
        asked=fill(words.ASKED, asked=asked) if counts[Moved.ASKED] else "",
    )


# Urgings of the period


def _urgings(scope: ReportScope) -> Any:
    window = scope.report_window
    rows = Urging.objects.visible_to(scope.user).sent_in(window.starts_on, window.ends_on)
    if scope.only_agency is None:
        return rows
    return rows.with_recipient(UrgingRecipient.objects.filter(agency=scope.only_agency))


def _urging_query(scope: ReportScope) -> dict[str, str]:
    found = {"kbc": scope.report_window.code}
    return found | {"cq": scope.only_agency.code} if scope.only_agency else found


# The table by field


def table_by_field(scope: ReportScope, book: FactBook, fields: Counted, number: int) -> Block:
    """Directives by field and standing; refused in a sentence when its cells do not add up."""
    if fields.table is None:
        return paragraph("directives.refused", [{"t": words.TABLE_REFUSED}])
    total = fields.total
    columns = [key for key in words.STANDINGS if key not in words.RARE or total.standings[key]]
    rows: list[list[str | Run]] = []
    for row in fields.rows:
        numbers = _numbers(scope, book, row, columns, lv=row.code)
        rows.append([row.name, *numbers])
    rows.append([words.TOTAL, *_numbers(scope, book, total, columns)])
    return table(
        "fields",
        words.numbered(number, words.FIELDS_CAPTION),
        ["Lĩnh vực", words.TOTAL, *(words.STANDINGS[key] for key in columns)],
        rows,
        "l" + "r" * (len(columns) + 1),
        [28, *[72 // (len(columns) + 1)] * (len(columns) + 1)],
    )


def _numbers(
    scope: ReportScope, book: FactBook, row: Row, columns: list[str], **filters: str
) -> list[str | Run]:
    code = row.code or "total"
    whose = f" ({row.name})" if row.name else ""
    found: list[str | Run] = [
        count_rows(scope, book, f"fields.{code}.total", row.total, f"được giao{whose}", **filters)
    ]
    for key in columns:
        says = f"“{words.STANDINGS[key]}”{whose}"
        number = row.standings[key]
        found.append(count_rows(scope, book, f"fields.{code}.{key}", number, says, tt=key, **filters))
    return found


# What is overdue


def late_rows(scope: ReportScope) -> list[Any]:
    """The overdue directives, the oldest deadline first, with why and when last urged; one query."""
    moment = end_of(scope.as_of)
    obstacles = Obstacle.objects.standing().filter(directive=OuterRef("pk"), raised_at__lt=moment)
    told = ProgressReport.objects.confirmed().filter(
        assignment__directive=OuterRef("pk"), as_of_on__lte=scope.as_of
    )
    urged = Urging.objects.filter(directives=OuterRef("pk"), at__lt=moment).order_by("-at", "-pk")
    leading = Assignment.objects.leading().active().filter(directive=OuterRef("pk"))
    rows = late_directives(scope).select_related("lead")
    return list(
        rows.annotate(
            obstacle=Subquery(
                obstacles.order_by("needed_by", "pk").values(
                    found=JSONObject(what="description", cause="cause")
                )[:1]
            ),
            told=Subquery(told.exclude(obstacles="").newest_first().values("obstacles")[:1]),
            leading=ArraySubquery(leading.order_by().values("agency")),
            urged=Subquery(urged.values(found=JSONObject(grade="grade", at="at"))[:1]),
        ).order_by(F("due_then").asc(), "pk")
    )


def about_late(scope: ReportScope, book: FactBook, late: list[Any], number: int) -> list[Block]:
    """Section 3 of part I: the overdue directives one by one."""
    if not late:
        return [paragraph("late.none", [{"t": words.NO_LATE}])]
    run = count_rows(scope, book, "tasks.late", len(late), "quá hạn chưa hoàn thành", tt="late")
    rows = [_late_row(scope, book, row) for row in late]
    return [
        paragraph("late.count", fill(words.LATE, late=run, table=str(number))),
        table(
            "late",
            words.numbered(number, words.LATE_CAPTION),
            words.LATE_HEAD,
            rows,
            "lllcrll",
            [10, 26, 16, 11, 8, 17, 12],
        ),
    ]


def _late_row(scope: ReportScope, book: FactBook, row: Any) -> list[str | Run]:
    days = (scope.as_of - row.due_then).days
    url = row.get_absolute_url()
    return [
        book.figure(f"late.{row.code}.code", row.code, url, "mã nhiệm vụ"),
        row.official_title,
        lead_of(row),
        format_date(row.due_then),
        book.figure(f"late.{row.code}.days", str(days), url, f"số ngày quá hạn của nhiệm vụ {row.code}"),
        _reason(row),
        _last_urging(row),
    ]


def lead_of(row: Any) -> str:
    """Who leads, as letters name the body; printed words where nobody was chosen."""
    return name_of(row.lead) if row.lead else row.lead_printed


def name_of(agency: Agency) -> str:
    """As letters call it: the committee of a district (“UBND huyện Giao Thủy”), not the district itself."""
    is_district = agency.bloc == Agency.Bloc.DISTRICT
    return agency.short_name if is_district and agency.short_name else agency.name


def _reason(row: Any) -> str:
    """The obstacle with its cause, else what the newest confirmed report says holds it up."""
    if row.obstacle:
        return f"{in_a_sentence(row.obstacle['what'])}; nguyên nhân: {in_a_sentence(row.obstacle['cause'])}"
    return in_a_sentence(row.told) if row.told else words.NO_REASON


def _last_urging(row: Any) -> str:
    if not row.urged:
        return words.NOT_URGED
    at = dt.datetime.fromisoformat(row.urged["at"])
    return f"{Urging.Grade(row.urged['grade']).label}, {format_date(timezone.localdate(at))}"


def in_a_sentence(text: str) -> str:
    """Somebody's words inside a sentence: no line ends, no full stop."""
    return " ".join(text.split()).rstrip(" .")


def late_by_lead(scope: ReportScope, book: FactBook, late: list[Any]) -> Runs:
    """“UBND huyện Ý Yên (2), Báo Nam Định (1)”: the most first. A group's work counts for each of its members too."""
    leads = {row.lead.pk: row.lead for row in late if row.lead}
    counts = {pk: sum(pk == row.lead_id or pk in row.leading for row in late) for pk in leads}
    parts: list[Runs] = []
    for pk, count in sorted(counts.items(), key=lambda each: (-each[1], leads[each[0]].sort_key)):
        lead = leads[pk]
        says = f"quá hạn chưa hoàn thành do {name_of(lead)} chủ trì"
        run = count_rows(scope, book, f"late.lead.{lead.code}", count, says, tt="late", ct=lead.code)
        parts.append(fill("{name} ({n})", name=name_of(lead), n=run))
    return together(parts)
