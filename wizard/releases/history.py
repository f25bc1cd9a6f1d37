"""The history of a setup as Azure holds it, the same on every computer: its releases, which one runs, what differed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.engine.events import ReleaseEvent
from wizard.engine.step import Change
from wizard.platform.language import _
from wizard.state.releases import Release, digest_of, made_at, running_release
from wizard.steps.app.differences import revision_differences

if TYPE_CHECKING:
    from wizard.state.snapshot import Snapshot

ARM = dict[str, Any]


@dataclass(frozen=True)
class History:
    """The releases of a setup, the oldest first.

    :param running: the release that serves; None where what serves was never noted as one.
    :param is_newest_served: whether the newest revision is the one that serves; not so after a deployment that did not come to run.
    :param revisions: number of a release -> its revision as ARM's JSON, where Azure still has it.
    """

    releases: Sequence[Release]
    running: Release | None
    is_newest_served: bool
    revisions: Mapping[int, ARM]

    @property
    def is_rolled_back(self) -> bool:
        """Whether an earlier release runs than the newest one."""
        return self.running is not None and self.running is not self.releases[-1]

    def find(self, number: int) -> Release | None:
        return next((release for release in self.releases if release.number == number), None)

    def changed_in(self, release: Release) -> list[Change]:
        """What differed from the release before it; nothing for the first."""
        place = self.releases.index(release)
        return self.between(self.releases[place - 1], release) if place else []

    def between(self, before: Release, after: Release) -> list[Change]:
        """What differs between two releases: image, commit, settings."""
        changes = []
        if before.commit != after.commit:
            changes.append(Change(_("commit"), before.commit or _("none"), after.commit or _("none"), "pipeline"))
        older, newer = self.revisions.get(before.number), self.revisions.get(after.number)
        if older and newer:
            return [*changes, *revision_differences(older, newer)]
        if before.digest != after.digest:
            changes.append(Change(_("image"), before.digest, after.digest, "revision"))
        return changes

    def event(self, release: Release) -> ReleaseEvent:
        """A release's line."""
        changes = tuple(change.words for change in self.changed_in(release))
        time = f"{release.time:%Y-%m-%dT%H:%M:%SZ}"
        return ReleaseEvent(release.number, release.digest, time, release.who, release.commit, release is self.running, changes)


async def read_history(snapshot: Snapshot) -> History | None:
    """The history; None where no app is deployed. Raises HttpResponseError."""
    app, revisions = await asyncio.gather(snapshot.app(), snapshot.revisions())
    if app is None or app.properties is None:
        return None
    releases = await snapshot.releases()
    bodies = [revision.as_dict() for revision in revisions.values()]
    newest, ready = app.properties.latest_revision_name, app.properties.latest_ready_revision_name
    serving = next((body for body in bodies if body["name"] == (ready or newest)), app.as_dict())
    running = running_release(releases, digest_of(serving), snapshot.answers.revision.release)
    bodies_by_number = {release.number: body for release in releases if (body := _revision_of(release, bodies))}
    return History(tuple(releases), running, not ready or ready == newest, bodies_by_number)


def _revision_of(release: Release, revisions: Sequence[dict[str, Any]]) -> ARM | None:
    """The revision that was noted as a release."""
    same = [revision for revision in revisions if release.has(digest_of(revision))]
    return next((revision for revision in same if made_at(revision) == release.time), same[-1] if same else None)
