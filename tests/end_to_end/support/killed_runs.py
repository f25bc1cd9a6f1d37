"""An apply that is killed at one moment, and the one after it: what was made in the end, and what was ever asked for."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..conftest import SECRET, ProcessOutcome, WizardProcess
from .end_state import differing, end_state
from .small_project import SmallProject

GIVEN = {"AZWIZARD_SECRET_API_KEY": SECRET}
GENERATED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAKES = re.compile(r"^(PUT|PATCH|DELETE) |/schedulerun$|/restart$|/activate$|/deactivate$")
MADE_ONCE = re.compile(r"^PUT .*/(vaults|registries|storageaccounts|managedenvironments|secrets)/[^/]*$|/schedulerun$")
REPEATED = re.compile(r"/roleassignments/|^PUT [^ ]*blob")
"""What may be sent again: a role's assignment, whose name follows from what it gives, and the source, which has another name each time."""
REFUSED = re.compile(r"^PUT .*/containerapps/[^/]* 400$|\.vault\..* 40[13]$|/oauth2/.* 40[01]$")
"""Refusals that are waited out: of the app until its identity's roles are in effect, and of the vault until the person's are."""


FIRST_NOTE = "azwizard-release-1: None"  # a first version whose note was cut off counts as one from before there were releases
TAGS = "/tags/default"  # merging the same tags again changes nothing: each run marks itself


@dataclass
class Applied:
    """An apply that was killed, perhaps, and the one after it, which went to the end."""

    killed: ProcessOutcome | None
    done: ProcessOutcome
    state: dict[str, Any]
    writes: Counter[str]
    refused: list[str]


@dataclass
class PracticeSide:
    """One practice cloud that records its traffic, for many projects at once."""

    folder: Path

    def project(self, name: str) -> SmallProject:
        folder = self.folder / name
        project = SmallProject(WizardProcess(self.folder / "home", folder, GIVEN), folder, name, self.folder / "traffic.har")
        project.write()
        return project

    def start(self, *faults: str) -> None:
        self._practice("start", "--speed", "fast", "--har", str(self.folder / "traffic.har"))
        if faults:
            self._practice("fault", *faults)

    @contextmanager
    def started(self, *faults: str) -> Iterator[None]:
        self.start(*faults)
        try:
            yield
        finally:
            self._practice("stop")

    def _practice(self, *arguments: str) -> None:
        done = WizardProcess(self.folder / "home", self.folder)("practice", *arguments)
        assert done.exit == 0, done.stderr

    def undisturbed(self, name: str) -> Applied:
        return self.applied(self.project(name))

    def killed(self, name: str, moment: str) -> Applied:
        """Apply a project until that moment, and again to the end."""
        project = self.project(name)
        return self.applied(project, project.wizard.killed_at(moment, "apply", "--practice", "--yes", "--json"))

    def applied(self, project: SmallProject, killed: ProcessOutcome | None = None) -> Applied:
        """Apply to the end, and look at what there is and at all that was ever asked for."""
        done = project.wizard.apply()
        state = end_state(project.wizard.practice(), project.name) if done.exit == 0 else {}
        mine = [(method, named(url, project.name), status) for method, url, status in project.exchanges()]
        changing = [(f"{method} {url}", status) for method, url, status in mine if method not in ("GET", "HEAD") and "NAME" in url]
        accepted = Counter(text for text, status in changing if status < 300)
        return Applied(killed, done, state, accepted, [f"{text} {status}" for text, status in changing if status >= 300])


def named(url: str, name: str) -> str:
    """The URL without what differs from setup to setup: generated ids first, since a name may stand in one by chance."""
    return GENERATED.sub("ID", url.partition("?")[0].lower()).replace(name, "NAME")


def faults_of(run: Applied, undisturbed: Applied) -> list[str]:
    """What is not as it should be after an apply that was killed and one that went to the end; nothing when all is."""
    if run.killed is None or run.killed.exit != -signal.SIGKILL:
        return [f"it was not killed: {run.killed}"]
    if run.done.exit != 0:
        return [f"the next apply failed: {run.done.stdout}{run.done.stderr}"]
    faults = [difference for difference in differing(run.state, undisturbed.state) if FIRST_NOTE not in difference]
    faults += [f"made again: {text}" for text in lasting(run.writes) - lasting(undisturbed.writes)]
    repeated, before = ({text for text in each.writes if REPEATED.search(text)} for each in (run, undisturbed))
    faults += [f"made in one of them only: {text}" for text in repeated ^ before]
    return faults + [f"refused: {text}" for text in run.refused if not REFUSED.search(text)]


def kinds_of(faults: list[str]) -> dict[str, int]:
    """How many things were made twice, and how many were lost or otherwise wrong."""
    doubled = sum(1 for fault in faults if "made again" in fault)
    return {"doubled": doubled, "lost": len(faults) - doubled}


def lasting(writes: Counter[str]) -> Counter[str]:
    """How often each thing was made that must not be made twice."""
    return Counter(
        {text: times for text, times in writes.items() if MAKES.search(text) and not (REPEATED.search(text) or text.endswith(TAGS))}
    )
