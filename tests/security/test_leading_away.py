"""Nobody is led to another site: not by an address that asks for it, nor by the name in the Host line."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_user
from tests.test_urls import FORMS, LINES, NAMES, ROLES, address, may, signed_in, undone, world  # noqa: F401
from tracker import clock
from tracker.sending import send_due

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "\thttps://evil.example",
    "https://testserver@evil.example/",
]
NAMES_OF_THE_WAY = ("next", "tiep", "ve", "loc", "return_to", "url", "redirect")


def leads_away(where: str) -> bool:
    return not where.startswith("/") or where.startswith(("//", "/\\", "/\t"))


@pytest.mark.parametrize("where", ELSEWHERE)
def test_the_log_in_leads_nowhere_else(client, where):
    user = make_user()

    response = client.post(
        f"{reverse('login')}?next={where}",
        {"username": user.username, "password": PASSWORD, "next": where},
    )

    assert response.status_code == 302
    assert not leads_away(response.url)


@pytest.mark.parametrize("role", ROLES.values())
def test_no_address_leads_to_another_site(world, role):  # noqa: F811
    client = signed_in(world["people"][role])
    wrong = {}

    for name in NAMES:
        if not may(name, role):
            continue
        for where in ELSEWHERE[:3]:
            asked = dict.fromkeys(NAMES_OF_THE_WAY, where)
            with undone():
                calls = [client.get] if "G" in LINES[name][0] else []
                calls += [client.post] if name in FORMS else []
                for call in calls:
                    response = call(address(name, world), asked, headers={"referer": "https://evil.example/"})
                    if response.status_code == 302 and leads_away(response.url):
                        wrong[name] = response.url

    assert wrong == {}


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"]
)
def test_another_name_in_the_host_line_is_refused(settings, host):
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(HTTP_HOST=host, raise_request_exception=False)

    assert {client.get(reverse(name)).status_code for name in ("login", "password_forgotten")} == {400}


def test_a_letter_with_a_link_names_the_site_of_the_settings(settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.MAIL_IS_ON = True
    settings.TRACKER_SITE_URL = "https://tracker.example.gov.vn"
    user = make_user(email="ha.nt@example.gov.vn")

    Client(HTTP_HOST="evil.example").post(reverse("password_forgotten"), {"username": user.username})
    send_due(clock.now())

    [letter] = mail.outbox
    assert "https://tracker.example.gov.vn/lien-ket/" in letter.body
    assert "evil.example" not in letter.message().as_string()
