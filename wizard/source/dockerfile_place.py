"""Which Dockerfile of a project is meant for its deployment."""

from __future__ import annotations

import re
from pathlib import Path

from wizard.source.compose.service import read_compose
from wizard.source.ignored_folders import DOCKERFILES

MEANT = "(prod|production|live|release|deploy)"
DEPLOYED = re.compile(rf"Dockerfile[._-]{MEANT}|{MEANT}\.Dockerfile", re.IGNORECASE)


def find_dockerfile(folder: Path) -> str:
    """Its path in the folder: the usual one, the one that a compose file builds, or one that is called production; "" without any."""
    usual = next((name for name in DOCKERFILES if (folder / name).is_file()), "")
    if usual:
        return usual
    compose = read_compose(folder)
    if compose is not None and compose.dockerfile:
        return compose.dockerfile
    return next((path.name for path in sorted(folder.glob("*ockerfile*")) if DEPLOYED.fullmatch(path.name) and path.is_file()), "")
