"""A form sets what it shows and nothing else, whatever is sent with it."""

import pytest
from django.apps import apps
from django.forms import BaseModelForm
from django.urls import reverse

import tracker.forms
from tests.factories import PASSWORD, make_user
from tests.test_urls import FORMS, ROLES, address, may, signed_in, undone, world  # noqa: F401
from tracker.models import User

pytestmark = pytest.mark.django_db

OF_THE_LIFE_CYCLE = {
    "status",
    "version",
    "created_by",
    "created_at",
    "submitted_by",
    "submitted_at",
    "confirmed_by",
    "confirmed_at",
    "decided_by",
    "decided_at",
    "withdrawn_at",
    "is_superuser",
    "is_staff",
    "password",
    "last_login",
}
"""Set by the verbs of a model alone."""

FORGED = {
    "is_superuser": "on",
    "is_staff": "on",
    "role": "admin",
    "status": "completed",
    "version": "99",
    "created_by": "1",
    "confirmed_by": "1",
    "confirmed_at": "2020-01-01",
    "submitted_by": "1",
    "decided_by": "1",
    "password": "x",
    "pk": "1",
    "id": "1",
}


def forms_of(cls=BaseModelForm):
    for child in cls.__subclasses__():
        yield child
        yield from forms_of(child)


def test_every_form_names_its_fields():
    ours = [form for form in forms_of() if form.__module__.startswith(tracker.forms.__name__)]

    assert ours
    for form in ours:
        if form._meta.model is not None:
            assert isinstance(form._meta.fields, list | tuple), form
            assert not set(form._meta.fields) & OF_THE_LIFE_CYCLE, form


def positions():
    """Who stands where: what no form of anybody but an administrator changes."""
    return sorted(User.objects.values_list("pk", "role", "agency_id", "username", "is_active", "password"))


def states():
    """The state of every record that has one."""
    return {
        model.__name__: sorted(model._default_manager.values_list("pk", "status"))
        for model in apps.get_app_config("tracker").get_models()
        if any(field.name == "status" for field in model._meta.fields)
    }


@pytest.mark.parametrize("role", [role for role in ROLES.values() if role != "admin"])
def test_no_form_makes_anybody_something_else(world, role):  # noqa: F811
    client = signed_in(world["people"][role])
    before = positions()
    wrong = set()

    for name in FORMS:
        if may(name, role):
            with undone():
                client.post(address(name, world), FORGED)
                if positions() != before:
                    wrong.add(name)

    assert wrong == set()


def test_no_one_raises_themselves_by_their_own_page(client):
    user = make_user("staff")
    client.force_login(user)

    client.post(reverse("profile"), FORGED | {"full_name": "Đổi tên", "agency": "1", "email": "a@b.vn"})

    user.refresh_from_db()
    assert (user.role) == "staff"
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("role", ROLES.values())
def test_a_form_that_is_refused_moves_nothing(world, role):  # noqa: F811
    """With every state as a field: an answer that says no has changed no record's state."""
    client = signed_in(world["people"][role])
    before = states()
    wrong = set()

    for name in FORMS:
        if may(name, role):
            with undone():
                response = client.post(address(name, world), FORGED)
                if response.status_code in {400, 403, 404, 409, 422} and states() != before:
                    wrong.add(name)

    assert wrong == set()
