"""Values that a setup waits for: of secrets, and of variables that the code cannot do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.sections import step_ids

if TYPE_CHECKING:
    from wizard.workspace.workspace import Workspace


def is_in_vault(workspace: Workspace, secret: str) -> bool:
    """Whether the vault was seen to hold a value for a secret."""
    steps = workspace.found.get("key_vault", [])
    return any(item.step.id == step_ids.secret(secret) and item.action in ("keep", "change") for item in steps)


def secrets_without_value(workspace: Workspace) -> list[str]:
    """The names of secrets for which there is no value yet, neither typed nor in the vault."""
    names = workspace.reading.answers.key_vault.secrets
    return [name for name in names if workspace.secret(name) is None and not is_in_vault(workspace, name)]


def unfilled_variables(workspace: Workspace) -> list[str]:
    """The names of open variables that the code cannot do without and that have no value yet; they are never sent empty."""
    lines = workspace.draft.lines("variables")
    places = [place for place in workspace.reading.lacking if place.startswith("variables[")]
    return [str(lines[int(place.removeprefix("variables[").partition("]")[0])]["name"]) for place in places]
