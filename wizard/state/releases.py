"""The releases of a setup: every deployment that came to run, noted in tags of its app, so that any computer knows them.

Azure keeps at most 50 tags on a resource, with 256 characters of value each (learn.microsoft.com, "Use tags to organize your Azure
resources", Limitations).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wizard.sections import naming

MOST_KEPT = 20
MOST_TAGS = 50
ROOM_FOR_OTHERS = 2  # tags that others of ours put on the app for a while, such as `naming.RUN_TAG`
DIGEST_SHOWN = 12
LONGEST_NAME = 100  # characters of who deployed
NOTHING = "-"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Release:
    """One deployment that came to run.

    :param time: when Azure made its revision (``createdTime``), to the second, which is how a release's revision is found again.
    :param commit: the source's Git commit, its first 12 digits; "" where there is no Git.
    :param digest: the first 12 digits of the image's digest, without ``sha256:``.
    :param who: the account that deployed it.
    """

    number: int
    time: datetime
    commit: str
    digest: str
    who: str

    @property
    def tag(self) -> str:
        return f"{naming.RELEASE_TAG}{self.number}"

    @property
    def value(self) -> str:
        """What its tag says: UTC time | commit | digest's first 12 | who."""
        who = " ".join(self.who.replace("|", " ").split())[:LONGEST_NAME]
        return f"{self.time:{_TIME}} | {self.commit or NOTHING} | {self.digest} | {who or NOTHING}"

    @classmethod
    def parse(cls, tag: str, value: str) -> Release | None:
        """The release that a tag notes; None for any other tag."""
        number = re.fullmatch(rf"{naming.RELEASE_TAG}([1-9][0-9]{{0,6}})", tag, re.IGNORECASE)
        parts = [part.strip() for part in value.split("|")]
        if number is None or len(parts) != 4 or not parts[2]:
            return None
        commit, who = ("" if part == NOTHING else part for part in (parts[1], parts[3]))
        with suppress(ValueError):
            return cls(int(number[1]), datetime.strptime(parts[0], _TIME).replace(tzinfo=UTC), commit, parts[2], who)
        return None

    def has(self, digest: str | None) -> bool:
        """Whether a whole digest (``sha256:...``) is this release's."""
        return bool(digest) and str(digest).removeprefix("sha256:").startswith(self.digest)


def releases_in(tags: Mapping[str, str] | None) -> list[Release]:
    """The releases that an app's tags note, the oldest first."""
    noted = (Release.parse(tag, value) for tag, value in (tags or {}).items())
    return sorted((release for release in noted if release), key=lambda release: release.number)


def next_number(releases: Sequence[Release]) -> int:
    """A number that was never used: the newest release is never dropped."""
    return max((release.number for release in releases), default=0) + 1


def outdated(releases: Sequence[Release], tags: Mapping[str, str]) -> list[Release]:
    """The oldest ones that must go before one more is noted among these tags."""
    others = len(tags) - len(releases)
    newest_count = max(0, min(MOST_KEPT, MOST_TAGS - ROOM_FOR_OTHERS - others) - 1)
    return list(releases[: len(releases) - newest_count])


def running_release(releases: Sequence[Release], digest: str | None, pinned: int = 0) -> Release | None:
    """The release whose image runs: the pinned one if it has that image, otherwise the newest that has it."""
    same = [release for release in releases if release.has(digest)]
    return next((release for release in same if release.number == pinned), same[-1] if same else None)


def digest_of(app_or_revision: Mapping[str, Any]) -> str | None:
    """The digest (``sha256:...``) of the image in the template of an app or a revision, as ARM's JSON."""
    containers = ((app_or_revision.get("properties") or {}).get("template") or {}).get("containers") or [{}]
    _image, _at, digest = str(containers[0].get("image") or "").partition("@")
    return digest or None


def made_at(revision: Mapping[str, Any]) -> datetime | None:
    """When Azure made a revision, to the second."""
    with suppress(ValueError):
        text = str((revision.get("properties") or {}).get("createdTime") or "")
        return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
    return None
