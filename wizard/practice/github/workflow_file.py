"""A workflow file read: its triggers, permissions, jobs and steps, as far as the practice cloud runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError


class InvalidWorkflow(Exception):
    """Why a file is no workflow, in GitHub's words."""


@dataclass(frozen=True)
class WorkflowStep:
    """One step: what it `uses` (``actions/checkout``, without its version) or `run`s; everything may still hold expressions."""

    name: str
    identifier: str
    uses: str
    run: str
    inputs: dict[str, str]
    env: dict[str, str]
    condition: str


@dataclass(frozen=True)
class WorkflowJob:
    """One job; `permissions` are those of its token, such as ``{"contents": "read"}``."""

    key: str
    name: str
    steps: tuple[WorkflowStep, ...]
    env: dict[str, str]
    permissions: dict[str, str]
    needs: tuple[str, ...]
    environment: str
    condition: str


@dataclass(frozen=True)
class Workflow:
    """A whole file. `push` and `dispatch` say what begins a run; branches and paths are patterns."""

    name: str
    jobs: tuple[WorkflowJob, ...]
    push: bool
    dispatch: bool
    branches: tuple[str, ...] = ("**",)
    paths: tuple[str, ...] = ()
    group: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def starts_for(self, ref: str, changed: list[str]) -> bool:
        """Whether a push to ``refs/heads/main`` that changed those paths begins a run."""
        branch = ref.removeprefix("refs/heads/")
        fits = self.push and any(_fits(branch, pattern) for pattern in self.branches)
        return fits and (not self.paths or any(_fits(path, pattern) for path in changed for pattern in self.paths))


def parse(text: str, path: str) -> Workflow:
    """Read a file; raises InvalidWorkflow."""
    try:
        content = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        line = error.problem_mark.line + 1 if isinstance(error, MarkedYAMLError) and error.problem_mark else 1
        raise InvalidWorkflow(f"Invalid workflow file: {path}#L{line}\nYou have an error in your yaml syntax on line {line}") from error
    if not isinstance(content, dict) or not isinstance(content.get("jobs"), dict) or "on" not in content:
        missing = "jobs" if isinstance(content, dict) and "on" in content else "on"
        raise InvalidWorkflow(f"Invalid workflow file: {path}#L1\n(Line: 1, Col: 1): Required property is missing: {missing}")
    events = _events(content["on"])
    push = events.get("push")
    inherited = _permissions(content.get("permissions"))
    jobs = tuple(_job(key, job, inherited, path) for key, job in content["jobs"].items())
    concurrency = content.get("concurrency")
    return Workflow(
        str(content.get("name") or path),
        jobs,
        "push" in events,
        "workflow_dispatch" in events,
        _texts((push or {}).get("branches"), ("**",)),
        _texts((push or {}).get("paths"), ()),
        str(concurrency.get("group", "") if isinstance(concurrency, dict) else concurrency or ""),
        _env(content.get("env")),
    )


def _job(key: str, job: Any, inherited: dict[str, str], path: str) -> WorkflowJob:
    if not isinstance(job, dict) or not job.get("runs-on"):
        raise InvalidWorkflow(f"Invalid workflow file: {path}\n(jobs.{key}): Required property is missing: runs-on")
    needs = job.get("needs") or ()
    environment = job.get("environment") or ""
    return WorkflowJob(
        key,
        str(job.get("name") or key),
        tuple(_step(step, key, path) for step in job.get("steps") or []),
        _env(job.get("env")),
        _permissions(job["permissions"]) if "permissions" in job else inherited,
        (needs,) if isinstance(needs, str) else tuple(needs),
        str(environment.get("name", "") if isinstance(environment, dict) else environment),
        str(job.get("if", "")),
    )


def _step(step: Any, job: str, path: str) -> WorkflowStep:
    if not isinstance(step, dict) or ("uses" in step) == ("run" in step):
        raise InvalidWorkflow(
            f"Invalid workflow file: {path}\n(jobs.{job}.steps): There's not enough info to determine what you meant: uses, run"
        )
    uses, run = str(step.get("uses", "")), str(step.get("run", ""))
    first = run.strip().splitlines()[0] if run.strip() else ""
    name = str(step.get("name") or f"Run {uses or first}")
    return WorkflowStep(
        name,
        str(step.get("id", "")),
        uses.partition("@")[0].lower(),
        run,
        _env(step.get("with")),
        _env(step.get("env")),
        _text(step.get("if", "")),
    )


def _events(on: Any) -> dict[str, Any]:
    if isinstance(on, str):
        return {on: None}
    return {str(event): None for event in on} if isinstance(on, list) else dict(on or {})


def _permissions(node: Any) -> dict[str, str]:
    """Without any, a token of a new repository may read contents and packages (docs.github.com, GITHUB_TOKEN)."""
    if node is None:
        return {"contents": "read", "packages": "read"}
    if isinstance(node, str):
        level = {"read-all": "read", "write-all": "write"}.get(node, "")
        return dict.fromkeys(("contents", "packages", "id-token"), level)
    return {str(name): str(level) for name, level in node.items()}


def _env(node: Any) -> dict[str, str]:
    return {str(name): _text(value) for name, value in node.items()} if isinstance(node, Mapping) else {}


def _texts(node: Any, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    if node is None:
        return otherwise
    return (str(node),) if isinstance(node, str) else tuple(str(item) for item in node)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _fits(name: str, pattern: str) -> bool:
    """``**`` spans slashes; what lies below ``folder/**`` fits it."""
    return fnmatchcase(name, pattern.replace("**", "*"))
