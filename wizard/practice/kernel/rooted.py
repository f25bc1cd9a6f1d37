"""Paths of a container's file tree on this machine: no link in the tree leads out of it, whatever it says."""

from __future__ import annotations

import errno
import os
from pathlib import Path

MOST_LINKS = 40  # as many as Linux follows


def inside(root: Path, path: str, *, follow: bool = True) -> Path:
    """Where a path of the tree at `root` lies on this machine, resolved as a kernel with that root would.

    Every component is looked at: an absolute link begins again at the root, ``..`` at the root stays there. So no part of the answer
    below `root` is a link, except the last one unless it is to be followed. What is not there is taken as it is written.

    :raises OSError: for links that go in a circle, and for names that this machine's file system takes for more than a name.
    """
    waiting = path.split("/")[::-1]
    parts: list[str] = []
    links = 0
    while waiting:
        name = waiting.pop()
        if name == "..":
            del parts[-1:]
        elif name not in ("", "."):
            if "\0" in name or (os.sep != "/" and (os.sep in name or ":" in name)):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)
            here = root.joinpath(*parts, name)
            if here.is_symlink() and (follow or any(part not in ("", ".") for part in waiting)):
                links += 1
                if links > MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                target = str(here.readlink()).replace(os.sep, "/")
                if target.startswith("/"):
                    parts.clear()
                waiting += target.split("/")[::-1]
            else:
                parts.append(name)
    return root.joinpath(*parts)
