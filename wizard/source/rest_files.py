"""Where a person's files of requests lie: ``.rest`` and ``.http`` below the folder with the code."""

from __future__ import annotations

import os
from pathlib import Path

from wizard.source.ignored_folders import NEVER_ENTERED

ENDINGS = (".rest", ".http")
MOST = 200


def find_rest_files(folder: Path) -> tuple[str, ...]:
    """Their paths relative to the folder, those beside the code first; environments and hidden folders but .vscode are left out."""
    found: list[Path] = []
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_entered(Path(base, name)))
        found += [Path(base, name).relative_to(folder) for name in sorted(files) if name.lower().endswith(ENDINGS)]
    return tuple(path.as_posix() for path in sorted(found, key=lambda path: (len(path.parts), path.suffix != ".rest", path))[:MOST])


def _is_entered(folder: Path) -> bool:
    name = folder.name
    return name not in NEVER_ENTERED and (not name.startswith(".") or name == ".vscode") and not (folder / "pyvenv.cfg").exists()
