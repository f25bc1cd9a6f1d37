"""What the steps in a repository of Azure DevOps or GitHub have in common."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from wizard.engine.events import StepReason
from wizard.engine.step import Observation, Step, StepContext, blocked
from wizard.platform.language import _
from wizard.source.git.pipeline_file import DoubtfulBuild, UnreadablePipeline
from wizard.state.snapshot import reading_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.repository.repository_state import RepositoryReading
    from wizard.state.snapshot import Snapshot

T = TypeVar("T")
R = TypeVar("R", bound="RepositoryReading")
NOT_THERE = ("not-found", "sign-in")
"""Kinds of trouble with a repository that the person can end, so that the step is blocked and says how."""


class RepositoryStep(Step, Generic[R]):
    """A step that the repository's service is asked about; a wrong name of what should be there blocks it and says what there is."""

    section = "pipeline"

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._pipeline = answers.pipeline
        self._setup = answers.project.setup

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """What the step sees in the repository's service; refusals of its own become what a person can do about them."""
        from wizard.cloud.errors.cloud_error import CloudError

        source = await snapshot.source()
        if source.problems and not source.absent:
            reason = StepReason.NO_DOCKERFILE if source.lacks_dockerfile else None
            return blocked(" ".join(source.problems), _("Then do the same again."), reason=reason)
        try:
            return await self._look(cast(R, snapshot.repository), snapshot, facts)
        except CloudError as error:
            if error.kind not in NOT_THERE:
                raise
            return blocked(error.sentence, error.remedy)
        except DoubtfulBuild as error:
            return blocked(str(error), _("Then do the same again."))
        except UnreadablePipeline as error:
            return blocked(str(error), _("Correct it, or remove it: then a new one is written."))

    @abstractmethod
    async def _look(self, reading: R, snapshot: Snapshot, facts: Outputs) -> Observation: ...

    def _fresh(self, making: StepContext) -> R:
        """What is there now, after the steps before this one."""
        from wizard.source.build_context import BuildContext, read

        answers = self._answers

        async def source() -> BuildContext:
            return await asyncio.to_thread(read, answers.source_folder, answers.pipeline.dockerfile, answers.never_sent)

        return cast(R, reading_for(making.cloud, answers, source))


async def made(adding: Awaitable[T], there: Callable[[], Awaitable[T | None]]) -> T:
    """What was added; or, where it is said to be there already because an answer was lost and the call repeated, what is there."""
    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    try:
        return await adding
    except CloudError as error:
        existing = await there() if error.kind is ErrorKind.ALREADY else None
        if existing is None:
            raise
        return existing
