"""The help page prints what the program does: its permissions, steps and rules."""

import datetime as dt
import re

import pytest

from tests.factories import make_user
from tracker.models import Configuration, Status, StatusTerm, User
from tracker.permissions import Act, printed_table

pytestmark = pytest.mark.django_db


def help_for(client, role="staff"):
    client.force_login(make_user(role))
    return client.get("/tro-giup/").content.decode()


def table(page):
    body = page[page.index('id="quyen"') : page.index('id="vong-doi"')]
    return re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", body, re.S)


def test_the_table_of_permissions_is_printed_line_by_line(client):
    rows = table(help_for(client))

    assert len(rows) == len(Act)
    assert 'href="/static/tracker/icons.svg#check"' in rows[0]
    for row, line in zip(rows, printed_table(), strict=True):
        assert row.startswith(str(line.act.label))
        cells = ["ck-ok" in cell for cell in row.split("<td>")[1:]]
        assert cells == [rule is not None for rule in line.rules]


def test_relation_and_states_stand_in_words(client):
    rows = {re.match(r"[^<]+", row)[0]: row for row in table(help_for(client))}

    assert "mới giao, đã tiếp nhận, đang thực hiện" in rows[str(Act.REPORT.label)]
    assert "của cơ quan mình" in rows[str(Act.REPORT.label)]
    assert "khi chưa đóng" in rows[str(Act.EDIT.label)]
    assert "xin gia hạn" in rows[str(Act.DECIDE_EXTENSION.label)]
    assert "đề xuất hạn khác" in rows[str(Act.ANSWER_PROPOSAL.label)]
    assert "mở, mở lại" in rows[str(Act.CLOSE_PERIOD.label)]


def test_every_status_stands_with_what_may_follow(client):
    page = help_for(client)

    life = page[page.index('id="vong-doi"') :]
    for status in Status:
        if status != Status.WITHDRAWN:
            assert f'<th scope="row">{status.label}</th>' in life


@pytest.mark.parametrize("role", User.Role.values)
def test_each_role_reads_its_own_how_to(client, role):
    page = help_for(client, role)

    steps = page[page.index('id="cach-lam"') : page.index('id="quyen"')]
    assert steps.count("<li>") >= 1


def test_a_wish_to_stop_and_a_stop_are_told_apart(client):
    page = help_for(client)

    assert "“Xin dừng” là đề nghị của cơ quan: khi lãnh đạo chưa quyết định, nhiệm vụ vẫn đang mở" in page
    assert "“Dừng thực hiện” là quyết định bằng văn bản" in page


def test_deadlines_are_explained_by_the_reader_itself(client, settings):
    settings.TRACKER_TODAY = dt.date(2020, 6, 16)

    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", help_for(client)))

    assert "hết quý II 30/6/2020" in page


def test_official_words_and_the_office_s_support_line(client):
    StatusTerm.objects.create(
        axis="deadline",
        code="late",
        name="Quá hạn",
        name_en="Overdue",
        official_use="yes",
        source="1270/BC-TCTTTg",
    )
    Configuration.objects.update_or_create(pk=1, defaults={"support": "Phòng CNTT, 0228"})

    page = help_for(client)

    assert '<th scope="row">Quá hạn</th><td lang="en">Overdue</td>' in page
    assert "Cần hỗ trợ: Phòng CNTT, 0228" in page
