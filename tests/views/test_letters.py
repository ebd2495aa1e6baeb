from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from tests.factories import TODAY, make_agency, make_assignment, make_user
from tracker.models import Urging

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def urging():
    row = make_assignment(make_agency(name="Huyện ủy Hải Hậu"))
    return Urging.send(
        by=make_user("officer"),
        agencies={row.agency: "Chưa báo cáo"},
        reason="Đã quá hạn.",
        indicators=[],
        directives=[row.directive],
        assignments={row.agency: [row]},
    )


def draft(client, user, urging):
    client.force_login(user)
    return client.get(reverse("urging_letter", args=[urging.pk]))


@pytest.mark.parametrize("role", ["officer", "leader"])
def test_the_draft_is_saved_as_a_file_and_kept_nowhere(client, urging, role):
    response = draft(client, make_user(role), urging)

    assert response.status_code == 200
    assert response["Content-Disposition"] == (
        f'attachment; filename="du-thao-cong-van-don-doc-{urging.pk}.docx"'
    )
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["Cache-Control"] == "private, no-store"
    assert "Kính gửi: Huyện ủy Hải Hậu." in {
        line.text for line in Document(BytesIO(response.content)).paragraphs
    }


def test_agencies_and_those_who_may_not_urge_get_no_draft(client, urging):
    urged = make_user(agency=urging.recipients.get().agency)

    found = [draft(client, user, urging).status_code for user in (urged, make_user("admin"), make_user())]

    assert found == [403, 403, 404]


@pytest.mark.parametrize("pk", [0, 10**9, 2**63 - 1])
def test_an_urging_that_does_not_exist_has_no_draft(client, urging, pk):
    client.force_login(make_user("officer"))

    assert client.get(f"/don-doc/{pk}/cong-van/").status_code == 404
