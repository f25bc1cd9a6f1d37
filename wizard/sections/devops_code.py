"""The code and its pipeline file in the repository: pushed where it differs, without losing what others wrote."""

from __future__ import annotations

import base64
import difflib
from typing import TYPE_CHECKING

from wizard import naming
from wizard.language import _
from wizard.pipeline_reading import NO_COMMIT, PipelineReading
from wizard.pipeline_yaml import FILE
from wizard.step import Change, Found, Look, Making, blocked, missing, same

from .devops_step import DevOpsStep, made
from .image_steps import certainly_broken

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.pipeline_reading import FileChange
    from wizard.snapshot import Snapshot
    from wizard.step import Facts

FILES_SHOWN = 6


class CodeStep(DevOpsStep):
    """The source folder and ``azure-pipelines.yml``, as one commit where the repository differs.

    On the default branch where that is allowed and overwrites nobody's work, else on a branch of the setup with a pull request. What
    only the repository has stays there.
    """

    id = "pipeline.code"
    needs = ("pipeline.connection",)
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Your code in the repository {name}").format(name=self._pipeline.repository)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Facts) -> Look:
        if (await snapshot.source()).outside is not None:
            return blocked(
                _("Your Dockerfile lies outside the folder with your code, so it cannot be pushed with it."),
                _("Move it into the folder and correct dockerfile under [pipeline]."),
            )
        pushed = await reading.pushed()
        default = await reading.default_branch()
        if pushed is not None:
            there = _("commit {commit} of {branch}").format(commit=pushed.commit[:8], branch=_short(pushed.branch))
            return same(there if pushed.branch == default else there + ", " + _("waits for its pull request"))
        if broken := await certainly_broken(self._answers, await snapshot.source()):
            return broken
        head = (await reading.branches()).get(default)
        changes = await reading.changes(head)
        names = ", ".join(change.path for change in changes[:FILES_SHOWN]) + (", …" if len(changes) > FILES_SHOWN else "")
        if head is None:
            return missing(_("{count} files: {names}").format(count=len(changes), names=names))
        before = _("{count} files differ: {names}").format(count=len(changes), names=names)
        change = Change(_("repository"), _short(default), before, self.section)
        return Look(Found.DIFFERENT, before + await self._difference(reading, head), (change,))

    async def _difference(self, reading: PipelineReading, head: str) -> str:
        """What changes in the pipeline's file, line by line."""
        before, after = await reading.yaml_there(head) or "", await reading.yaml_wanted(head)
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), FILE, FILE, lineterm="", n=1)) if before else []
        return "".join(f"\n  {line}" for line in lines)

    async def make(self, making: Making) -> None:
        reading = self._fresh(making)
        if await reading.pushed() is not None:
            return
        default, branches = await reading.default_branch(), await reading.branches()
        head = branches.get(default)
        changes = await reading.changes(head)
        if head is None or await self._may_push(reading, default, head, changes):
            await self._push(making, reading, default, head or NO_COMMIT, changes)
            return
        base = branches.get(reading.own_branch, head)
        await self._push(making, reading, reading.own_branch, base, await reading.changes(base))
        repository = str((await reading.repository())["id"])
        title = _("Deploy {setup} to Azure").format(setup=self._setup)
        number = await reading.devops.pull_request(reading.project, repository, reading.own_branch, default, title, self._mark)
        making.say(_("pull request {number}: have it approved when you like; the image is built from it meanwhile").format(number=number))

    async def _commit_there(self, making: Making) -> str | None:
        pushed = await self._fresh(making).pushed()
        return pushed.commit if pushed else None

    @property
    def _mark(self) -> str:
        return f"{naming.SETUP_TAG}: {self._setup}"

    async def _may_push(self, reading: PipelineReading, branch: str, head: str, changes: list[FileChange]) -> bool:
        """Whether the default branch may be written: no policy forbids it, and nobody else's version of a file would be lost."""
        repository = str((await reading.repository())["id"])
        if await reading.devops.needs_pull_request(reading.project, repository, branch):
            return False
        if all(change.new or change.path == FILE for change in changes):
            return True
        return self._mark in await reading.devops.comment(reading.project, repository, head)

    async def _push(self, making: Making, reading: PipelineReading, branch: str, before: str, changes: list[FileChange]) -> None:
        making.say(_("pushing {count} files to {branch}").format(count=len(changes), branch=_short(branch)))
        comment = f"{_('Deploy {setup} to Azure').format(setup=self._setup)} [skip ci]\n\n{self._mark}\n"
        written = [
            {
                "changeType": "add" if change.new else "edit",
                "item": {"path": f"/{change.path}"},
                "newContent": {"content": base64.b64encode(change.content).decode(), "contentType": "base64encoded"},
            }
            for change in changes
        ]
        repository = str((await reading.repository())["id"])
        push = reading.devops.push(reading.project, repository, branch, before, comment, written)
        await made(push, lambda: self._commit_there(making))

    def az(self, facts: Facts) -> list[list[str]]:
        return []


def _short(branch: str) -> str:
    return branch.removeprefix("refs/heads/")
