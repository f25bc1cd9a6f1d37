"""Packages for tests, made without an index: wheels written by hand, and local packages that build themselves."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile


def write_wheel(folder: Path, name: str, version: str = "1.0", *, requires: tuple[str, ...] = ()) -> Path:
    """A wheel with one module of that name, which holds its version."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = "".join(f"Requires-Dist: {one}\n" for one in requires)
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in files.items()) + f"{info}/RECORD,,\n"
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)
    return wheel


def write_local_package(folder: Path, name: str, code: str = "") -> Path:
    """A local package whose set-up runs `code` and needs no other package to be built."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(
        dedent(f"""
        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]
        [project]
        name = "{name}"
        version = "1.0"
    """)
    )
    backend = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, os.path.dirname(__file__))
from packages import write_wheel


def build_wheel(folder, settings=None, metadata=None):
    run()
    return write_wheel(Path(folder), {name!r}).name


def run():
    pass
"""
    (folder / "backend.py").write_text(
        backend.replace("    pass\n", "".join(f"    {line}\n" for line in dedent(code).strip().splitlines()) or "    pass\n")
    )
    (folder / "packages.py").write_text(Path(__file__).read_text())
    return folder


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
