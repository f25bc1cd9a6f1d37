"""The practice Azure DevOps spoken to by Git itself: clone, push and fetch, with modes, links, policies and those who may not."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Practice, StartPractice, register_all
from tests.practice.devops_client import RawDevOps
from tests.practice.git_client import ADDRESS, GitClient, git_client
from tests.practice.helping import group

REPOSITORY = "orders/_apis/git/repositories/orders-api"


async def start(start_practice: StartPractice, *faults: str) -> Practice:
    practice = await start_practice(faults=faults)
    register_all(practice.cloud)
    await group(practice)
    return practice


async def committed(git: GitClient, comment: str = "By hand") -> str:
    await git("add", "--all")
    await git("commit", "--quiet", "--message", comment)
    return (await git("rev-parse", "HEAD")).stdout.strip()


async def begun(git: GitClient) -> None:
    git.folder.mkdir()
    await git("init", "--quiet")
    await git("remote", "add", "origin", ADDRESS)


async def test_what_git_pushes_is_there_with_modes_and_links_and_comes_back(start_practice: StartPractice, tmp_path: Path):
    practice = await start(start_practice)
    async with git_client(practice, tmp_path / "mine") as git:
        await begun(git)
        (git.folder / "start.sh").write_text("#!/bin/sh\n")
        (git.folder / "start.sh").chmod(0o755)
        (git.folder / "app").mkdir()
        (git.folder / "app" / "run.py").write_text("x = 1\n")
        (git.folder / "run.py").symlink_to("app/run.py")
        commit = await committed(git)
        await git("push", "--quiet", "origin", "HEAD:refs/heads/main")

        devops = RawDevOps(practice)
        tree = (await devops.call("GET", f"{REPOSITORY}/commits/{commit}")).body["treeId"]
        entries = (await devops.call("GET", f"{REPOSITORY}/trees/{tree}", params={"recursive": "true"})).body["treeEntries"]
        assert {entry["relativePath"]: entry["mode"] for entry in entries} == {
            "app": "40000",
            "app/run.py": "100644",
            "run.py": "120000",
            "start.sh": "100755",
        }
        items = (await devops.call("GET", f"{REPOSITORY}/items", params={"recursionLevel": "Full"})).body["value"]
        assert [item["path"] for item in items if item.get("isSymLink")] == ["/run.py"]

        edited = await devops.push({"start.sh": "#!/bin/sh\nexec true\n"}, before=commit)
        assert edited.status == 201
        await git("pull", "--quiet", "origin", "main")
        assert (git.folder / "start.sh").read_text().endswith("exec true\n") and (git.folder / "start.sh").stat().st_mode & 0o100
        assert (await git("fsck", "--strict")).returncode == 0
        copy = git.folder.parent / "copy"
        await git("clone", "--quiet", ADDRESS, str(copy))
        assert (copy / "run.py").readlink() == Path("app/run.py")


async def test_which_commit_changed_a_file_last_is_told_also_across_a_merge(start_practice: StartPractice, tmp_path: Path):
    practice = await start(start_practice)
    async with git_client(practice, tmp_path / "mine") as git:
        await begun(git)
        (git.folder / "a").write_text("1")
        (git.folder / "b").write_text("1")
        first = await committed(git)
        await git("checkout", "--quiet", "-b", "side")
        (git.folder / "b").write_text("2")
        second = await committed(git)
        await git("checkout", "--quiet", "main")
        await git("merge", "--quiet", "--no-ff", "--message", "Merged", "side")
        await git("push", "--quiet", "origin", "main")
        query = {"recursionLevel": "Full", "latestProcessedChange": "true"}
        items = (await RawDevOps(practice).call("GET", f"{REPOSITORY}/items", params=query)).body["value"]
        assert {item["path"]: item["latestProcessedChange"]["commitId"] for item in items} == {"/a": first, "/b": second}


async def test_git_is_refused_what_azure_devops_refuses(start_practice: StartPractice, tmp_path: Path):
    practice = await start(start_practice)
    async with git_client(practice, tmp_path / "mine") as git:
        await begun(git)
        (git.folder / "a").write_text("1")
        commit = await committed(git)
        await git("push", "--quiet", "origin", "main")
        assert (await RawDevOps(practice).push({"a": "theirs"}, before=commit)).status == 201
        (git.folder / "a").write_text("mine")
        await committed(git)
        behind = await git("push", "origin", "main", check=False)
        assert behind.returncode != 0 and "fetch first" in behind.stderr

        practice.cloud.faults.add(["branch-policy"])
        guarded = await git("push", "--force", "origin", "main", check=False)
        assert guarded.returncode != 0 and "TF402455" in guarded.stderr
        await git("push", "--quiet", "origin", "HEAD:refs/heads/mine")

        practice.cloud.faults.add(["account:reader"])
        reader = await git("push", "origin", "HEAD:refs/heads/other", check=False)
        assert reader.returncode != 0 and "403" in reader.stderr
        git.settings["http.https://dev.azure.com/.extraHeader"] = "Authorization: Bearer no"
        stranger = await git("fetch", "origin", check=False)
        assert stranger.returncode != 0 and "Username" in stranger.stderr + stranger.stdout
