"""The overview of the demonstration year: light enough for a slow line, and few questions to the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.models import User

pytestmark = pytest.mark.django_db


def open_page(client, username, address):
    client.force_login(User.objects.get(username=username))
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    assert page.status_code == 200
    return len(page.content), len(queries)


@pytest.mark.parametrize("username", ["hoa.vd", "quang.tm", "son.hv", "toan.tv"])
@pytest.mark.parametrize(
    ("address", "most_bytes", "most_queries"),
    [
        ("/tong-quan/", 57_000, 12),
        ("/tong-quan/?quyet=het", 57_000, 12),
        ("/tong-quan/?bang=co-quan", 59_000, 12),
        ("/tong-quan/?ky=2020-q2&den=3/6/2020&bang=co-quan", 59_000, 12),
        ("/tong-quan/co-quan/", 40_000, 4),
    ],
)
def test_the_overview_stays_light(client, username, address, most_bytes, most_queries):
    """The limit is 60 kB; the names of static files are longer in operation and take one of them."""
    size, queries = open_page(client, username, address)

    assert size <= most_bytes
    assert queries <= most_queries


@pytest.mark.parametrize(("code", "most"), [("D05", 11), ("D07", 12), ("D09", 16)])
def test_the_page_of_a_measured_directive_asks_few_questions(client, code, most):
    _size, queries = open_page(client, "hoa.vd", f"/nhiem-vu/{code}/")

    assert queries <= most
