"""What a folder's own Git tells: where it lies in Azure DevOps, by its remote and its top, and which commit is checked out."""

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


def git_place(folder: Path) -> GitPlace | None:
    """Where `folder` lies; None without Git, or when no remote of it is in Azure DevOps."""
    top = top_of(folder)
    if top is None:
        return None
    below = folder.resolve().relative_to(top).as_posix()
    for url in URL.findall(_config(top / ".git")):
        for address in ADDRESSES:
            if match := re.fullmatch(address, url.removesuffix("/").removesuffix(".git"), re.IGNORECASE):
                named = {name: unquote(value) for name, value in match.groupdict().items() if value}
                project = named.get("project", named["repository"])  # the repository that is called like its project
                return GitPlace(named["organization"], project, named["repository"], "" if below == "." else below)
    return None


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
