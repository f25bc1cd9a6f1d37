"""The code in Azure DevOps: which files are pushed and where, what happens to those of others, and what only Git itself can do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.practice.git_client import ADDRESS, git_client
from tests.steps.conftest import Setup, StartSetup
from tests.steps.devops.test_devops import ALL, TABLE, builds, client, content, head, look, started
from wizard.cloud.services.devops import DevOpsClient
from wizard.engine.step import Status
from wizard.practice.git.objects import NO_COMMIT

ITEMS = "orders/_apis/git/repositories/orders-api/items"
MINE = {"docker/Dockerfile", "requirements.txt", "run.py", "azure-pipelines.yml"}


async def paths(setup: Setup) -> set[str]:
    """Every file of the default branch."""
    items = await client(setup).call("GET", ITEMS, params={"recursionLevel": "Full"})
    return {str(item["path"]).lstrip("/") for item in items.body["value"]}


async def applied(setup: Setup) -> None:
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events[-6:]
    assert {str(action) for action in (await setup.actions(*ALL)).values()} == {"keep"}


def in_git(top: Path, remote: str = ADDRESS) -> None:
    """Make a folder the top of a Git working tree whose repository lies in Azure DevOps."""
    (top / ".git").mkdir()
    (top / ".git" / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {remote}\n')


async def test_a_folder_of_a_larger_repository_is_pushed_into_that_folder_and_built_there(start_setup: StartSetup):
    setup = await started(start_setup)
    in_git(setup.folder.parent)
    setup.tables["pipeline"] = {"build": "azure-devops", "dockerfile": "docker/Dockerfile", "image": "orders-api"}
    pipeline = setup.answers.pipeline
    assert (pipeline.organization, pipeline.project, pipeline.repository, pipeline.folder) == ("contoso", "orders", "orders-api", "project")
    await client(setup).push({"other/run.py": "x = 1\n", "run.py": "x = 2\n"})
    await applied(setup)
    assert await paths(setup) == {f"project/{path}" for path in MINE} | {"other/run.py", "run.py"}
    assert (await content(setup, "/run.py"), await content(setup, "/other/run.py")) == ("x = 2\n", "x = 1\n")
    text = await content(setup, "/project/azure-pipelines.yml")
    assert 'projectPath: "$(Build.SourcesDirectory)/project"' in text and 'include:\n    - "project"' in text
    (build,) = await builds(setup)
    assert build["result"] == "succeeded"
    created = await client(setup).call("GET", f"orders/_apis/pipelines/{build['definition']['id']}")
    assert created.body["configuration"]["path"] == "/project/azure-pipelines.yml"


async def test_a_working_tree_of_another_repository_has_no_say_in_the_folder(start_setup: StartSetup):
    setup = await started(start_setup)
    in_git(setup.folder.parent, "https://github.com/contoso/everything.git")
    assert setup.answers.pipeline.folder == ""


async def test_what_this_setup_pushed_and_is_deleted_here_is_deleted_there_and_nothing_of_others(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"README.md": "Orders\n"})
    for name in ("old.py", "shared.py"):
        (setup.folder / name).write_text("x = 1\n")
    await applied(setup)
    await client(setup).push({"shared.py": "x = 'theirs'\n"}, before=await head(setup))
    for name in ("old.py", "shared.py"):
        (setup.folder / name).unlink()
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.DIFFERENT and "old.py" in observation.detail and "shared.py" not in observation.detail
    await applied(setup)
    assert await paths(setup) == MINE | {"README.md", "shared.py"}
    assert len(await builds(setup)) == 3  # the push by hand began one of its own


async def test_however_many_files_others_put_there_a_finished_setup_is_told_in_few_requests(start_setup: StartSetup):
    setup = await started(start_setup)
    before = NO_COMMIT
    for number in range(20):
        pushed = await client(setup).push({f"docs/{number}.md": str(number)}, before=before, kind="add", comment=f"Doc {number}\n\nMore")
        before = pushed.body["refUpdates"][0]["newObjectId"]
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    sent = setup.cloud.requests
    assert (await setup.plan(*ALL)).to_make == []
    assert setup.cloud.requests - sent < 30


async def test_another_environment_of_the_same_name_and_more_is_another_setup(start_setup: StartSetup):
    setup = await started(start_setup)
    others = await client(setup).push({"theirs.txt": "x"}, comment="Deploy orders-dev2 to Azure\n\nazwizard-setup: orders-dev2\n")
    assert others.status == 201
    observation = await look(setup, "pipeline.code")
    assert "theirs.txt" not in observation.detail


async def test_a_file_that_is_only_kept_out_of_the_build_stays_in_the_repository(start_setup: StartSetup):
    setup = await started(start_setup)
    (setup.folder / "notes.md").write_text("later\n")
    await applied(setup)
    (setup.folder / ".dockerignore").write_text("notes.md\n")
    await applied(setup)
    assert "notes.md" in await paths(setup)


async def test_every_ignore_file_counts_and_no_secret_file_is_pushed(start_setup: StartSetup):
    setup = await started(start_setup)
    in_git(setup.folder.parent)
    files = {
        "../.gitignore": "*.db\n/project/build/\n",
        "../.git/info/exclude": "mine.txt\n",
        "data/.gitignore": "*\n!keep.csv\n!.gitignore\n",
        ".dockerignore": "docs\n**/*.log\n",
        ".env": "API_KEY=canary\n",
        "settings/.env.prod": "API_KEY=canary\n",
        "settings/.env.example": "API_KEY=\n",
        "orders.db": "data",
        "mine.txt": "mine",
        "build/out.py": "x = 1\n",
        "data/keep.csv": "1\n",
        "data/drop.csv": "2\n",
        "docs/page.md": "page\n",
        "app.log": "line\n",
    }
    for name, text in files.items():
        file = setup.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    await applied(setup)
    expected = MINE | {".dockerignore", "data/.gitignore", "data/keep.csv", "settings/.env.example"}
    assert await paths(setup) == {f"project/{path}" for path in expected}
    git = setup.practice.cloud.home / "git"
    assert not any("canary" in item.read_bytes().decode("latin-1") for item in git.rglob("*") if item.is_file())


async def test_links_are_left_to_git_and_what_git_pushed_is_kept(start_setup: StartSetup, tmp_path: Path):
    setup = await started(start_setup)
    await applied(setup)
    (setup.folder / "main.py").symlink_to("run.py")
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.BLOCKED and "main.py" in observation.detail and "git push" in observation.remedy
    assert (await setup.actions(*ALL))["pipeline.code"] == "blocked"
    async with git_client(setup.practice, tmp_path / "mine") as git:
        git.folder.mkdir()
        await git("clone", "--quiet", ADDRESS, ".")
        (git.folder / "main.py").symlink_to("run.py")
        await git("add", "main.py")
        await git("commit", "--quiet", "--message", "A link")
        await git("push", "--quiet", "origin", "main")
    assert (await setup.apply(*ALL)).outcome in ("succeeded", "unchanged")  # the run that the push began may have ended already
    assert {str(action) for action in (await setup.actions(*ALL)).values()} == {"keep"}
    assert await paths(setup) == MINE | {"main.py"}
    (build,) = [item for item in await builds(setup) if item["reason"] == "individualCI"]
    assert build["result"] == "succeeded"


async def test_a_script_that_would_lose_its_mark_is_said_until_git_set_it(start_setup: StartSetup, tmp_path: Path):
    setup = await started(start_setup)
    script = setup.folder / "start.sh"
    script.write_text("#!/bin/sh\nexec true\n")
    script.chmod(0o755)
    (setup.folder / "run.py").chmod(0o755)  # as on a disk without such marks: no script, nobody starts it by its name
    assert "chmod=+x start.sh" in (await look(setup, "pipeline.code")).detail
    await applied(setup)
    assert "chmod=+x start.sh" in (await look(setup, "pipeline.code")).detail
    async with git_client(setup.practice, tmp_path / "mine") as git:
        git.folder.mkdir()
        await git("clone", "--quiet", ADDRESS, ".")
        await git("update-index", "--chmod=+x", "start.sh")
        await git("commit", "--quiet", "--message", "A program")
        await git("push", "--quiet", "origin", "main")
    await setup.apply(*ALL)
    assert "chmod" not in (await look(setup, "pipeline.code")).detail
    script.write_text("#!/bin/sh\nexec false\n")
    await applied(setup)
    assert "chmod" not in (await look(setup, "pipeline.code")).detail  # an edit keeps the mark


@pytest.mark.parametrize("theirs", [{"README.md": "Orders\n"}, {"run.py": "app = 'theirs'\n"}], ids=["another-file", "the-same-file"])
async def test_a_repository_that_moves_on_meanwhile_is_compared_again(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, str]
):
    setup = await started(start_setup)
    await applied(setup)
    (setup.folder / "run.py").write_text("from flask import Flask\n\napp = Flask('mine')\n")
    push, pushed = DevOpsClient.push, []

    async def someone_is_faster(self: DevOpsClient, project: str, repository: str, branch: str, before: str, *rest: Any) -> str:
        if not pushed:
            pushed.append(await client(setup).push(theirs, before=before, kind="edit" if "run.py" in theirs else "add"))
        return await push(self, project, repository, branch, before, *rest)

    monkeypatch.setattr(DevOpsClient, "push", someone_is_faster)
    await applied(setup)
    assert pushed[0].status == 201 and any("someone pushed meanwhile" in line for line in setup.told("pipeline.code"))
    (path, text), *_none = theirs.items()
    assert await content(setup, f"/{path}") == text
    branch = "azwizard/orders-dev" if path == "run.py" else "main"  # what others wrote takes a pull request
    assert "Flask('mine')" in await content(setup, "/run.py", branch)


async def test_who_is_always_faster_is_told_in_azure_devops_words(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch):
    setup = await started(start_setup)
    await applied(setup)
    (setup.folder / "run.py").write_text("from flask import Flask\n\napp = Flask('mine')\n")
    push, count = DevOpsClient.push, iter(range(10))

    async def someone_is_faster(self: DevOpsClient, project: str, repository: str, branch: str, before: str, *rest: Any) -> str:
        await client(setup).push({f"more-{next(count)}": "x"}, before=before, kind="add", comment="More [skip ci]")
        return await push(self, project, repository, branch, before, *rest)

    monkeypatch.setattr(DevOpsClient, "push", someone_is_faster)
    assert (await setup.apply(*ALL)).outcome == "failed"
    assert "TF401028" in setup.told("pipeline.code")[-1] and "same again" in setup.told("pipeline.code")[-1]


def without_code(setup: Setup, keep: Sequence[str] = ("azwizard.toml",)) -> None:
    """Another machine, with the setup file and no code."""
    for file in sorted(setup.folder.rglob("*"), reverse=True):
        if file.name not in keep:
            file.rmdir() if file.is_dir() else file.unlink()


async def test_where_there_is_no_code_the_repositorys_is_taken_as_it_is(start_setup: StartSetup):
    setup = await started(start_setup)
    await applied(setup)
    commit = await head(setup)
    without_code(setup)
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.SAME and commit[:8] in observation.detail and "no code" in observation.detail
    assert (await setup.apply(*ALL)).outcome == "unchanged"
    (setup.folder / "run.py").write_text("x = 1\n")
    assert (await look(setup, "pipeline.code")).found is Status.BLOCKED  # there is code, and its Dockerfile is missing


async def test_without_code_here_and_there_nothing_can_be_built(start_setup: StartSetup):
    setup = await started(start_setup)
    without_code(setup)
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.BLOCKED and "no Dockerfile" in observation.detail


@pytest.mark.parametrize("connection", ["identity", "automatic"])
async def test_the_pipeline_is_recovered_and_can_be_destroyed_from_azure_alone(start_setup: StartSetup, connection: str):
    from wizard.steps import pipeline

    setup = await started(start_setup, connection=connection)
    await applied(setup)
    recovered = await setup.recovered(pipeline.CONTRIBUTION)
    assert recovered == TABLE | {"connection": connection}
    without_code(setup)
    setup.tables["pipeline"] = recovered
    assert {str(action) for action in (await setup.actions(*ALL)).values()} == {"keep"}
    assert (await setup.destroy(*ALL)).failed == 0, setup.events[-6:]
    devops = client(setup)
    assert (await devops.call("GET", "orders/_apis/serviceendpoint/endpoints")).body["value"] == []
    assert (await devops.call("GET", "orders/_apis/pipelines")).body["value"] == []
    assert (await setup.practice.call("GET", "/resourceGroups/rg-orders-dev")).status == 404


async def test_what_others_made_in_azure_devops_is_not_destroyed(start_setup: StartSetup):
    setup = await started(start_setup)
    await applied(setup)
    devops = client(setup)
    others = await devops.connect()
    other = await devops.call(
        "POST",
        "orders/_apis/pipelines",
        {
            "name": "theirs",
            "folder": "\\",
            "configuration": {"type": "yaml", "path": "/x.yml", "repository": {"id": (await devops.repository())["id"]}},
        },
    )
    assert (await setup.destroy(*ALL)).failed == 0, setup.events[-6:]
    assert [item["id"] for item in (await devops.call("GET", "orders/_apis/serviceendpoint/endpoints")).body["value"]] == [others["id"]]
    assert [item["id"] for item in (await devops.call("GET", "orders/_apis/pipelines")).body["value"]] == [other.body["id"]]
    assert await paths(setup) == MINE
