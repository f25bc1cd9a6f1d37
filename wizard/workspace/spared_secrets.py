"""Secrets without which the code starts too: a person who has no value for one may leave it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.setup.env_table import Place
from wizard.workspace.typed_reader import VARIABLES

if TYPE_CHECKING:
    from wizard.workspace.workspace import Workspace


def is_spared(workspace: Workspace, secret: str) -> bool:
    """Whether the code reads the variables that get this secret, and insists on none of them."""
    names = {line["name"] for line in workspace.draft.lines(VARIABLES) if line["secret"] == secret and line["name"]}
    uses = [use for use in workspace.code.variables if use.name in names]
    return {use.name for use in uses if use.in_code and not use.required} == names != set()


def leave_out(workspace: Workspace, secret: str) -> None:
    """Give the API no variable that gets this secret; on Passwords and keys each can be taken in again."""
    lines = workspace.draft.lines(VARIABLES)
    out = {"place": str(Place.OUT), "secret": "", "value": ""}
    workspace.put(VARIABLES, [{**line, **out} if line["secret"] == secret else line for line in lines])
