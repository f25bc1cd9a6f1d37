"""Every step of an ``azure-pipelines.yml``, wherever it stands, with the variables that it sees.

Steps stand in stages, jobs, deployment jobs (``strategy``) and below template expressions (``${{ if }}``, ``${{ else }}``,
``${{ each }}``); variables on every level, as a mapping or a list, plain or below an expression (learn.microsoft.com, YAML schema
reference of Azure Pipelines).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

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
BUILDS = re.compile(
    r"\b(?:docker\s+(?:image\s+)?(?:build|push|buildx)|docker-compose\s+(?:build|push)|podman\s+(?:build|push)|az\s+acr\s+build)\b"
)
TEMPLATE_BUILDS = re.compile(r"docker|image|container|acr|build|push", re.IGNORECASE)
UNRESOLVED = re.compile(r"\$\(|\$\{\{|\$\[")


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

    def value(self, text: Any) -> str:
        """A text with the variables and parameters' defaults that are known put in."""
        return expanded(text, self.values)


@dataclass(frozen=True)
class PlacedStep:
    """A step, or a reference to a template, and what it sees."""

    content: MutableMapping[str, Any]
    scope: Scope

    @property
    def line(self) -> int:
        """Its line, counted from 1 in what was parsed; 0 where that is not known."""
        place = getattr(self.content, "lc", None)
        return int(place.line) + 1 if place is not None else 0


def placed_steps(content: MutableMapping[str, Any]) -> Iterator[PlacedStep]:
    """Every step of every job of every stage, and every template that is put in among them."""
    values = {**_defaults(content.get("parameters")), **known_variables(content.get("variables"))}
    yield from _placed(content, Scope(values, (content,)))


def seems_to_build(placed: PlacedStep, image: str) -> bool:
    """Whether a step may well build or push the image in a way that cannot be read for certain."""
    step = placed.content
    if "template" in step:
        text = f"{step.get('parameters') or ''}"
        return image in text or TEMPLATE_BUILDS.search(str(step["template"])) is not None
    if "task" in step:
        inputs = step.get("inputs") if isinstance(step.get("inputs"), Mapping) else {}
        words = {str(key).lower(): placed.scope.value(value) for key, value in (inputs or {}).items()}
        task = str(step["task"]).lower()
        if task.startswith("docker"):
            return UNRESOLVED.search(words.get("repository", "")) is not None
        script = " ".join(words.values())
    else:
        script = placed.scope.value(next((step[key] for key in STEP_KEYS if key in step), ""))
    return BUILDS.search(script) is not None and (image in script or UNRESOLVED.search(script) is not None)


def is_expression(key: Any) -> bool:
    """Whether a key is a template expression, such as ``${{ if eq(a, b) }}``."""
    return str(key).lstrip().startswith("${{")


def _placed(node: Any, scope: Scope) -> Iterator[PlacedStep]:
    if isinstance(node, list):
        for item in node:
            yield from _placed(item, scope)
    elif isinstance(node, MutableMapping):
        if any(key in node for key in STEP_KEYS):
            yield PlacedStep(node, scope)
            return
        inner = scope if node is scope.holders[-1] else scope.within(node)
        for key, value in node.items():
            if key in INNER_KEYS or is_expression(key):
                yield from _placed(value, inner)


def _defaults(parameters: Any) -> dict[str, str]:
    """``parameters.NAME`` -> its default, of either form of the file's parameters."""
    if isinstance(parameters, Mapping):
        return {
            f"parameters.{str(name).lower()}": str(value) for name, value in parameters.items() if not isinstance(value, list | Mapping)
        }
    listed = parameters if isinstance(parameters, list) else []
    named = [one for one in listed if isinstance(one, Mapping) and "name" in one and "default" in one]
    return {f"parameters.{str(one['name']).lower()}": str(one["default"]) for one in named}
