"""The Python with what an image would have, for who runs an API without a practice cloud.

``python -m wizard.practice.local_environment ENVIRONMENTS CODE DOCKERFILE [WHEELS]`` prints JSON lines: ``{"installing": "42 s: pandas"}``
every few seconds, and last ``{"python": path}`` or ``{"failed": line, "stops_azure": bool}``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.image_builder import assemble
from wizard.practice.runtime.packages.installing import ImageBase, InstallFailed, InstallProgress
from wizard.practice.runtime.packages.python_environments import PythonEnvironments, image_base, python_of

TOLD_EVERY = 3.0  # seconds


async def asked(environments: PythonEnvironments, code: Path, dockerfile: Path) -> tuple[str, ImageBase]:
    """What the image of `code` asks for, by its Dockerfile; by the usual files where there is none, or none that can be carried out."""
    with tempfile.TemporaryDirectory(prefix="azw-") as work:
        try:
            text = await asyncio.to_thread(dockerfile.read_text, encoding="utf-8-sig")
            stage = await asyncio.to_thread(assemble, code, text, {}, Path(work), lambda _: None, classic=False)
        except (BuildError, OSError, UnicodeDecodeError):
            return await environments.asked([], code, "/", ImageBase()), ImageBase()
        base = image_base(stage.base, [run.text for run in stage.installs])
        return await environments.asked(stage.installs, stage.folder, stage.workdir, base), base


async def made(environments: PythonEnvironments, code: Path, dockerfile: Path) -> Path:
    """The interpreter. Raises InstallFailed."""
    key, base = await asked(environments, code, dockerfile)
    progress = InstallProgress()
    making = asyncio.ensure_future(environments.ready(key, base, progress))
    while not making.done():
        await asyncio.wait([making], timeout=TOLD_EVERY)
        if progress.busy and not making.done():
            _print(installing=progress.words)
    return python_of(making.result())


def main(environments: str, code: str, dockerfile: str, wheels: str = "") -> int:
    """Print the interpreter, or why there is none."""
    try:
        # Who tries an API here lets its code run on this computer, and its packages' code too where that cannot be confined.
        here = PythonEnvironments(Path(environments), wheels=Path(wheels) if wheels else None, unconfined=True)
        python = asyncio.run(made(here, Path(code), Path(dockerfile)))
    except InstallFailed as failed:
        _print(failed=failed.line, stops_azure=failed.stops_azure)
        return 1
    _print(python=str(python))
    return 0


def _print(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
