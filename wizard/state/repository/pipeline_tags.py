"""Tags that say what builds a setup's image, a pipeline in Azure DevOps or a workflow on GitHub, from which `resume` writes it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

PIPELINE_TAG = "azwizard-pipeline"  # organization/project/repository/connection: none of them can hold a slash
DEPLOY_TAG = "azwizard-push-deploys"
GITHUB_TAG = "azwizard-github"  # owner/repository/branch: only the last can hold a slash
OTHERS = {"azwizard-image": "image", "azwizard-dockerfile": "dockerfile", "azwizard-folder": "folder"}
TAGS = (PIPELINE_TAG, GITHUB_TAG, DEPLOY_TAG, *OTHERS)
LONGEST = 256  # characters that Azure takes as a tag's value
NOWHERE = "."  # Azure takes an empty value, and some of its tools lose it


def pipeline_tags(answers: Answers) -> dict[str, str]:
    """What resources carry besides; nothing where the image is built from no repository."""
    pipeline = answers.pipeline
    if not pipeline.in_repository:
        return {}
    if pipeline.build == "github":
        place = {GITHUB_TAG: "/".join((pipeline.owner, pipeline.repository, pipeline.branch))}
        place |= {DEPLOY_TAG: "true"} if pipeline.deploy else {}
    else:
        place = {PIPELINE_TAG: "/".join((pipeline.organization, pipeline.project, pipeline.repository, pipeline.connection))}
    values = place | {tag: getattr(pipeline, key) or NOWHERE for tag, key in OTHERS.items()}
    return {tag: value for tag, value in values.items() if len(value) <= LONGEST}


def read_tags(tags: Mapping[str, str]) -> dict[str, Any]:
    """The table ``[pipeline]`` that tags tell; {} when they tell of no pipeline and no workflow."""
    table: dict[str, Any] = {}
    if parts := _parts(tags.get(GITHUB_TAG, ""), 3):
        table = {"build": "github", **dict(zip(("owner", "repository", "branch"), parts, strict=True))}
        table |= {"deploy": True} if tags.get(DEPLOY_TAG) == "true" else {}
    elif parts := _parts(tags.get(PIPELINE_TAG, ""), 4):
        table = {"build": "azure-devops", **dict(zip(("organization", "project", "repository", "connection"), parts, strict=True))}
    return table and table | {key: tags[tag] for tag, key in OTHERS.items() if tags.get(tag, NOWHERE) != NOWHERE}


def _parts(value: str, count: int) -> list[str]:
    """The parts of a tag between slashes, the last of which may hold more of them; none where one is lacking."""
    parts = value.split("/", count - 1)
    return parts if len(parts) == count and all(parts) else []
