"""One run of a registry task: what it does with the sources, and the log that it writes on the way."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, manifests
from wizard.practice.registry.blobs import Blobs
from wizard.practice.registry.building import contexts, dockerfiles
from wizard.practice.registry.building import image_builder as assembly
from wizard.practice.registry.building.archives import UnsafeArchive, extract
from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.requirements import install_requirements
from wizard.practice.registry.run_names import container, elapsed, local_name, log_path, now, stamped

if TYPE_CHECKING:
    from wizard.containers.engine import Engine

QUEUED = 4.0  # of the 60 s that a build takes in all, as Azure does
STARTING = 4.0
WORKING = 52.0
ENDED = ("Succeeded", "Failed", "Canceled", "Error", "Timeout")
REQUESTS = "vault_run_requests"  # what runs were asked, in the vaults' own file since build arguments may be secret; gone when a run ends


class TaskRunner:
    """Carries out runs. Safe to repeat: a run that was cut short begins anew with an empty log."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._blobs = Blobs(cloud)
        self._runs = cloud.store.collection("runs")
        self._requests = cloud.store.collection(REQUESTS)

    async def run(self, operation: Document) -> None:
        """Carry out the run whose ARM id is the operation's target."""
        run = self._runs.get(operation["target"])
        registry = self._registry(run) if run else None
        if run is None or registry is None or run["properties"]["status"] in ENDED:
            return
        self._set(run, "Started", startTime=now())
        self._blobs.start_log(log_path(registry, run))
        await asyncio.sleep(self._cloud.clock.lasts(STARTING))
        if self._over(run):
            return
        self._set(run, "Running")
        await _TaskBuild(self._cloud, registry, run, self._requests[run["id"]], self._over).carry_out()

    def end(self, run: Document, status: str) -> None:
        """Bring a run to its end and close its log."""
        self._set(run, status, finishTime=now())
        self._requests.pop(run["id"], None)
        registry = self._registry(run)
        if registry is None:
            return
        path = log_path(registry, run)
        if self._blobs.file(path) is None:
            self._blobs.start_log(path)
        reason = {"Failed": "Error: failed during run, err: exit status 1", "Canceled": "Error: the run was canceled"}[status]
        word = {"Failed": "failed", "Canceled": "was canceled"}[status]
        self._blobs.append(path, f"\r\nRun ID: {run['name']} {word} after {elapsed(run)}. {reason}\r\n")
        self._blobs.finish_log(path, status.lower())

    def _set(self, run: Document, status: str, **times: str) -> None:
        run["properties"].update({"status": status, "lastUpdatedTime": now(), **times})
        self._runs[run["id"]] = run

    def _over(self, run: Document) -> bool:
        """Whether the run was canceled, or deleted with its registry."""
        stored = self._runs.get(run["id"])
        return stored is None or bool(stored["properties"]["status"] == "Canceled")

    def _registry(self, run: Document) -> Document | None:
        return self._cloud.store.resources.get(run["id"].rpartition("/runs/")[0])


@dataclass(frozen=True)
class _Image:
    """What a build made: its manifest, and how it is put into a repository of the registry under some tags."""

    manifest: dict[str, Any]
    keep: Callable[[str, list[str]], object]


class _TaskBuild:
    """The work of one run: prepare, scan, build, push; its log grows while the clock runs."""

    def __init__(self, cloud: PracticeCloud, registry: Document, run: Document, order: Document, over: Any) -> None:
        self._cloud, self._registry, self._run, self._asked, self._over = cloud, registry, run, order, over
        self._server = str(registry["properties"]["loginServer"])
        self._blobs = Blobs(cloud)
        self._path = log_path(registry, run)
        self._hidden = [str(a["value"]) for a in order.get("arguments") or [] if a.get("isSecret") and a.get("value")]
        self._begun = time.monotonic()
        self._names = [local_name(str(name), registry, run["name"]) for name in order.get("imageNames") or []]

    async def carry_out(self) -> None:
        """Do it all; a failure ends the run Failed with its reason in the log."""
        with contexts.temporary_folder(self._cloud) as work:
            try:
                image = await (self._imitate(Path(work)) if self._cloud.engine is None else self._build(self._cloud.engine, Path(work)))
            except BuildError as error:
                if not self._over(self._run):
                    self._fail(str(error))
                return
            if self._over(self._run):
                return
            if self._may_push():
                await self._push(image)
            else:
                self._fail(f"denied: requested access to the resource {self._server} is denied")

    def _may_push(self) -> bool:
        """A registry in ABAC mode lets a run push only as a caller who may do so (reference.md 1.6)."""
        if self._registry["properties"]["roleAssignmentMode"] != "AbacRepositoryPermissions":
            return True
        identity = ((self._asked.get("credentials") or {}).get("sourceRegistry") or {}).get("identity")
        return identity == "[caller]" and images.may_push(self._cloud, self._server, self._asked["caller"])

    async def _build(self, engine: Engine, work: Path) -> _Image:
        """Build in the container engine; its output is the log, as it comes."""
        from wizard.containers.engine import BuildRecipe
        from wizard.practice.registry.building.engine_build import EngineBuild

        context = work / "context"
        context.mkdir()
        lines: list[str] = []
        try:
            archive, text, arguments = await asyncio.to_thread(self._begin, context, lines.append)
        finally:
            self._append(lines)
        if self._cloud.faults.take("build-failure"):
            raise BuildError("The command '/bin/sh -c pip install -r requirements.txt' returned a non-zero code: 1")
        dockerfile, build = str(self._asked["dockerFilePath"]), EngineBuild(self._cloud, engine)
        name = f"azwizard-practice/{self._names[0].partition(':')[0] if self._names else 'image'}:{self._run['name']}"
        recipe = BuildRecipe(dockerfile, name, str(self._asked.get("target") or ""), arguments)
        built = await build.build(archive, text, recipe, work, lambda line: self._append([line]))
        self._append(
            [*(f"Successfully tagged {self._server}/{name}" for name in self._names), stamped("Successfully executed container: build")]
        )
        return _Image(built.manifest, lambda repository, tags: build.keep(built, self._server, repository, tags, dockerfile))

    async def _imitate(self, work: Path) -> _Image:
        """Carry the Dockerfile out as far as that goes without an engine; the log grows over Azure's time."""
        lines: list[str] = []
        try:
            stage = await asyncio.to_thread(self._assemble, work, lines.append)
            await self._write(lines, WORKING * 0.3)
            lines.clear()
            # None of Azure's time passes while packages are fetched: how long that takes says nothing of the build in Azure.
            await install_requirements(self._cloud.environments, stage, lambda line: self._append([line]))
            manifest = await asyncio.to_thread(self._finish, stage, lines.append)
        finally:
            await self._write(lines, WORKING * 0.3)
        dockerfile = str(self._asked["dockerFilePath"])
        return _Image(manifest, lambda repo, tags: images.keep(self._cloud, self._server, repo, tags, stage, manifest, dockerfile))

    def _begin(self, context: Path, say: assembly.Log) -> tuple[Path, str, dict[str, str]]:
        """Everything before the build itself: the archive of the context, the Dockerfile's text, the build arguments."""
        archive = self._prepare(context, say)
        text, arguments = self._scan(context, say)
        say(stamped("Launching container with name: build"))
        kilobytes = sum(f.stat().st_size for f in context.rglob("*") if f.is_file() and not f.is_symlink()) / 1000
        say(f"Sending build context to Docker daemon  {kilobytes:.4g}kB")
        return archive, text, arguments

    def _assemble(self, work: Path, say: assembly.Log) -> assembly.BuiltStage:
        """All but what is installed, in a thread of its own: it touches no document."""
        context, stages = work / "context", work / "stages"
        context.mkdir()
        stages.mkdir()
        _archive, text, arguments = self._begin(context, say)
        return assembly.assemble(context, text, arguments, stages, say, target=str(self._asked.get("target") or ""))

    def _finish(self, stage: assembly.BuiltStage, say: assembly.Log) -> dict[str, Any]:
        """What the build says of what it made; its manifest."""
        if self._cloud.faults.take("build-failure"):
            command = f"/bin/sh -c {stage.runs[0]}" if stage.runs else "/bin/sh -c pip install -r requirements.txt"
            raise BuildError(f"The command '{command}' returned a non-zero code: 1")
        manifest = manifests.manifest_of(stage.folder, stage.configuration())
        say(f"Successfully built {manifest['config']['digest'].removeprefix('sha256:')[:12]}")
        for name in self._names:
            say(f"Successfully tagged {self._server}/{name}")
        say(stamped("Successfully executed container: build"))
        return manifest

    def _prepare(self, context: Path, say: assembly.Log) -> Path:
        """Take the archive of the sources apart in `context`; the archive."""
        say(stamped("Downloading source code..."))
        source = str(self._asked.get("sourceLocation") or "")
        archive = self._blobs.file(f"{container(self._registry)}/{source}")
        if archive is None:
            raise BuildError(f"failed to download context. Please check if the URL is incorrect. {source}")
        try:
            extract(archive, context)
        except UnsafeArchive as error:
            raise BuildError(f"failed to extract the source code: {error}") from error
        say(stamped("Finished downloading source code"))
        say(stamped(f"Using acb_vol_{uuid.uuid4()} as the home volume"))
        say(stamped("Setting up Docker configuration..."))
        say(stamped("Successfully set up Docker configuration"))
        say(stamped(f"Logging in to registry: {self._server}"))
        say(stamped(f"Successfully logged into {self._server}"))
        timeout = self._asked.get("timeout") or 3600
        say(stamped(f"Executing step ID: build. Timeout(sec): {timeout}, Working directory: '', Network: ''"))
        return archive

    def _scan(self, context: Path, say: assembly.Log) -> tuple[str, dict[str, str]]:
        """The Dockerfile and the build arguments; refuses what the registry's own scan does not understand."""
        say(stamped("Scanning for dependencies..."))
        arguments = {str(a["name"]): str(a.get("value", "")) for a in self._asked.get("arguments") or []}
        try:
            text = contexts.read_dockerfile(context, str(self._asked["dockerFilePath"]))
            dockerfiles.base_images(text, arguments)
        except BuildError as error:
            say(stamped(f"Output from dependency scanning: {error}"))
            raise BuildError("failed to scan dependencies: exit status 1") from error
        say(stamped("Successfully scanned dependencies"))
        return text, arguments

    async def _push(self, image: _Image) -> None:
        text = manifests.canonical(image.manifest)
        digest = manifests.digest_of(text)
        lines = [stamped("Executing step ID: push. Timeout(sec): 3600, Working directory: '', Network: ''")]
        layers = [layer["digest"].removeprefix("sha256:")[:12] for layer in image.manifest["layers"]]
        for name in self._names if self._asked.get("isPushEnabled", True) else []:
            repository, _, tag = name.partition(":")
            lines.append(stamped(f"Pushing image: {self._server}/{name}, attempt 1"))
            lines.append(f"The push refers to repository [{self._server}/{repository}]")
            lines += [f"{layer}: {word}" for word in ("Preparing", "Pushed") for layer in layers]
            lines.append(f"{tag or 'latest'}: digest: {digest} size: {len(text)}")
            lines.append(stamped(f"Successfully pushed image: {self._server}/{name}"))
        await self._write(lines, WORKING * 0.4 if self._cloud.engine is None else 0)
        if not self._over(self._run):
            self._succeed(image, digest)

    def _succeed(self, image: _Image, digest: str) -> None:
        pushed = []
        tags: dict[str, list[str]] = {}
        for name in self._names if self._asked.get("isPushEnabled", True) else []:
            repository, _, tag = name.partition(":")
            tags.setdefault(repository, []).append(tag or "latest")
            pushed.append({"registry": self._server, "repository": repository, "tag": tag or "latest", "digest": digest})
        for repository, wanted in tags.items():
            image.keep(repository, wanted)
        lines = [stamped("Step ID: build marked as successful"), stamped("Populating digests for step ID: build...")]
        lines += [stamped("Successfully populated digests for step ID: build"), stamped("Step ID: push marked as successful")]
        lines += [stamped("The following dependencies were found:"), stamped("")]
        for one in pushed:
            lines += ["- image:", *(f"    {word}: {value}" for word, value in one.items())]
        runs = self._cloud.store.collection("runs")
        self._run["properties"].update({"status": "Succeeded", "lastUpdatedTime": now(), "finishTime": now(), "outputImages": pushed})
        runs[self._run["id"]] = self._run
        self._cloud.store.collection(REQUESTS).pop(self._run["id"], None)
        lines += ["", f"Run ID: {self._run['name']} was successful after {elapsed(self._run)}"]
        self._append(lines)
        self._blobs.finish_log(self._path, "successful")

    def _fail(self, reason: str) -> None:
        if not reason.startswith("failed to"):
            self._append(
                [
                    reason,
                    stamped("Container failed during run: build. No retries remaining."),
                    "failed to run step ID: build: exit status 1",
                ]
            )
        else:
            self._append([f"failed to run step ID: build: {reason}"])
        self._run["properties"]["runErrorMessage"] = "failed during run, err: exit status 1"
        TaskRunner(self._cloud).end(self._run, "Failed")

    async def _write(self, lines: list[str], seconds: float) -> None:
        """Append the lines over that many of Azure's seconds, in a few pieces, as a log grows."""
        pieces = max(1, min(6, len(lines)))
        per_piece = -(-len(lines) // pieces)
        for start in range(0, len(lines), per_piece or 1):
            await asyncio.sleep(self._cloud.clock.lasts(seconds / pieces))
            if self._over(self._run):
                return
            self._append(lines[start : start + per_piece])

    def _append(self, lines: list[str]) -> None:
        text = "".join(f"{line}\r\n" for line in lines)
        for value in self._hidden:
            text = text.replace(value, "***")
        self._blobs.append(self._path, text)
