"""How the sections stand, in a word each, and which comes first of those that hold something up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _, plural
from wizard.sections import SECTIONS
from wizard.workspace.missing_values import secrets_without_value, unfilled_variables

if TYPE_CHECKING:
    from wizard.workspace.typed_reader import Reading
    from wizard.workspace.workspace import Workspace

NAMES = [section.name for section in SECTIONS]
TABLES = {section.key: section.name for section in SECTIONS if section.key} | {"variables": "key_vault"}
"""Table of azwizard.toml -> the section where it is asked."""
WITH_THE_REVISION = ("secrets", "variables")
"""Sections without a step of their own: what they say is written with the revision."""


class BackgroundActivity(Protocol):
    """What goes on behind a face."""

    signing_in: bool

    def is_looking(self, section: str) -> bool:
        """Whether Azure is being asked about a section."""


def first_wrong(reading: Reading) -> str | None:
    """The first section with something wrong, or missing that everything is named after."""
    places = [*reading.problems, *(item for item in reading.lacking if item == "project.name")]
    wrong = {_asked_in(place) for place in places}
    return next((name for name in NAMES if name in wrong), None)


def state_word(workspace: Workspace, background: BackgroundActivity, name: str) -> str:
    """How a section stands."""
    if any(_asked_in(place) == name for place in workspace.reading.problems):
        return _("to put right ✗")
    if any(_asked_in(place) == name for place in workspace.reading.lacking):
        return _("needs you !")
    if name == "sign_in":
        return _("working …") if background.signing_in else _("done ✓") if workspace.cloud else _("needs you !")
    if name == "key_vault" and secrets_without_value(workspace):
        return _("needs you !")
    return _found_word(workspace, background, name)


def needs(workspace: Workspace, name: str, keys: Keys = SCREENS) -> str:
    """What a section still needs from someone, in a few words; "" for nothing."""
    wrong = sum(_asked_in(place) == name for place in workspace.reading.problems)
    values = len(secrets_without_value(workspace)) + len(unfilled_variables(workspace)) if name == "key_vault" else 0
    rights = sum(bool(item.lacks) for item in workspace.found.get(name, []))
    counted = [
        plural("{count} to put right", "{count} to put right", wrong).format(count=wrong) if wrong else "",
        plural("{count} value", "{count} values", values).format(count=values) if values else "",
        plural("{count} right: {key}", "{count} rights: {key}", rights).format(count=rights, key=_(keys.who)) if rights else "",
    ]
    return ", ".join(text for text in counted if text)


def _found_word(workspace: Workspace, background: BackgroundActivity, name: str) -> str:
    """What Azure has of a section."""
    planned = workspace.found.get("revision" if name in WITH_THE_REVISION else name)
    if planned is None and background.is_looking(name):
        return _("asking Azure …")
    if not planned:
        return _("filled in ·")
    from wizard.engine.plan import HINDERS, Action

    if any(item.action in HINDERS and item.look.remedy for item in planned):
        return _("needs you !")
    if any(item.action in HINDERS for item in planned):
        return _("waiting …")
    return _("done ✓") if all(item.action is Action.KEEP for item in planned) else _("ready ·")


def _asked_in(place: str) -> str:
    """The section of ``storage.shares[0].path`` or ``variables[2]``."""
    return TABLES[place.split(".")[0].split("[")[0]]
