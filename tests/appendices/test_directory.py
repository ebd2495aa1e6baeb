"""Names of bodies as cells print them."""

import datetime as dt

import pytest

from tests.appendices.files import make_directory
from tracker.appendices import Body, Directory, Kind, read_row

DIRECTORY = make_directory()

# The cell, the bodies it names, and what in it is not known.
READ = [
    ("Sở Thông tin và Truyền thông", ["S01"], []),
    ("Sở TT&TT", ["S01"], []),
    ("Sở TTTT", ["S01"], []),
    ("STTTT", ["S01"], []),
    ("Sở Thông tin và Truyền thông tỉnh Nam Định", ["S01"], []),
    ("VPUB", ["S02"], []),
    ("VP UBND tỉnh", ["S02"], []),
    ("Văn phòng Uỷ ban nhân dân tỉnh", ["S02"], []),
    ("so noi vu", ["S03"], []),
    ("SNV", ["S03"], []),
    ("Sở KH&ĐT", ["S05"], []),
    ("Sở Kế hoạch - Đầu tư", ["S05"], []),
    ("Sở LĐ-TB&XH", ["S12"], []),
    ("Sở VH,TT&DL", ["S13"], []),
    ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế", ["S13", "S16"], []),
    ("CA tỉnh", ["B02"], []),
    ("Bộ CHQS tỉnh", ["B03"], []),
    ("Huyện uỷ Giao Thuỷ", ["P12-09"], []),
    ("UBND H. Hải Hậu", ["H10"], []),
    ("huyện Hải Hậu", ["H10"], []),
    ("TP. Nam Định", ["H01"], []),
    ("VNPT", ["T01"], []),
    ("Ủy ban MTTQ Việt Nam tỉnh", ["M01"], []),
    ("Hội LHPN tỉnh", ["M04"], []),
    ("Phòng BCVT", ["O04"], []),
    ("UBND các huyện, thành phố", ["G01"], []),
    ("Ủy ban nhân dân các huyện, TP", ["G01"], []),
    ("các huyện, thành phố", ["G01"], []),
    ("Sở Nội vụ; Sở Tài chính", ["S03", "S06"], []),
    ("- Sở Nội vụ\n- Sở Tài chính", ["S03", "S06"], []),
    ("Sở Nội vụ/Sở Tài chính", ["S03", "S06"], []),
    ("Sở Nội vụ và Sở Tài chính", ["S03", "S06"], []),
    ("Sở Nội vụ, Tài chính và Công Thương", ["S03", "S06", "S07"], []),
    ("Các sở: Nội vụ, Tài chính, Tư pháp", ["S03", "S06", "S04"], []),
    ("UBND các huyện Hải Hậu, Giao Thủy", ["H10", "H09"], []),
    ("Sở Nội vụ, Sở Nội vụ", ["S03"], []),
    ("Sở Nội vụ (đ/c Lan)", ["S03"], []),
    ("Các sở, ban, ngành", [], ["Các sở, ban, ngành"]),
    ("Các sở, ban, ngành và UBND các huyện, thành phố", ["G01"], ["Các sở, ban, ngành"]),
    ("Các sở, ngành có liên quan", [], ["Các sở, ngành có liên quan"]),
    ("Sở Ngoại vụ; Sở Y tế", ["S16"], ["Sở Ngoại vụ"]),
    ("Văn phòng", [], ["Văn phòng"]),
    ("sở", [], ["sở"]),
    ("x", [], ["x"]),
    ("", [], []),
    (" ;\n, ", [], []),
]


@pytest.mark.parametrize(("text", "found", "unknown"), READ)
def test_a_cell_names_bodies(text, found, unknown):
    read = DIRECTORY.read(text)

    assert ([body.code for body in read.found], list(read.unknown)) == (found, unknown)
    assert not read.needs_choice


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sở Nội vụ Sở Tài chính", ["S03", "S06"]),
        ("Công an tỉnh Sở Y tế Sở Nội vụ", ["B02", "S16", "S03"]),
    ],
)
def test_names_without_a_separator_are_found_and_asked_about(text, found):
    read = DIRECTORY.read(text)

    assert ([body.code for body in read.found], read.needs_choice) == (found, True)


def test_one_name_of_two_bodies_is_asked_about():
    directory = Directory([Body(1, "A", "Phòng Tổ chức"), Body(2, "B", "Phòng Tổ chức")])

    read = directory.read("Phòng Tổ chức")

    assert ([body.code for body in read.found], read.needs_choice) == (["A", "B"], True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sở Nôi vụu", "S03"),
        ("Sở Tài chínhh", "S06"),
        ("Tòa án", "B11"),
        ("Sở Văn hóa", "S13"),
        ("Hội Chữ thập đỏ", None),
    ],
)
def test_an_unknown_name_has_the_nearest_body_beside_it(text, code):
    read = DIRECTORY.read(text)

    assert (read.unknown, {name: body.code for name, body in read.suggestions.items()}) == (
        (text,),
        {text: code} if code else {},
    )


def test_the_province_is_the_one_that_the_bodies_name():
    directory = Directory(
        [
            Body(1, "S16", "Sở Y tế"),
            Body(2, "B09", "Bưu điện tỉnh Thái Bình"),
            Body(3, "P01", "Văn phòng Tỉnh ủy"),
        ]
    )

    cells = ["Sở Y tế tỉnh Thái Bình", "Sở Y tế Thái Bình", "SYT", "Bưu điện", "Sở Y tế tỉnh Nam Định"]
    assert [[body.code for body in directory.read(cell).found] for cell in cells] == [
        ["S16"], ["S16"], ["S16"], ["B09"], []
    ]  # fmt: skip


def test_a_body_that_was_merged_has_the_one_that_goes_on_beside_it():
    ended = dt.date(2018, 12, 31)
    bodies = [
        Body(900, "A", "Sở Thương mại", valid_to=ended, merged_into=901),
        Body(901, "B", "Sở Thương nghiệp", valid_to=dt.date(2019, 12, 31), merged_into=902),
        Body(902, "C", "Sở Thương vụ", valid_from=dt.date(2020, 1, 1)),
        Body(903, "D", "Ban Vòng", valid_to=ended, merged_into=904),
        Body(904, "E", "Ban Quanh", valid_to=ended, merged_into=903),
    ]

    def fixes(lead: str, year: int) -> list[str | None]:
        cells = {"content": "Rà soát", "lead": lead}
        row = read_row(cells, kind=Kind.DIRECTIVES, directory=make_directory(*bodies), year=year)
        return [doubt.fix for doubt in row.doubts if doubt.code == "not_in_force"]

    assert fixes("Sở Y tế; Sở Thương mại", 2020) == ["Sở Y tế; Sở Thương vụ"]
    assert fixes("Sở Thương mại; Sở Thương vụ", 2020) == ["Sở Thương vụ"]
    assert fixes("Sở Thương mại", 2019) == ["Sở Thương nghiệp"]
    assert fixes("Sở Thương mại; Sở Lạ lùng", 2020) == [None]
    assert fixes("Ban Vòng", 2020) == [None]
    assert fixes("Sở Thương vụ", 2019) == [None]


def test_a_further_name_is_known_too():
    directory = Directory(
        [Body(1, "S99", "Sở Khoa học và Công nghệ", other_names=("Sở Khoa học Công nghệ Môi trường",))]
    )

    assert [body.code for body in directory.read("Sở KHCNMT").found] == ["S99"]


def test_an_unknown_lead_must_be_settled_and_the_suggestion_replaces_only_its_words():
    row = read_row(
        {"content": "Rà soát", "lead": "Sở Nội vụ; Sở Tài  chínhh"},
        kind=Kind.DIRECTIVES,
        directory=DIRECTORY,
        year=2020,
    )

    assert [(doubt.code, doubt.role, doubt.must, doubt.fix) for doubt in row.doubts] == [
        ("unknown_body", "lead", True, "Sở Nội vụ; Sở Tài chính")
    ]


def test_an_unknown_body_that_helps_is_only_remarked():
    cells = {"content": "Rà soát", "lead": "Sở Y tế", "coordinate": "các ngành liên quan"}

    row = read_row(cells, kind=Kind.DIRECTIVES, directory=DIRECTORY, year=2020)

    assert [(doubt.code, doubt.role, doubt.must, doubt.fix) for doubt in row.doubts] == [
        ("unknown_body", "coordinate", False, None)
    ]


def test_a_body_that_no_longer_existed_in_the_year_is_remarked():
    former = Body(900, "P07", "Đảng ủy Khối Các cơ quan tỉnh", valid_to=dt.date(2019, 12, 31))
    cells = {"content": "Rà soát", "lead": former.name}

    doubts = {
        year: [
            doubt.code
            for doubt in read_row(
                cells, kind=Kind.DIRECTIVES, directory=make_directory(former), year=year
            ).doubts
        ]
        for year in (2019, 2020)
    }

    assert doubts == {2019: [], 2020: ["not_in_force"]}


def test_a_part_has_the_lead_of_its_task_and_a_task_that_of_its_heading():
    above = read_row(
        {"content": "A", "lead": "Sở Y tế"}, kind=Kind.DIRECTIVES, directory=DIRECTORY, year=2020, number=4
    )

    part = read_row(
        {"index": "1.1", "content": "B"}, kind=Kind.DIRECTIVES, directory=DIRECTORY, year=2020, above=above
    )
    task = read_row(
        {"content": "C"}, kind=Kind.DIRECTIVES, directory=DIRECTORY, year=2020, heading="Phần 1\nSỞ TÀI CHÍNH"
    )

    assert (part.row_class, part.parent, [body.code for body in part.leads.found]) == ("sub_item", 4, ["S16"])
    assert ([body.code for body in task.leads.found], task.doubts) == (["S06"], ())
