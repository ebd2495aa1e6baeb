"""Two imports of the same appendix, written in the same moment: real threads on the real database."""

import pytest

from tests.factories import TODAY, make_directive, make_document, make_field, make_import, make_user
from tests.test_concurrency_progress import at_once
from tracker.importing import apply
from tracker.models import Directive, DirectiveSource

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "STT\tNội dung nhiệm vụ\tThời gian hoàn thành\n1\tĐưa mạng 5G vào khai thác\t31/12/2020"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def write_both(batches, officer):
    return at_once(*(lambda batch=batch: apply(batch, by=officer, today=TODAY) for batch in batches))


@pytest.mark.parametrize("attempt", range(3))
def test_the_same_appendix_imported_twice_at_once_is_entered_once(attempt):
    officer = make_user("officer")
    about = {"document": make_document(), "field": make_field(), "pasted": TABLE}
    batches = [make_import(officer, **about) for _each in range(2)]

    written = write_both(batches, officer)

    assert sorted(batch.outcome["created"] for batch in written) == [0, 1]
    assert Directive.objects.count() == DirectiveSource.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_two_imports_without_a_document_are_written_one_after_the_other(attempt):
    officer = make_user("officer")
    directive = make_directive()
    table = f"STT\tMã\tNội dung nhiệm vụ\n1\t{directive.code}\tĐưa mạng 5G vào khai thác"
    batches = [make_import(officer, document=None, pasted=table) for _each in range(2)]

    written = write_both(batches, officer)

    assert sorted(batch.outcome["updated"] for batch in written) == [0, 1]
    directive.refresh_from_db()
    assert directive.title == "Đưa mạng 5G vào khai thác"
