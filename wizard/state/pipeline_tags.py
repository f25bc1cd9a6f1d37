"""Tags that say which pipeline in Azure DevOps builds a setup's image, so that a setup file can be written again from Azure alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

PIPELINE_TAG = "azwizard-pipeline"  # organization/project/repository/connection: none of them can hold a slash
OTHERS = {"azwizard-image": "image", "azwizard-dockerfile": "dockerfile", "azwizard-folder": "folder"}
TAGS = (PIPELINE_TAG, *OTHERS)
LONGEST = 256  # characters that Azure takes as a tag's value
NOWHERE = "."  # Azure takes an empty value, and some of its tools lose it


def pipeline_tags(answers: Answers) -> dict[str, str]:
    """What resources carry besides; nothing where no pipeline in Azure DevOps builds the image."""
    pipeline = answers.pipeline
    if pipeline.build != "azure-devops":
        return {}
    place = "/".join((pipeline.organization, pipeline.project, pipeline.repository, pipeline.connection))
    values = {PIPELINE_TAG: place} | {tag: getattr(pipeline, key) or NOWHERE for tag, key in OTHERS.items()}
    return {tag: value for tag, value in values.items() if len(value) <= LONGEST}


def read_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The table ``[pipeline]`` that tags tell; {} when they tell of no pipeline."""
    parts = tags.get(PIPELINE_TAG, "").split("/")
    if len(parts) != 4 or not all(parts):
        return {}
    table = {"build": "azure-devops", **dict(zip(("organization", "project", "repository", "connection"), parts, strict=True))}
    return table | {key: tags[tag] for tag, key in OTHERS.items() if tags.get(tag, NOWHERE) != NOWHERE}
