import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from tests.factories import make_department, make_user
from tracker.models import User

pytestmark = pytest.mark.django_db


def test_the_first_administrator_is_made_on_the_command_line(monkeypatch):
    department = make_department()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Dong-song-xanh-7")

    call_command(
        "createsuperuser", username="quantri", full_name="Đỗ Văn Lâm", interactive=False, verbosity=0
    )

    user = User.objects.get(username="quantri")
    assert (user.role, user.agency, user.check_password("Dong-song-xanh-7")) == ("admin", department, True)


def test_account_names_differ_in_more_than_case():
    make_user(username="ha.nt")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(username="Ha.NT")


def test_people_are_sorted_by_given_name_in_the_vietnamese_alphabet():
    names = ["Vũ Đức Hòa", "Nguyễn Thu Hà", "Trần Minh Quang", "Đỗ Văn Lâm", "Bùi Thị Ân", "Lê An"]
    for name in names:
        make_user(full_name=name)

    ordered = [user.full_name for user in User.objects.by_given_name() if user.full_name in names]

    assert ordered == [
        "Lê An",
        "Bùi Thị Ân",
        "Nguyễn Thu Hà",
        "Vũ Đức Hòa",
        "Đỗ Văn Lâm",
        "Trần Minh Quang",
    ]
