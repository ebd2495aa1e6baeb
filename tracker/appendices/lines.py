"""The lines of one table, each with its class: heading, task, part of a task, the rest of a text, or noise."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tracker.appendices.cells import (
    Number,
    in_our_letters,
    is_in_capitals,
    key,
    one_line,
    read_number,
    split_number,
)
from tracker.appendices.columns import Layout
from tracker.appendices.directory import Directory
from tracker.appendices.reading import Doubt, Role, RowClass
from tracker.appendices.targets import read_target
from tracker.vietnamese.deadlines import read_deadline
from tracker.vietnamese.text import fold

HEADING, TASK, SUB_ITEM = RowClass.HEADING, RowClass.TASK, RowClass.SUB_ITEM
CONTINUATION, NOISE = RowClass.CONTINUATION, RowClass.NOISE


@dataclass
class Line:
    """A line of a table while its neighbours are read; texts that go on below are added to its ``parts``."""

    number: int
    row_class: RowClass
    parts: dict[Role, list[str]]
    index: Number | None = None
    parent: int | None = None
    heading: str = ""
    doubts: list[Doubt] = field(default_factory=list)

    def cells(self, directory: Directory) -> dict[Role, str]:
        return {role: _joined(role, parts, directory) for role, parts in self.parts.items()}


def lines_of(
    rows: list[list[str]], layout: Layout, *, directory: Directory, year: int, first: int = 1
) -> list[Line]:
    """The lines of a table that are not empty; ``first`` is the number of its first line."""
    reader = _Reader(layout, directory, year)
    begins = layout.head[0] if layout.head else 0
    for at, row in enumerate(rows):
        if not any(row):
            continue
        if at < begins or at in layout.head or layout.repeats(row):
            reader.noise(first + at, row)
        else:
            reader.read(first + at, row, rows[at + 1 : at + 2])
    return reader.lines


class _Reader:
    """Reads the lines of a table from top to bottom."""

    def __init__(self, layout: Layout, directory: Directory, year: int) -> None:
        self.layout, self.directory, self.year = layout, directory, year
        self.lines: list[Line] = []
        self.has_index = "index" in layout.roles
        self.has_content = "content" in layout.roles
        self.headings: list[tuple[str, str]] = []
        self.last: Line | None = None
        self.tasks: dict[str, Line] = {}
        self.task: Line | None = None
        self.is_over = False

    def noise(self, number: int, row: Iterable[str]) -> None:
        text = " ".join(dict.fromkeys(cell for cell in row if cell))
        self.lines.append(Line(number, NOISE, {"content": [text]} if text else {}))

    def read(self, number: int, row: list[str], following: list[list[str]]) -> None:
        cells = self._by_role(row)
        index = read_number(in_our_letters(cells.get("index", "")))
        if not self.has_content or self._is_noise(row, cells, index):
            self.noise(number, row)
        elif index is None and cells.get("index"):
            self._labelled(number, row, cells)
        elif index is None and not self.has_index:
            self._unnumbered_table(number, cells)
        elif index is None:
            self._without_number(number, cells)
        else:
            self._numbered(number, row, cells, index, following)

    # what a line is

    def _by_role(self, row: list[str]) -> dict[Role, str]:
        """The cells by role; an “x” below the name of a body says that name."""
        cells: dict[Role, str] = {}
        for at, text in enumerate(row[: len(self.layout.roles)]):
            role = self.layout.roles[at]
            if text and (body := self.layout.bodies.get(at)):
                role, text = _marked(text, body, role)
            if role and text:
                cells[role] = f"{cells[role]}\n{text}" if role in cells else text
        return cells

    def _is_noise(self, row: list[str], cells: dict[Role, str], index: Number | None) -> bool:
        filled = [cell for cell in row if cell]
        opening = fold(one_line(filled[0])).lower()
        if _is_numbering(filled):
            return True
        if index is not None and cells.keys() == {"index"} and len(filled) == 1:
            return True  # numbered in advance, never filled in
        if index is not None and not index.is_heading:
            self.is_over = False
            return False
        content = fold(one_line(cells.get("content", ""))).lower()
        if _TOTAL.match(opening) or _TOTAL.match(content):
            return len(opening) < _LONGEST_TOTAL and not self._has_body(cells)
        if index is None and (_SIGNATURE.match(opening) or _SIGNATURE.match(content)):
            self.is_over = bool(self.tasks) or self.is_over
            return True
        return self.is_over and index is None and not ("content" in cells and self._is_described(cells))

    def _is_described(self, cells: dict[Role, str]) -> bool:
        """The line names a body, a deadline or a target: it is work, whatever its number looks like."""
        target, _doubts = read_target(in_our_letters(cells.get("target", "")), cells.get("unit", ""))
        if self._has_body(cells) or (target and target.operator):
            return True
        read = read_deadline(in_our_letters(one_line(cells.get("deadline", ""))), self.year)
        return bool(read.rule_code) and not read.question_code

    def _has_body(self, cells: dict[Role, str]) -> bool:
        return bool(self.directory.read(in_our_letters(cells.get("lead", ""))).found)

    def _numbered(
        self, number: int, row: list[str], cells: dict[Role, str], index: Number, following: list[list[str]]
    ) -> None:
        if self._is_repeated(cells, index):
            self._goes_on(number, cells)
        elif index.is_heading and not self._is_described(cells):
            self._heading(number, index, [cell for cell in row if cell][1:])
        elif index.style in {"item", "mark"} and self.task:
            own = index.style == "item" or self._is_described(cells)
            if own:
                self._add(number, SUB_ITEM, cells, index, self.task)
            else:
                self._goes_on(number, cells)
        elif index.depth > 1 and (above := self._above(index)):
            self._add(number, SUB_ITEM, cells, index, above)
        elif index.depth == 1 and self._only_heads(index, cells, following):
            self._heading(number, index, [cells["content"]])
        else:
            self._add(number, TASK, cells, index)

    def _labelled(self, number: int, row: list[str], cells: dict[Role, str]) -> None:
        """Words in the column of numbers: a heading over the whole width, a text with its number, or a label."""
        label = cells["index"]
        index, rest = split_number(in_our_letters(label))
        if cells.keys() != {"index"}:
            self._add(number, TASK if "content" in cells else NOISE, cells, None)
        elif index and index.is_heading:
            self._heading(number, index, [rest])
        elif index:
            self._numbered(number, row, {"index": index.text, "content": rest}, index, [])
        elif is_in_capitals(label) or _HEADING.match(fold(label).lower()) or self.directory.knows(label):
            self._heading(number, None, [label])
        else:
            self.noise(number, row)

    def _without_number(self, number: int, cells: dict[Role, str]) -> None:
        """No number: the rest of the line above, unless it has a body or deadline and a text of its own."""
        text = in_our_letters(cells.get("content", ""))
        if self.last is None and not text:
            self.noise(number, cells.values())
        elif self.last is None or (
            self.last.row_class is HEADING and not self._continues_heading(text, cells)
        ):
            self._unheaded(number, cells, text)
        elif (
            text and self.last.row_class is not HEADING and self._is_described(cells) and not _continues(text)
        ):
            is_listed = bool(_LISTED.match(text))
            doubt = Doubt("no_number", "index", False, _("The row has no number."))
            self._add(number, SUB_ITEM if is_listed else TASK, cells, None, self.task if is_listed else None)
            self.lines[-1].doubts.append(doubt)
        else:
            self._goes_on(number, cells)

    def _unnumbered_table(self, number: int, cells: dict[Role, str]) -> None:
        """A table without a column of numbers: they stand before the text, or nowhere."""
        index, text = split_number(in_our_letters(cells.get("content", "")))
        if index and index.style != "mark":
            cells = cells | {"content": text, "index": index.text}
            self._numbered(number, list(cells.values()), cells, index, [])
        elif not text or (self.last and cells.keys() == {"content"} and _continues(text)):
            if self.last:
                self._goes_on(number, cells)
            else:
                self.noise(number, cells.values())
        else:
            self._unheaded(number, cells, text)

    def _unheaded(self, number: int, cells: dict[Role, str], text: str) -> None:
        alone = cells.keys() <= {"content"}
        is_heading = is_in_capitals(text) or _HEADING.match(fold(text).lower()) or self.directory.knows(text)
        if alone and is_heading:
            self._heading(number, None, [text])
        elif text:
            self._add(number, TASK, cells, None)
        else:
            self.noise(number, cells.values())

    def _continues_heading(self, text: str, cells: dict[Role, str]) -> bool:
        """Words of a heading that were broken over two lines."""
        if self.last is None or self._is_described(cells):
            return False
        return _continues(text) or (
            is_in_capitals(text) and is_in_capitals(self.last.heading.rpartition("\n")[2])
        )

    def _is_repeated(self, cells: dict[Role, str], index: Number) -> bool:
        """The same number and text again right below: cells merged downwards, or a row over two pages."""
        last = self.last
        if last is None or last.index != index or last.row_class is HEADING:
            return False
        return last.parts.get("content", [])[:1] == [cells.get("content", "")] and "content" in cells

    def _only_heads(self, index: Number, cells: dict[Role, str], following: list[list[str]]) -> bool:
        """“1” with nothing but words above “1.1” with a body: a heading with an Arabic number."""
        if cells.keys() != {"index", "content"} or not following:
            return False
        below = self._by_role(following[0])
        number = read_number(below.get("index", ""))
        return number is not None and number.above == index.text and self._is_described(below)

    def _above(self, index: Number) -> Line | None:
        """The task that “11.10” is a part of, whatever stands between."""
        text = index.above if index.above else re.sub(r"[a-zđ]$", "", index.text)
        while text:
            if found := self.tasks.get(text):
                return found
            text = text.rpartition(".")[0]
        return self.tasks.get(re.sub(r"[a-zđ]$", "", index.text))

    # what becomes of it

    def _add(
        self,
        number: int,
        row_class: RowClass,
        cells: dict[Role, str],
        index: Number | None,
        above: Line | None = None,
    ) -> None:
        line = Line(number, row_class, {role: [text] for role, text in cells.items()}, index)
        line.parent = above.number if above else None
        line.heading = "\n".join(text for _style, text in self.headings)
        self.lines.append(line)
        if row_class is NOISE:
            return
        self.last = line
        self.task = line if row_class is TASK else above or self.task
        if row_class is TASK and index:
            self.tasks[index.text] = line

    def _heading(self, number: int, index: Number | None, texts: list[str]) -> None:
        """A new section: it ends the sections of its own kind and those inside them."""
        style = index.style if index else "words"
        styles = [one for one, _text in self.headings]
        if style in styles:
            del self.headings[styles.index(style) :]
        text = one_line(in_our_letters(" ".join(dict.fromkeys(texts))))
        self.headings.append((style, text))
        parts = {"index": [index.text]} if index else {}
        line = Line(number, HEADING, parts | {"content": [text]}, index)
        line.heading = "\n".join(one for _style, one in self.headings)
        self.lines.append(line)
        self.last, self.task, self.tasks = line, None, {}

    def _goes_on(self, number: int, cells: dict[Role, str]) -> None:
        """Add the texts to the line that they continue; that line keeps them, this one shows where they stood."""
        last = self.last
        if last is None:
            self._add(number, TASK if "content" in cells else NOISE, cells, None)
            return
        shown = {role: [text] for role, text in cells.items()}
        self.lines.append(Line(number, CONTINUATION, shown, None, last.number, last.heading))
        for role, text in cells.items():
            parts = last.parts.setdefault(role, [])
            if role != "index" and text not in parts:
                parts.append(text)
        if last.row_class is HEADING and (more := cells.get("content")):
            style, text = self.headings[-1]
            self.headings[-1] = (style, one_line(f"{text} {more}"))
            last.heading = "\n".join(one for _style, one in self.headings)


# the words

_LONGEST_TOTAL = 60
_TOTAL = re.compile(r"(?:tong(?: cong| so)?|cong)(?: (?:nhiem vu|chi tieu|so))*(?::|$| \d)")
_SIGNATURE = re.compile(
    r"noi nhan|luu:|(?:tm|kt|tl|tuq|q)\.\s?\S|ghi chu:|nguoi lap|lap bieu|thu truong|\./\.|luu y:"
    r"|\(?ky(?:,|$| (?:ten|ghi)\b)"
    r"|\(\*\)|\* ghi chu"
    r"|(?:chu tich|pho chu tich|giam doc|pho giam doc|chanh van phong)$"
    r"|[\w ]{2,30}, ngay [\d.… ]* ?thang [\d.… ]* ?nam"
)
_HEADING = re.compile(r"(?:phan|nhom|linh vuc|muc|chuong|nhiem vu trong tam)\b(?=.{0,150}$)")
_LISTED = re.compile(r"[-–+•*]|[a-zđ]\)")
_MARKS = {"x", "v", "✓", "✔", "√", "☑", "●", "*", "+"}


def _continues(text: str) -> bool:
    """The text does not begin a sentence of its own."""
    return not text or text[0].islower() or text[0] in ",;.)]”/&"


def _is_numbering(filled: list[str]) -> bool:
    """The line “(1) (2) (3)” or “A B 1 2” under a head."""
    if len(filled) < 3 or any(len(cell) > 12 for cell in filled):
        return False
    digits = [found[0] for cell in filled if (found := re.findall(r"\d+", cell)[:1])]
    if (
        len(digits) < len(filled) - 2
        or len(digits) < 2
        or any(not re.match(r"[\[(]?[\dA-Z]", one) for one in filled)
    ):
        return False
    numbers = [int(one) for one in digits]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in {1, 2, 3}


def _marked(text: str, body: str, role: Role) -> tuple[Role, str]:
    """What a cell in the column of one body says: “x” in its name, “CT” it leads, “PH” it helps."""
    said = key(text) or text.strip()
    if said in _MARKS:
        return role, body
    if said in {"ct", "chu tri"}:
        return "lead", body
    if said in {"ph", "phoi hop"}:
        return "coordinate", body
    return role, text


def _joined(role: Role, parts: list[str], directory: Directory) -> str:
    """Texts that stood in several lines. Names broken over two lines become whole where that makes a known one."""
    if role not in {"lead", "coordinate"}:
        return (" " if role in {"deadline", "unit", "target", "code"} else "\n").join(parts)
    joined = parts[0]
    for part in parts[1:]:
        is_whole = directory.knows(joined.rpartition("\n")[2]) and directory.knows(part)
        joined = f"{joined}{chr(10) if is_whole else ' '}{part}"
    return joined
