"""What the steps in Azure DevOps have in common."""

from __future__ import annotations

from wizard.state.repository.devops_state import PipelineReading
from wizard.steps.repository.step import RepositoryStep


class DevOpsStep(RepositoryStep[PipelineReading]):
    """A step that Azure DevOps is asked about."""

    def _where(self) -> list[str]:
        return ["--organization", f"https://dev.azure.com/{self._pipeline.organization}", "--project", self._pipeline.project]
