"""Rebuilds a setup file from what Azure holds: the inverse of apply."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.setup.loading import write
from wizard.state.discovery import SeveralSetups, snapshot_of_group

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.contribution import Contribution


class NothingToResume(Exception):
    """The group does not exist, nothing in it was made by a setup, or several setups were."""


async def recover(cloud: Cloud, resource_group: str, contributions: Sequence[Contribution]) -> dict[str, Any]:
    """The content of ``azwizard.toml`` for the setup whose tagged resources lie in that group.

    Raises NothingToResume with a sentence.
    """
    try:
        snapshot = await snapshot_of_group(cloud, resource_group)
    except SeveralSetups as several:
        sentence = _("{name} holds several setups: {setups}. Only a group with one can be read back.")
        raise NothingToResume(sentence.format(name=resource_group, setups=", ".join(several.setups))) from None
    if snapshot is None:
        raise NothingToResume(_("There is no resource group {name} in this subscription.").format(name=resource_group))
    if not await snapshot.tagged_everywhere():
        raise NothingToResume(_("Nothing in {name} was made by azwizard: no resource there has its tag.").format(name=resource_group))
    content: dict[str, Any] = {"format": 1}
    tables = {section.name: section.key for section in SECTIONS}
    for contribution in contributions:
        table = tables[contribution.section]
        if contribution.recover and table and (values := await contribution.recover(snapshot)):
            content[table] = values
    return content


async def resume(cloud: Cloud, resource_group: str, target: Path, contributions: Sequence[Contribution]) -> None:
    """Write the recovered setup file to `target`, which must not exist yet. Raises NothingToResume."""
    content = await recover(cloud, resource_group, contributions)
    await asyncio.to_thread(write, target, content)
