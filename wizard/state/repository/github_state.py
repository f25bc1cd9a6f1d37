"""What GitHub holds of a setup: the repository, its variables, the workflow's runs, and the subject its runs sign in to Azure under."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.services.github_errors import MOVED_ON
from wizard.platform.language import _
from wizard.source.git.image_builds import OwnImage
from wizard.source.git.tree import FILE_MODE
from wizard.source.git.workflow_builds import refuse_second_build, workflows_in
from wizard.source.git.workflow_file import FOLDER, VariableNames, workflow, workflow_path
from wizard.state.read_once import read_once
from wizard.state.repository.repository_state import NO_COMMIT, FileChange, RepositoryReading

if TYPE_CHECKING:
    from wizard.cloud.services.github import GitHubClient, Item

CREDENTIAL = "github"
REPOSITORIES_SHOWN = 8
MOST_PATHS = 40  # whose last change is asked for, one call each; further ones count as others'


class GitHubReading(RepositoryReading):
    """What `RepositoryReading` leaves open, on GitHub, and what there is only there."""

    service = "GitHub"
    credential_name = CREDENTIAL
    moved_on = MOVED_ON
    takes_links = True

    @read_once
    async def github(self) -> GitHubClient:
        pipeline = self._answers.pipeline
        return await self.cloud.github(pipeline.owner, pipeline.repository)

    @read_once
    async def repository(self) -> Item:
        """The repository of the answers."""
        from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

        github, pipeline = await self.github(), self._answers.pipeline
        if pipeline.owner:
            try:
                return await github.repository()
            except CloudError as error:
                if error.kind is not ErrorKind.NOT_FOUND:
                    raise
        names = [str(item["full_name"]) for item in await github.repositories()]
        shown = ", ".join(names[:REPOSITORIES_SHOWN]) + (", …" if len(names) > REPOSITORIES_SHOWN else "")
        if not pipeline.owner:
            why = _("It is not said to whom your repository on GitHub belongs.")
            raise CloudError(
                ErrorKind.NOT_FOUND, why, _("Write owner under [pipeline]; your token sees: {names}.").format(names=shown or "-")
            )
        why = _("Your token sees no repository {name} on GitHub.").format(name=f"{pipeline.owner}/{pipeline.repository}")
        remedy = _("Correct owner and repository under [pipeline], or make it at github.com/new; your token sees: {names}.")
        raise CloudError(ErrorKind.NOT_FOUND, why, remedy.format(names=shown or "-"))

    @property
    def file(self) -> str:
        return workflow_path(self.setup)

    @property
    def file_name(self) -> str:
        """The workflow's file without its folder, which names the workflow."""
        return Path(self.file).name

    def local_file(self, folder: Path) -> Path | None:
        return None if self._answers.pipeline.folder else folder / self.file

    async def new_file(self, there: str | None) -> str:
        return workflow(self._answers, there)

    @read_once
    async def file_wanted(self, commit: str | None) -> str:
        """The workflow as it should be. Raises DoubtfulBuild where it would be new and another workflow seems to build the image."""
        there = await self.file_there(commit)
        if there is None:
            image = OwnImage(self._answers.pipeline.image, self._answers.registry.server)
            await asyncio.to_thread(refuse_second_build, await self._other_workflows(commit), image)
        return await self.new_file(there)

    async def _other_workflows(self, commit: str | None) -> dict[str, str]:
        """The workflows of others, path -> text: those of this machine, which a push takes along, and those that are there."""
        source = await self._source()
        here = {} if source.absent or self._answers.pipeline.folder else await asyncio.to_thread(workflows_in, source.folder)
        there = await self.files(commit) if commit else {}
        paths = [path for path in there if path.startswith(f"{FOLDER}/") and path.endswith((".yml", ".yaml")) and path not in here]
        texts = await asyncio.gather(*(self.text(str(commit), path) for path in paths))
        return {path: text for path, text in {**here, **dict(zip(paths, texts, strict=True))}.items() if path != self.file}

    async def default_branch(self) -> str:
        return f"refs/heads/{self._answers.pipeline.branch}"

    @read_once
    async def branches(self) -> dict[str, str]:
        await self.repository()
        return await (await self.github()).branches()

    @read_once
    async def _tree(self, commit: str) -> list[Item]:
        return await (await self.github()).tree(commit)

    async def files(self, commit: str) -> dict[str, str]:
        return {str(item["path"]): str(item["sha"]) for item in await self._tree(commit)}

    async def modes(self, commit: str) -> dict[str, str]:
        return {str(item["path"]): str(item["mode"]) for item in await self._tree(commit)}

    async def text(self, commit: str, path: str) -> str:
        return await (await self.github()).text(commit, path)

    @read_once
    async def last_changes(self, commit: str, paths: tuple[str, ...]) -> dict[str, str]:
        github, queried = await self.github(), paths[:MOST_PATHS]
        commits = await asyncio.gather(*(github.last_change(commit, path) for path in queried))
        return {path: last for path, last in zip(queried, commits, strict=True) if last}

    @read_once
    async def _messages(self, commit: str) -> dict[str, str]:
        return await (await self.github()).messages(commit)

    async def first_lines(self, commit: str) -> dict[str, str]:
        """Whole, since GitHub's list cuts nothing off."""
        return {commit_id: message.partition("\n")[0] for commit_id, message in (await self._messages(commit)).items()}

    async def comment(self, commit: str) -> str:
        return (await self._messages(commit)).get(commit, "")

    async def needs_pull_request(self, branch: str) -> bool:
        return await (await self.github()).is_protected(branch.removeprefix("refs/heads/"))

    async def push(self, branch: str, before: str, comment: str, changes: Sequence[FileChange]) -> str:
        github, name = await self.github(), branch.removeprefix("refs/heads/")
        if before == NO_COMMIT:
            before, changes = await self._begun(github, name, changes)
        written = list(await asyncio.gather(*(_entry(github, change) for change in changes)))
        commit = await github.commit(before, comment, written)
        there = await github.branches()
        await (github.move(branch, commit) if branch in there else github.add_branch(branch, commit))
        return commit

    async def _begun(self, github: GitHubClient, branch: str, changes: Sequence[FileChange]) -> tuple[str, list[FileChange]]:
        """The first commit of an empty repository, of one file that begins no run; and what is still to be pushed."""
        first = next(change for change in changes if change.path != self.file)
        commit = await github.begin(branch, first.path, first.content, f"Begin [skip ci]\n\n{self.mark}\n")
        return commit, [change for change in changes if change is not first or change.mode != FILE_MODE]

    async def pull_request(self, source: str, target: str, title: str, text: str) -> int:
        names = [branch.removeprefix("refs/heads/") for branch in (source, target)]
        return int((await (await self.github()).pull_request(names[0], names[1], title, text))["number"])

    @read_once
    async def subject(self) -> str:
        """What the runs of the branch sign in to Azure under."""
        await self.repository()
        return f"{await (await self.github()).subject_prefix()}:ref:refs/heads/{self._answers.pipeline.branch}"

    @read_once
    async def variables(self) -> dict[str, str]:
        """The repository's variables."""
        await self.repository()
        return await (await self.github()).variables()

    async def variables_wanted(self) -> dict[str, str]:
        """Those that the workflow reads to sign in; the identity's number is "" while there is none."""
        names, identity = VariableNames.of(self.setup), await self.identity()
        return {
            names.client_id: str(identity.client_id) if identity else "",
            names.tenant_id: self.cloud.tenant_id,
            names.subscription_id: self.cloud.subscription_id,
        }

    async def image(self) -> str | None:
        """The image of the pushed commit, which is tagged with it."""
        pushed = await self.pushed()
        if pushed is None or pushed.branch != await self.default_branch():
            return None
        return f"{self._answers.pipeline.image}:{pushed.commit}"


async def _entry(github: GitHubClient, change: FileChange) -> Item:
    """A change as an entry of a tree; what is no text goes there by itself first."""
    entry: Item = {"path": change.path, "mode": change.mode, "type": "blob"}
    if change.kind == "delete":
        return {**entry, "sha": None}
    try:
        text = change.content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return {**entry, "sha": await github.blob(change.content)}
    return {**entry, "content": text}
