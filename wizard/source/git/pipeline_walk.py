"""Every step of an ``azure-pipelines.yml``, wherever it stands, with the variables that it sees.

Steps stand in stages, jobs, deployment jobs (``strategy``) and below template expressions (``${{ if }}``, ``${{ else }}``,
``${{ each }}``); variables on every level, as a mapping or a list, plain or below an expression (learn.microsoft.com, YAML schema
reference of Azure Pipelines).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from wizard.source.git.image_builds import OwnImage, any_may_be, disclaims, script_may_build
from wizard.source.git.pipeline_variables import expanded, known_variables

STEP_KEYS = ("task", "script", "bash", "pwsh", "powershell", "template")
INNER_KEYS = (
    "stages",
    "jobs",
    "steps",
    "strategy",
    "runOnce",
    "rolling",
    "canary",
    "preDeploy",
    "deploy",
    "routeTraffic",
    "postRouteTraffic",
    "on",
    "success",
    "failure",
)
TASK_IDS = {"e28912f1-0114-4464-802a-a3a35437fd16": "docker", "6975e2d1-96d3-4afc-8a41-498b5d34ea19": "dockercompose"}
"""Tasks that a step may name by their id (task.json of microsoft/azure-pipelines-tasks)."""
TEMPLATE_BUILDS = re.compile(r"docker|image|container|acr|build|push", re.IGNORECASE)


DEEPEST = 8  # templates in templates


@dataclass(frozen=True)
class PipelineSource:
    """A file of a pipeline as it is read: the one that is run, or a template.

    :param first_line: how many lines stand before the content.
    :param name: a template's path; "" for the pipeline's own file.
    """

    content: MutableMapping[str, Any]
    text: str = ""
    first_line: int = 0
    name: str = ""

    def line_of(self, node: Any) -> int:
        """The line in which a part of the content begins, counted from 1; 0 where that is not known."""
        place = getattr(node, "lc", None)
        return int(place.line) + 1 + self.first_line if place is not None else 0


Templates = Callable[[str, str], PipelineSource | None]
"""A template's name as it is written, and the file in which it is written -> the template; None where it cannot be read."""


def no_templates(_name: str, _within: str) -> None:
    """Where only the pipeline's own file is at hand."""


@dataclass(frozen=True)
class Scope:
    """What a step sees: the values of variables by name in small letters, and the mappings that set some, the innermost first."""

    values: Mapping[str, str]
    holders: tuple[MutableMapping[str, Any], ...]

    def within(self, node: MutableMapping[str, Any]) -> Scope:
        """The scope inside a stage or job that may set variables of its own."""
        own = known_variables(node.get("variables"))
        return Scope({**self.values, **own}, (node, *self.holders)) if own else self

    def holder_of(self, variable: str) -> MutableMapping[str, Any]:
        """The mapping whose ``variables`` set a variable, and otherwise the file itself."""
        named = (node for node in self.holders if variable.lower() in known_variables(node.get("variables")))
        return next(named, self.holders[-1])

    @property
    def environment(self) -> dict[str, str]:
        """The variables as a script finds them in its environment."""
        return {name.upper().replace(".", "_"): value for name, value in self.values.items() if not name.startswith("parameters.")}

    def value(self, text: Any) -> str:
        """A text with the variables and parameters' defaults that are known put in."""
        return expanded(text, self.values)


@dataclass(frozen=True)
class PlacedStep:
    """A step, or a reference to a template that cannot be read; what it sees, and the file in which it stands."""

    content: MutableMapping[str, Any]
    scope: Scope
    source: PipelineSource

    @property
    def line(self) -> int:
        """Its line in its file, counted from 1; 0 where that is not known."""
        return self.source.line_of(self.content)

    @property
    def first_line(self) -> str:
        """How that line is written."""
        return next(iter(self.source.text.splitlines()[self.line - 1 : self.line]), "") if self.line else ""


def placed_steps(source: PipelineSource, templates: Templates = no_templates) -> Iterator[PlacedStep]:
    """Every step of every job of every stage, those of templates that can be read, and the references to other templates."""
    content = source.content
    values = {**_defaults(content.get("parameters")), **known_variables(content.get("variables"))}
    scope, place = Scope(values, (content,)), _WalkPosition(templates, source)
    yield from _placed(content, scope, place)
    yield from _of_parameters(_defaults_as_written(content.get("parameters")), scope, place)


def task_of(step: Mapping[str, Any]) -> tuple[str, str]:
    """Name in small letters and version of a step's task, such as ("docker", "2"); ("", "") without one.

    The name may have its publisher and extension before it (``ms.docker.Docker@2``), or be the task's id.
    """
    name, _, version = str(step.get("task", "")).lower().partition("@")
    return TASK_IDS.get(name, name.rpartition(".")[2]), version


def seems_to_build(placed: PlacedStep, image: OwnImage) -> bool:
    """Whether a step may well build or push the image in a way that cannot be read for certain, and no comment says that it does not."""
    if disclaims(placed.first_line, image):
        return False
    step, value = placed.content, placed.scope.value
    if "template" in step:
        return image.name in f"{step.get('parameters') or ''}" or TEMPLATE_BUILDS.search(str(step["template"])) is not None
    environment = {**placed.scope.environment, **{str(name): value(text) for name, text in (step.get("env") or {}).items()}}
    if "task" not in step:
        return script_may_build(value(next((step[key] for key in STEP_KEYS if key in step), "")), image, environment)
    inputs = step.get("inputs") if isinstance(step.get("inputs"), Mapping) else {}
    words = {str(key).lower(): value(text) for key, text in (inputs or {}).items()}
    task, _version = task_of(step)
    if task in TASKS:
        return TASKS[task](words, image)
    return script_may_build("\n".join(words.values()), image, environment)


def _docker(words: Mapping[str, str], image: OwnImage) -> bool:
    """The tasks ``Docker@0`` to ``@2``, which name the image in words of their own."""
    if words.get("command", "build").lower() in ("login", "logout", "start", "stop", "run"):
        return False
    registry = words.get("azurecontainerregistry", "")
    registry = re.sub(r'.*"loginServer"\s*:\s*"([^"]+)".*', r"\1", registry, flags=re.DOTALL)
    return any_may_be([words.get("repository") or words.get("imagename", "")], image, registry)


def _compose(words: Mapping[str, str], image: OwnImage) -> bool:
    return "push" in f"{words.get('action', '')} {words.get('dockercomposecommand', '')}".lower()


def _container_apps(words: Mapping[str, str], image: OwnImage) -> bool:
    """``AzureContainerApps@1``, which builds where it is told where the code lies."""
    if not words.get("appsourcepath"):
        return False
    named = words.get("imagetobuild")
    return image.may_be(named) if named else image.may_be("$()", words.get("acrname", ""))


TASKS: Mapping[str, Callable[[Mapping[str, str], OwnImage], bool]] = {
    "docker": _docker,
    "dockercompose": _compose,
    "azurecontainerapps": _container_apps,
}


def is_expression(key: Any) -> bool:
    """Whether a key is a template expression, such as ``${{ if eq(a, b) }}``."""
    return str(key).lstrip().startswith("${{")


@dataclass(frozen=True)
class _WalkPosition:
    """Where the walk is: how templates are read, the file it is in, and how deep."""

    templates: Templates
    source: PipelineSource
    depth: int = 0


def _placed(node: Any, scope: Scope, place: _WalkPosition) -> Iterator[PlacedStep]:
    if isinstance(node, list):
        for item in node:
            yield from _placed(item, scope, place)
    elif isinstance(node, MutableMapping):
        if any(key in node for key in STEP_KEYS):
            if str(node.get("enabled", True)).lower() == "false":
                return  # it never runs
            inner_steps = list(_of_template(node, scope, place)) if "template" in node else []
            yield from inner_steps or [PlacedStep(node, scope, place.source)]
            return
        inner = scope if node is scope.holders[-1] else scope.within(node)
        for key, value in node.items():
            if key in INNER_KEYS or is_expression(key):
                yield from _placed(value, inner, place)
            elif key == "extends" and isinstance(value, Mapping):
                yield from list(_of_template(value, inner, place)) or _of_parameters(value.get("parameters"), inner, place)


def _of_template(reference: Mapping[str, Any], scope: Scope, place: _WalkPosition) -> Iterator[PlacedStep]:
    """The steps of a template that can be read; none otherwise."""
    name = scope.value(reference.get("template", ""))
    template = place.templates(name, place.source.name) if place.depth < DEEPEST else None
    if template is None:
        return
    content = template.content
    given = reference.get("parameters")
    parameters = {
        f"parameters.{str(key).lower()}": scope.value(value)
        for key, value in (given.items() if isinstance(given, Mapping) else ())
        if not isinstance(value, list | Mapping)
    }
    values = {**scope.values, **_defaults(content.get("parameters")), **known_variables(content.get("variables")), **parameters}
    yield from _placed(content, Scope(values, (content,)), _WalkPosition(place.templates, template, place.depth + 1))
    by_default = _defaults_as_written(content.get("parameters"))
    handed = given if isinstance(given, Mapping) else {}
    yield from _of_parameters(handed, scope, place)
    yield from _of_parameters({name: value for name, value in by_default.items() if name not in handed}, scope, place)


def _of_parameters(parameters: Any, scope: Scope, place: _WalkPosition) -> Iterator[PlacedStep]:
    """The steps that a parameter holds: one step, or a list whose entries are steps, jobs or stages."""
    for value in parameters.values() if isinstance(parameters, Mapping) else ():
        is_list = isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
        if is_list or (isinstance(value, Mapping) and any(key in value for key in STEP_KEYS)):
            yield from _placed(value, scope, place)


def _defaults_as_written(parameters: Any) -> Mapping[str, Any]:
    """A file's parameters by name with their defaults, whatever these are."""
    if isinstance(parameters, Mapping):
        return parameters
    listed = parameters if isinstance(parameters, list) else []
    return {str(one["name"]): one["default"] for one in listed if isinstance(one, Mapping) and "name" in one and "default" in one}


def _defaults(parameters: Any) -> dict[str, str]:
    """``parameters.NAME`` -> its default, of either form of the file's parameters."""
    if isinstance(parameters, Mapping):
        return {
            f"parameters.{str(name).lower()}": str(value) for name, value in parameters.items() if not isinstance(value, list | Mapping)
        }
    return {f"parameters.{name.lower()}": str(default) for name, default in _defaults_as_written(parameters).items()}
