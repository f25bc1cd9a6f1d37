"""What every page and sheet may ask of the app, so that none of them has to know its class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from screens.shell.deployment_workers import DeploymentWorkers
    from screens.shell.workers import Workers
    from wizard.workspace.workspace import Workspace

SPEAK_INSTEAD = -1  # what the app returns to ask for line prompts


class Wizard(Protocol):
    """The app as its screens see it; what Textual's own `App` offers is asked of ``self.app``.

    :param workspace: what the person works on.
    :param background: what goes on behind the screens: signing in, comparing, the run.
    :param deployment: what goes on behind Repair and Try it.
    :param origin: the section, or Home, from which a screen beside the sections was opened.
    :param before: the place shown before this one.
    """

    workspace: Workspace
    background: Workers
    deployment: DeploymentWorkers
    origin: str
    before: str

    def go(self, place: str) -> None:
        """Show a screen."""

    def go_after(self, section: str) -> None:
        """To the next section, or to the check of everything after the last."""

    def go_before(self, section: str) -> None:
        """To the section before, or home from the first."""

    def refresh_place(self, place: str) -> None:
        """Show a screen anew."""

    def came_to(self, place: str) -> None:
        """Remember where the person is, for the next start."""

    def came_home(self) -> None:
        """Home is a place to choose from, not one to come back to."""

    def check_everything(self) -> None:
        """To the check of everything; first to what is wrong, or to signing in, when that comes before."""

    def choose(self, where: str, after: Callable[[], object]) -> None:
        """Choose from what Azure has for a question, then put it into the answers."""

    def explain(self, place: str) -> None:
        """Show what a screen is about, at length."""

    def show_more(self, offers: Sequence[tuple[str, str]], then: Callable[[str | None], None]) -> None:
        """Show what else a screen can do: (label as on a button, action); `then` gets the action that was chosen."""

    def show_whom_to_ask(self) -> None:
        """Show what to send to who can give the missing rights."""

    def open_setup(self, file: Path, *, practice: bool, place: str = "", stage: str = "") -> None:
        """Turn to a setup, or a stage of it, at the screen where it was left. Raises AnswersError."""

    def use_colours(self, name: str) -> None:
        """Other colours, now and from now on."""

    def action_leave(self) -> None:
        """Leave; everything is saved already."""
