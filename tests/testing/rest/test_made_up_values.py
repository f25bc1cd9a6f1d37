"""What REST Client makes up for a request: times with offsets and formats, numbers, identifiers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from wizard.testing.rest.dayjs_format import moved, written
from wizard.testing.rest.system_variables import NotUnderstood, system_variable

MOMENT = datetime(2026, 1, 31, 9, 5, 3, 42_000, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("YYYY-MM-DDTHH:mm:ssZ", "2026-01-31T09:05:03-03:30"),
        ("D/M/YY h:m:s a A", "31/1/26 9:5:3 am AM"),
        ("dddd ddd dd d, MMMM MMM", "Saturday Sat Sa 6, January Jan"),
        ("[at] HH[h]mm SSS ZZ", "at 09h05 042 -0330"),
        ("hh", "09"),
    ],
)
def test_times_are_written_as_dayjs_writes_them(pattern: str, text: str) -> None:
    assert written(MOMENT, pattern) == text


@pytest.mark.parametrize(
    ("amount", "unit", "day"),
    [
        (1, "M", "2026-02-28"),
        (-1, "y", "2025-01-31"),
        (1, "Q", "2026-04-30"),
        (2, "w", "2026-02-14"),
        (-31, "d", "2025-12-31"),
        (15, "h", "2026-02-01"),
    ],
)
def test_times_are_moved(amount: int, unit: str, day: str) -> None:
    assert moved(MOMENT, amount, unit).date().isoformat() == day


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("$timestamp", "1767225600"),
        ("$timestamp 1 m", "1767225660"),
        ("$datetime iso8601", "2026-01-01T00:00:00.000Z"),
        ("$datetime rfc1123", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("$datetime 'YYYY' -1 d", "2025"),
        ('$datetime "DD-MM-YYYY" 1 M', "01-02-2026"),
    ],
)
def test_what_rest_client_makes_up(words: str, text: str) -> None:
    assert system_variable(words, lambda: datetime(2026, 1, 1, tzinfo=UTC)) == text


@pytest.mark.parametrize("words", ["$datetime", "$datetime later", "$timestamp 3 x", "$randomInt 5 5", "$randomInt a b", "$nothing"])
def test_what_it_does_not_take_is_not_made_up(words: str) -> None:
    with pytest.raises(NotUnderstood):
        system_variable(words)
