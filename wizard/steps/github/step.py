"""What the steps in GitHub have in common."""

from __future__ import annotations

from wizard.state.repository.github_state import GitHubReading
from wizard.steps.repository.step import RepositoryStep


class GitHubStep(RepositoryStep[GitHubReading]):
    """A step that GitHub is asked about."""

    @property
    def _where(self) -> list[str]:
        """The repository, as the command ``gh`` takes it."""
        return ["--repo", f"{self._pipeline.owner}/{self._pipeline.repository}"]
