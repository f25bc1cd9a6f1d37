"""How long the practice cloud itself took for each step of an apply, and for the longest chain of steps that need each other."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.engine.step import Step
from wizard.practice.arm.resource_groups import CREATE_SECONDS
from wizard.practice.arm.role_assignments import ASSIGNMENT_SECONDS, EFFECTIVE_SECONDS
from wizard.practice.kernel.clock import SCALE
from wizard.setup.loading import load, resolve
from wizard.steps.registry_of_steps import contributions

SCALED = SCALE["fast"]
MADE_BY = {
    "provider.register": "provider.",
    "vault": "key_vault.vault",
    "registry": "registry.registry",
    "registry-run": "pipeline.image",
    "storage-account": "storage.account",
    "environment": "environment.environment",
}


@dataclass(frozen=True)
class Operation:
    """What the practice cloud did for a step, and when it had done it (seconds since the epoch)."""

    step: str
    seconds: float
    ended: float


def operations(practice_folder: Path) -> list[Operation]:
    """Every long operation that a stopped practice cloud has carried out for one setup."""
    database = sqlite3.connect(practice_folder / "state.db")
    texts = database.execute("SELECT document FROM documents WHERE collection = 'operations' ORDER BY rowid").fetchall()
    database.close()
    documents: list[dict[str, Any]] = [json.loads(text) for (text,) in texts]
    apps = iter(("app.identity", "app.revision"))
    return [Operation(_step_of(document, apps), document["ended"] - document["started"], document["ended"]) for document in documents]


def _step_of(operation: dict[str, Any], apps: Any) -> str:
    if operation["kind"] == "app":
        return str(next(apps))
    step = MADE_BY[operation["kind"]]
    return step + operation["data"]["namespace"] if step.endswith(".") else step


def own_seconds(done: list[Operation]) -> dict[str, float]:
    """Step -> the seconds that the cloud took for it, whoever asked and however often."""
    assigned, effective = ASSIGNMENT_SECONDS * SCALED, EFFECTIVE_SECONDS * SCALED
    own = {
        "project.resource_group": CREATE_SECONDS * SCALED,
        "key_vault.administrator": assigned + effective,
        "identity.acr_pull": assigned,
        "identity.secrets_user": assigned,
        **{item.step: item.seconds for item in done},
    }
    own["app.revision"] += effective  # the app is let in once its identity's roles are in effect
    return own


def steps_of(setup: Path) -> list[Step]:
    """The steps of a setup file."""
    answers = resolve(load(setup))
    return [step for contribution in contributions() for step in contribution.steps(answers)]


def critical_path(steps: list[Step], own: Mapping[str, float]) -> tuple[float, list[str]]:
    """The longest chain of needs: its seconds and its steps."""
    by_id = {step.id: step for step in steps}
    known: dict[str, tuple[float, list[str]]] = {}

    def until(key: str) -> tuple[float, list[str]]:
        if key not in known:
            before = max((let_by(need, key) for need in by_id[key].needs if need in by_id), default=(0.0, []))
            known[key] = (before[0] + own.get(key, 0.0), [*before[1], key])
        return known[key]

    def let_by(need: str, key: str) -> tuple[float, list[str]]:
        """When a need lets a step begin: at its end, or at its beginning where it tells early what the step takes of it."""
        ended, path = until(need)
        return (ended - own.get(need, 0.0), path) if need in by_id[key].early else (ended, path)

    return max(until(key) for key in by_id)
