"""What goes on in the background tells the screens. It never touches a widget."""

from __future__ import annotations

from textual.message import Message


class BackgroundEvent(Message):
    """Something changed that any screen may show."""


class SignedIn(BackgroundEvent):
    """Someone is signed in; the workspace has the connection."""


class SignInFailed(BackgroundEvent):
    """Nobody is signed in; the background knows why."""


class CodeShown(BackgroundEvent):
    """A code is to be typed on another device; the background has it."""


class GitHubSignInMoved(BackgroundEvent):
    """Signing in to GitHub shows a code, or is over; the background knows which, and why."""


class PlanRefreshed(BackgroundEvent):
    """Azure was compared with the answers of a section, or of all (""); or it could not be, and the background knows why."""

    def __init__(self, section: str) -> None:
        super().__init__()
        self.section = section


class ChoicesLoaded(BackgroundEvent):
    """A list to choose from was read in the background, or could not be; the workspace has those that could."""


class RunEnded(BackgroundEvent):
    """The run is over; the workspace's progress says how."""


class DeploymentNews(BackgroundEvent):
    """Something of what the app does with a deployment is over: it knows what, and how it went."""
