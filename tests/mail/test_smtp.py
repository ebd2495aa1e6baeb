"""The line of a message that hands it over: asked before, and known when it may have gone out."""

import smtplib

import pytest
from django.core.mail import EmailMessage

from tests.mail.server import until
from tracker.smtp import EmailBackend


@pytest.fixture
def backend(box):
    backend = EmailBackend(host="127.0.0.1", port=box.port, timeout=5)
    backend.open()
    yield backend
    backend.close()


def letter(body="Nội dung"):
    return EmailMessage("Thử", body, "a@nd.gov.vn", ["ha@nd.gov.vn"])


def test_the_server_has_all_but_the_end_when_it_is_asked(box, backend):
    seen = []
    backend.connection.begin(lambda: seen.append((len(box.letters), backend.connection.has_ended)))

    backend.send_messages([letter()])

    assert seen == [(0, False)]
    assert len(box.letters) == 1
    assert (backend.connection.has_ended, backend.connection.reply) == (True, "250 OK")


def test_without_leave_nothing_is_handed_over(box, backend):
    def refuse():
        raise ValueError("no leave")

    backend.connection.begin(refuse)

    with pytest.raises(ValueError, match="no leave"):
        backend.send_messages([letter()])

    backend.close()
    backend.open()
    backend.connection.begin(lambda: None)
    backend.send_messages([letter("Thư sau")])
    assert [one.get_content().strip() for one in box.letters] == ["Thư sau"]


def test_a_server_that_hung_up_meanwhile_has_not_got_it(box, backend):
    box.data["ha@nd.gov.vn"] = ["cut"]
    backend.connection.begin(lambda: until(lambda: box.cuts))

    with pytest.raises(smtplib.SMTPServerDisconnected):
        backend.send_messages([letter()])

    assert backend.connection.has_ended is False
    assert box.letters == []


@pytest.mark.parametrize("body", [".", "..", ".\n.\n", "a\n.\nb", "a\n..b\n"])
def test_lines_that_begin_with_a_dot_arrive_as_they_were(box, backend, body):
    backend.connection.begin(lambda: None)

    backend.send_messages([letter(body)])

    assert box.letters[0].get_content().splitlines() == body.splitlines()
