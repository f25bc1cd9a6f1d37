"""One run of a workflow: followed with its steps, and its log read when it failed."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from wizard.platform.language import N_
from wizard.steps.repository.failed_run import LINES_TOLD

if TYPE_CHECKING:
    from wizard.cloud.services.github import GitHubClient, Item
    from wizard.engine.step import StepContext

STAMP = re.compile(r"^﻿?\d{4}-\d\d-\d\dT[\d:.]+Z ?")
COMMAND = re.compile(r"^##\[\w+\]")
NOT_YET = re.compile(r"denied: |unauthorized|No subscriptions found|AADSTS7002\d+|AADSTS70025|AADSTS700016", re.IGNORECASE)
"""What a run says while a right or a trust that was given a moment ago does not count yet."""

CAUSES = (
    (
        r"AADSTS7002\d+|AADSTS70025|AADSTS700016",
        N_("Azure did not accept the run: its trust (federated credential) is missing, or GitHub sends another subject."),
        N_("Apply again: the subject is asked of GitHub, and the trust is written anew."),
    ),
    (
        r"ACTIONS_ID_TOKEN_REQUEST_URL",
        N_("The workflow may not ask for the token that it signs in to Azure with."),
        N_("Its job needs permissions: id-token: write, as the workflow that azwizard writes has it. Correct it, push, and apply again."),
    ),
    (
        r"Not all values are present",
        N_("The workflow does not know which identity to sign in as."),
        N_("Apply again: the variables of the repository are written anew."),
    ),
    (
        r"denied: |unauthorized|AcrPush|No subscriptions found",
        N_("The run may not push into your registry."),
        N_("The right AcrPush of its identity may have been taken away, or takes some minutes to count: apply again."),
    ),
    (
        r"failed to read dockerfile",
        N_("The workflow found no Dockerfile at the path it was given."),
        N_("Correct dockerfile under [pipeline]: the path in your code's folder, such as docker/Dockerfile."),
    ),
    (
        r"COPY failed|ADD failed|failed to compute cache key|failed to calculate checksum|not found in build context",
        N_("The build did not find a file that your Dockerfile copies."),
        N_("The file must be in the repository and not in .dockerignore. Then apply again."),
    ),
    (
        r"recent account payments have failed|spending limit|billing",
        N_("GitHub starts no run: the account's minutes are used up, or its payment failed."),
        N_('See Settings, Billing on GitHub; or write build = "registry" under [pipeline]: the registry builds the same image at once.'),
    ),
)
OTHERWISE = (
    N_("The workflow could not build the image."),
    N_("Correct your Dockerfile, your code or the workflow, then apply again."),
)


class WorkflowRun:
    """A run that is followed until it ends."""

    def __init__(self, making: StepContext, github: GitHubClient, number: int) -> None:
        self._making = making
        self._github = github
        self._number = number
        self._told = ""

    async def end(self, attempt: int) -> Item:
        """The run once that attempt of it has ended; shows which step goes on meanwhile."""
        while True:
            run = await self._github.run(self._number)
            if int(run["run_attempt"]) >= attempt:
                self._tell(await self._github.jobs(self._number))
                if run["status"] == "completed":
                    return run
            await asyncio.sleep(self._making.cloud.polling_interval)

    async def said(self) -> str:
        """The last lines of the logs of the jobs that failed."""
        from wizard.cloud.errors.cloud_error import CloudError

        lines: list[str] = []
        for job in await self._github.jobs(self._number):
            if job.get("conclusion") == "failure":
                try:
                    lines += await self._github.log(int(job["id"]))
                except CloudError:  # logs can be gone, or not be there yet; the step's name is told all the same
                    lines += [str(step["name"]) for step in job.get("steps") or [] if step.get("conclusion") == "failure"]
        texts = [text for line in lines if (text := COMMAND.sub("", STAMP.sub("", line)).strip())]
        return "\n".join(texts[-LINES_TOLD:])

    def _tell(self, jobs: list[Item]) -> None:
        """The step that goes on, or the last one that was done."""
        for job in jobs:
            steps = [item for item in job.get("steps") or [] if item["status"] == "in_progress" or item.get("conclusion") != "skipped"]
            going = [item for item in steps if item["status"] == "in_progress"] or steps[-1:]
            text = " · ".join([str(job["name"]), *(str(item["name"]) for item in going[:1])])
            if going and text != self._told:
                self._told = text
                self._making.say(text)
