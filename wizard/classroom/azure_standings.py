"""How far each learner's setup is in Azure, by the tags of what is there: two lists for the whole class."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.classroom.class_file import ENVIRONMENT, ClassFile
from wizard.cloud.lookups import list_or_empty
from wizard.sections import ORDER, naming

if TYPE_CHECKING:
    from wizard.cloud import Cloud

SECONDS = 60.0
"""Between two looks of the board."""


async def furthest_sections(cloud: Cloud, read: ClassFile) -> dict[str, str]:
    """Suffix -> the furthest section of which Azure holds something; whoever has nothing there is left out.

    All resources are listed without a filter, since Azure leaves the tags out of a list that is filtered by tag (Resources - List).
    """
    resources, groups = await asyncio.gather(
        list_or_empty(cloud.resources.resources.list()), list_or_empty(cloud.resources.resource_groups.list())
    )
    tagged = [dict(thing.tags or {}) for thing in groups] + [dict(thing.tags or {}) for thing in resources]
    suffix_of = {f"{read.project_of(learner)}-{ENVIRONMENT}": learner.suffix for learner in read.learners}
    furthest: dict[str, str] = {}
    for tags in tagged:
        suffix, section = suffix_of.get(tags.get(naming.SETUP_TAG, "")), tags.get(naming.SECTION_TAG, "")
        if suffix is not None and section in ORDER and ORDER.index(section) >= ORDER.index(furthest.get(suffix, ORDER[0])):
            furthest[suffix] = section
    return furthest
