"""manage.py import_appendix: the same reading as the page, and nothing is ever written."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.appendices.files import excel_file, word_file
from tests.factories import make_agency
from tracker.models import Directive, Document, Import

pytestmark = pytest.mark.django_db

HEAD = ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"]


def call(path, *options: str) -> str:
    target = io.StringIO()
    call_command("import_appendix", str(path), *options, stdout=target)
    return target.getvalue()


@pytest.fixture
def appendix(tmp_path):
    make_agency(code="S03", name="Sở Nội vụ")
    make_agency(code="S16", name="Sở Y tế")
    path = tmp_path / "phu-luc.docx"
    path.write_bytes(
        word_file(
            [
                HEAD,
                ["I", "LĨNH VỰC VIỄN THÔNG", "", "", ""],
                ["1", "Rà soát thủ tục", "Sở Nội vụ", "Sở Y tế", "31/11/2020"],
                ["2", "Tuyên truyền", "Sở Y tế", "", "hết quý II"],
            ]
        )
    )
    return path


def test_the_reading_is_told_as_json(appendix):
    told = json.loads(call(appendix, "--year", "2020", "--dry-run", "--format", "json"))

    assert (told["kind"], told["year"]) == ("directives", 2020)
    assert told["columns"] == [["index", "content", "lead", "coordinate", "deadline"]]
    assert told["counts"] == {"heading": 1, "task": 2, "sub_item": 0, "continuation": 0, "noise": 1}
    assert told["rows"][3] | {"deadline": None} == {
        "number": 4,
        "table": 0,
        "class": "task",
        "index": "2",
        "text": "Tuyên truyền",
        "parent": None,
        "heading": "LĨNH VỰC VIỄN THÔNG",
        "leads": ["S16"],
        "cooperating": [],
        "deadline": None,
        "target": None,
        "doubts": [],
    }
    assert told["rows"][3]["deadline"]["due_on"] == "2020-06-30"
    assert [(doubt["code"], doubt["must"], doubt["fix"]) for doubt in told["rows"][2]["doubts"]] == [
        ("deadline_impossible", True, "30/11/2020")
    ]


def test_the_reading_is_told_as_text_and_nothing_is_written(appendix):
    before = (Import.objects.count(), Directive.objects.count(), Document.objects.count())

    lines = call(appendix, "--year", "2020").splitlines()

    assert lines[0] == "directives, 2020: heading 1, task 2, sub_item 0, continuation 0, noise 1"
    assert lines[-1] == "Nothing was written."
    assert [line.split()[-1] for line in lines if " task  " in line] == ["none", "30/6/2020"]
    assert (Import.objects.count(), Directive.objects.count(), Document.objects.count()) == before


def test_a_former_agency_is_told_with_the_one_that_goes_on(tmp_path):
    later = make_agency(code="S17", name="Sở Công nghiệp và Thương mại")
    make_agency(code="S18", name="Sở Thương mại", valid_to=dt.date(2019, 12, 31), merged_into=later)
    path = tmp_path / "phu-luc.docx"
    path.write_bytes(word_file([HEAD, ["1", "Rà soát thủ tục", "Sở Thương mại", "", "30/6"]]))

    (doubt,) = json.loads(call(path, "--year", "2020", "--format", "json"))["rows"][1]["doubts"]

    assert (doubt["code"], doubt["must"], doubt["fix"]) == ("not_in_force", False, later.name)


def test_the_kind_can_be_given(tmp_path):
    path = tmp_path / "chi-tieu.xlsx"
    path.write_bytes(
        excel_file(
            ("Chỉ tiêu", [["TT", "Chỉ tiêu", "Đơn vị", "Kết quả"], [1, "Doanh thu in", "tỷ đồng", "≥ 206"]])
        )
    )

    told = json.loads(call(path, "--kind", "indicators", "--format", "json"))

    assert told["rows"][1]["target"] == {
        "operator": "ge",
        "value": "206",
        "upper": None,
        "unit": "tỷ đồng",
        "words": "",
    }
    assert call(path, "--kind", "indicators").splitlines()[3].endswith("ge 206 tỷ đồng")


def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"x")

    with pytest.raises(CommandError, match=r"\.docx, \.xlsx và \.csv|Only \.docx"):
        call(path)
    with pytest.raises(CommandError, match="No such file"):
        call(tmp_path / "missing.docx")
    with pytest.raises(CommandError, match="between 2000 and 2100"):
        call(path, "--year", "1020")
