"""A change, a rollback or a destruction that is killed at one moment, and the same command after it: what there is then."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..conftest import ProcessOutcome
from .end_state import differing, end_state
from .killed_runs import REFUSED, REPEATED, lasting, named
from .small_project import SmallProject

APPLY = ("apply", "--practice", "--yes", "--json")
ROLLBACK = ("rollback", "--practice", "--yes", "--json")
DESTROY = ("destroy", "--practice", "--yes", "--json")
FIRST_TEXT = 'b"well"'
GROWING = ("revisions", "builds", "image", "releases")
"""What a change adds to; the rest of a setup stays as it is."""


@dataclass
class Carried:
    """What one command did, with the kill in its middle and without: `state` is what differs from before, and what there is."""

    killed: ProcessOutcome | None
    done: ProcessOutcome
    state: dict[str, Any]
    writes: Counter[str]
    refused: list[str]

    @property
    def was_killed(self) -> bool:
        """False when it ended before its moment came."""
        return self.killed is not None and self.killed.exit < 0

    def faults(self, undisturbed: Carried) -> list[str]:
        """What is not as it is when nothing disturbs; nothing when all is."""
        if self.done.exit != 0:
            return [f"the same command again failed: {self.done.stdout[-600:]}{self.done.stderr[-600:]}"]
        faults = differing(self.state, undisturbed.state)
        faults += [f"made again: {text}" for text in lasting(self.writes) - lasting(undisturbed.writes)]
        repeated, before = ({text for text in each.writes if _is_repeated(text)} for each in (self, undisturbed))
        faults += [f"made in one of them only: {text}" for text in repeated ^ before]
        return faults + [f"refused: {text}" for text in self.refused if text not in undisturbed.refused and not REFUSED.search(text)]


@dataclass
class DeployedProject:
    """One deployed setup that is changed and rolled back again and again; each time its API gives another text."""

    project: SmallProject
    version: int = 0

    def deploy(self) -> None:
        """The first apply."""
        done = self.project.wizard(*APPLY)
        assert done.exit == 0, done.stdout + done.stderr

    def change(self, moment: str = "") -> Carried:
        """Apply another text, which ends a rollback."""
        self.version += 1
        self.project.write()
        self.project.edit("api/api.py", FIRST_TEXT, f'b"text {self.version}"')
        return self._carry_out(APPLY, moment, self._standing)

    def roll_back(self, moment: str = "") -> Carried:
        """Go back to the release before."""
        return self._carry_out(ROLLBACK, moment, self._standing)

    def destroy(self, moment: str = "") -> Carried:
        """Take all of it away."""
        return self._carry_out(DESTROY, moment, self._remains)

    def _carry_out(self, command: tuple[str, ...], moment: str, look: Callable[[], dict[str, Any]]) -> Carried:
        name, wizard, begun = self.project.name, self.project.wizard, self.project.recorded
        before = look()
        killed = wizard.killed_at(moment, *command) if moment else None
        done = killed if killed and killed.exit == 0 else wizard(*command)
        mine = [each for each in self.project.exchanges(begun, name) if each[0] not in ("GET", "HEAD")]
        changing = [(f"{method} {named(url, name)}", status) for method, url, status in mine]
        accepted = Counter(text for text, status in changing if status < 300)
        state = _since(before, look()) if done.exit == 0 else {}
        return Carried(killed, done, state, accepted, [f"{text} {status}" for text, status in changing if status >= 300])

    def _standing(self) -> dict[str, Any]:
        """What Azure holds of it; the app's releases are apart, since each has another number."""
        state = end_state(self.project.wizard.practice(), self.project.name)
        app = next(each for key, each in state["resources"].items() if "/containerapps/" in key.lower())
        tags = app["tags"]
        releases = [tags.pop(tag) for tag in list(tags) if tag.startswith("azwizard-release-")]
        status = self.project.wizard("status", "--brief", "--practice", "--json")
        told = [event for event in status.events if event["event"] == "status"]
        return {**state, "releases": releases, "health": told[0].get("health") if told else status.stderr}

    def _remains(self) -> dict[str, Any]:
        """What Azure still holds of it, in whatever place: nothing once it is destroyed."""
        practice, name = self.project.wizard.practice(), self.project.name
        roles = practice.arm("GET", "/providers/Microsoft.Authorization/roleAssignments", "2022-04-01").json()["value"]
        vaults = practice.arm("GET", "/providers/Microsoft.KeyVault/deletedVaults", "2023-07-01").json()["value"]
        return {
            "group": practice.arm("GET", f"/resourcegroups/rg-{name}-dev", "2021-04-01").status,
            "roles": len([item for item in roles if f"rg-{name}-dev" in json.dumps(item).lower()]),
            "deleted vaults": len([item for item in vaults if f"kv-{name}-dev" in json.dumps(item).lower()]),
        }


def _is_repeated(text: str) -> bool:
    """Whether a write may come again, but not be left out; what goes with its group need not be deleted before that."""
    return not text.startswith("DELETE ") and bool(REPEATED.search(text))


def _since(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What there is now; of what grows, how much it grew and how many of its entries are in use."""
    return {key: _growth(before[key], value) if key in GROWING else value for key, value in after.items()}


def _growth(before: Any, after: Any) -> dict[str, Any]:
    old, new = (sum(map(len, each.values())) if isinstance(each, dict) else len(each) for each in (before, after))
    entries = [] if isinstance(after, dict) else [entry["properties"] for entry in after if isinstance(entry, dict)]
    in_use = [[entry.get("trafficWeight"), entry.get("healthState")] for entry in entries if entry.get("active")]
    return {"more by": new - old, "in use": in_use}
