import hashlib
import io
import re
import unicodedata
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tracker.forms.uploads import LONGEST_TITLE, UploadField, UploadsField, check_upload, safe_title

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)


def zipped(**parts: str) -> bytes:
    """A zip file; ``__`` in a keyword stands for a slash, ``_`` alone for a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def open_xml(folder: str, types: str = "<Types/>", **more: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(f"{folder}/document.xml", "<x/>")
        for name, text in more.items():
            archive.writestr(f"{folder}/{name}.bin", text)
    return content.getvalue()


def stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal_of(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload(name, content))
    return refusal.value.messages[0]


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Báo cáo quý II.pdf", PDF, "application/pdf"),
        ("BÁO CÁO.PDF", PDF, "application/pdf"),
        ("ảnh.png", PNG, "image/png"),
        ("ảnh.jpg", JPEG, "image/jpeg"),
        ("ảnh.jpeg", JPEG, "image/jpeg"),
        ("cũ.doc", OLE + stream("WordDocument"), "application/msword"),
        ("cũ.xls", OLE + stream("Workbook"), "application/vnd.ms-excel"),
        (
            "mới.docx",
            open_xml("word"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("mới.xlsx", open_xml("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "mở.odt",
            zipped(mimetype="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
        ("Số liệu 12.6.2020.pdf", PDF, "application/pdf"),
    ],
)
def test_the_office_s_own_kinds_are_taken(name, content, content_type):
    file = upload(name, content)

    checked = check_upload(file)

    assert (checked.content_type, checked.safe_title) == (content_type, name)
    assert checked.sha256 == hashlib.sha256(content).hexdigest()
    assert checked.stored_name.endswith(name.rsplit(".")[-1].lower())
    assert file.read() == content


@pytest.mark.parametrize(
    "name",
    [
        "bao-cao.exe",
        "bao-cao",
        "bao-cao.",
        ".pdf",
        "trang.html",
        "hình.svg",
        "mẫu.docm",
        "mẫu.xlsm",
        "nén.zip",
        "bao-cao.pdf.exe",
        "bao-cao.exe.pdf",
        "bao-cao.HTML .pdf",
    ],
)
def test_other_endings_are_refused_with_the_name_of_the_file(name):
    sentence = refusal_of(name, PDF)

    shown = safe_title(name)
    assert sentence == f"Tệp “{shown}” không được nhận; dùng PDF, Word, Excel hoặc ảnh"


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("trang.pdf", b"<html><script>alert(1)</script></html>", "PDF"),
        ("trang.pdf", b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00", "PDF"),
        ("trang.pdf", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "PDF"),
        ("trang.pdf", b"#!/bin/sh\nrm -rf /\n", "PDF"),
        ("trang.pdf", b"  \n<!doctype html>%PDF-1.4", "PDF"),
        ("ảnh.png", JPEG, "PNG"),
        ("ảnh.jpg", b"GIF89a<svg/>", "JPG"),
        ("tệp.docx", open_xml("xl"), "DOCX"),
        ("tệp.xlsx", open_xml("word"), "XLSX"),
        ("tệp.docx", zipped(a_txt="không phải Word"), "DOCX"),
        ("tệp.docx", b"PK\x03\x04" + bytes(200), "DOCX"),
        ("tệp.docx", OLE + stream("EncryptedPackage"), "DOCX"),
        ("tệp.doc", OLE + stream("\x05SummaryInformation"), "DOC"),
        ("tệp.xls", OLE + stream("WordDocument"), "XLS"),
        ("tệp.odt", zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ODT"),
    ],
)
def test_content_of_another_kind_is_refused_whatever_the_name_says(name, content, ending):
    sentence = refusal_of(name, content)

    expected = (
        f"Tệp “{name}” không được nhận: nội dung bên trong không phải {ending}; hãy lưu lại đúng loại rồi gửi"
    )
    assert sentence == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mẫu.docx", open_xml("word", vbaProject="x")),
        ("mẫu.xlsx", open_xml("xl", types="application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
        ("mẫu.doc", OLE + stream("WordDocument") + stream("_VBA_PROJECT")),
        (
            "mẫu.odt",
            zipped(mimetype="application/vnd.oasis.opendocument.text", Basic__script_xml="Sub Main"),
        ),
    ],
)
def test_macros_are_refused(name, content):
    sentence = refusal_of(name, content)

    assert sentence == f"Tệp “{name}” không được nhận: tệp chứa macro; hãy lưu lại không có macro rồi gửi"


def test_an_empty_file_is_refused():
    assert refusal_of("trống.pdf", b"") == "Tệp “trống.pdf” không có nội dung"


def test_a_file_over_the_limit_is_refused_with_both_sizes(settings):
    settings.EVIDENCE_MAX_MB = 1

    sentence = refusal_of("lớn.pdf", PDF + bytes(1_500_000))

    assert sentence == "Tệp “lớn.pdf” nặng 1,5 MB; mỗi tệp tối đa 1 MB"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (unicodedata.normalize("NFD", "Báo cáo đợt 1.pdf"), "Báo cáo đợt 1.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Hà\\Kế hoạch.docx", "Kế hoạch.docx"),
        ("bao\u202ecao\x00\r\n.pdf", "baocao.pdf"),
        (" .ẩn.pdf. ", "ẩn.pdf"),
        ("Nguyễn" * 100 + ".pdf", ("Nguyễn" * 100)[: LONGEST_TITLE - 4] + ".pdf"),
    ],
)
def test_a_name_is_kept_in_vietnamese_without_what_could_mislead(sent, kept):
    assert safe_title(sent) == kept


def test_each_file_is_stored_under_a_new_random_name():
    first, second = check_upload(upload("a.pdf", PDF)), check_upload(upload("a.pdf", PDF))

    assert first.stored_name != second.stored_name
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", first.stored_name)


class OneForm(forms.Form):
    file = UploadField()


class SeveralForm(forms.Form):
    files = UploadsField(required=False)


def test_a_form_with_one_file_gives_it_with_what_was_found_out():
    form = OneForm({}, {"file": upload("Quyết định.pdf", PDF)})

    assert form.is_valid()
    assert form.cleaned_data["file"].checked.safe_title == "Quyết định.pdf"


def test_one_wrong_file_among_several_does_not_lose_the_others():
    files = [upload("a.pdf", PDF), upload("b.exe", b"MZ"), upload("c.png", PNG)]
    form = SeveralForm({}, {"files": files})
    form.files = type("Files", (dict,), {"getlist": lambda self, name: files})()

    assert form.is_valid()
    uploads = form.cleaned_data["files"]
    assert [checked.safe_title for _file, checked in uploads.taken] == ["a.pdf", "c.png"]
    assert [problem.messages for problem in uploads.problems] == [
        ["Tệp “b.exe” không được nhận; dùng PDF, Word, Excel hoặc ảnh"]
    ]


def bomb(size: int, parts: int) -> bytes:
    """A small Word file that unpacks to ``size`` bytes, with so many empty parts beside."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(size))
        for number in range(parts):
            archive.writestr(f"word/{number}", "")
    return content.getvalue()


@pytest.mark.parametrize(("size", "parts"), [(201_000_000, 0), (1, 10_001)])
def test_a_file_that_bursts_when_it_is_opened_is_refused(size, parts):
    assert "không được nhận" in refusal_of("báo cáo.docx", bomb(size, parts))


def test_a_long_office_file_is_taken():
    assert check_upload(upload("báo cáo.docx", bomb(20_000_000, 500)))
