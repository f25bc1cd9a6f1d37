"""The code that a person types on another device to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeviceCode:
    """What a person types on another device to sign in: `code` at `url`, before `expires`."""

    url: str
    code: str
    expires: datetime
