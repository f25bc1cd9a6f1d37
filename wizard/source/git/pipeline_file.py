"""``azure-pipelines.yml``: written anew as in the article, or brought into line where there is one, whose comments and jobs stay."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.source.git.desired_pipeline import FILE, WHOLE, DesiredPipeline, new_pipeline, normal_path
from wizard.source.git.image_builds import OwnImage
from wizard.source.git.pipeline_additions import add_step, runs_elsewhere
from wizard.source.git.pipeline_templates import templates_in
from wizard.source.git.pipeline_variables import is_used_elsewhere, set_variable
from wizard.source.git.pipeline_walk import PipelineSource, PlacedStep, is_expression, no_templates, placed_steps, seems_to_build, task_of

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

TAKEN = {
    WHOLE: ("repository", "Dockerfile", "buildContext", "containerRegistry"),
    "build": ("repository", "Dockerfile", "buildContext"),
    "push": ("repository", "containerRegistry"),
}
"""Which inputs each command of the task ``Docker`` takes besides the tags."""


class UnreadablePipeline(Exception):
    """The file that is there is no pipeline that can be changed; the text is a sentence for the person."""


class DoubtfulBuild(UnreadablePipeline):
    """Something there seems to build the image already, and cannot be read for certain: a second build is never added silently."""


def pipeline_file(answers: Answers) -> str:
    """The file's path in the repository: beside the code, so that several projects in one repository have one each."""
    return "/".join(part for part in (answers.pipeline.folder, FILE) if part)


def pipeline_yaml(desired: DesiredPipeline, there: str | None = None) -> str:
    """The file's text: `there` itself where it says all that is wanted.

    Raises UnreadablePipeline.
    """
    if there is None or not there.strip():
        return new_pipeline(desired)
    from ruamel.yaml.error import YAMLError

    from wizard.source.git.yaml_layout import LostLayout, PreservedYaml, too_much

    if reason := too_much(there):
        raise UnreadablePipeline(_("{file} in your repository cannot be read: {reason}").format(file=FILE, reason=reason))
    try:
        file = PreservedYaml(there)
    except YAMLError as error:
        raise UnreadablePipeline(_("{file} in your repository cannot be read: {reason}").format(file=FILE, reason=error)) from error
    if file.content is None:
        return there.rstrip("\n") + "\n" + new_pipeline(desired)  # comments alone
    if not isinstance(file.content, MutableMapping) or _has_tables_of_parts(file.content):
        raise UnreadablePipeline(_("{file} in your repository is no pipeline.").format(file=FILE))
    if not _bring_into_line(PipelineSource(file.content, there, file.first_line), desired):
        return there
    try:
        return file.text()
    except LostLayout:
        raise UnreadablePipeline(
            _(
                "{file} in your repository cannot be changed without other lines of yours changing too. Put a step into it that builds "
                "(Docker@2, repository: {image}, containerRegistry: {connection}), and azwizard leaves it as it is."
            ).format(file=FILE, image=desired.image, connection=desired.connection)
        ) from None


def _has_tables_of_parts(content: Mapping[str, Any]) -> bool:
    """Whether stages, jobs or steps stand there by name, as in a workflow of GitHub's: Azure DevOps takes lists, or an expression."""
    parts = [content[key] for key in ("stages", "jobs", "steps") if isinstance(content.get(key), Mapping)]
    return any(not is_expression(name) for part in parts for name in part)


def _bring_into_line(source: PipelineSource, desired: DesiredPipeline) -> bool:
    """Change only what is not as wanted; whether there was something. Raises UnreadablePipeline."""
    content = source.content
    every = list(placed_steps(source, templates_in(desired.source_folder) if desired.source_folder else no_templates))
    docker = [placed for placed in every if _is_docker(placed.content)]
    mine = _first_whole([placed for placed in docker if _image(placed).lower() == desired.image.lower()])
    changed = not mine
    if not mine:
        mine = [_nameless(docker) or _added(source, every, desired)]
    values = {
        "repository": ("imageRepository", desired.image),
        "Dockerfile": ("dockerfilePath", desired.variables["dockerfilePath"]),
        "buildContext": ("projectPath", desired.variables["projectPath"]),
        "containerRegistry": ("dockerRegistryServiceConnection", desired.connection),
    }
    for placed in mine:
        inputs, scope = placed.content["inputs"], placed.scope
        for name in TAKEN[_command(inputs)]:
            (variable, value), key = values[name], _key(inputs, name)
            if _same(name, scope.value(inputs.get(key, "")), value):
                continue
            _refuse_template(placed, desired)
            changed = True
            if scope.values.get(variable.lower()) != value:
                if is_used_elsewhere(content, inputs, variable):
                    inputs[key] = value
                    continue
                set_variable(scope.holder_of(variable), variable, value)
            inputs[key] = f"$({variable})"
            placed = replace(placed, scope=replace(scope, values={**scope.values, variable.lower(): value}))
            scope = placed.scope
        changed = _set_tags(inputs, placed, desired) or changed
    return changed


def _same(name: str, there: str, value: str) -> bool:
    """Whether an input says the same: images are small letters to Docker, and a place may be written in two ways."""
    return there.lower() == value.lower() if name == "repository" else normal_path(there) == normal_path(value)


def _refuse_template(placed: PlacedStep, desired: DesiredPipeline) -> None:
    """Raise DoubtfulBuild for a build in a template that would have to be changed: others may use it too."""
    if placed.source.name:
        raise _doubtful(placed, desired)


def _image(placed: PlacedStep) -> str:
    """The repository that a step of the task ``Docker`` builds or pushes."""
    inputs = placed.content["inputs"]
    return placed.scope.value(inputs.get(_key(inputs, "repository"), ""))


def _nameless(docker: Sequence[PlacedStep]) -> PlacedStep | None:
    """The only build there is, when it names no repository yet."""
    if len(docker) != 1 or docker[0].source.name or _command(docker[0].content["inputs"]) != WHOLE or _image(docker[0]):
        return None
    return docker[0]


def _added(source: PipelineSource, every: Sequence[PlacedStep], desired: DesiredPipeline) -> PlacedStep:
    """A build of our own, unless something there seems to build the image already. Raises UnreadablePipeline."""
    image, content = OwnImage(desired.image, desired.server), source.content
    doubtful = next((placed for placed in every if seems_to_build(placed, image)), None)
    if doubtful is not None:
        raise _doubtful(doubtful, desired)
    if "extends" in content:
        raise UnreadablePipeline(
            _(
                "{file} in your repository takes all of its steps from a template (extends), so none can be added to it. Hand it a step "
                'that builds (Docker@2, repository: {image}), or let another pipeline build, and write build = "existing" under [pipeline].'
            ).format(file=FILE, image=desired.image)
        )
    if machines := runs_elsewhere(content):
        raise UnreadablePipeline(
            _(
                "The steps of {file} run on {machines}, which builds no images for Linux. Put them into a job (jobs:), and azwizard adds "
                "one beside it."
            ).format(file=FILE, machines=machines)
        )
    step = add_step(content)
    return next(placed for placed in placed_steps(source) if placed.content is step)


def _doubtful(placed: PlacedStep, desired: DesiredPipeline) -> DoubtfulBuild:
    sentence = _(
        "There seems to be a build of this image in line {line} of {file}, so none is added beside it. If it is that build, name the image "
        'there (repository: {image}), or take it out, or keep it and write build = "existing" under [pipeline]; if it is not, write the '
        "comment # not {image} behind that line."
    )
    return DoubtfulBuild(sentence.format(line=placed.line, file=placed.source.name or FILE, image=desired.image))


def _first_whole(steps: Sequence[PlacedStep]) -> list[PlacedStep]:
    """The first that builds and pushes, or the first that builds with the first that pushes; [] without."""
    commands = [(placed, _command(placed.content["inputs"])) for placed in steps]
    first = {command: next((placed for placed, own in commands if own == command), None) for command in TAKEN}
    if (whole := first[WHOLE]) is not None:
        return [whole]
    build, push = first["build"], first["push"]
    return [build, push] if build is not None and push is not None else []


def _set_tags(inputs: MutableMapping[str, Any], placed: PlacedStep, desired: DesiredPipeline) -> bool:
    from ruamel.yaml.scalarstring import LiteralScalarString

    key = _key(inputs, "tags")
    tags = [tag.strip() for line in str(inputs.get(key) or "").splitlines() for tag in line.split(",") if tag.strip()]
    values = [placed.scope.value(tag) for tag in tags]
    missing = [tag for tag in ("$(Build.BuildId)", "latest") if tag not in values]
    if missing:
        _refuse_template(placed, desired)
        inputs[key] = LiteralScalarString("\n".join([*tags, *missing]) + "\n")
    return bool(missing)


def _is_docker(step: Mapping[str, Any]) -> bool:
    inputs = step.get("inputs")
    name, version = task_of(step)
    return name == "docker" and version.startswith("2") and isinstance(inputs, Mapping) and _command(inputs) in TAKEN


def _command(inputs: Mapping[str, Any]) -> str:
    said = str(inputs.get(_key(inputs, "command"), WHOLE))
    return next((command for command in TAKEN if command.lower() == said.lower()), said)


def _key(inputs: Mapping[str, Any], name: str) -> str:
    """How an input is spelled there: Azure DevOps minds no capitals, and its assistant writes ``Dockerfile``."""
    return next((str(item) for item in inputs if str(item).lower() == name.lower()), name)
