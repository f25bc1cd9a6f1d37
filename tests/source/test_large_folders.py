"""What no Python API is made of is never entered by any reader, and no file in a folder hangs or breaks one."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.support.base_project import persons_project
from wizard.source.build_context import read as read_context
from wizard.source.code_facts import ReadingStopped, read_code
from wizard.source.project_files import walk

FOREIGN = 'import os\nKEY = os.environ["FOREIGN"]\nDB = "sqlite:///foreign.db"\n'


@pytest.mark.parametrize(
    ("folder", "mark"),
    [
        ("py311env", "pyvenv.cfg"),
        (".venv", "pyvenv.cfg"),
        ("conda", "conda-meta/history"),
        ("web/node_modules", "x.js"),
        ("build", "x.txt"),
        ("ignored", "x.txt"),
        (".tox", "x"),
    ],
)
def test_folders_of_tools_are_never_entered(tmp_path: Path, folder: str, mark: str) -> None:
    project = persons_project(
        tmp_path / "shop", {f"{folder}/{mark}": "", f"{folder}/lib/foreign.py": FOREIGN, ".gitignore": "lib\\\n!\nignored/\n"}
    )
    facts = project.facts()
    assert facts.variables == ()
    assert facts.databases == ()
    assert not any("foreign" in path.name for path in walk(project.folder))


def test_a_package_with_a_tools_name_is_code(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"build/__init__.py": "", "build/main.py": FOREIGN})
    assert [use.name for use in project.facts().variables] == ["FOREIGN"]


def test_a_build_gets_neither_environment_nor_node_modules(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"py311env/pyvenv.cfg": "", "py311env/x.py": "", "web/node_modules/a/index.js": ""})
    source = read_context(project.folder, "Dockerfile")
    assert [entry.path for entry in source.entries if "env" in entry.path or "node_modules" in entry.path] == []
    assert any("web/node_modules" in sentence for sentence in source.warnings)
    project.start_with('CMD ["gunicorn", "app:app"]', "COPY web/node_modules /srv/static/")
    assert any("node_modules/a" in entry.path for entry in read_context(project.folder, "Dockerfile").entries)


TROUBLE = {
    "a long sum": b"x = " + b"+".join([b"1"] * 100_000),
    "a sum over lines": b"x = (\n" + b"+\n".join([b"1"] * 30_000) + b")",
    "deep brackets": b"x = " + b"[" * 5000 + b"]" * 5000,
    "open brackets": b"{a:" * 5000,
    "megabytes of data": b"x = [" + b"1, " * 2_000_000 + b"]",
    "many branches": b"if 1:\n pass\n" + b"elif 1:\n pass\n" * 20_000,
    "no text": bytes(range(256)) * 400,
    "a long chain": b"x = a" + b".b()" * 20_000,
    "another encoding": "# coding: latin-1\nimport os\nos.environ['É']\n".encode("latin-1"),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_no_python_file_hangs_or_breaks_a_reader(tmp_path: Path, name: str) -> None:
    project = persons_project(tmp_path / "shop", {"big.py": b"import os, sqlite3\nos.environ\n" + TROUBLE[name]})
    begin = time.process_time()
    facts = project.facts()
    assert time.process_time() - begin < 2
    assert facts.is_flask
    assert facts.health_path == "/health"


def test_pipes_devices_and_circles_are_passed_over(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop")
    os.mkfifo(project.folder / "pipe.py")
    (project.folder / "loop").symlink_to(project.folder, target_is_directory=True)
    (project.folder / "null.py").symlink_to("/dev/zero")
    (project.folder / "gone.py").symlink_to("nowhere.py")
    (project.folder / "itself.py").symlink_to("itself.py")
    assert [path.name for path in project.facts().files] == ["app.py"]


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop")
    with pytest.raises(ReadingStopped):
        read_code(project.folder, stop=lambda: True)


def test_what_no_copy_has_room_for_is_said_before_it_is_read(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": "FROM python:3.12-slim\nCMD python app.py\n"})
    with (project.folder / "backup.img").open("wb") as sparse:
        sparse.truncate(10 << 30)
    begin = time.process_time()
    (problem,) = read_context(project.folder, "Dockerfile").problems
    assert time.process_time() - begin < 1
    assert "more than 8 GB up to backup.img" in problem and ".dockerignore" in problem
    (project.folder / ".dockerignore").write_text("*.img\n")
    assert read_context(project.folder, "Dockerfile").problems == ()


def test_a_large_environment_costs_nothing(tmp_path: Path) -> None:
    """Both are read in turn, three times; the least of each counts."""
    small = persons_project(tmp_path / "small")
    large = persons_project(tmp_path / "large", {"env1/pyvenv.cfg": "", ".gitignore": "gone/\n"})
    for number in range(600):
        for base in ("env1/lib", "web/node_modules/p", "gone"):
            file = large.folder / base / f"m{number}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(FOREIGN)
    least = {"small": 9.0, "large": 9.0}
    for _turn in range(3):
        for project, name in ((small, "small"), (large, "large")):
            begin = time.process_time()
            project.facts()
            least[name] = min(least[name], time.process_time() - begin)
    assert least["large"] < 1.5 * least["small"] + 0.01
