"""Signing in to GitHub by a code, behind the screens: begun, waited for, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.shell.messages import GitHubSignInMoved
from wizard.engine.crash_record import describe_error

if TYPE_CHECKING:
    from textual.app import App

    from wizard.platform.device_code import DeviceCode
    from wizard.workspace.workspace import Workspace

GROUP = "github"


class GitHubSignIn:
    """The worker, and what it learnt; it posts news and touches no widget."""

    def __init__(self, app: App[Any], workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace
        self.is_waiting = False
        self.code: DeviceCode | None = None
        self.trouble = ""

    def begin(self) -> None:
        """Ask GitHub for a code, in the place of one that is waited for."""
        self.is_waiting, self.code, self.trouble = True, None, ""
        self._app.run_worker(self._sign_in(), group=GROUP, description=GROUP, exclusive=True, exit_on_error=False)

    def give_up(self) -> None:
        """Wait no longer; the code is of no use then, and nothing has changed."""
        self._app.workers.cancel_group(self._app, GROUP)
        self.is_waiting, self.code, self.trouble = False, None, ""

    async def _sign_in(self) -> None:
        from wizard.workspace.github_access import sign_in_to_github

        try:
            await sign_in_to_github(self._workspace, self._show)
        except Exception as error:
            self.trouble = describe_error(error)
        self.is_waiting, self.code = False, None
        self._app.post_message(GitHubSignInMoved())

    def _show(self, code: DeviceCode) -> None:
        self.code = code
        self._app.post_message(GitHubSignInMoved())
