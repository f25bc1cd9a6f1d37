"""The images of older releases: deleted from the registry once a new version runs, where the person keeps only so many."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, different, same
from wizard.platform.language import _, plural
from wizard.sections import step_ids
from wizard.state.releases import Release, digest_of
from wizard.state.resources import REGISTRY, ResourceRefs
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

SHOWN = 12


class OldImagesStep(Step):
    """Images that were noted as a release, are none of the newest, and run in no app of the subscription. Others are never touched."""

    id = step_ids.OLD_IMAGES
    section = "revision"
    needs = (step_ids.RUNNING,)
    expected_seconds = 2.0

    def __init__(self, answers: Answers) -> None:
        targets = ResourceRefs.named(answers, answers.sign_in.subscription)
        assert targets.registry
        self._answers, self._registry, self._image = answers, targets.registry, answers.pipeline.image
        self._kept = answers.revision.keep_images
        self.title = _("Images of older releases")
        self.rights = (PermissionRequirement(f"{REGISTRY}/artifacts/delete", targets.registry.id, "AcrDelete"),)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Which images of older releases would go, after the newest that the answers keep."""
        old = await self._old(snapshot)
        facts.old_images = tuple(digest for _release, digest in old)
        kept = plural("that of the newest release is kept", "those of the {count} newest releases are kept", self._kept)
        if not old:
            return same(kept.format(count=self._kept))
        gone = [_("release {number} ({digest})").format(number=release.number, digest=release.digest) for release, _digest in old]
        return different(Change(_("in the registry"), ", ".join(gone), _("deleted"), self.section, is_answer=False))

    async def make(self, making: StepContext) -> None:
        """Delete the images of older releases; a locked one stays, which is told."""
        snapshot = Snapshot(making.cloud, self._answers, making.secret)
        registry = await snapshot.registry()
        for release, digest in await self._old(snapshot):
            done = registry is not None and await making.cloud.registry.delete(str(registry.login_server), self._image, digest)
            words = _("release {number}: its image is deleted") if done else _("release {number}: its image is locked, and stays")
            making.say(words.format(number=release.number))

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that deletes each of the images."""
        command = ["az", "acr", "repository", "delete", "--name", self._registry.name, "--yes", "--image"]
        return [[*command, f"{self._image}@{digest}"] for digest in facts.old_images]

    async def _old(self, snapshot: Snapshot) -> list[tuple[Release, str]]:
        """The releases whose image goes, with its whole digest; a version that is about to run is counted as the newest already."""
        releases = list(await snapshot.releases())
        if len(releases) < self._kept:
            return []
        wanted, revisions = await asyncio.gather(snapshot.wanted_digest(), snapshot.revisions())
        comes = not any(release.has(wanted) for release in releases)
        newest = _newest(releases, self._kept - comes)
        candidates = [release for release in releases if not any(release.has(f"sha256:{other.digest}") for other in newest)]
        if not candidates:
            return []
        active = {digest_of(revision.as_dict()) for revision in revisions.values() if revision.properties and revision.properties.active}
        there, used = await asyncio.gather(snapshot.image_digests(self._image), snapshot.digests_in_use())
        spared = {*(active if not comes else ()), wanted, *used}
        found = {digest: release for digest in there for release in candidates if release.has(digest) and digest not in spared}
        return [(release, digest) for digest, release in found.items()]


def _newest(releases: Sequence[Release], count: int) -> Sequence[Release]:
    """The newest ones, so many of different images."""
    kept: list[Release] = []
    for release in reversed(releases):
        if len({one.digest for one in [*kept, release]}) > count:
            break
        kept.append(release)
    return kept
