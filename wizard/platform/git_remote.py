"""What a folder's own Git tells: where it lies in Azure DevOps or GitHub, by its remote and its top, and which commit is checked out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

ADDRESSES = (
    r"https://(?:[^@/]+@)?dev\.azure\.com/(?P<organization>[^/]+)/(?:(?P<project>[^/]+)/)?_git/(?P<repository>[^/]+)",
    r"https://(?P<organization>[^./]+)\.visualstudio\.com/(?:DefaultCollection/)?(?:(?P<project>[^/]+)/)?_git/(?P<repository>[^/]+)",
    r"(?:ssh://)?(?:[^@/]+@)?(?:ssh\.dev\.azure\.com|vs-ssh\.visualstudio\.com)[:/]+v3/"
    r"(?P<organization>[^/]+)/(?P<project>[^/]+)/(?P<repository>[^/]+)",
)
ON_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|(?:ssh://)?(?:[^@/]+@)github\.com[:/])(?P<owner>[^/]+)/(?P<repository>[^/]+)", re.IGNORECASE
)
COMMIT = re.compile(r"[0-9a-f]{40,64}")
URL = re.compile(r"^\s*url\s*=\s*(\S+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class GitPlace:
    """A repository in Azure DevOps, and the folder in it ("" for all of it), with ``/`` between names."""

    organization: str
    project: str
    repository: str
    folder: str

    def is_in(self, organization: str, project: str, repository: str) -> bool:
        """Whether it lies in that repository; case does not matter, as in Azure DevOps."""
        mine = (self.organization, self.project, self.repository)
        return [name.lower() for name in mine] == [name.lower() for name in (organization, project, repository)]


@dataclass(frozen=True)
class GitHubPlace:
    """A repository on GitHub, the folder in it ("" for all of it), and its default branch as far as Git was told ("" otherwise)."""

    owner: str
    repository: str
    folder: str
    branch: str

    def is_in(self, owner: str, repository: str) -> bool:
        """Whether it lies in that repository; case does not matter, as on GitHub."""
        return (self.owner.lower(), self.repository.lower()) == (owner.lower(), repository.lower())


def git_place(folder: Path) -> GitPlace | None:
    """Where `folder` lies; None without Git, or when no remote of it is in Azure DevOps."""
    for url, below in _remotes(folder):
        for address in ADDRESSES:
            if match := re.fullmatch(address, url, re.IGNORECASE):
                named = {name: unquote(value) for name, value in match.groupdict().items() if value}
                project = named.get("project", named["repository"])  # the repository that is called like its project
                return GitPlace(named["organization"], project, named["repository"], below)
    return None


def github_place(folder: Path) -> GitHubPlace | None:
    """Where `folder` lies; None without Git, or when no remote of it is on GitHub."""
    for url, below in _remotes(folder):
        if match := ON_GITHUB.fullmatch(url):
            top = top_of(folder)
            assert top is not None
            head = _text(_common(_own(top / ".git")) / "refs" / "remotes" / "origin" / "HEAD").strip()
            return GitHubPlace(match["owner"], match["repository"], below, head.removeprefix("ref: refs/remotes/origin/") if head else "")
    return None


def _remotes(folder: Path) -> list[tuple[str, str]]:
    """The addresses of a folder's remotes, each with where the folder lies in them."""
    top = top_of(folder)
    if top is None:
        return []
    below = folder.resolve().relative_to(top).as_posix()
    return [(url.removesuffix("/").removesuffix(".git"), "" if below == "." else below) for url in URL.findall(_config(top / ".git"))]


def top_of(folder: Path) -> Path | None:
    """The top of the Git working tree that a folder lies in."""
    start = folder.resolve()
    return next((place for place in (start, *start.parents) if (place / ".git").exists()), None)


def _config(git: Path) -> str:
    """The text of Git's settings."""
    return _text(_common(_own(git)) / "config")


def head_commit(folder: Path) -> str:
    """The commit that is checked out where `folder` lies (40 digits); "" without Git or before the first commit. Git is not run."""
    top = top_of(folder)
    if top is None:
        return ""
    own = _own(top / ".git")
    head = _text(own / "HEAD").strip()
    branch = head.removeprefix("ref:").strip()
    if head != branch:
        common = _common(own)
        packed = {name: commit for commit, _blank, name in (line.partition(" ") for line in _text(common / "packed-refs").splitlines())}
        head = _text(common / branch).strip() or packed.get(branch, "")
    return head if COMMIT.fullmatch(head) else ""


def _own(git: Path) -> Path:
    """Git's folder of a working tree; in a second working tree ``.git`` is a file that leads to it."""
    return git.parent / _text(git).removeprefix("gitdir:").strip() if git.is_file() else git


def _common(own: Path) -> Path:
    """The folder of what all working trees of a repository share."""
    common = _text(own / "commondir").strip()
    return own / common if common else own


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
