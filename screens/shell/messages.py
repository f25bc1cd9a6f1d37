"""What goes on in the background tells the screens. It never touches a widget."""

from __future__ import annotations

from textual.message import Message


class News(Message):
    """Something changed that any screen may show."""


class SignedIn(News):
    """Someone is signed in; the desk has the connection."""


class SignInFailed(News):
    """Nobody is signed in; the background knows why."""


class CodeShown(News):
    """A code is to be typed on another device; the background has it."""


class Looked(News):
    """Azure was compared with the answers of a section, or of all (""); or it could not be, and the background knows why."""

    def __init__(self, section: str) -> None:
        super().__init__()
        self.section = section


class ListRead(News):
    """A list to choose from was read in the background, or could not be; the desk has those that could."""


class RunEnded(News):
    """The run is over; the desk's progress says how."""


class CareEnded(News):
    """The doctor has looked or mended, or a restart was proven; the app's care knows how it went."""
