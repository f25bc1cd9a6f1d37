"""The code and its workflow in a repository on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.services.github_errors import RULES
from wizard.engine.step import Observation, StepContext, blocked
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.repository.repository_state import FileChange
from wizard.steps.repository.code import CodeStep

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.repository.repository_state import RepositoryReading
    from wizard.state.snapshot import Snapshot


class GitHubCodeStep(CodeStep):
    """The source folder and the workflow, as one commit where the repository differs; pushing it begins the run.

    The run may sign in from the setup's branch only, so a pull request that a rule wants has to be merged before anything is built.
    """

    needs = (step_ids.PIPELINE_TRUST, step_ids.PIPELINE_VARIABLES, step_ids.PIPELINE_ROLE, step_ids.REGISTRY)

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Your code and its workflow in the repository {name}").format(
            name=f"{self._pipeline.owner}/{self._pipeline.repository}"
        )

    @property
    def _address(self) -> str:
        return f"https://github.com/{self._pipeline.owner}/{self._pipeline.repository}"

    async def _look(self, reading: RepositoryReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        observation = await super()._look(reading, snapshot, facts)
        pushed = await reading.pushed()
        if pushed is not None and pushed.branch != await reading.default_branch():
            return blocked(*self._waits())
        return observation

    def _waits(self) -> tuple[str, str]:
        return (
            _("Your code waits in a pull request, and only the branch {branch} is built.").format(branch=self._pipeline.branch),
            _("Merge it at {address}, then apply again.").format(address=f"{self._address}/pulls"),
        )

    async def _asked_for(self, making: StepContext, number: int) -> None:
        from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

        raise CloudError(ErrorKind.POLICY, *self._waits(), code=RULES)


async def remove_workflow(reading: RepositoryReading, setup: str) -> str | None:
    """Take the workflow away, whose runs could only fail from now on; the code stays. A sentence where it has to stay."""
    branch = await reading.default_branch()
    head = (await reading.branches()).get(branch)
    if head is None or reading.file not in await reading.files(head):
        return None
    if await reading.needs_pull_request(branch):
        return _("{file} stays: a rule wants a pull request for the branch; remove it there.").format(file=reading.file)
    title = _("Take {setup} out of Azure").format(setup=setup)
    await reading.push(branch, head, f"{title} [skip ci]\n\n{reading.mark}\n", [FileChange(reading.file, "delete")])
    return None
