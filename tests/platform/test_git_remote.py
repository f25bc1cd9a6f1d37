"""What a folder's own Git tells: where it lies in Azure DevOps, and which of its files it leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from wizard.platform.git_remote import GitPlace, git_place
from wizard.source.git.gitignore import git_ignored

HERE = GitPlace("contoso", "Our orders", "orders-api", "services/orders")


def working_tree(top: Path, remote: str) -> Path:
    """A working tree with that remote; the folder services/orders in it."""
    (top / ".git").mkdir(parents=True)
    (top / ".git" / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {remote}\n\tfetch = +refs/*\n')
    folder = top / "services" / "orders"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "remote",
    [
        "https://dev.azure.com/contoso/Our%20orders/_git/orders-api",
        "https://ada@dev.azure.com/contoso/Our%20orders/_git/orders-api",
        "https://contoso.visualstudio.com/Our%20orders/_git/orders-api",
        "https://contoso.visualstudio.com/DefaultCollection/Our%20orders/_git/orders-api",
        "git@ssh.dev.azure.com:v3/contoso/Our%20orders/orders-api",
        "contoso@vs-ssh.visualstudio.com:v3/contoso/Our%20orders/orders-api",
    ],
)
def test_every_address_of_a_repository_is_known(tmp_path: Path, remote: str) -> None:
    place = git_place(working_tree(tmp_path, remote))
    assert place == HERE and place.is_in("Contoso", "our orders", "ORDERS-API")


def test_a_repository_that_is_called_like_its_project_has_a_shorter_address(tmp_path: Path) -> None:
    folder = working_tree(tmp_path, "https://dev.azure.com/contoso/_git/orders")
    assert git_place(folder) == GitPlace("contoso", "orders", "orders", "services/orders")
    assert git_place(tmp_path) == GitPlace("contoso", "orders", "orders", "")


@pytest.mark.parametrize(
    "remote",
    ["https://github.com/contoso/orders.git", "git@github.com:contoso/orders.git", "https://dev.azure.com.example/c/p/_git/r", "../x"],
)
def test_a_repository_elsewhere_is_none_of_azure_devops(tmp_path: Path, remote: str) -> None:
    assert git_place(working_tree(tmp_path, remote)) is None


def test_without_git_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert git_place(tmp_path) is None


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_second_working_tree_leads_to_the_same_repository(tmp_path: Path) -> None:
    first = tmp_path / "first"
    git(tmp_path, "init", "--quiet", str(first))
    git(first, "remote", "add", "origin", "https://dev.azure.com/contoso/orders/_git/orders-api")
    git(first, "-c", "user.name=Ada", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "--message", "Begin")
    git(first, "worktree", "add", "--quiet", str(tmp_path / "second"))
    assert git_place(tmp_path / "second") == GitPlace("contoso", "orders", "orders-api", "")


RULES = {
    ".gitignore": "*.log\n!keep.log\n/build/\ndata/*\n!data/keep.csv\n**/cache/\n*.db\n\\#odd\ntrail \nlib\\\n!\n[z-a].py\n",
    "services/.gitignore": "!local.db\nsecret*\n",
    "services/orders/.gitignore": "!secret.example\n/only-here\n",
    ".git/info/exclude": "mine.txt\n",
}
PATHS = (
    "a.log",
    "keep.log",
    "build/x.py",
    "build/keep.log",
    "data/drop.csv",
    "data/keep.csv",
    "cache/a",
    "sub/cache/b/c",
    "local.db",
    "other.db",
    "secret.txt",
    "secret.example",
    "only-here",
    "sub/only-here",
    "mine.txt",
    "#odd",
    "trail",
    "lib/x.py",
    "run.py",
)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("below", ["", "services", "services/orders"])
def test_what_is_left_out_is_what_git_leaves_out(tmp_path: Path, below: str) -> None:
    git(tmp_path, "init", "--quiet", ".")
    for name, text in RULES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    folder = tmp_path / below
    for path in PATHS:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    words = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=folder,
        input="\0".join(PATHS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert words.stdout, words.stderr
    ignored = git_ignored(folder)
    assert {path for path in PATHS if ignored(path)} == set(words.stdout.strip("\0").split("\0"))


def test_a_home_folder_that_leaves_out_everything_has_no_say_in_a_project(tmp_path: Path) -> None:
    folder = working_tree(tmp_path, "https://example.com/dotfiles.git")
    (tmp_path / ".gitignore").write_text("*\n")
    (folder / ".gitignore").write_text("*.db\n")
    ignored = git_ignored(folder)
    assert not ignored("run.py") and ignored("orders.db")


def git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)
