"""One reading of Azure beside the answers it is compared with, which all looks of a plan share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.batch import PermissionBatch
from wizard.state.read_once import read_once
from wizard.state.releases import digest_of
from wizard.state.resource_snapshot import ResourceSnapshot
from wizard.state.resources import ResourceRef, ResourceRefs

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.cloud.permissions.checker import Permitted
    from wizard.cloud.permissions.right import PermissionRequirement
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext
    from wizard.state.repository.repository_state import RepositoryReading


class Snapshot(ResourceSnapshot):
    """What Azure holds of one setup, with what its answers ask for and what the signed-in person may do.

    :param secret: the value given for a secret's name in this run, or None.
    """

    def __init__(self, cloud: Cloud, answers: Answers, secret: Callable[[str], Secret | None]) -> None:
        super().__init__(cloud, ResourceRefs.named(answers, cloud.subscription_id))
        self.answers = answers
        self.given = secret
        self._rights = PermissionBatch(cloud)

    @read_once
    async def source(self) -> BuildContext:
        """The folder with the API's code as a build gets it; read in a thread, since it may be large."""
        from wizard.source.build_context import read

        pipeline = self.answers.pipeline
        return await asyncio.to_thread(read, self.answers.source_folder, pipeline.dockerfile, self.answers.never_sent)

    @read_once
    async def health_route(self) -> bool | None:
        """Whether the code shows that the health path answers a GET without a key; None where no code of an API is here."""
        from wizard.source.health_path import answers_plainly

        return await asyncio.to_thread(answers_plainly, self.answers.source_folder, self.answers.app.health_path)

    @read_once
    async def wanted_image(self) -> str | None:
        """The image that the answers ask for, such as ``orders-api:0123456789ab``; None when it is not known or not there yet."""
        pipeline = self.answers.pipeline
        if pipeline.in_repository:
            return await self.repository.image()
        if pipeline.build == "existing":
            return f"{pipeline.image}{'@' if pipeline.tag.startswith('sha256:') else ':'}{pipeline.tag}"
        hash_ = (await self.source()).hash
        return f"{pipeline.image}:{hash_}" if hash_ else None

    async def wanted_digest(self) -> str | None:
        """The digest of the image that the answers ask for; None when the registry does not have it yet."""
        if self.answers.revision.release:
            return await self.release_digest(self.answers.revision.release)
        reference = await self.wanted_image()
        return await self.image_digest(reference) if reference else None

    @read_once
    async def release_digest(self, number: int) -> str | None:
        """The digest of a release's image; None when there is no such release, and when the registry has its image no more."""
        release = next((release for release in await self.releases() if release.number == number), None)
        if release is None:
            return None
        digests = {digest for revision in (await self.revisions()).values() if (digest := digest_of(revision.as_dict()))}
        digest = next((digest for digest in digests if release.has(digest)), None)
        return await self.image_digest(f"{self.answers.pipeline.image}@{digest}") if digest else None

    @cached_property
    def repository(self) -> RepositoryReading:
        """What the repository holds, with ``build = "azure-devops"`` or ``"github"``."""
        return reading_for(self.cloud, self.answers, self.source)

    async def may(self, right: PermissionRequirement) -> Permitted:
        """Whether the signed-in person has a right, asked at the nearest scope that exists: once for all rights asked together."""
        return await self._rights.may(right, await self._existing_scopes())

    @read_once
    async def _existing_scopes(self) -> set[str]:
        """What rights can be asked about: the subscription, the group, what lies in it, and what others own when it is there."""
        group, resources, *others = await asyncio.gather(self.group(), self.resources(), *map(self._read, self._outside()))
        there = {f"/subscriptions/{self.cloud.subscription_id}".lower(), *resources, *(str(other.id).lower() for other in others if other)}
        return there | {self.group_scope().lower()} if group else there

    def _outside(self) -> list[ResourceRef]:
        return [target for target in self.targets.all if target.group.lower() != self.targets.group.lower()]

    async def _read(self, target: ResourceRef) -> Any:
        readers = {
            self.targets.vault: self.vault,
            self.targets.registry: self.registry,
            self.targets.storage: self.storage_account,
            self.targets.environment: self.environment,
        }
        return await readers[target]()


def reading_for(cloud: Cloud, answers: Answers, source: Callable[[], Awaitable[BuildContext]]) -> RepositoryReading:
    """What the repository of these answers holds, in the service that they name."""
    if answers.pipeline.build == "github":
        from wizard.state.repository.github_state import GitHubReading

        return GitHubReading(cloud, answers, source)
    from wizard.state.repository.devops_state import PipelineReading

    return PipelineReading(cloud, answers, source)
