"""Archives from outside, taken apart without letting them write anywhere else."""

from __future__ import annotations

import tarfile
from pathlib import Path

MOST_BYTES = 2 << 30
MOST_MEMBERS = 100_000


class UnsafeArchive(Exception):
    """An archive that is broken, too large, or reaches outside its folder."""


def extract(archive: Path, folder: Path) -> int:
    """Extract a tar archive, compressed or not, into `folder`; answers how many bytes its files hold.

    :raises UnsafeArchive: for a broken one, one with a path or link that leads out, or one of more than 2 GiB or 100,000 members.
    """
    total = members = 0
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                total, members = total + member.size, members + 1
                if total > MOST_BYTES or members > MOST_MEMBERS:
                    raise UnsafeArchive("the archive is too large")
                tar.extract(member, folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise UnsafeArchive(f"archive/tar: {error}") from error
    return total
