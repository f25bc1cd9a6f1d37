"""Building an image in a container registry: a quick build of ACR Tasks, which needs neither Docker nor Azure DevOps (reference 1.6)."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.cloud.errors.advice import for_said
from wizard.cloud.transport.pauses import next_pause
from wizard.platform.language import _
from wizard.steps.installing import installing_words

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.step import StepContext
    from wizard.source.build_context import BuildContext

ENDED = ("Succeeded", "Failed", "Canceled", "Error", "Timeout")
QUICK = ("QuickBuild", "QuickRun")
LONGEST = 3600  # seconds, after which Azure gives a build up
CLOCKS_DIFFER = timedelta(minutes=5)
RUNS_LOOKED_AT = 20
TRIES = 5  # to schedule a build
TIMESTAMP = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ")  # with which some lines of a build's log begin
NOT_INSTALLABLE = "requirement-not-installable"
LINES_TOLD = 12  # of the log, when a build failed


class ImageBuild:
    """The build of one source in one registry, followed also when an earlier, killed run of the wizard began it.

    :param registry: its resource group and its name.
    :param tags: what the image is tagged with; the first one belongs to this source alone.
    """

    def __init__(self, making: StepContext, source: BuildContext, registry: tuple[str, str], image: str, tags: Sequence[str]) -> None:
        self._making = making
        self._cloud: Cloud = making.cloud
        self._source = source
        self._registry = registry
        self._image = image
        self._tags = tags
        self._run_key = f"run:{tags[0]}"
        self._intent_key = f"intent:{tags[0]}"

    async def digest(self) -> str:
        """Build, and give the image's digest (``sha256:...``).

        Raises CloudError with the last lines of the log when the build fails, SourceError, HttpResponseError.
        """
        digest = await self._made_earlier()
        self._forget()
        if digest is not None:
            return digest
        run, log = await self._follow(await self._schedule())
        self._forget()
        digest = _digest(run, self._image, self._tags[0])
        if digest is None:
            raise _failure(run, log)
        return digest

    async def _made_earlier(self) -> str | None:
        """The digest from the build that an earlier run began; None when there is none, when it failed, and when it made something else."""
        from azure.core.exceptions import ResourceNotFoundError

        run_id = await self._begun_earlier()
        if run_id is None:
            return None
        try:
            run, _log = await self._follow(run_id)
        except ResourceNotFoundError:  # the registry was deleted and made anew meanwhile
            return None
        return _digest(run, self._image, self._tags[0])

    async def _begun_earlier(self) -> str | None:
        """The id of the run that an earlier run of the wizard scheduled: remembered, or, when it was killed before it could, looked up."""
        run_id = self._making.recall(self._run_key)
        intent = self._making.recall(self._intent_key)
        if run_id or not intent:
            return run_id
        since = datetime.fromisoformat(intent) - CLOCKS_DIFFER
        runs = self._cloud.tasks.runs.list(*self._registry, top=RUNS_LOOKED_AT)
        async for run in runs:
            run_properties: Any = run.properties
            if (
                run_properties.run_type in QUICK
                and run_properties.create_time
                and run_properties.create_time >= since
                and _may_be(run, self._image, self._tags[0])
            ):
                return str(run_properties.run_id)
        return None

    async def _schedule(self) -> str:
        place = await self._cloud.tasks.registries.get_build_source_upload_url(*self._registry)
        self._making.say(_("sending {files} files, {size} KiB").format(files=self._source.files, size=-(-self._source.size // 1024)))
        with tempfile.TemporaryDirectory(prefix="azwizard-") as folder:
            archive = Path(folder) / "source.tar.gz"
            await asyncio.to_thread(self._source.pack, archive)
            await self._cloud.upload(str(place.upload_url), archive)
        request = {
            "type": "DockerBuildRequest",
            "sourceLocation": place.relative_path,
            "dockerFilePath": self._source.dockerfile,
            "imageNames": [f"{self._image}:{tag}" for tag in self._tags],
            "isPushEnabled": True,
            "platform": {"os": "Linux", "architecture": "amd64"},
            "timeout": LONGEST,
        }
        self._making.remember(self._intent_key, datetime.now(UTC).isoformat())
        run_id = await self._begin_once(request)
        self._making.remember(self._run_key, run_id)
        return run_id

    async def _begin_once(self, request: Any) -> str:
        """Schedule the run; where Azure's answer does not tell whether it has begun, look for it before asking again."""
        from azure.core.exceptions import AzureError

        for tries_left in reversed(range(TRIES)):
            try:
                run: Any = await self._cloud.tasks.registries.schedule_run(*self._registry, request)
                return str(run.properties.run_id)
            except AzureError as error:
                if not tries_left or not _may_have_begun(error):
                    raise
            await asyncio.sleep(self._cloud.polling_interval)
            if begun := await self._begun_earlier():
                return begun
        raise AssertionError("the last try returns or raises")

    async def _follow(self, run_id: str) -> tuple[Any, list[str]]:
        """Show the log's latest line until the run has ended; the run, and its log's last lines."""
        runs = self._cloud.tasks.runs
        log = BuildLog(self._cloud, str((await runs.get_log_sas_url(*self._registry, run_id)).log_link))
        began = time.monotonic()
        while True:
            run: Any = await runs.get(*self._registry, run_id)
            if line := await log.read(ended=run.properties.status in ENDED):
                self._making.say(installing_words(line) or TIMESTAMP.sub("", line))
            if run.properties.status in ENDED:
                return run, log.lines
            await asyncio.sleep(next_pause(time.monotonic() - began, self._cloud.polling_interval))

    def _forget(self) -> None:
        self._making.forget(self._run_key)
        self._making.forget(self._intent_key)


class BuildLog:
    """The log of a run, read while it grows. Lines end with CR LF; the last may be half there."""

    def __init__(self, cloud: Cloud, url: str) -> None:
        self._cloud = cloud
        self._url = url
        self._offset = 0
        self._rest = b""
        self.lines: list[str] = []

    async def read(self, *, ended: bool) -> str:
        """The last line that came since the last call, or ""; also when the log cannot be read, since the run says how it ends.

        :param ended: whether the run had ended before, so that no half line is completed any more.
        """
        from azure.core.exceptions import AzureError

        try:
            content, complete = await self._cloud.read_log(self._url, self._offset)
        except AzureError:
            return ""
        self._offset += len(content)
        *whole, self._rest = (self._rest + content).split(b"\n")
        if complete or ended:
            whole, self._rest = [*whole, self._rest], b""
        news = [text for line in whole if (text := line.decode("utf-8", "replace").strip())]
        self.lines = [*self.lines, *news][-LINES_TOLD:]
        return news[-1] if news else ""


async def last_build(cloud: Cloud, registry: tuple[str, str]) -> list[str]:
    """The last lines of a registry's newest build, unless it succeeded; none where there is no build, or it may not be read."""
    from azure.core.exceptions import AzureError

    try:
        async for run in cloud.tasks.runs.list(*registry, top=1):
            newest: Any = run.properties
            if newest.run_type not in QUICK or newest.status == "Succeeded":
                break
            log = BuildLog(cloud, str((await cloud.tasks.runs.get_log_sas_url(*registry, newest.run_id)).log_link))
            await log.read(ended=True)
            return log.lines
    except AzureError:
        pass
    return []


def _may_have_begun(error: Exception) -> bool:
    """Whether Azure may have done what it gave this answer to: none at all, or that it broke."""
    from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

    if isinstance(error, HttpResponseError):
        return (error.status_code or 0) >= 500
    return isinstance(error, ServiceRequestError | ServiceResponseError)


def _may_be(run: Any, image: str, tag: str) -> bool:
    """Whether a run may have made this image: one that has ended well says which it made."""
    if run.properties.status in ENDED:
        return _digest(run, image, tag) is not None
    return True


def _digest(run: Any, image: str, tag: str) -> str | None:
    """The digest of the image that a run made, or None when it made no such image."""
    if run.properties.status != "Succeeded":
        return None
    images = run.properties.output_images or []
    return next((str(item.digest) for item in images if (item.repository, item.tag) == (image, tag)), None)


def _failure(run: Any, log: list[str]) -> Exception:
    from wizard.cloud import CloudError, ErrorKind

    status, reason = run.properties.status, str(run.properties.run_error_message or "")
    if status == "Timeout":
        return CloudError(
            ErrorKind.TIMEOUT,
            _("The build took longer than {minutes} minutes and was given up.").format(minutes=LONGEST // 60),
            _("Make the image smaller, then do the same again."),
        )
    if status == "Canceled":
        return CloudError(ErrorKind.OTHER, _("Someone cancelled the build."), _("Do the same again."))
    log_text = "\n".join([*log, reason] if reason and reason not in log else log)
    rule = for_said(log)
    if rule is not None and rule.verdict == NOT_INSTALLABLE:
        return CloudError(ErrorKind.OTHER, f"{_(rule.what)}\n{log_text}\n", _(rule.remedy), message=log_text)
    return CloudError(
        ErrorKind.OTHER,
        _("The image could not be built. The build said last:\n{log}\n").format(log=log_text or reason),
        _("Correct your Dockerfile or your code, then do the same again; what was made so far is kept."),
        message=log_text,
    )
