"""One run of a pipeline: begun once, followed with its stages and log, its failure explained."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from wizard.platform.language import N_, _
from wizard.steps.repository.failed_run import LINES_TOLD

if TYPE_CHECKING:
    from wizard.cloud.services.devops import DevOpsClient, Item
    from wizard.engine.step import StepContext

GOOD = ("succeeded", "partiallySucceeded")
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z ")
COMMAND = re.compile(r"^##\[(?!error|warning)\w+\]")

CAUSES = (
    (
        r"hosted parallelism",
        N_("Azure DevOps has no machine to run your pipeline on: a new organisation must ask for one, which takes some days."),
        N_(
            "Ask at https://aka.ms/azpipelines-parallelism-request and apply again when it was granted; "
            'or write build = "registry" under [pipeline]: the registry builds the same image at once.'
        ),
    ),
    (
        r"No Dockerfile matching",
        N_("The pipeline found no Dockerfile at the path it was given."),
        N_("Correct dockerfile under [pipeline]: the path in your repository, such as docker/Dockerfile."),
    ),
    (
        r"COPY failed|ADD failed|failed to compute cache key|not found in build context",
        N_("The build did not find a file that your Dockerfile copies."),
        N_(
            "buildContext: $(projectPath) must stand in azure-pipelines.yml, or Docker sees the Dockerfile's own folder only; "
            "and the file must be in the repository and not in .dockerignore. Then apply again."
        ),
    ),
    (
        r"AADSTS7002\d+|No matching federated identity",
        N_("Azure did not accept the pipeline's service connection: its trust (federated credential) is missing or was changed."),
        N_("Apply again: it is written anew."),
    ),
    (
        r"denied: |unauthorized|AcrPush",
        N_("The pipeline may not push into your registry."),
        N_("The right AcrPush of its identity may have been taken away, or takes some minutes to count: apply again."),
    ),
    (
        r"references service connection|could not be found\. The service connection|not been authorized",
        N_("The pipeline does not find its service connection, or may not use it."),
        N_("Apply again: the connection is made and the pipeline is permitted to use it."),
    ),
)
"""A pattern in what a run said, what that means, and the next move."""
NOT_YET = re.compile(r"denied: |unauthorized|AADSTS7002\d+", re.IGNORECASE)
OTHERWISE = (
    N_("The pipeline could not build the image."),
    N_("Correct your Dockerfile, your code or azure-pipelines.yml, then apply again."),
)


class PipelineRun:
    """A run that is followed until it ends."""

    def __init__(self, making: StepContext, devops: DevOpsClient, project: str, run: int) -> None:
        self._making = making
        self._devops = devops
        self._project = project
        self._run = run
        self._read: dict[int, int] = {}  # log -> lines read so far
        self._whole: set[int] = set()  # logs read to their end
        self.lines: list[str] = []

    async def end(self) -> Item:
        """The run once it has ended; shows what it does meanwhile."""
        while True:
            build = await self._devops.build(self._project, self._run)
            await self._tell(await self._devops.timeline(self._project, self._run))
            if build["status"] == "completed":
                return build
            await asyncio.sleep(self._making.cloud.polling_interval)

    async def said(self) -> str:
        """What the timeline names as errors, and the last lines of the log."""
        records = await self._devops.timeline(self._project, self._run)
        issues = [str(issue["message"]) for record in records for issue in record.get("issues") or [] if issue.get("type") == "error"]
        return "\n".join(dict.fromkeys([*self.lines[-LINES_TOLD:], *issues]))

    async def _tell(self, records: list[Item]) -> None:
        if any(record["type"].startswith("Checkpoint") and record["state"] != "completed" for record in records):
            address = self._devops.run_address(self._project, self._run)
            self._making.wait(_("someone must permit this run in Azure DevOps: {address}").format(address=address))
            return
        stage = next((str(item["name"]) for item in records if item["type"] == "Stage" and item["state"] == "inProgress"), "")
        for record in records:
            log = int((record.get("log") or {}).get("id", 0))
            if record["type"] == "Task" and log and log not in self._whole:
                await self._tell_log(log, stage, str(record["name"]))
                self._whole |= {log} if record["state"] == "completed" else set()

    async def _tell_log(self, log: int, stage: str, task: str) -> None:
        lines = await self._devops.log(self._project, self._run, log, self._read.get(log, 0) + 1)
        self._read[log] = self._read.get(log, 0) + len(lines)
        news = [text for line in lines if (text := COMMAND.sub("", STAMP.sub("", line)).strip())]
        self.lines += news
        if news:
            self._making.say(" · ".join(part for part in (stage, task, news[-1]) if part))
