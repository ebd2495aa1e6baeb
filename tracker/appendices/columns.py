"""Which column of a table holds what: from the words of its head, or without one from what stands in the cells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tracker.appendices.cells import in_our_letters, key, read_number
from tracker.appendices.directory import Directory
from tracker.appendices.reading import Kind, Role
from tracker.appendices.targets import read_target
from tracker.vietnamese.deadlines import read_deadline

HEADERS: dict[Role, tuple[str, ...]] = {
    "index": ("STT", "TT", "Số TT", "Số thứ tự", "Thứ tự", "Số"),
    "code": ("Mã", "Mã nhiệm vụ", "Mã chỉ tiêu"),
    "content": (
        "Nội dung nhiệm vụ",
        "Nội dung",
        "Tên nhiệm vụ",
        "Nhiệm vụ",
        "Công việc",
        "Nội dung công việc",
        "Nhiệm vụ, giải pháp",
        "Nhiệm vụ cụ thể",
        "Nhiệm vụ được giao",
        "Nội dung thực hiện",
        "Nội dung nhiệm vụ / Trích yếu văn bản",
        "Nội dung chỉ đạo",
        "Tên công việc",
        "Tên chỉ tiêu",
        "Các chỉ tiêu",
        "Chỉ tiêu",
        "Tên đề án",
    ),
    "lead": (
        "Cơ quan chủ trì",
        "Đơn vị chủ trì",
        "Cơ quan, đơn vị chủ trì",
        "Chủ trì",
        "Đơn vị thực hiện",
        "Cơ quan thực hiện",
        "Cơ quan, đơn vị thực hiện",
        "Chủ đầu tư",
        "Cơ quan chủ trì theo dõi, đánh giá",
        "Cơ quan chủ trì thực hiện",
        "Đơn vị chủ trì thực hiện",
        "Phân công thực hiện",
        "Đơn vị được giao",
        "Cơ quan được giao",
        "Cơ quan, đơn vị",
    ),
    "coordinate": (
        "Cơ quan phối hợp",
        "Đơn vị phối hợp",
        "Cơ quan, đơn vị phối hợp",
        "Phối hợp",
        "Cơ quan phối hợp thực hiện",
        "Phối hợp thực hiện",
    ),
    "deadline": (
        "Thời gian hoàn thành",
        "Thời hạn hoàn thành",
        "Thời gian",
        "Thời hạn",
        "Thời điểm",
        "Hạn xử lý",
        "Hạn hoàn thành",
        "Hạn",
        "Thời gian thực hiện",
        "Thời hạn thực hiện",
        "Tiến độ",
        "Tiến độ hoàn thành",
        "Thời gian, tiến độ hoàn thành",
        "Thời gian trình",
        "Thời gian kết thúc",
        "Ngày hoàn thành",
        "Ngày kết thúc",
        "Đến ngày",
        "Từ ngày đến ngày",
        "Từ đến",
    ),
    "product": (
        "Sản phẩm / Kết quả",
        "Sản phẩm, kết quả",
        "Sản phẩm (kết quả)",
        "Sản phẩm",
        "Kết quả",
        "Kết quả, sản phẩm",
        "Văn bản sản phẩm đầu ra",
        "Sản phẩm đầu ra",
        "Kết quả đầu ra",
        "Kết quả thực hiện / Sản phẩm đầu ra",
        "Sản phẩm dự kiến",
        "Dự kiến sản phẩm",
        "Hình thức văn bản",
    ),
    "note": ("Ghi chú",),
    "source_up": ("Văn bản cấp trên giao", "Văn bản giao nhiệm vụ", "Văn bản giao", "Căn cứ"),
    "source_party": (
        "Văn bản chỉ đạo của Đảng uỷ",
        "Văn bản chỉ đạo của cấp ủy",
        "Văn bản chỉ đạo của Đảng",
    ),
    "watcher": (
        "Chuyên viên theo dõi",
        "Chuyên viên VP tham mưu / theo dõi",
        "Người theo dõi",
        "Cán bộ theo dõi",
        "Chuyên viên",
    ),
    "field": ("Lĩnh vực",),
    "unit": ("Đơn vị tính", "ĐVT", "Đơn vị"),
    "target": (
        "Kế hoạch",
        "Kế hoạch giao",
        "Mục tiêu",
        "Chỉ tiêu giao",
        "Chỉ tiêu kế hoạch",
        "Giai đoạn",
        "Kết quả",
    ),
}
"""What heads of columns say, in the order of preference where two columns say the same."""

ENGLISH: dict[Role, tuple[str, ...]] = {
    "index": ("No.", "Number"),
    "code": ("Code",),
    "content": ("Task as printed", "Task", "Directive", "Indicator", "Indicator as printed"),
    "lead": ("Lead agency",),
    "coordinate": ("Co-operating agencies", "Cooperating agencies"),
    "deadline": ("Time of completion", "Deadline"),
    "product": ("Product", "Output or result"),
    "note": ("Note",),
    "source_up": ("Assigning document",),
    "watcher": ("Tracking officer",),
    "field": ("Field of work",),
    "unit": ("Unit", "Unit of measure"),
    "target": ("Target", "Plan"),
}
"""What our own lists say when they are taken out in English."""

_MANY = {"lead", "coordinate", "product", "note", "source_up", "source_party"}
"""Roles that several columns may have: their texts are joined."""
_YEARS = re.compile(r"\b(?:nam )?(?:19|20)\d\d(?: (?:19|20)\d\d)*\b")
_OTHERWISE = "tien do thuc hien"
"""A head that begins like others and means something else."""
_POINT = "(?:(?:ngay|thang|thoi (?:gian|diem|han)) )?"
_STARTS = re.compile(rf"{_POINT}(?:bat dau|khoi cong|giao$)|tu(?: ngay| thang| nam)?$")
_ENDS = re.compile(rf"{_POINT}(?:hoan thanh|ket thuc)|den\b")
_UNITS = {"don vi tinh", "dvt", "unit of measure"}
_LONGEST_HEAD = 120
_HIGHEST = 3  # lines of a head
_FIRST_LINES = 40  # among which the head stands


def _by_kind() -> dict[Kind, dict[str, Role]]:
    roles: dict[Kind, dict[str, Role]] = {}
    for kind in Kind:
        only = {"target", "unit"} if kind is Kind.DIRECTIVES else {"product"}
        roles[kind] = {
            key(said): role
            for heads in (ENGLISH, HEADERS)
            for role, sayings in heads.items()
            if role not in only
            for said in sayings
        }
    roles[Kind.DIRECTIVES]["don vi"] = "lead"
    return roles


_ROLES = _by_kind()
_RANK = {
    key(said): place
    for sayings in (*ENGLISH.values(), *HEADERS.values())
    for place, said in enumerate(sayings)
}


@dataclass(frozen=True)
class Layout:
    """How a table is built: the role of each column, the lines of its head, columns that stand for one body."""

    roles: list[Role]
    head: tuple[int, ...] = ()
    bodies: dict[int, str] = field(default_factory=dict)
    said: tuple[tuple[str, ...], ...] = ()
    named: int = 0
    """How many columns the head names, those that are not read included; a longer head must name more."""

    def repeats(self, line: Sequence[str]) -> bool:
        """A line of the head printed again, as on each page; cells may be merged there otherwise."""
        filled = [(at, key(text)) for at, text in enumerate(line) if text]
        return len(filled) > 1 and any(
            all(at < len(head) and head[at] == text for at, text in filled) for head in self.said
        )


def layout_of(rows: list[list[str]], kind: Kind, directory: Directory, year: int) -> Layout | None:
    """The layout that the head of a table names; None when there is no head."""
    for at, line in enumerate(rows[:_FIRST_LINES]):
        if not line or read_number(line[0]):
            continue
        heights = range(1, min(_HIGHEST, len(rows) - at) + 1)
        found = [_layout(rows, range(at, at + height), kind, directory, year) for height in heights]
        if layouts := [layout for layout in found if layout]:
            return max(layouts, key=lambda layout: layout.named)
    return None


def kind_of(tables: list[list[list[str]]]) -> Kind:
    """Indicators when a head has a unit and something to reach, or a column of units stands beside numbers."""
    for rows in tables:
        for line in rows[:_FIRST_LINES]:
            said = [_plain(cell) for cell in line if len(cell) <= _LONGEST_HEAD]
            roles = {_ROLES[Kind.INDICATORS].get(one) for one in said}
            if "content" in roles and "target" in roles and (_UNITS.intersection(said) or "unit" in roles):
                return Kind.INDICATORS
            if "content" in roles and _UNITS.intersection(said):
                return Kind.INDICATORS
    return Kind.DIRECTIVES


def guessed_layout(rows: list[list[str]], kind: Kind, directory: Directory, year: int) -> Layout | None:
    """The layout of a table without a head, from what its columns hold; None when nothing looks like an appendix."""
    width = max(map(len, rows), default=0)
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(width)]
    roles: list[Role] = [""] * width
    free = [at for at in range(width) if columns[at]]
    _take(roles, free, columns, "index", lambda text: read_number(text) is not None, 0.6)
    if not free:
        return None
    longest = max(free, key=lambda at: sum(map(len, columns[at])))
    roles[longest] = "content"
    free.remove(longest)
    if kind is Kind.DIRECTIVES:
        _take(roles, free, columns, "deadline", lambda text: _says_when(text, year), 0.5)
        _take(roles, free, columns, "lead", lambda text: bool(directory.read(text).found), 0.5)
        _take(roles, free, columns, "coordinate", lambda text: bool(directory.read(text).found), 0.5)
        recognised = {"index", "deadline", "lead"}
    else:
        _take(roles, free, columns, "target", _is_target, 0.5)
        _take(roles, free, columns, "unit", lambda text: len(text) <= 40, 0.9)
        recognised = {"target"}
    return Layout(roles) if recognised & set(roles) else None


def _take(
    roles: list[Role],
    free: list[int],
    columns: list[list[str]],
    role: Role,
    fits: Callable[[str], bool],
    share: float,
) -> None:
    """Give the role to the first free column most of whose cells fit."""
    for at in free:
        if sum(map(fits, columns[at])) >= share * len(columns[at]):
            roles[at] = role
            free.remove(at)
            return


def _says_when(text: str, year: int) -> bool:
    read = read_deadline(text, year)
    return not read.question_code and bool(read.rule_code)


def _is_target(text: str) -> bool:
    target, _doubts = read_target(text)
    return target is not None and target.value is not None


# the head


def _layout(
    rows: list[list[str]], lines: range, kind: Kind, directory: Directory, year: int
) -> Layout | None:
    """The layout if these lines are the head: at least two roles, among them the content."""
    if len(lines) > 1 and not _is_upper(rows[lines[0]], kind):
        return None
    if any(not _goes_on(rows[at], rows[at - 1]) for at in lines[1:]):
        return None
    width = max(len(rows[at]) for at in lines)
    heads = [_parts([rows[at] for at in lines], column) for column in range(width)]
    bodies = {
        column: parts[-1]
        for column, parts in enumerate(heads)
        if parts and _is_body(parts[-1], kind, directory)
    }
    roles = [
        _role(parts, kind) if column not in bodies else _side(parts) for column, parts in enumerate(heads)
    ]
    understood = sum(bool(role) or _is_start(parts) for role, parts in zip(roles, heads, strict=True))
    roles = _each_once(roles, heads, year)
    named = {role for column, role in enumerate(roles) if role and column not in bodies}
    if "content" not in named or len(named) < 2:
        return None
    said = tuple(tuple(map(key, rows[at])) for at in lines)
    return Layout(roles, tuple(lines), bodies, said, understood)


def _parts(lines: list[list[str]], column: int) -> list[str]:
    """What stands above a column, from top to bottom; a text over several columns stands in the first of them."""
    parts: list[str] = []
    for place, line in enumerate(lines):
        text = line[column] if column < len(line) else ""
        below = any(column < len(other) and other[column] for other in lines[place + 1 :])
        if not text and below:
            text = next((line[at] for at in range(min(column, len(line)) - 1, -1, -1) if line[at]), "")
        if text and text not in parts:
            parts.append(text)
    return parts


def _goes_on(line: list[str], above: list[str]) -> bool:
    """A second line of the head: no number, nothing long, and nothing new under the first column."""
    if not line or not any(line) or max(map(len, line)) > _LONGEST_HEAD:
        return False
    return not line[0] or line[0] == above[0] or key(line[0]) in _ROLES[Kind.DIRECTIVES]


def _is_upper(line: list[str], kind: Kind) -> bool:
    """The first of several lines of a head names roles itself; a title above a head does not."""
    said = [cell for cell in line if cell and len(cell) <= _LONGEST_HEAD]
    return len(said) > 1 and any(_said_role(_plain(cell), kind) for cell in said)


def _is_body(text: str, kind: Kind, directory: Directory) -> bool:
    return _plain(text) not in _ROLES[kind] and len(text) <= _LONGEST_HEAD and directory.knows(text)


def _side(parts: list[str]) -> Role:
    return "coordinate" if any("phoi hop" in key(part) for part in parts) else "lead"


def _plain(text: str) -> str:
    return " ".join(_YEARS.sub(" ", key(in_our_letters(text))).split())


def _role(parts: list[str], kind: Kind) -> Role:
    """The role that the lowest of the words names, else all of them, else the highest; a start is no deadline."""
    if _is_start(parts):
        return ""
    for text in (*parts[-1:], " ".join(parts), *parts[:1]):
        if len(text) <= _LONGEST_HEAD and (role := _said_role(_plain(text), kind)):
            return role
    return ""


def _said_role(said: str, kind: Kind) -> Role:
    if role := _ROLES[kind].get(said):
        return role
    if said.startswith(_OTHERWISE):
        return ""
    opening = [head for head in _ROLES[kind] if " " in head and said.startswith(f"{head} ")]
    return _ROLES[kind][max(opening, key=len)] if opening else ""


def _each_once(roles: list[Role], heads: list[list[str]], year: int) -> list[Role]:
    """One column a role where it can have only one: that of the year, else the one that says it best."""
    kept = list(roles)
    for role in set(roles) - _MANY - {""}:
        columns = [at for at, one in enumerate(roles) if one == role]
        first = min(
            columns,
            key=lambda at: (
                str(year) not in " ".join(heads[at]),
                not _is_end(heads[at]),
                _rank(heads[at]),
                at,
            ),
        )
        for at in columns:
            kept[at] = role if at == first else ""
    return kept


def _is_start(parts: list[str]) -> bool:
    return bool(parts) and bool(_STARTS.match(_plain(parts[-1])))


def _is_end(parts: list[str]) -> bool:
    """“Hoàn thành” beside “Triển khai”, both below “Thời gian”."""
    return len(parts) > 1 and bool(_ENDS.match(_plain(parts[-1])))


def _rank(parts: list[str]) -> int:
    return min((_RANK.get(_plain(part), 99) for part in parts), default=99)
