"""What a step must be allowed to do, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PermissionRequirement:
    """An ARM action (or data action) that a step needs at a scope.

    :param action: such as ``Microsoft.KeyVault/vaults/write``.
    :param scope: an ARM id; the scope need not exist yet, the nearest existing one is asked.
    :param role: the least built-in role that grants it, for the remedy.
    :param assigns: for the right to assign a role, which role that is; `to` says to whom: ``you``, ``app`` or ``pipeline``.
    :param comes_with: the id of the step that brings this right, so that nobody need be asked for it.
    """

    action: str
    scope: str
    role: str
    data: bool = False
    assigns: str = ""
    to: str = ""
    comes_with: str = ""
