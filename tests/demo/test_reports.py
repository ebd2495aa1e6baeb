"""The official reports of the demonstration year."""

import pytest

from tracker.linked_text import keys_in_use, plain, typed
from tracker.models import Notice, PeriodicReport

pytestmark = pytest.mark.django_db


def test_the_half_year_s_report_waits_for_the_leader():
    report = PeriodicReport.objects.get(period__code="2020-6t1")

    assert report.status == "submitted"
    told = Notice.objects.filter(kind="paper_submitted", user__username="hoa.vd")
    assert [notice.url for notice in told] == [report.get_absolute_url()]


def test_the_report_of_2019_is_a_draft_in_the_words_of_the_article():
    report = PeriodicReport.objects.get(period__code="2019")
    text = " ".join(
        plain(block["runs"])
        for one in report.content["sections"]
        for block in one["blocks"]
        if "runs" in block
    )

    assert report.status == "draft"
    assert "Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26% so với cùng kỳ" in text


def test_every_number_of_a_report_has_its_fact_and_none_was_typed():
    for report in PeriodicReport.objects.all():
        assert typed(report.content) == []
        assert set(keys_in_use(report.content)) <= set(report.facts)
