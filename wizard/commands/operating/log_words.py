"""What ``azwizard logs`` was asked for, as a filter of lines."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import click

from wizard.platform.language import _
from wizard.testing.log_filter import LEVELS, LogFilter, since


def log_filter(time: str | None, words: str | None, level: str | None) -> LogFilter:
    """The filter for ``--since``, ``--grep`` and ``--level``. Raises click.UsageError for one that cannot be read."""
    try:
        beginning = since(time, datetime.now(UTC)) if time else None
    except (ValueError, OverflowError):
        sentence = _("--since wants a span such as 30m, 2h or 1d, or a time such as 2026-11-30T09:00, not {text}")
        raise click.UsageError(sentence.format(text=time)) from None
    try:
        pattern = re.compile(words, re.IGNORECASE) if words else None
    except re.error as error:
        sentence = _("--grep wants a regular expression, and {text} is none: {reason}")
        raise click.UsageError(sentence.format(text=words, reason=error)) from None
    return LogFilter(beginning, pattern, level or LEVELS[0])
