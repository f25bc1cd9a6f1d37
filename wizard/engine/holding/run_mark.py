"""The tag in Azure by which other computers see that a run holds a setup: ``azwizard-run`` = host / UTC time / id of the run."""

from __future__ import annotations

import asyncio
import platform
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, list_or_empty
from wizard.cloud.tags import change_tags
from wizard.engine import ownership
from wizard.engine.journal import SetupLocked
from wizard.platform import log
from wizard.sections import naming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal

STALE = timedelta(minutes=30)
"""A mark as old as this was left by a run that could not take it away."""
AHEAD = timedelta(days=1)
"""How far another computer's clock may be ahead; a mark from beyond that would hold a setup for ever."""
RENEWED = timedelta(minutes=10)
LONGEST_HOST = 60  # characters; a tag's value takes 256
RELEASE_SECONDS = 2.0
_NOTES, _LATEST = "run-mark", "id"  # where the journal keeps the id of this computer's latest run


@dataclass(frozen=True)
class RunMark:
    """Which computer holds a setup, since when, and in which run."""

    host: str
    since: datetime
    run: str

    def __str__(self) -> str:
        return f"{self.host} / {self.since:%Y-%m-%dT%H:%M:%SZ} / {self.run}"

    @classmethod
    def parse(cls, text: str) -> RunMark | None:
        """The mark that a tag's value is; None for what no azwizard wrote."""
        parts = [part.strip() for part in text.split("/")]
        if len(parts) != 3:
            return None
        with suppress(ValueError):
            return cls(parts[0], datetime.strptime(parts[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC), parts[2])
        return None

    @property
    def is_stale(self) -> bool:
        """Whether the run has not renewed its mark for so long that it must have ended without taking it away."""
        return not -AHEAD < datetime.now(UTC) - self.since < STALE


def is_left_behind(journal: Journal) -> bool:
    """Whether a run of this computer was cut off before it took its mark away."""
    return journal.recall(_NOTES, _LATEST) is not None


class RunHold:
    """One run's hold on a setup, seen by other computers while it goes on.

    The tag stands on the resource group where that is the setup's, otherwise on the first thing of the setup's. Azure has no
    compare-and-swap for tags, so two runs that begin within the same second can both hold it: it is read again once after it was
    written, and who then sees the other's lets go. Who may not write tags runs without it.
    """

    def __init__(self, cloud: Cloud, journal: Journal, setup: str, group: str) -> None:
        self._cloud = cloud
        self._journal = journal
        self._setup = setup
        self._group = group
        self._mark = RunMark(_host(), datetime.now(UTC), uuid.uuid4().hex[:12])
        self._scope: str | None = None
        self._marking = asyncio.Lock()

    async def take(self) -> None:
        """Hold the setup, or learn who does.

        :raises SetupLocked: when a run on another computer holds it.
        """
        mine = await self._mine()
        before = self._journal.recall(_NOTES, _LATEST)
        for mark in _marks_of(mine):
            if mark.run != before and not mark.is_stale:
                raise SetupLocked(self._setup, None, mark.host, mark.since)
        self._journal.remember(_NOTES, _LATEST, self._mark.run)
        if mine:
            await self._write(str(mine[0].id))
            seen = RunMark.parse((await self._tags()).get(naming.RUN_TAG, "")) if self._scope else None
            if seen and seen.run != self._mark.run:
                self._scope = None
                raise SetupLocked(self._setup, None, seen.host, seen.since)

    async def keep(self) -> None:
        """Called after something was made: mark what is there now, where nothing was before, and renew the time of a long run."""
        async with self._marking:
            if self._scope is None:
                mine = await self._mine()
                if mine:
                    await self._write(str(mine[0].id))
            elif datetime.now(UTC) - self._mark.since >= RENEWED:
                self._mark = RunMark(self._mark.host, datetime.now(UTC), self._mark.run)
                await self._write(self._scope)

    async def release(self) -> None:
        """Let others in. What cannot be taken away (no network) this computer's next run takes away, or it grows stale by itself."""
        with suppress(Exception):
            async with asyncio.timeout(RELEASE_SECONDS):
                if self._scope is not None:
                    await change_tags(self._cloud, self._scope, "Delete", {naming.RUN_TAG: str(self._mark)})
                self._journal.forget(_NOTES, _LATEST)

    async def _mine(self) -> list[Any]:
        """The group where it is the setup's, otherwise what of the setup's lies in it, in a fixed order."""
        from azure.core.exceptions import HttpResponseError

        try:
            group = await get_or_none(self._cloud.resources.resource_groups.get(self._group))
            if group is None or ownership.owner(group) == self._setup:
                return [group] if group else []
            resources = await list_or_empty(self._cloud.resources.resources.list_by_resource_group(self._group))
        except HttpResponseError as error:
            if error.status_code != 403:
                raise
            return []
        return sorted((one for one in resources if ownership.owner(one) == self._setup), key=lambda one: str(one.id).lower())

    async def _write(self, scope: str) -> None:
        from azure.core.exceptions import HttpResponseError

        try:
            await change_tags(self._cloud, scope, "Merge", {naming.RUN_TAG: str(self._mark)})
            self._scope = scope
        except HttpResponseError as error:
            log.decision("run: no mark for other computers, status %s", error.status_code)

    async def _tags(self) -> dict[str, str]:
        tagged = await self._cloud.resources.tags.get_at_scope(str(self._scope))
        return dict(tagged.properties.tags or {})


def _marks_of(resources: list[Any]) -> Iterator[RunMark]:
    for resource in resources:
        mark = RunMark.parse((resource.tags or {}).get(naming.RUN_TAG, ""))
        if mark:
            yield mark


def _host() -> str:
    """This computer's name, of what a tag's value may hold."""
    return re.sub(r"[^\w.-]", "-", platform.node())[:LONGEST_HOST] or "computer"
