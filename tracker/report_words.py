"""The sentences of a periodic report as such reports are written here; Vietnamese whatever the drafter reads.

Numbers come in as linked runs in the places of the names in braces.
"""

from collections.abc import Iterable
from string import Formatter

from tracker.linked_text import Run, Runs, joined

Words = str | Run | Runs

# Parts and headings, after the usual outline (Báo cáo 1270/BC-TCTTTg has the same order)
RESULTS = "KẾT QUẢ THỰC HIỆN NHIỆM VỤ"
SHORTCOMINGS = "TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN"
NEXT = "PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI"
RECOMMENDATIONS = "KIẾN NGHỊ, ĐỀ XUẤT"

TARGETS_HEADING = "Kết quả thực hiện các chỉ tiêu theo lĩnh vực"
DIRECTIVES_HEADING = "Kết quả thực hiện các nhiệm vụ được giao"
LATE_HEADING = "Nhiệm vụ quá hạn chưa hoàn thành"

# I. Targets
NO_TARGETS = "Trong kỳ không có chỉ tiêu được theo dõi."
FIELD = "Lĩnh vực {field}: "
FORECAST = (
    "Đến thời điểm báo cáo, {met}/{total} chỉ tiêu dự báo đạt kế hoạch năm {year}, {risk} chỉ tiêu có nguy cơ không "
    "đạt, {off} chỉ tiêu khó đạt{unknown}; cụ thể như sau:"
)
OUTCOME = (
    "Năm {year}, {met}/{total} chỉ tiêu đạt kế hoạch, {risk} chỉ tiêu gần đạt, {off} chỉ tiêu không đạt{unknown}; "
    "cụ thể như sau:"
)
UNKNOWN = ", {none} chỉ tiêu chưa đủ số liệu để đánh giá"
REACHED = {
    "": "đạt",
    "estimate": "ước đạt",
    "nearly": "đạt gần",
    "over": "đạt hơn",
    "about": "đạt khoảng",
}
"""The verb with the word that was printed before the figure."""
NO_FIGURE = "{name}: chưa có số liệu"
SHARE_OF_YEAR = "bằng {share} kế hoạch năm"
SHARE_BY_DAY = "bằng {share} mục tiêu đến ngày {day}"
GOAL_OF_YEAR = "kế hoạch năm {goal}"
GOAL_BY_DAY = "mục tiêu {goal} đến ngày {day}"
SELF_REPORTED = "tự báo cáo"
CARRIED = "số liệu đến ngày {day}"
BASES = {
    "same_period": "so với cùng kỳ năm {year}",
    "spread": "so với cùng thời gian năm {year} (quy đổi từ số cả năm)",
    "year": "so với năm {year}",
    "year_end": "so với cuối năm {year}",
}
COVERAGE = "{name}: {in_use}/{in_scope} cơ quan, đơn vị ({percent})"

# I. Directives
NO_DIRECTIVES = "Tính đến ngày {day}, không có nhiệm vụ nào được giao theo dõi trong năm {year}."
TOTALS = (
    "Tính đến ngày {day}, tổng số nhiệm vụ được giao theo dõi trong năm {year}{scope} là {total} nhiệm vụ; trong đó: "
    "đã hoàn thành {done} nhiệm vụ ({done_share} {denominator}), gồm đúng hạn {done_on_time}, quá hạn {done_late}, "
    "không quy định thời hạn {done_no_deadline}; chưa hoàn thành {open} nhiệm vụ, gồm trong hạn {open_in_time}, quá "
    "hạn {open_overdue}, không quy định thời hạn {open_no_deadline}{stopped}."
)
OF_ALL = "trên tổng số"
OF_ALL_BUT_STOPPED = "trên tổng số, không tính nhiệm vụ đã dừng"
STOPPED = "; dừng thực hiện {stopped} nhiệm vụ"
PUNCTUAL = (
    "Trong số {due} nhiệm vụ đến hạn, có {on_time} nhiệm vụ hoàn thành đúng hạn ({share}); nếu tính theo hạn giao ban "
    "đầu là {original_on_time}/{original_due} nhiệm vụ ({original_share})."
)
MOVED = "Có {extended} nhiệm vụ đã được gia hạn{often}{asked}."
OFTEN = ", trong đó {often} nhiệm vụ gia hạn từ ba lần trở lên"
ASKED = "; {asked} nhiệm vụ đang đề nghị gia hạn"
ASKED_ALONE = "Có {asked} nhiệm vụ đang đề nghị gia hạn."
URGED = "Trong kỳ, Sở đã đôn đốc {urgings} lượt bằng văn bản hoặc trên hệ thống."
TABLE_REFUSED = (
    "Chưa in bảng tổng hợp theo lĩnh vực: các ô cộng lại không bằng tổng số. Đề nghị kiểm tra lại số liệu."
)
NO_LATE = "Không có nhiệm vụ quá hạn chưa hoàn thành."
LATE = "Còn {late} nhiệm vụ quá hạn chưa hoàn thành, cụ thể tại Bảng {table}:"
NO_REASON = "Cơ quan chủ trì chưa báo cáo nguyên nhân"
NOT_URGED = "Chưa đôn đốc"

# II. Shortcomings
NO_SHORTCOMINGS = "Trong kỳ không có tồn tại, hạn chế cần báo cáo."
LATE_AT = "Còn {late} nhiệm vụ quá hạn chưa hoàn thành, tại: {agencies}."
LATE_ALONE = "Còn {late} nhiệm vụ quá hạn chưa hoàn thành."
UNSURE = "Chỉ tiêu khó đạt hoặc có nguy cơ không đạt kế hoạch: {names}."
SILENT = "Kỳ báo cáo {period}, {missing}/{asked} lượt giao phải báo cáo chưa được cơ quan, đơn vị gửi báo cáo tiến độ."
SENT_LATE = " Có {late} lượt giao gửi báo cáo chậm."
OBSTACLES_HEADING = "Khó khăn, vướng mắc và nguyên nhân:"
OBSTACLE = "- Nhiệm vụ {code} “{title}”: {what}. Nguyên nhân: {cause}."

# III. Next
NOTHING_NEXT = "Không có nhiệm vụ đến hạn trong kỳ tới."
FINISH_LATE = "Tập trung chỉ đạo, hoàn thành dứt điểm {late} nhiệm vụ quá hạn nêu trên."
DUE_NEXT = (
    "Trong kỳ tới ({period}, từ ngày {start} đến ngày {end}) có {due} nhiệm vụ đến hạn, cụ thể tại Bảng "
    "{table}."
)
GOING_ON = "Tiếp tục thực hiện {ongoing} nhiệm vụ thường xuyên, không quy định thời hạn."

# IV. Recommendations
NO_RECOMMENDATIONS = "Không có kiến nghị, đề xuất."
ASK_BODY = (
    "Đề nghị {body} xem xét, giải quyết trước ngày {day}: {what}; nguyên nhân: {cause} (nhiệm vụ {code})."
)
ASK_EXTENSIONS = "Đề nghị cấp có thẩm quyền xem xét {asked} đề nghị gia hạn thời hạn thực hiện nhiệm vụ."
PROPOSAL = "{agency} đề xuất: {what} (nhiệm vụ {code})."

# Tables
FIELDS_CAPTION = "Nhiệm vụ theo lĩnh vực và trạng thái"
LATE_CAPTION = "Nhiệm vụ quá hạn chưa hoàn thành"
NEXT_CAPTION = "Nhiệm vụ đến hạn trong kỳ tới"
TOTAL = "Tổng số"
STANDINGS = {
    "todo": "Chưa thực hiện",
    "ontime": "Đang thực hiện, trong hạn",
    "soon": "Đang thực hiện, sắp đến hạn",
    "nodue": "Đang thực hiện, không hạn",
    "late": "Quá hạn, chưa hoàn thành",
    "done": "Hoàn thành đúng hạn",
    "donelate": "Hoàn thành quá hạn",
    "paused": "Tạm dừng",
    "stopped": "Dừng thực hiện",
}
RARE = ("nodue", "paused", "stopped")
"""Columns that are printed only when something stands in them."""
LATE_HEAD = [
    "Mã",
    "Nhiệm vụ",
    "Cơ quan chủ trì",
    "Thời hạn",
    "Quá hạn (ngày)",
    "Nguyên nhân",
    "Đôn đốc gần nhất",
]
NEXT_HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"]

DIRECTIVES_APPENDIX = "TỔNG HỢP KẾT QUẢ THỰC HIỆN NHIỆM VỤ"
DIRECTIVES_HEAD = [
    "TT",
    "Nội dung nhiệm vụ",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Sản phẩm",
    "Thời gian hoàn thành",
    "Kết quả",
    "Ghi chú",
]
INDICATORS_APPENDIX = "TỔNG HỢP KẾT QUẢ THỰC HIỆN CHỈ TIÊU"
INDICATORS_HEAD = [
    "TT",
    "Chỉ tiêu",
    "Đơn vị tính",
    "Kế hoạch",
    "Thực hiện",
    "So với kế hoạch (%)",
    "So với cùng kỳ",
]
NO_DATA = "chưa có số liệu"

_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def fill(template: str, **words: Words) -> Runs:
    """The template's words, with runs, or texts without a link, in the places of its names."""
    runs: Runs = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        runs.append({"t": literal})
        if name is not None:
            runs += _runs(words[name])
    return joined(runs)


def roman(number: int) -> str:
    """A number from 1 on as parts and appendices have it: 4 as IV, 9 as IX."""
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


def numbered(number: int, caption: str) -> str:
    """“Bảng 2. Nhiệm vụ …”."""
    return f"Bảng {number}. {caption}"


def together(parts: Iterable[Words], between: str = ", ") -> Runs:
    """Several runs of words as one, with a mark between them."""
    runs: Runs = []
    for part in parts:
        runs += [{"t": between if runs else ""}, *_runs(part)]
    return joined(runs)


def _runs(words: Words) -> Runs:
    if isinstance(words, str):
        return [{"t": words}]
    return [words] if isinstance(words, dict) else words
