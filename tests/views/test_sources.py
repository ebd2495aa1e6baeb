"""The sources of a directive: one more document, a sentence put right."""

import pytest
from django.urls import reverse

from tests.factories import make_assignment, make_directive, make_document, make_user
from tracker.models import DirectiveSource, Status

pytestmark = pytest.mark.django_db

SENTENCE = "Kiên quyết không để sim rác quay trở lại."


def add(client, directive, document, **fields):
    data = {"document": document.number, "sentence": SENTENCE} | fields
    return client.post(reverse("source_add", args=[directive.code]), data)


def correct(client, source, **fields):
    return client.post(reverse("source_correct", args=[source.pk]), {"sentence": SENTENCE} | fields)


def test_a_later_document_is_linked_to_the_same_directive(client):
    directive, document = make_directive(), make_document(number="49/2017/NĐ-CP")
    client.force_login(make_user("officer"))

    response = add(client, directive, document, gloss="về thắt chặt quản lý")

    source = directive.sources.last()
    assert response.url == f"{directive.get_absolute_url()}#can-cu"
    assert (source.document, source.sentence, source.gloss) == (document, SENTENCE, "về thắt chặt quản lý")
    assert directive.events.first().kind == "edited"


def test_after_the_assignment_a_source_needs_a_reason(client):
    directive = make_assignment().directive
    client.force_login(make_user("officer"))

    refused = add(client, directive, make_document())
    accepted = add(client, directive, make_document(), reason="Nghị quyết mới nhắc lại nhiệm vụ.")

    assert refused.status_code == 200
    assert refused.context["form"].errors.keys() == {"reason"}
    assert accepted.status_code == 302
    assert directive.sources.count() == 2
    assert directive.events.first().reason == "Nghị quyết mới nhắc lại nhiệm vụ."


def test_the_same_document_is_not_cited_twice(client):
    directive = make_directive()
    client.force_login(make_user("officer"))

    response = add(client, directive, directive.sources.get().document)

    assert response.context["form"].errors["document"] == ["Văn bản này đã là căn cứ của nhiệm vụ."]
    assert directive.sources.count() == 1


def test_a_sentence_is_put_right_and_the_history_keeps_the_earlier_words(client):
    source = make_directive().sources.get()
    before = source.sentence
    client.force_login(make_user("officer"))

    response = correct(client, source)

    source.refresh_from_db()
    assert response.status_code == 302
    assert source.sentence == SENTENCE
    assert [row.sentence for row in source.history.order_by("pgh_id")] == [before, SENTENCE]


@pytest.mark.parametrize("role", ["staff", "agency_head", "viewer", "admin"])
def test_only_officers_and_leaders_change_sources(client, role):
    assignment = make_assignment()
    inside = {"agency": assignment.agency} if role != "admin" else {}
    client.force_login(make_user(role, **inside))
    source = assignment.directive.sources.get()

    answers = [
        add(client, assignment.directive, make_document(), reason="x"),
        correct(client, source, reason="x"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert list(DirectiveSource.objects.values_list("sentence", flat=True)) == [source.sentence]


def test_a_stranger_sees_neither_page(client):
    directive = make_assignment().directive
    client.force_login(make_user())

    pages = [
        client.get(reverse("source_add", args=[directive.code])),
        client.get(reverse("source_correct", args=[directive.sources.get().pk])),
    ]

    assert [page.status_code for page in pages] == [404, 404]


def test_a_closed_directive_keeps_its_sources(client):
    directive = make_assignment().directive
    directive.withdraw(by=make_user("officer"), reason="Nhập trùng.")
    client.force_login(make_user("officer"))

    response = correct(client, directive.sources.get(), reason="x")

    directive.refresh_from_db()
    assert response.url == directive.get_absolute_url()
    assert directive.status == Status.WITHDRAWN
    assert directive.sources.get().sentence != SENTENCE
