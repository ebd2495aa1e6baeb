"""Which owner still owes which figure: the states, the numbers of the page, and the lists that they open."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_target,
    make_user,
)
from tracker.figures.completeness import Handing
from tracker.figures.completeness_figures import figure_matrix, owed_figures
from tracker.figures.scope import Scope
from tracker.models import Indicator

pytestmark = pytest.mark.django_db

PAGE = "/nop-bao-cao/"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def june():
    return make_period("2020-06")


@pytest.fixture
def leader():
    return make_user("leader")


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=NOON.tzinfo)


def links_of(text: str, text_pattern: str) -> list[tuple[str, str]]:
    return [
        (html.unescape(address), words)
        for address, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', text)
        if re.fullmatch(text_pattern, words)
    ]


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def an_indicator(**fields):
    indicator = make_indicator(**fields)
    make_target(indicator, 1800)
    return indicator


def owed_by(user, *codes) -> dict:
    periods = [make_period(code) for code in codes]
    return {
        (value.indicator.pk, value.part.pk if value.part else None, value.period.code): value.handing
        for value in owed_figures(Scope.of(user, TODAY), periods)
    }


def test_which_owner_still_owes_the_value(leader):
    sent, late, missing = an_indicator(), an_indicator(), an_indicator()
    make_measurement(sent, period="2020-05", at=at(dt.date(2020, 5, 17)))
    make_measurement(late, period="2020-05", at=at(dt.date(2020, 5, 18)))
    make_measurement(missing, period="2020-05", state="draft")

    found = owed_by(leader, "2020-05", "2020-06")

    assert found[sent.pk, None, "2020-05"] == Handing.ON_TIME
    assert found[late.pk, None, "2020-05"] == Handing.LATE
    assert found[missing.pk, None, "2020-05"] == Handing.MISSING
    assert found[missing.pk, None, "2020-06"] == Handing.PENDING


def test_each_part_is_owed_by_its_agency(leader):
    indicator = an_indicator(rule=Indicator.Rule.PARTS)
    part, ended = make_part(indicator), make_part(indicator, valid_to=dt.date(2020, 4, 30))
    make_measurement(indicator, part=part, period="2020-05", at=at(dt.date(2020, 5, 15)))

    found = owed_by(leader, "2020-04", "2020-05")

    assert (indicator.pk, None, "2020-05") not in found
    assert found[indicator.pk, part.pk, "2020-05"] == Handing.ON_TIME
    assert found[indicator.pk, ended.pk, "2020-04"] == Handing.MISSING
    assert (indicator.pk, ended.pk, "2020-05") not in found


def test_a_figure_given_by_a_higher_body_is_not_owed(leader):
    indicator = an_indicator()
    make_measurement(indicator, period="2020-05", role="published", by=make_user("officer"))

    assert owed_by(leader, "2020-05")[indicator.pk, None, "2020-05"] == Handing.NOT_ASKED


def test_what_is_suggested_retired_counted_or_without_target_is_not_owed(leader):
    suggested, retired, counted = an_indicator(), an_indicator(), an_indicator(rule=Indicator.Rule.ROSTER)
    Indicator.objects.filter(pk=suggested.pk).update(is_suggested=True)
    Indicator.objects.filter(pk=retired.pk).update(retired_on=dt.date(2020, 5, 1))
    informative, below = make_indicator(), make_indicator(parent=an_indicator())

    found = owed_by(leader, "2020-04", "2020-05")

    assert {key[0] for key in found}.isdisjoint({suggested.pk, counted.pk})
    assert (retired.pk, None, "2020-04") in found
    assert (retired.pk, None, "2020-05") not in found
    assert found[informative.pk, None, "2020-05"] == Handing.NOT_ASKED
    assert found[below.pk, None, "2020-05"] == Handing.MISSING


def test_a_figure_is_owed_in_periods_of_its_own_kind(leader):
    yearly = an_indicator(frequency="year")

    found = owed_by(leader, "2020-05", "2020")

    assert list(found) == [(yearly.pk, None, "2020")]


def test_every_number_of_figures_is_the_length_of_its_list(client, june, leader):
    agency = make_agency()
    for _n in range(2):
        an_indicator(owner=agency)
    make_measurement(an_indicator(owner=agency), period="2020-05", at=at(dt.date(2020, 5, 15)))
    make_measurement(an_indicator(), period="2020-05", at=at(dt.date(2020, 5, 19)))
    client.force_login(leader)

    page = client.get(f"{PAGE}?xem=so-lieu")

    found = links_of(page.text, r"\d+") + links_of(page.text, r"\d+/\d+[^<]*")
    assert len(found) > 8
    for address, words in found:
        values = client.get(PAGE + address).context["values"]
        assert (address, len(values)) == (address, int(re.findall(r"\d+", words.split(" ")[0])[-1]))


def test_an_agency_reads_its_own_figures_only(client, june):
    mine, other = an_indicator(), an_indicator()
    client.force_login(make_user(agency=mine.owner))

    page = client.get(f"{PAGE}?xem=so-lieu")

    assert [line.agency for line in page.context["table"].lines] == [mine.owner]
    assert other.owner.name not in page.text


def test_the_queries_of_figures_do_not_grow(client, june, leader):
    client.force_login(leader)
    make_measurement(an_indicator(), period="2020-05")
    few = queries(client, f"{PAGE}?xem=so-lieu")
    for _n in range(5):
        make_measurement(an_indicator(), period="2020-05")

    assert queries(client, f"{PAGE}?xem=so-lieu") == few <= 14


def test_the_sum_of_figures_adds_up(june, leader):
    for _n in range(3):
        an_indicator()
    periods = [june]

    table = figure_matrix(periods, owed_figures(Scope.of(leader, TODAY), periods))

    assert table.totals[0].asked == sum(line.cells[0].asked for line in table.lines) == 3
