"""What a person will see, whoever wrote it: cleaned where it comes to be, so that no face has to think of it."""

from __future__ import annotations

import dataclasses
from typing import Any

from wizard.platform.redaction import redaction
from wizard.platform.terminal_text import plain


class Shown:
    """A dataclass of which every text is without secrets and without anything that a terminal would obey."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            cleaned = clean(value)
            if cleaned is not value:
                object.__setattr__(self, field.name, cleaned)


def clean(value: Any) -> Any:
    """A text, or every text in a tuple, made so; anything else, and what is so already, is given back itself."""
    if isinstance(value, str):
        text = redaction(plain(value))
        return value if text == value else text
    if isinstance(value, tuple) and any(isinstance(item, str) and clean(item) is not item for item in value):
        return tuple(clean(item) for item in value)
    return value


def from_outside(value: Any) -> Any:
    """What Azure, an API or a file says, as text or as parsed JSON, to be put into a sentence of ours."""
    if isinstance(value, str):
        return redaction.of_others("\r\n".join(plain(line) for line in value.split("\r\n")))
    if isinstance(value, list):
        return [from_outside(item) for item in value]
    if isinstance(value, dict):
        return {from_outside(key): from_outside(inner) for key, inner in value.items()}
    return value
