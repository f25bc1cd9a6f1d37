"""The drafts of this machine, as they lie on its disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wizard.platform.folders import home

KINDS: dict[str, type] = {
    "file": str,
    "stage": str,
    "digest": str,
    "screen": str,
    "focus": str,
    "cloud": dict,
    "confirmed": str,
    "typed": dict,
}
"""What a draft holds; one that holds something else was written by no azwizard that this one knows."""


def drafts_folder() -> Path:
    """Where they lie."""
    return home() / "drafts"


def kept_drafts() -> list[dict[str, Any]]:
    """Every draft of this machine, as it was saved, the latest first."""
    folder = drafts_folder()
    drafts = [read_draft(path) for path in folder.glob("*.json")] if folder.is_dir() else []
    return sorted((match for match in drafts if match.get("file")), key=lambda draft: -_time(draft))


def _time(draft: dict[str, Any]) -> float:
    at = draft.get("at")
    return at if isinstance(at, int | float) else 0.0


def read_draft(path: Path) -> dict[str, Any]:
    """A saved draft; empty when there is none or it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(content, dict) and all(isinstance(content.get(key, KINDS[key]()), KINDS[key]) for key in KINDS)
    return content if is_ours and all(_can_be_typed(value) for value in content.get("typed", {}).values()) else {}


def _can_be_typed(value: object) -> bool:
    """Whether something is a text, a switch, or the lines of a table."""
    return isinstance(value, str | bool) or (isinstance(value, list) and all(isinstance(line, dict) for line in value))
