import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.sentences import deadline_in, force_in, sentences, tidy


def cut(text):
    return [one.text for one in sentences(tidy(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngày 8-1, Sở họp. Đồng chí dự.", ["Ngày 8-1, Sở họp.", "Đồng chí dự."]),
        ("Doanh thu ước đạt 1.720 tỷ đồng. Tăng 8,6%.", ["Doanh thu ước đạt 1.720 tỷ đồng.", "Tăng 8,6%."]),
        ("Gửi TP. Nam Định ngay.", ["Gửi TP. Nam Định ngay."]),
        ("Báo chí, xuất bản, v.v. Năm 2020 làm tiếp.", ["Báo chí, xuất bản, v.v. Năm 2020 làm tiếp."]),
        ("Ngày 24.4.2017 ban hành.", ["Ngày 24.4.2017 ban hành."]),
        ("Hết. “Ổn định” là chính.", ["Hết.", "“Ổn định” là chính."]),
        ("trên địa bàn tỉnh./.\nTin, ảnh: N", ["trên địa bàn tỉnh./.", "Tin, ảnh: N"]),
        ("Một dòng\nhai  dòng", ["Một dòng", "hai dòng"]),
        ("Được không? Được!", ["Được không?", "Được!"]),
        (
            "1. Sở rà soát. 2.1. Sở họp. II. Sở báo cáo.",
            ["1. Sở rà soát.", "2.1. Sở họp.", "II. Sở báo cáo."],
        ),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text, expected):
    assert cut(text) == expected


def test_semicolons_part_a_sentence_into_titles():
    [sentence] = sentences("Mở rộng hạ tầng viễn thông; đưa mạng 5G vào khai thác sử dụng; ; kiên quyết.")

    assert sentence.clauses == [
        "Mở rộng hạ tầng viễn thông",
        "Đưa mạng 5G vào khai thác sử dụng",
        "Kiên quyết",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("phấn đấu hết quý II tất cả các cơ quan Đảng sử dụng", "hết quý II"),
        ("Báo cáo trước ngày 15/6/2020.", "trước ngày 15/6/2020"),
        ("Báo cáo trước ngày 30 tháng 6 năm 2020.", "trước ngày 30 tháng 6 năm 2020"),
        ("hoàn thành trong tháng 10 năm 2020", "trong tháng 10 năm 2020"),
        ("Báo cáo kết quả hàng tháng, gửi Sở", "hàng tháng"),
        ("báo cáo định kỳ hằng tháng", "định kỳ hằng tháng"),
        ("rà soát mỗi quý một lần", "mỗi quý"),
        ("chăm sóc khách hàng năm 2020", ""),
        ("Ngân hàng quý I", ""),
        ("hoàn thành trong quý II, III năm 2020", "trong quý II, III năm 2020"),
        ("báo cáo trong tháng 3, 6, 9", ""),
        ("báo cáo trong các tháng 3, 9", ""),
        ("hoàn thành trong quý II, 3 đơn vị tham gia", "trong quý II"),
        ("xong trong quý I và quý III", ""),
        ("Tập trung đảm bảo an ninh thông tin mạng", ""),
        ("nhiệm vụ phát triển kinh tế - xã hội năm 2020", ""),
        ("Nghị định 49/2017/NĐ-CP ngày 24-4-2017 của Chính phủ", ""),
        ("Trước 31/2/2020", ""),
    ],
)
def test_a_deadline_is_found_only_where_one_is_said(text, words):
    assert deadline_in(text, 2020) == words


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("phấn đấu hết quý II", "strive"),
        ("Kiên quyết không để sim rác quay trở lại", "resolute"),
        ("nghiêm túc thực hiện Nghị định", "strict"),
        ("Đặc biệt đẩy mạnh; phối hợp chặt chẽ", "especially"),
        ("Tập trung đảm bảo", "focus"),
        ("Triển khai tốt", "assign"),
    ],
)
def test_the_first_word_of_force_counts(text, force):
    assert force_in(text) == force


@given(st.text(max_size=300))
def test_every_sentence_lies_where_it_says_and_nothing_but_blanks_is_lost(text):
    clean = tidy(text)
    found = sentences(clean)

    assert all(clean[one.start : one.end] == one.text for one in found)
    assert "".join("".join(one.text for one in found).split()) == "".join(clean.split())
    assert [one.number for one in found] == list(range(len(found)))


def test_a_long_row_of_dots_is_read_at_once():
    before = time.perf_counter()

    assert cut("…" * 100_000 + "x") == ["…" * 100_000 + "x"]
    assert time.perf_counter() - before < 5
