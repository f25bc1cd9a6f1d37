"""Signing in to GitHub, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.engine.crash_record import describe_error
from wizard.platform.language import _
from wizard.workspace.github_access import sign_in_to_github

if TYPE_CHECKING:
    from wizard.plain.lines import Lines
    from wizard.platform.device_code import DeviceCode
    from wizard.workspace.workspace import Workspace


async def sign_in_by_code(lines: Lines, workspace: Workspace) -> None:
    """Show a code, wait until it was typed, and say what came of it."""

    def show(code: DeviceCode) -> None:
        lines.say(
            _("Signing in to GitHub, with the scopes repo and workflow. The token stays in this program's memory."),
            _("Open {url} and type {code}").format(url=code.url, code=code.code),
        )

    try:
        await sign_in_to_github(workspace, show)
    except Exception as error:
        lines.say(describe_error(error))
        return
    lines.say(_("Signed in to GitHub."))
