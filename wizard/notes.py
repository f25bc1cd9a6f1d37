"""A few words beside an answer: what Azure says to it, from what was found for its section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wizard.language import _
from wizard.plan import Action

if TYPE_CHECKING:
    from wizard.plan import Planned

ABOUT = {
    "project.resource_group": "project.resource_group",
    "key_vault.name": "key_vault.vault",
    "registry.name": "registry.registry",
    "storage.account": "storage.account",
    "environment.name": "environment.environment",
    "app.name": "app.identity",
    "pipeline.tag": "pipeline.image",
}
"""The place of an answer -> the step that looks for what it names."""


def note(where: str, found: Iterable[Planned]) -> str:
    """``✓ nobody uses this name`` or ``! your right is missing: F4``; "" where nothing is worth a word."""
    item = next((it for it in found if it.step.id == ABOUT.get(where)), None)
    if item is None:
        return ""
    words = _words(item)
    if item.lacks:
        words = [*words, _("your right is missing: F4")]
    return f"{_sign(item)} {' · '.join(words)}" if words else ""


def _words(item: Planned) -> list[str]:
    if item.look.note:
        return [item.look.note]
    return {Action.KEEP: [_("there: it stays as it is")], Action.CHANGE: [_("there: it will be changed")]}.get(item.action, [])


def _sign(item: Planned) -> str:
    if item.action is Action.CONFLICT:
        return "✗"
    return "!" if item.action in (Action.BLOCKED, Action.UNKNOWN) and item.look.remedy else "✓"


def asked_now(found: Iterable[Planned]) -> set[str]:
    """The places whose question matters because of what was found, such as ``key_vault.deleted``."""
    return {item.look.asks for item in found if item.look.asks}
