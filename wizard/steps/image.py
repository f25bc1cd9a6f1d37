"""Brings about the image that the app runs: built in the registry from the source folder, or there already."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import resource_id
from wizard.engine.events import StepReason
from wizard.engine.preflight.obstacle import Preflight
from wizard.engine.step import Observation, Outputs, Status, Step, StepContext, blocked, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.releases import DIGEST_SHOWN
from wizard.state.resources import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext
    from wizard.state.snapshot import Snapshot

LATEST = "latest"
BUILD_ACTIONS = ("listBuildSourceUploadUrl/action", "scheduleRun/action", "runs/read", "runs/listLogSasUrl/action")
PUSH_ACTIONS = ("push/write", "pull/read")
TAGS_SHOWN = 10

WITHOUT_TASKS = ("FreeTrial_", "AzureForStudents_", "AzurePass_")
"""How offers with free credit begin (reference 1.1): the registry's tasks are switched off for them (errors.md 46)."""


class BuiltImageStep(Step):
    """The image that the registry builds from the source folder; its tag is the source's content hash, so the same source is built once."""

    id = step_ids.IMAGE
    section = "pipeline"
    needs: Sequence[str] = (step_ids.REGISTRY,)
    expected_seconds = 60.0

    def __init__(self, answers: Answers) -> None:
        self._image = answers.pipeline.image
        self._folder = answers.source_folder
        self._dockerfile = answers.pipeline.dockerfile
        self._never_sent = answers.never_sent
        self._answers = answers
        self._registry = (answers.registry.resource_group, answers.registry.name)
        self.title = _("Image {image}, built from your code").format(image=self._image)
        registry = resource_id(answers.sign_in.subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)
        role = "Container Registry Tasks Contributor"
        self.rights = [PermissionRequirement(f"{REGISTRY}/{action}", registry, role) for action in BUILD_ACTIONS]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the registry holds an image of exactly these sources, told by the tag with their hash."""
        source = await snapshot.source()
        if source.problems:
            reason = StepReason.NO_DOCKERFILE if source.lacks_dockerfile else None
            return blocked(" ".join(source.problems), _("Then do the same again."), reason=reason)
        facts.image_digest = await _readable(snapshot.wanted_digest())
        if facts.image_digest:
            return same(_("tag {tag}, as your code is now").format(tag=source.hash))
        return (
            await self._hindrance(snapshot)
            or await certainly_broken(self._answers, source)
            or missing(_("tag {tag}, {count} files").format(tag=source.hash, count=source.files))
        )

    async def _hindrance(self, snapshot: Snapshot) -> Observation | None:
        """What keeps this way of building from being used at all."""
        if not snapshot.cloud.quota_id.startswith(WITHOUT_TASKS):
            return None
        return Observation(
            Status.BLOCKED,
            _("Your subscription is a free trial or one for students, and in such the registry builds no images."),
            remedy=_(
                'Have the container engine of this computer build it: build = "docker" under [pipeline]. Or upgrade the subscription '
                'in the Azure portal (pay as you go), or build elsewhere: "azure-devops" or "existing".'
            ),
            asks="pipeline.build",
            answer="docker",
            preflight=Preflight.OFFER,
        )

    async def make(self, making: StepContext) -> None:
        """Have the registry build the image from the source folder, or find the build of an earlier run, and learn its digest."""
        from wizard.cloud import CloudError, ErrorKind
        from wizard.source.build_context import read

        source = await asyncio.to_thread(read, self._folder, self._dockerfile, self._never_sent)
        if source.problems:
            raise CloudError(ErrorKind.INVALID, " ".join(source.problems), _("Then do the same again."))
        server = str(making.facts.login_server)
        digest = await _readable(making.cloud.registry.digest(server, self._image, source.hash))
        making.facts.image_digest = digest or await self._built(making, source)

    async def _built(self, making: StepContext, source: BuildContext) -> str:
        """Build; the digest of the image."""
        from wizard.steps.image_build import ImageBuild

        return await ImageBuild(making, source, self._registry, self._image, [source.hash, LATEST]).digest()

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that builds in the registry."""
        tags = ["--image", f"{self._image}:{LATEST}", "--platform", "linux/amd64"]
        recipe = ["--file", str(self._folder / self._dockerfile)]  # az reads it relative to where it runs, not to the source
        return [["az", "acr", "build", "--registry", self._registry[1], *tags, *recipe, str(self._folder)]]


class LocallyBuiltImageStep(BuiltImageStep):
    """The same image, built by the container engine of this computer and pushed to the registry."""

    needs = (step_ids.REGISTRY, "registry.role.acr-push")

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        registry = resource_id(answers.sign_in.subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)
        self.title = _("Image {image}, built on this computer").format(image=self._image)
        self.rights = [PermissionRequirement(f"{REGISTRY}/{action}", registry, "AcrPush") for action in PUSH_ACTIONS]

    async def _hindrance(self, snapshot: Snapshot) -> Observation | None:
        from wizard.containers.discovery import find_engine
        from wizard.steps.local_image import no_engine_words

        engine = await find_engine()
        if engine is None:
            return blocked(*no_engine_words(registry_builds=not snapshot.cloud.quota_id.startswith(WITHOUT_TASKS)))
        await engine.close()
        return None

    async def _built(self, making: StepContext, source: BuildContext) -> str:
        from wizard.steps.local_image import LocalImage

        return await LocalImage(making, source, (str(making.facts.login_server), self._image), [source.hash, LATEST]).digest()

    def az(self, facts: Outputs) -> list[list[str]]:
        """The commands that sign in to the registry, build here and push."""
        name = f"{facts.login_server or '<login-server>'}/{self._image}:{LATEST}"
        recipe = ["--file", str(self._folder / self._dockerfile)]
        return [
            ["az", "acr", "login", "--name", self._registry[1]],
            ["docker", "build", "--platform", "linux/amd64", "--tag", name, *recipe, str(self._folder)],
            ["docker", "push", name],
        ]


class GivenImageStep(Step):
    """An image that is in the registry already, by its tag or digest."""

    id = step_ids.IMAGE
    section = "pipeline"
    needs = (step_ids.REGISTRY, "registry.role.acr-pull")
    expected_seconds = 1.0

    def __init__(self, answers: Answers) -> None:
        self._image = answers.pipeline.image
        self._tag = answers.pipeline.tag
        self._registry = answers.registry.name
        self.title = _("Image {image} from the registry").format(image=_reference(self._image, _short(self._tag)))

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the registry holds the image that the answers name; its digest is told."""
        from azure.core.exceptions import HttpResponseError

        try:
            facts.image_digest = await snapshot.wanted_digest()
            if facts.image_digest:
                return same()
            return self._absent(await snapshot.image_tags(self._image))
        except HttpResponseError as error:
            if error.status_code not in (401, 403):
                raise
            return missing(_("is looked for when you may read the registry"))

    def _absent(self, tags: list[str]) -> Observation:
        there = (
            _("It has {tags}: write one of them as tag under [pipeline].").format(tags=", ".join(tags[:TAGS_SHOWN]))
            if tags
            else _('It has none of that name: push it, or have it built with build = "registry" under [pipeline].')
        )
        reference = _reference(self._image, self._tag)
        return blocked(_("The registry {registry} has no image {reference}.").format(registry=self._registry, reference=reference), there)

    async def make(self, making: StepContext) -> None:
        """Read the digest of the named image once more; raises where nobody has pushed it."""
        registry, server = making.cloud.registry, str(making.facts.login_server)
        making.facts.image_digest = await registry.digest(server, self._image, self._tag)
        if making.facts.image_digest is None:
            from wizard.cloud import CloudError, ErrorKind

            look = self._absent(await registry.tags(server, self._image))
            raise CloudError(ErrorKind.NOT_FOUND, look.detail, look.remedy)


class PromotedImageStep(GivenImageStep):
    """An image that another stage runs already: copied from its registry as it is, where this one lacks it, by its digest."""

    expected_seconds = 20.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self._source = answers.pipeline.import_from
        self._place = answers.registry.resource_group, answers.registry.name
        registry = resource_id(answers.sign_in.subscription, answers.registry.resource_group, REGISTRY, self._registry)
        self.rights = [
            PermissionRequirement(f"{REGISTRY}/importImage/action", registry, "Container Registry Data Importer and Data Reader")
        ]

    def _absent(self, tags: list[str]) -> Observation:
        return missing(_("copied from {registry}").format(registry=self._source.rpartition("/")[2]))

    async def make(self, making: StepContext) -> None:
        """Have the registry import the image, and learn its digest. Raises HttpResponseError where Azure refuses."""
        registries: Any = making.cloud.registries.registries
        body = {
            "source": {"resourceId": self._source, "sourceImage": _reference(self._image, self._tag)},
            "targetTags": [self._target_tag],
            "mode": "Force",
        }
        await making.operation(lambda **options: registries.begin_import_image(*self._place, body, **options))
        await super().make(making)

    @property
    def _target_tag(self) -> str:
        """An image without a tag would fall to whoever cleans the registry up."""
        return f"{self._image}:{self._tag.removeprefix('sha256:')[:DIGEST_SHOWN]}"

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that imports the image."""
        source = ["--registry", self._source, "--source", _reference(self._image, self._tag)]
        return [["az", "acr", "import", "--name", self._registry, *source, "--image", self._target_tag, "--force"]]


async def certainly_broken(answers: Answers, source: BuildContext) -> Observation | None:
    """What the code check says before anything is built, unless it was turned off."""
    from wizard.lint.linter import check_code, errors

    if not answers.pipeline.check_code:
        return None
    findings = errors(await asyncio.to_thread(check_code, answers, source))
    words = " ".join(f"{finding.where}: {finding.sentence}" for finding in findings)
    return blocked(words, _("azwizard doctor --fix writes what is right; check_code = false builds it as it is.")) if findings else None


def _short(tag: str) -> str:
    """A digest by its first twelve digits, as it stands everywhere where a person reads; a tag as it is."""
    return tag[: len("sha256:") + 12] if tag.startswith("sha256:") else tag


def _reference(image: str, tag: str) -> str:
    return f"{image}@{tag}" if tag.startswith("sha256:") else f"{image}:{tag}"


async def _readable(reading: Awaitable[str | None]) -> str | None:
    """A digest, or None also when it may not be read: whoever may build need not be allowed to pull."""
    from azure.core.exceptions import HttpResponseError

    try:
        return await reading
    except HttpResponseError as error:
        if error.status_code not in (401, 403):
            raise
        return None
