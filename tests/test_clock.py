"""The office's clock: the demonstration's day, its evening, a standing moment."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import TODAY
from tracker import clock

HANOI = dt.timezone(dt.timedelta(hours=7))


@pytest.mark.parametrize(
    ("real", "shown"),
    [
        (dt.datetime(2026, 11, 24, 0, 10, tzinfo=HANOI), dt.time(17, 30)),
        (dt.datetime(2026, 11, 24, 21, 5, tzinfo=HANOI), dt.time(21, 5)),
    ],
)
def test_nobody_acts_before_what_the_demonstration_has_played_that_day(settings, monkeypatch, real, shown):
    settings.TRACKER_TODAY = TODAY
    monkeypatch.setattr(timezone, "now", lambda: real)

    now = clock.now()

    assert (now.date(), now.time(), now.utcoffset()) == (TODAY, shown, dt.timedelta(hours=7))


def test_without_a_demonstration_the_real_clock_counts(settings, monkeypatch):
    settings.TRACKER_TODAY = None
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 11, 23, 17, 10, tzinfo=dt.UTC))

    assert clock.today() == dt.date(2026, 11, 24)
