"""How a setup that GitHub builds gets the token to speak to GitHub with, where none is at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.platform.device_code import DeviceCode
    from wizard.workspace.workspace import Workspace

ABOUT_THE_TOKEN = ("pipeline.owner", "pipeline.repository")
"""Lists that another token may read otherwise."""


def lacks_github_token(workspace: Workspace) -> bool:
    """Whether GitHub is to build, and no token was found when it was asked."""
    cloud = workspace.cloud
    return workspace.reading.answers.pipeline.build == "github" and cloud is not None and cloud.github_token.is_lacking


def offers_github_code(workspace: Workspace) -> bool:
    """Whether a token is lacking that a code would give."""
    return lacks_github_token(workspace) and workspace.cloud is not None and workspace.cloud.github_token.can_be_had_by_code


def github_token_words(workspace: Workspace, keys: Keys = SCREENS) -> str:
    """What to do where a token is lacking; "" where none is."""
    from wizard.cloud.services.github_errors import no_token

    if not lacks_github_token(workspace):
        return ""
    if offers_github_code(workspace):
        return _("✗ Nobody is signed in to GitHub. {key} signs in by a code that you type on any device.").format(key=_(keys.github))
    refusal = no_token()
    return f"✗ {refusal.sentence} {refusal.remedy}"


async def sign_in_to_github(workspace: Workspace, show: Callable[[DeviceCode], None]) -> None:
    """Show a code and wait until it was typed. Someone is signed in to Azure. Raises CloudError."""
    assert workspace.cloud is not None
    await workspace.cloud.github_token.sign_in(show)
    for where in ABOUT_THE_TOKEN:
        workspace.lists.pop(where, None)
