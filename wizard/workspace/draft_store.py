"""The drafts of this machine, as they lie on its disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wizard.platform.folders import home


def drafts_folder() -> Path:
    """Where they lie."""
    return home() / "drafts"


def kept_drafts() -> list[dict[str, Any]]:
    """Every draft of this machine, as it was saved, the latest first."""
    folder = drafts_folder()
    drafts = [read_draft(path) for path in folder.glob("*.json")] if folder.is_dir() else []
    return sorted((match for match in drafts if match.get("file")), key=lambda draft: -float(draft.get("at", 0)))


def read_draft(path: Path) -> dict[str, Any]:
    """A saved draft; empty when there is none or it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
