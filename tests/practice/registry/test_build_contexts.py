"""The folder that a build gets: without what .dockerignore leaves out, as Docker applies its rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.practice.registry.building.contexts import build
from wizard.practice.registry.building.dockerfiles import BuildError

DOCKERFILE = "FROM python:3.12\nCOPY . /app\n"


def sent(folder: Path, ignore_file: str, *paths: str) -> list[str]:
    """The files that a build of a folder with these files puts into its image."""
    source, work = folder / "source", folder / "work"
    work.mkdir()
    for path in paths:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text("x")
    (source / ".dockerignore").write_text(ignore_file)
    root = build(source, DOCKERFILE, work, lambda _line: None).folder / "app"
    return sorted(file.relative_to(root).as_posix() for file in root.rglob("*"))


@pytest.mark.parametrize(
    ("ignore_file", "files"),
    [
        ("data\n.dockerignore\n", ["run.py"]),
        ("/data/\n.dockerignore\n", ["run.py"]),
        ("*\n!run.py\n", ["run.py"]),
        ("data\n.dockerignore\n!data/a.txt\n", ["data", "data/a.txt", "run.py"]),
        ("**/*.txt\n.dockerignore\n", ["data", "data/deep", "run.py"]),
        ("# a note\n.dockerignore\ndata/*\n!data/deep\n", ["data", "data/deep", "data/deep/b.txt", "run.py"]),
    ],
)
def test_what_is_left_out_is_not_copied(tmp_path: Path, ignore_file: str, files: list[str]) -> None:
    assert sent(tmp_path, ignore_file, "run.py", "data/a.txt", "data/deep/b.txt") == files


@pytest.mark.parametrize("line", ["[z-a]", "a[", "!"])
def test_a_line_that_docker_refuses_ends_the_build_in_its_words(tmp_path: Path, line: str) -> None:
    with pytest.raises(BuildError, match="error checking context: syntax error in pattern"):
        sent(tmp_path, f"data\n{line}\n", "run.py")
