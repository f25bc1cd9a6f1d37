"""How sure we are of what a route answers: a mark on each, from which docs/fidelity.md is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where an answer is known from, the surest first."""

    RECORDED = "recorded"  # real Azure's own answers
    SPECIFICATION = "specification"  # Azure's OpenAPI
    DOCUMENTATION = "documentation"  # learn.microsoft.com
    ISSUE = "issue"  # what people met and published
    JUDGEMENT = "judgement"  # nothing but good sense


@dataclass(frozen=True)
class Known:
    """What a route answers, in a few words, and where that is known from."""

    answer: str
    source: Source
    where: str = ""


def recorded(answer: str, where: str = "") -> Known:
    """A mark: real Azure's own answer was recorded, `where`."""
    return Known(answer, Source.RECORDED, where)


def specified(answer: str, where: str = "") -> Known:
    """A mark: Azure's OpenAPI says so, `where`."""
    return Known(answer, Source.SPECIFICATION, where)


def documented(answer: str, where: str = "") -> Known:
    """A mark: a page of learn.microsoft.com says so, `where`."""
    return Known(answer, Source.DOCUMENTATION, where)


def reported(answer: str, where: str = "") -> Known:
    """As published in an issue, a transcript or another program's tests."""
    return Known(answer, Source.ISSUE, where)


def judged(answer: str, where: str = "") -> Known:
    """A mark: nothing says so; it is what makes sense."""
    return Known(answer, Source.JUDGEMENT, where)
