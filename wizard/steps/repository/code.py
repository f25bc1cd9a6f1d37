"""The code and its pipeline file in the repository: pushed where it differs, without losing what others wrote."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING
from urllib.parse import quote

from wizard.engine.step import Change, Observation, Status, StepContext, blocked, missing, same
from wizard.platform.language import _, plural
from wizard.sections import step_ids
from wizard.source.git.tree import in_repository
from wizard.state.repository.repository_state import NO_COMMIT, RepositoryReading
from wizard.steps.image import certainly_broken
from wizard.steps.repository.step import RepositoryStep, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext
    from wizard.state.repository.repository_state import FileChange, PushedCommit
    from wizard.state.snapshot import Snapshot

FILES_SHOWN = 6
MOVED_ON_TRIES = 3


class CodeStep(RepositoryStep[RepositoryReading]):
    """The source folder and the file that says how it is built, as one commit where the repository differs.

    On the default branch where that is allowed and overwrites nobody's work, else on a branch of the setup with a pull request. What
    others put beside it stays there; what this setup pushed and is deleted here is deleted there. Without code on this machine, such as
    beside a setup file written from Azure alone, the repository's is taken as it is.
    """

    id = step_ids.PIPELINE_CODE
    needs: Sequence[str] = (step_ids.PIPELINE_CONNECTION,)
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Your code in the repository {name}").format(name=self._pipeline.repository)

    @property
    def leaves(self) -> str:
        """What stays after a destroy: the code in its repository, and where that is."""
        return _("your code with its history, in {address}").format(address=self._address)

    @property
    def _address(self) -> str:
        """Where a browser and Git find the repository."""
        place = self._pipeline
        parts = (place.organization, place.project, "_git", place.repository)
        return "https://dev.azure.com/" + "/".join(quote(part) for part in parts)

    async def _look(self, reading: RepositoryReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        if (await snapshot.source()).outside is not None:
            return blocked(
                _("Your Dockerfile lies outside the folder with your code, so it cannot be pushed with it."),
                _("Move it into the folder and correct dockerfile under [pipeline]."),
            )
        source, default = await snapshot.source(), await reading.default_branch()
        head = (await reading.branches()).get(default)
        recipe = in_repository(self._pipeline.folder, self._pipeline.dockerfile)
        if source.absent and (head is None or recipe not in await reading.files(head)):
            return blocked(" ".join(source.problems), _("Then do the same again."))
        pushed = await reading.pushed()
        if links := await reading.links(pushed.commit if pushed else head):
            return _only_by_git(links)
        if pushed is not None:
            return same(await self._where_pushed(reading, pushed, source, default))
        if not source.absent and (broken := await certainly_broken(self._answers, source)):
            return broken
        changes = await reading.changes(head)
        names = ", ".join(change.path for change in changes[:FILES_SHOWN]) + (", …" if len(changes) > FILES_SHOWN else "")
        if head is None:
            text = plural("{count} file: {names}", "{count} files: {names}", len(changes))
            return missing(text.format(count=len(changes), names=names) + await _mark_lost(reading, head))
        text = plural("{count} file differs: {names}", "{count} files differ: {names}", len(changes))
        before = text.format(count=len(changes), names=names)
        change = Change(_("repository"), _short(default), before, self.section)
        return Observation(Status.DIFFERENT, before + await _mark_lost(reading, head) + await self._difference(reading, head), (change,))

    async def _where_pushed(self, reading: RepositoryReading, pushed: PushedCommit, source: BuildContext, default: str) -> str:
        there = _("commit {commit} of {branch}").format(commit=pushed.commit[:8], branch=_short(pushed.branch))
        if pushed.branch != default:
            there += ", " + _("waits for its pull request")
        if source.absent:
            return there + ", " + _("as it is there: this folder holds no code")
        return there + await _mark_lost(reading, pushed.commit)

    async def _difference(self, reading: RepositoryReading, head: str) -> str:
        """What changes in the pipeline's file, line by line."""
        before, after = await reading.file_there(head) or "", await reading.file_wanted(head)
        lines = (
            list(difflib.unified_diff(before.splitlines(), after.splitlines(), reading.file, reading.file, lineterm="", n=1))
            if before
            else []
        )
        return "".join(f"\n  {line}" for line in lines)

    async def make(self, making: StepContext) -> None:
        """Push what differs to the default branch, or to one with a pull request; compare again when others pushed meanwhile."""
        from wizard.cloud.errors.cloud_error import CloudError

        for tries_left in reversed(range(MOVED_ON_TRIES)):
            reading = self._fresh(making)
            try:
                await self._bring(making, reading)
                return
            except CloudError as error:
                if error.code != reading.moved_on or not tries_left:
                    raise
            making.say(_("someone pushed meanwhile; what differs is read again"))

    async def _bring(self, making: StepContext, reading: RepositoryReading) -> None:
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
        title = _("Deploy {setup} to Azure").format(setup=self._setup)
        number = await reading.pull_request(reading.own_branch, default, title, reading.mark)
        await self._asked_for(making, number)

    async def _asked_for(self, making: StepContext, number: int) -> None:
        """What comes of a pull request that was opened: its branch can be built all the same."""
        making.say(_("pull request {number}: have it approved when you like; the image is built from it meanwhile").format(number=number))

    async def _commit_there(self, making: StepContext) -> str | None:
        pushed = await self._fresh(making).pushed()
        return pushed.commit if pushed else None

    async def _may_push(self, reading: RepositoryReading, branch: str, head: str, changes: list[FileChange]) -> bool:
        """Whether the default branch may be written: no policy forbids it, and nobody else's version of a file would be lost."""
        if await reading.needs_pull_request(branch):
            return False
        old = [change.path for change in changes if change.kind != "add" and change.path != reading.file]
        return await reading.written_by_us(head, old) == set(old)

    async def _push(self, making: StepContext, reading: RepositoryReading, branch: str, before: str, changes: list[FileChange]) -> None:
        text = plural("pushing {count} file to {branch}", "pushing {count} files to {branch}", len(changes))
        making.say(text.format(count=len(changes), branch=_short(branch)))
        title = _("Deploy {setup} to Azure").format(setup=self._setup)
        comment = f"{title}{reading.no_run}\n\n{reading.mark}\n"
        push = reading.push(branch, before, comment, changes)
        await made(push, lambda: self._commit_there(making))

    def az(self, facts: Outputs) -> list[list[str]]:
        """The push by hand, since az has none."""
        return [["git", "push", self._address, f"HEAD:{self._pipeline.branch or 'main'}"]]


def _only_by_git(links: list[str]) -> Observation:
    """Azure DevOps takes files this way and nothing else; a link followed would be another file, perhaps a secret one."""
    return blocked(
        _("These are links, which only Git itself can push: {names}.").format(names=", ".join(links)),
        _("Push them with Git (git add, git commit, git push) and apply again, or put the files themselves in their place."),
    )


async def _mark_lost(reading: RepositoryReading, commit: str | None) -> str:
    """What is said of scripts that can be run here and not there."""
    names = await reading.unmarked_programs(commit)
    if not names:
        return ""
    text = _(
        "{names} can be started by name here, and not in the repository, since Azure DevOps takes that mark (executable bit) from Git "
        "only: start it with sh, or write git update-index --chmod=+x {names}, commit and push"
    )
    return "; " + text.format(names=" ".join(names))


def _short(branch: str) -> str:
    return branch.removeprefix("refs/heads/")
