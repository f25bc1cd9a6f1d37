"""What a setup once made for a pipeline that its answers no longer name: every plan says it, and `destroy` alone removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from wizard.platform.language import _
from wizard.source.git.workflow_file import VariableNames
from wizard.state.repository.devops_state import PipelineReading
from wizard.state.repository.github_state import GitHubReading
from wizard.state.repository.pipeline_tags import read_tags
from wizard.state.repository.repository_state import identity_name
from wizard.steps.devops.connection import ConnectionStep
from wizard.steps.devops.pipeline import PipelineStep
from wizard.steps.github.trust import VariablesStep
from wizard.steps.repository.identity import PipelineIdentityStep, PipelineRoleStep

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

PLACE = ("organization", "project")


async def leftover_notes(answers: Answers, snapshot: Snapshot) -> list[str]:
    """One sentence on all of it."""
    titles = [step.title for step in await cleanup_steps(answers, snapshot)]
    text = _("What built your image before stays until azwizard destroy: {titles}.")
    return [text.format(titles=", ".join(titles))] if titles else []


async def cleanup_steps(answers: Answers, snapshot: Snapshot) -> list[Step]:
    """The steps that once made what is still there; none where that cannot be looked at any more, as in an organization that is gone."""
    resources = await _resources(answers, snapshot)
    names = [str(resource.name).lower() for resource in resources]
    steps: list[Step] = []
    if not _has_identity(answers) and identity_name(answers).lower() in names:
        steps += [PipelineIdentityStep(answers), PipelineRoleStep(answers)]
    formers: list[dict[str, Any]] = []
    for table in (read_tags(resource.tags or {}) for resource in resources):
        if table and table not in formers:
            formers.append(table)
            steps += await _still_there(msgspec.structs.replace(answers.pipeline, **table), answers, snapshot)
    return _renamed(steps)


async def _resources(answers: Answers, snapshot: Snapshot) -> list[Any]:
    """What of the setup's may tell of it. Where nothing can have been left in Azure, what is read anyhow is enough."""
    if await snapshot.group() is None:
        return []
    some = [await snapshot.registry(), await snapshot.app()] if _has_identity(answers) else (await snapshot.resources()).values()
    return [item for item in some if item is not None and snapshot.is_ours(item)]


def _has_identity(answers: Answers) -> bool:
    """Whether a pipeline's identity is what the answers want."""
    return answers.pipeline.has_identity


async def _still_there(former: Any, answers: Answers, snapshot: Snapshot) -> list[Step]:
    """What there is of a pipeline that the answers named once, and is not what they name now."""
    from wizard.cloud.errors.cloud_error import CloudError

    now, then = answers.pipeline, msgspec.structs.replace(answers, pipeline=former)
    if former.build == "github":
        return await _left_on_github(now, then, snapshot)
    same_place = now.build == "azure-devops" and all(getattr(now, key).lower() == getattr(former, key).lower() for key in PLACE)
    same_code = (now.repository.lower(), now.folder) == (former.repository.lower(), former.folder)
    reading = PipelineReading(snapshot.cloud, then, snapshot.source)
    connection, pipeline = ConnectionStep(then), PipelineStep(then)
    try:
        present: list[Step] = []
        if not same_place and connection.made(await reading.connection()):
            present.append(connection)
        if not (same_place and same_code) and pipeline.made(await reading.pipeline()):
            present.append(pipeline)
    except CloudError:
        return []
    return present


async def _left_on_github(now: Any, then: Answers, snapshot: Snapshot) -> list[Step]:
    """The variables of a repository that the answers named once, with which its workflow goes, as far as they are there."""
    from wizard.cloud.errors.cloud_error import CloudError

    place = ("build", "owner", "repository", "branch")
    if all(getattr(now, key).lower() == getattr(then.pipeline, key).lower() for key in place):
        return []
    reading = GitHubReading(snapshot.cloud, then, snapshot.source)
    steps: list[Step] = []
    try:
        if VariableNames.of(reading.setup).client_id in await reading.variables():
            steps.append(VariablesStep(then))
    except CloudError:
        return []
    return steps


def _renamed(steps: list[Step]) -> list[Step]:
    """Beside steps of the same kind that the answers name now."""
    names = {step.id: f"{step.id}.left" for step in steps}
    for step in steps:
        step.id, step.needs = names[step.id], tuple(names.get(need, need) for need in step.needs)
    return steps
