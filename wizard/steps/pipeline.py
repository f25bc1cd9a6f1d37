"""Build: your code becomes an image in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.engine.contribution import Contribution
from wizard.state.repository.pipeline_tags import GITHUB_TAG, PIPELINE_TAG, read_tags
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.release import ReleaseImageStep
from wizard.steps.devops.connection import ConnectionStep
from wizard.steps.devops.pipeline import PipelineImageStep, PipelineStep
from wizard.steps.github.code import GitHubCodeStep
from wizard.steps.github.deploy import PushDeploysStep
from wizard.steps.github.image import WorkflowImageStep
from wizard.steps.github.trust import TrustStep, VariablesStep
from wizard.steps.image import BuiltImageStep, GivenImageStep, LocallyBuiltImageStep, PromotedImageStep
from wizard.steps.repository.code import CodeStep
from wizard.steps.repository.identity import PipelineIdentityStep, PipelineRoleStep
from wizard.steps.repository.leftovers import cleanup_steps, leftover_notes

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot


def steps(answers: Answers) -> list[Step]:
    """The image, built or found, and with Azure DevOps or GitHub all that its pipeline takes."""
    image: Step = ReleaseImageStep(answers)
    if answers.revision.release and not answers.pipeline.in_repository:
        return [image]
    if answers.pipeline.build == "registry":
        return [BuiltImageStep(answers)]
    if answers.pipeline.build == "docker":
        return [LocallyBuiltImageStep(answers)]
    if answers.pipeline.build == "existing":
        return [PromotedImageStep(answers) if answers.pipeline.import_from else GivenImageStep(answers)]
    identity: list[Step] = [PipelineIdentityStep(answers), PipelineRoleStep(answers)] if answers.pipeline.has_identity else []
    if answers.pipeline.build == "github":
        code: list[Step] = [] if answers.revision.release else [GitHubCodeStep(answers)]
        built_there = image if answers.revision.release else WorkflowImageStep(answers)
        online: list[Step] = [PushDeploysStep(answers)] if answers.pipeline.deploy else []
        return [*identity, TrustStep(answers), VariablesStep(answers), *code, built_there, *online]
    built: list[Step] = [CodeStep(answers), PipelineStep(answers), PipelineImageStep(answers)]
    return [*identity, ConnectionStep(answers), *([PipelineStep(answers), image] if answers.revision.release else built)]


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The table ``[pipeline]``: of a pipeline in Azure DevOps tags tell; otherwise the image in use is named by its digest.

    The app's tags count once it runs something of ours, since they follow the answers; before, those of whatever was made first.
    """
    app = await snapshot.app()
    mine: list[Any] = [resource for resource in (await snapshot.resources()).values() if snapshot.is_ours(resource)]
    table = next((read for item in [app, *mine] if item and (read := read_tags(item.tags or {}))), {})
    runs = app is not None and not is_placeholder(app.as_dict())
    if table and (not runs or {PIPELINE_TAG, GITHUB_TAG} & set((app and app.tags) or {})):
        return table
    return await _image_in_use(snapshot)


async def _image_in_use(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """Azure does not know the source: the image is there already."""
    app = await snapshot.app()
    registry = snapshot.targets.registry
    template = app.properties.template if app and app.properties else None
    if registry is None or template is None or not template.containers:
        return {}
    server, _slash, image = str(template.containers[0].image).partition("/")
    name, at, digest = image.partition("@")
    if not at or server.partition(".")[0].lower() != registry.name.lower():
        return {}
    return {"build": "existing", "image": name.partition(":")[0], "tag": digest}


CONTRIBUTION = Contribution(section="pipeline", steps=steps, recover=recover, leftover_notes=leftover_notes, cleanup_steps=cleanup_steps)
