"""Lines of a log chosen by age, words and weight, however a framework, gunicorn or Azure writes these."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from wizard.testing.log_filter import LogFilter, Weigher, moment, since

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("[2026-11-30 09:00:00 +0000] [7] [INFO] Listening at: http://0.0.0.0:5000 (7)", "info"),
        ("[2026-11-30 09:00:00 +0000] [7] [ERROR] Exception in worker process", "error"),
        ("ERROR:root:no such order", "error"),
        ("2026-11-30 09:00:00,123 - orders - WARNING - slow", "warning"),
        ('INFO:     127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK', "info"),
        ('{"level": "WARN", "msg": "slow"}', "warning"),
        ('{"severity": "Critical", "message": "gone"}', "critical"),
        ('10.0.0.1 - - [30/Nov/2026 09:00:00] "GET /orders HTTP/1.1" 500 -', "error"),
        ('10.0.0.1 - - [30/Nov/2026 09:00:00] "GET /error HTTP/1.1" 404 -', "info"),
        ("DEBUG sqlalchemy: select 1", "debug"),
        ("an order was taken", "info"),
        ("x" * 90 + " ERROR", "info"),
        ("", "info"),
    ],
)
def test_the_weight_of_a_line_is_read_as_it_is_written(line: str, level: str) -> None:
    assert Weigher().level(line) == level


def test_a_traceback_is_an_error_to_its_last_line() -> None:
    weigher = Weigher()
    traceback = [
        "Traceback (most recent call last):",
        '  File "run.py", line 3',
        "    1 / 0",
        "ZeroDivisionError: division by zero",
    ]
    assert [weigher.level(line) for line in [*traceback, "ready again"]] == [*["error"] * 4, "info"]


def test_azures_events_say_their_own_weight() -> None:
    assert [Weigher().level("ERROR in the words", kind) for kind in ("Normal", "Warning")] == ["info", "warning"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30m", NOW - timedelta(minutes=30)), ("2 H", NOW - timedelta(hours=2)), ("2026-11-30T09:00Z", NOW - timedelta(minutes=30))],
)
def test_since_is_a_span_or_a_time(text: str, expected: datetime) -> None:
    assert since(text, NOW) == expected


@pytest.mark.parametrize("text", ["yesterday", "30", "-5m", ""])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        since(text, NOW)


def test_both_of_azures_times_are_read_and_none_is_never_too_old() -> None:
    assert moment("2026-11-30T09:13:18.1234567Z") == datetime(2026, 11, 30, 9, 13, 18, 123456, UTC)
    assert moment("2026-11-30 09:13:18 +0000 UTC") == datetime(2026, 11, 30, 9, 13, 18, tzinfo=UTC)
    assert moment("") is None
    wanted = LogFilter(NOW, re.compile("order", re.IGNORECASE), "warning")
    assert wanted.wants("", "an Order", "error")
    assert not wanted.wants("2026-11-30T09:00:00Z", "an Order", "error")
    assert not wanted.wants("", "an Order", "info")
    assert not wanted.wants("", "a book", "error")
