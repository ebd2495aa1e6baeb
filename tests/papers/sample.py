"""A report with every kind of block, never stored: what the files are made from."""

import datetime as dt

from tracker.models import PeriodicReport


def runs(*texts):
    """Words and numbers by turns: every second text is a linked number."""
    return [{"t": text, "k": f"n{place}"} if place % 2 else {"t": text} for place, text in enumerate(texts)]


def content(**changes):
    made = {
        "sections": [
            {
                "key": "results",
                "title": "I. KẾT QUẢ THỰC HIỆN",
                "empty": False,
                "blocks": [
                    {"kind": "heading", "runs": runs("1. Bưu chính")},
                    {
                        "kind": "paragraph",
                        "runs": runs(
                            "Doanh thu bưu chính, chuyển phát đạt ", "100", " tỷ đồng, tăng ", "26", "%."
                        ),
                    },
                    {
                        "kind": "table",
                        "key": "fields",
                        "caption": "Bảng 1. Nhiệm vụ theo lĩnh vực",
                        "head": ["Lĩnh vực", "Tổng", "Quá hạn"],
                        "widths": [6, 2, 2],
                        "align": "lrr",
                        "rows": [["Bưu chính", "1.720", "8,6"], ["Tổng", "1.720", "8,6"]],
                    },
                ],
            },
            {
                "key": "shortcomings",
                "title": "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
                "empty": True,
                "blocks": [{"kind": "paragraph", "runs": runs("Không có.")}],
            },
        ],
        "appendices": [
            {
                "key": "directives",
                "title": "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ",
                "head": ["TT", "Nội dung nhiệm vụ", "Thời gian hoàn thành"],
                "widths": [1, 8, 3],
                "align": "clc",
                "rows": [{"group": "I. Bưu chính"}, ["1", "=1+1 nguy hiểm", "30/6/2020"]],
            },
            {
                "key": "indicators",
                "title": "KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
                "head": ["TT", "Chỉ tiêu", "Thực hiện"],
                "widths": [1, 8, 3],
                "align": "clr",
                "rows": [["1", "Doanh thu viễn thông", "1.720"], ["2", "Tỷ lệ", "8,6"], ["3", "Khác", "–"]],
            },
        ],
    }
    return made | changes


def a_report(**changes):
    told = {
        "status": "draft",
        "figures_on": dt.date(2020, 6, 14),
        "title": "Tình hình thực hiện nhiệm vụ, chỉ tiêu 6 tháng đầu năm 2020",
        "governing_body": "UBND tỉnh Nam Định",
        "issuing_body": "Sở Thông tin và Truyền thông",
        "symbol": "BC-STTTT",
        "place": "Nam Định",
        "recipients": "- UBND tỉnh;\n- Lưu: VT, VP.",
        "signer_post": "Giám đốc",
        "content": content(),
    }
    return PeriodicReport(**told | changes)
