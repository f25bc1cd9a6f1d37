"""What workers tell the app. They never touch a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from wizard.cloud import CloudError, DeviceCode


class SignedIn(Message):
    """Someone is signed in; the desk has the connection."""


class SignInFailed(Message):
    """Nobody is signed in, and why."""

    def __init__(self, error: CloudError) -> None:
        super().__init__()
        self.error = error


class CodeShown(Message):
    """A code is to be typed on another device."""

    def __init__(self, code: DeviceCode) -> None:
        super().__init__()
        self.code = code


class Looked(Message):
    """Azure was compared with the answers of a section, or of all ("")."""

    def __init__(self, section: str) -> None:
        super().__init__()
        self.section = section


class LookFailed(Message):
    """It could not be compared."""

    def __init__(self, section: str, error: CloudError) -> None:
        super().__init__()
        self.section = section
        self.error = error


class RunEnded(Message):
    """The run is over; the desk's progress says how."""
