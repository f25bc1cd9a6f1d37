"""``azure-pipelines.yml`` read: its variables, triggers, jobs and steps, as far as the practice cloud runs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

_MACRO = re.compile(r"\$\(([A-Za-z_][\w.]*)\)")
_SCRIPTS = ("script", "bash", "pwsh", "powershell")


class InvalidPipeline(Exception):
    """Why a file is no pipeline, in the words of Azure DevOps."""


@dataclass(frozen=True)
class JobStep:
    """One step: `task` such as ``Docker@2``, ``script`` or ``checkout``; its inputs, named in small letters, still hold macros."""

    task: str
    name: str
    inputs: dict[str, str]
    enabled: bool = True


@dataclass(frozen=True)
class Job:
    """One job of a stage, and the variables that hold in it."""

    stage: str
    name: str
    steps: tuple[JobStep, ...]
    variables: dict[str, str]


@dataclass(frozen=True)
class PipelineDefinition:
    """A whole file. `branches` are the patterns whose pushes begin a run."""

    jobs: tuple[Job, ...]
    branches: tuple[str, ...] = ("*",)
    variables: dict[str, str] = field(default_factory=dict)

    def starts_for(self, ref: str) -> bool:
        """Whether a push to ``refs/heads/main`` begins a run."""
        return any(fnmatchcase(ref.removeprefix("refs/heads/"), pattern.removeprefix("refs/heads/")) for pattern in self.branches)


def parse(text: str) -> PipelineDefinition:
    """Read a file; raises InvalidPipeline."""
    try:
        content = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        where = f"(Line: {mark.line + 1}, Col: {mark.column + 1})" if mark else ""
        problem = error.problem if isinstance(error, MarkedYAMLError) else str(error)
        raise InvalidPipeline(f"/azure-pipelines.yml {where}: {problem}") from error
    if not isinstance(content, dict):
        raise InvalidPipeline("/azure-pipelines.yml: A mapping was expected")
    variables = _variables(content.get("variables"))
    jobs = tuple(job for number, stage in enumerate(_stages(content), 1) for job in _jobs(stage, number, variables))
    if not any(job.steps for job in jobs):
        raise InvalidPipeline("/azure-pipelines.yml: The pipeline must contain at least one job with at least one step.")
    return PipelineDefinition(jobs, _branches(content.get("trigger", "*")), variables)


def expand(text: str, variables: Mapping[str, str]) -> str:
    """``$(name)`` replaced, as often as values hold further ones; an unknown name stays as it stands."""
    known = {name.lower(): value for name, value in variables.items()}
    for _ in range(10):
        replaced = _MACRO.sub(lambda match: known.get(match[1].lower(), match[0]), text)
        if replaced == text:
            break
        text = replaced
    return text


def _stages(content: dict[str, Any]) -> list[dict[str, Any]]:
    stages = content.get("stages")
    return [stage for stage in stages if isinstance(stage, dict)] if isinstance(stages, list) else [content]


def _jobs(stage: dict[str, Any], number: int, variables: dict[str, str]) -> list[Job]:
    name = str(stage.get("displayName") or stage.get("stage") or f"Stage {number}")
    inner = variables | _variables(stage.get("variables"))
    jobs = stage.get("jobs")
    job_tables = [item for item in jobs if isinstance(item, dict)] if isinstance(jobs, list) else [stage]
    return [
        Job(
            name,
            str(job.get("displayName") or job.get("job") or "Job"),
            tuple(_step(step) for step in job.get("steps") or [] if isinstance(step, dict)),
            inner | _variables(job.get("variables")),
        )
        for job in job_tables
    ]


def _step(step: dict[str, Any]) -> JobStep:
    enabled = step.get("enabled", True) is not False
    if "task" in step:
        return JobStep(str(step["task"]), str(step.get("displayName") or str(step["task"]).partition("@")[0]), _inputs(step), enabled)
    kind = next((word for word in (*_SCRIPTS, "checkout") if word in step), "")
    if not kind:
        raise InvalidPipeline(f"/azure-pipelines.yml: Unexpected value '{next(iter(step), '')}'")
    return JobStep("script" if kind in _SCRIPTS else kind, str(step.get("displayName") or "CmdLine"), {kind: _text(step[kind])}, enabled)


def _inputs(step: dict[str, Any]) -> dict[str, str]:
    """Capitals do not matter, so that two spellings of one name are it twice."""
    inputs: dict[str, str] = {}
    for name, value in (step.get("inputs") or {}).items():
        if str(name).lower() in inputs:
            raise InvalidPipeline(f"/azure-pipelines.yml: '{name}' is already defined")
        inputs[str(name).lower()] = _text(value)
    return inputs


def _variables(node: Any) -> dict[str, str]:
    """Both forms: a mapping, and a list of ``name`` and ``value``."""
    if isinstance(node, dict):
        return {str(name): _text(value) for name, value in node.items()}
    if isinstance(node, list):
        return {str(child["name"]): _text(child.get("value")) for child in node if isinstance(child, dict) and "name" in child}
    return {}


def _branches(trigger: Any) -> tuple[str, ...]:
    if trigger in ("none", None):
        return ()
    if isinstance(trigger, dict):
        branches = trigger.get("branches", "*")
        trigger = branches.get("include", "*") if isinstance(branches, dict) else branches
    return tuple(str(item) for item in trigger) if isinstance(trigger, list) else (str(trigger),)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
