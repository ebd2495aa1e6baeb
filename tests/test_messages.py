import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.core.management.base import CommandError

from tracker import messages_catalogue
from tracker.messages_catalogue import Fault, faults


def catalogue(*messages):
    made = Catalog(locale="vi")
    for identity, text, *flags in messages:
        made.add(identity, text, flags=flags)
    return made


def test_every_text_of_the_product_has_its_vietnamese():
    call_command("update_messages", check=True)


def test_the_words_of_third_parties_have_their_vietnamese():
    files = sorted(messages_catalogue.THIRD_PARTY.parent.glob("*.po"))

    empty = [
        message.id
        for path in files
        for message in messages_catalogue.stored(path)
        if message.id and not message.string
    ]
    assert len(files) == 2
    assert empty == []


@pytest.mark.parametrize(
    ("stored", "wanted", "fault"),
    [
        ([], [("Save", "")], Fault("missing", "Save")),
        ([("Save", "")], [("Save", "")], Fault("untranslated", "Save")),
        ([("Save", "Lưu", "fuzzy")], [("Save", "")], Fault("fuzzy", "Save")),
        ([("Save", "Lưu")], [], Fault("obsolete", "Save")),
        (
            [("%(count)s rows", "%(so)s dòng")],
            [("%(count)s rows", "")],
            Fault("placeholders differ", "%(count)s rows"),
        ),
        ([("Hello {name}", "Chào")], [("Hello {name}", "")], Fault("placeholders differ", "Hello {name}")),
        (
            [(("%(n)s row", "%(n)s rows"), ("",))],
            [(("%(n)s row", "%(n)s rows"), "")],
            Fault("untranslated", "%(n)s row"),
        ),
    ],
)
def test_the_check_finds_what_is_wrong(stored, wanted, fault):
    assert faults(catalogue(*stored), catalogue(*wanted)) == [fault]


def test_a_complete_catalogue_has_no_fault():
    messages = [("Save", "Lưu"), (("%(n)s row", "%(n)s rows"), ("%(n)s dòng",))]

    assert faults(catalogue(*messages), catalogue(*messages)) == []


def test_the_command_fails_with_the_list_of_faults(settings, tmp_path):
    settings.BASE_DIR = tmp_path  # a product that says nothing needs none of the stored messages

    with pytest.raises(CommandError, match="obsolete: Overdue"):
        call_command("update_messages", check=True)


def test_templates_are_read_with_plurals_and_trimmed_blocks(settings, tmp_path):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        """{% load i18n %}
        <p>{% translate "Save" %}{% translate "Close" context "a work" %}</p>
          {% blocktranslate trimmed count n=rows %}
            {{ n }} row
            waits
          {% plural %}
            {{ n }} rows wait
          {% endblocktranslate %}
    """
    )
    settings.BASE_DIR = tmp_path

    found = {(message.id, message.context) for message in messages_catalogue.extracted() if message.id}
    assert found == {("Save", None), ("Close", "a work"), (("%(n)s row waits", "%(n)s rows wait"), None)}
