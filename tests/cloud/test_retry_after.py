"""How long to wait, however a server writes it: the SDKs read whole numbers only and break at the rest."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from wizard.cloud.transport.retry_after import LONGEST, make_readable, seconds


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("17", 17),
        ("0.3", 1),
        (" 2.0 ", 2),
        ("0", 0),
        ("-5", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("1e9", LONGEST),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("Wed, 99 Oct 99999 07:28:00 GMT", None),
    ],
)
def test_a_wait_is_read_in_whole_seconds(text: str, wait: int | None):
    assert seconds(text) == wait


def test_a_date_is_a_wait_until_then():
    wait = seconds(formatdate(time.time() + 30, usegmt=True))
    assert wait is not None and 28 <= wait <= 31


def test_what_the_sdks_cannot_read_is_not_left_to_them():
    headers = {"Retry-After": "0.3", "x-ms-retry-after-ms": "soon", "Content-Type": "x"}
    make_readable(headers)
    assert headers == {"Retry-After": "1", "Content-Type": "x"}
