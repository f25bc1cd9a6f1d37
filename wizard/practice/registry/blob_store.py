"""Where the layers and configurations of images lie: by digest below ``home/layers``, and which repositories have which."""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import Path

from wizard.practice.arm.context import PracticeCloud

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PIECE = 1 << 20


class UploadUnknown(Exception):
    """There is no upload of that id, or it has ended."""


class WrongDigest(Exception):
    """What came does not have the digest it should."""


class BlobStore:
    """The blobs of every registry of one practice cloud; a repository sees those that were pushed or mounted into it."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._folder = cloud.home / "layers"
        self._uploads = self._folder / "uploads"
        self._links = cloud.store.collection("registry_blobs")

    def file(self, digest: str) -> Path:
        """Where a blob lies, whether or not it is there."""
        return self._folder / digest.removeprefix("sha256:")

    def has(self, server: str, repository: str, digest: str) -> bool:
        """Whether a repository has a blob, and the blob's file is there."""
        return _key(server, repository, digest) in self._links and self.file(digest).is_file()

    def link(self, server: str, repository: str, digest: str) -> None:
        """Let a repository have a blob that is here."""
        self._links[_key(server, repository, digest)] = {}

    def put(self, server: str, repository: str, content: Path | bytes, digest: str) -> None:
        """Give a repository a blob: some bytes, or a file, which moves here."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            self.file(digest).write_bytes(content)
        else:
            content.replace(self.file(digest))
        self.link(server, repository, digest)

    def begin(self) -> str:
        """Begin an upload; its id."""
        identifier = str(uuid.uuid4())
        self._uploads.mkdir(parents=True, exist_ok=True)
        self._upload(identifier, new=True).touch()
        return identifier

    def received(self, identifier: str) -> int:
        """How many bytes of an upload are here."""
        return self._upload(identifier).stat().st_size

    def append(self, identifier: str, content: bytes) -> int:
        """Add to an upload; how many bytes of it are here then."""
        with self._upload(identifier).open("ab") as file:
            file.write(content)
        return self.received(identifier)

    def check(self, identifier: str, digest: str) -> None:
        """Raise WrongDigest unless what came of an upload has that digest."""
        content = hashlib.sha256()
        with self._upload(identifier).open("rb") as file:
            while piece := file.read(_PIECE):
                content.update(piece)
        if digest != f"sha256:{content.hexdigest()}":
            raise WrongDigest(digest)

    def finish(self, identifier: str, server: str, repository: str, digest: str) -> None:
        """End an upload that was checked: the repository has the blob."""
        self.put(server, repository, self._upload(identifier), digest)

    def cancel(self, identifier: str) -> None:
        """Drop an upload that was begun."""
        self._upload(identifier).unlink()

    def forget(self, server: str) -> None:
        """Drop what a registry has, and the blobs that no other has."""
        gone = [key for key in self._links if key.startswith(f"{server}/")]
        for key in gone:
            del self._links[key]
        linked = {key.rpartition("@")[2] for key in self._links}
        for digest in {key.rpartition("@")[2] for key in gone} - linked:
            self.file(digest).unlink(missing_ok=True)

    def _upload(self, identifier: str, *, new: bool = False) -> Path:
        place = self._uploads / re.sub(r"[^0-9a-f-]", "", identifier)
        if not new and not place.is_file():
            raise UploadUnknown(identifier)
        return place


def _key(server: str, repository: str, digest: str) -> str:
    return f"{server}/{repository}@{digest}"
