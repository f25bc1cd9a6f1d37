"""Where a person's files of requests lie: ``.rest`` and ``.http`` below the folder with the code."""

from __future__ import annotations

from pathlib import Path

from wizard.source.project_files import walk

ENDINGS = (".rest", ".http")
VISITED = frozenset({".vscode"})
"""Hidden folders in which people keep such files."""
MOST = 200


def find_rest_files(folder: Path) -> tuple[str, ...]:
    """Their paths relative to the folder, those beside the code first; environments and hidden folders but .vscode are left out."""
    files = [path.relative_to(folder) for path in walk(folder, VISITED) if path.suffix.lower() in ENDINGS]
    return tuple(path.as_posix() for path in sorted(files, key=lambda path: (len(path.parts), path.suffix != ".rest", path))[:MOST])
