"""The page that says how sure the practice cloud is of its answers is what the code's own marks say."""

from __future__ import annotations

from pathlib import Path

from wizard.practice.fidelity_page import page, unmarked

WRITTEN = Path(__file__).parents[2] / "docs" / "fidelity.md"


def test_every_route_says_where_its_answer_is_known_from() -> None:
    assert unmarked() == []


def test_the_page_is_what_the_marks_say() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page(), "write it again: python -m wizard.practice.fidelity_page > docs/fidelity.md"
