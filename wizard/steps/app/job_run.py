"""One execution of the job: begun, or found where an earlier, killed run began it, followed to its end, and its log told."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import list_or_empty
from wizard.cloud.transport.pauses import next_pause
from wizard.platform.language import _
from wizard.platform.redaction import hidden
from wizard.state.executions import GOES_ON, SUCCEEDED, container_of, newest, status_of
from wizard.state.secret_redaction import values_to_hide
from wizard.steps.app.differences import execution_differences
from wizard.steps.app.revision_log import console_lines, tail

if TYPE_CHECKING:
    from wizard.cloud.errors.cloud_error import CloudError
    from wizard.engine.step import StepContext
    from wizard.setup.answers import Answers
    from wizard.state.resources import ResourceRef

INTENT = "intent"  # in the journal: when an execution was about to be begun
CLOCKS_DIFFER = timedelta(minutes=5)
LINES_TOLD = 12
LOG_VERSION = "2023-11-02-preview"  # the one with which azure-cli's containerapp extension reads the log of a job


class JobRun:
    """The run of the command for what the job is now."""

    def __init__(self, making: StepContext, answers: Answers, job: ResourceRef, desired: dict[str, Any]) -> None:
        self._making, self._answers, self._job, self._desired = making, answers, job, desired
        self._apps = making.cloud.apps
        self._stream: tuple[str, str] | None = None

    async def to_its_end(self) -> None:
        """Run the command once and return when it has succeeded. Raises CloudError with its last lines when it has not."""
        execution = await self._begun_earlier() or await self._start()
        began = time.monotonic()
        while status_of(execution) in GOES_ON:
            lines = await self._log(execution)
            self._making.say(lines[-1] if lines else _("Azure starts it"))
            await asyncio.sleep(next_pause(time.monotonic() - began, self._making.cloud.polling_interval))
            execution = await self._read(execution.name)
        self._making.forget(INTENT)
        if status_of(execution) != SUCCEEDED:
            raise await self._failure(execution)
        lines = await self._log(execution)
        self._making.say(lines[-1] if lines else _("it ended well, and printed nothing"))

    async def _begun_earlier(self) -> Any:
        """The execution that a killed run began for what the job is now, which goes on or has ended well since; else None."""
        execution = newest(await list_or_empty(self._apps.jobs_executions.list(self._job.group, self._job.name)))
        if execution is None or execution_differences(container_of(execution), self._desired):
            return None
        intent = self._making.recall(INTENT)
        is_ours = intent is not None and _started(execution) >= datetime.fromisoformat(intent) - CLOCKS_DIFFER
        return execution if status_of(execution) in GOES_ON or (is_ours and status_of(execution) == SUCCEEDED) else None

    async def _start(self) -> Any:
        self._making.remember(INTENT, datetime.now(UTC).isoformat())
        poller = await self._apps.jobs.begin_start(self._job.group, self._job.name, polling_interval=self._making.cloud.polling_interval)
        return await self._read((await poller.result()).name)

    async def _read(self, name: str | None) -> Any:
        return await self._apps.job_execution(self._job.group, self._job.name, str(name))

    async def _failure(self, execution: Any) -> CloudError:
        from wizard.cloud.errors.advice import for_said
        from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

        lines = await self._log(execution)
        rule = for_said(lines)
        why = (
            _(rule.what)
            if rule
            else _("The command before the new version failed: {command}").format(command=self._answers.app.before_deploy)
        )
        remedy = _(rule.remedy) if rule else _("Correct your code or the command, then do the same again.")
        shown = "".join(f"\n  {line}" for line in lines[-LINES_TOLD:] or [_("It printed nothing.")])
        return CloudError(ErrorKind.OTHER, f"{why}{shown}", f"\n{remedy}", code=status_of(execution), message="\n".join(lines))

    async def _log(self, execution: Any) -> list[str]:
        """What it printed so far, without the values of secrets; nothing where that may not be read."""
        from azure.core.exceptions import AzureError

        cloud = self._making.cloud
        try:
            url, token = self._stream or await self._log_stream(execution)
        except AzureError:
            return []
        lines = console_lines(await tail(cloud, url, token))
        values = await self._making.once("values-to-hide", lambda: values_to_hide(cloud, self._answers, self._making.secret))
        return [hidden(line, values) for line in lines]

    async def _log_stream(self, execution: Any) -> tuple[str, str]:
        """The address of its log and the token that opens it; an empty address as long as it has no copy."""
        cloud = self._making.cloud
        replicas = await cloud.arm("GET", f"{self._job.id}/executions/{execution.name}/replicas", LOG_VERSION)
        containers = [container for replica in replicas["value"] for container in replica["properties"].get("containers") or []]
        url = next((str(container["logStreamEndpoint"]) for container in containers if container.get("logStreamEndpoint")), "")
        if not url:
            return "", ""
        token = await cloud.arm("POST", f"{self._job.id}/getAuthToken", LOG_VERSION)
        self._stream = url, str(token["properties"]["token"])
        return self._stream


def _started(execution: Any) -> datetime:
    started = str((execution.as_dict().get("properties") or {}).get("startTime") or "")
    return datetime.fromisoformat(started) if started else datetime.min.replace(tzinfo=UTC)
