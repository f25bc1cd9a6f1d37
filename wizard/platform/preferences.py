"""What a person chose once for every setup: the language, the colours, and line prompts instead of screens."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from wizard.platform.folders import home, write_private


@dataclass
class Preferences:
    """:param language: ``en``, ``fr``, or "" to follow the locale. :param plain: line prompts instead of screens.
    :param theme: the colours of the screens, by the name of a theme; "" for the first.
    """

    language: str = ""
    plain: bool = False
    theme: str = ""

    @classmethod
    def read(cls) -> Preferences:
        """What was saved; the defaults when nothing was, or when it cannot be read."""
        try:
            content = json.loads((home() / "preferences.json").read_text(encoding="utf-8"))
            return cls(str(content.get("language", "")), bool(content.get("plain", False)), str(content.get("theme", "")))
        except (OSError, ValueError, AttributeError):
            return cls()

    def save(self) -> None:
        """Keep it for the next start."""
        write_private(home() / "preferences.json", json.dumps(asdict(self)))
