"""The rooms of the program: arrows run down, nothing goes in a circle, every room is named, and none is too full."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import grimp
import pytest

from wizard.sections import ORDER

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
MOST_FILES = 20
NOT_OURS = {"__pycache__", "sample", "quickstart", "starter"}
PLANTED = {
    "Arrows run down": ("wizard/state/resources.py", "from wizard.engine import plan"),
    "Arrows of the practice cloud run down": ("wizard/practice/kernel/clock.py", "from wizard.practice.arm import front"),
    "Arrows of the screens run down": ("screens/widgets/flow.py", "from screens.shell import page"),
    "Nothing but the screens knows Textual or the screens": ("wizard/engine/plan.py", "import textual"),
    "Screens never speak to Azure themselves": ("screens/pages/home.py", "from wizard.cloud import connect"),
    "The practice cloud stands alone, but for leaves that know nothing of it": (
        "wizard/practice/server.py",
        "from wizard.room_of_tomorrow import something",
    ),
    "No section imports another": ("wizard/sections/storage.py", "from wizard.sections import registry"),
}
"""Contract -> a file, and an import for a type that would break it."""


def contract(name: str) -> Mapping[str, list[str]]:
    return next(contract for contract in CONTRACTS if contract["name"] == name)


def test_a_forbidden_import_breaks_its_contract(tmp_path: Path) -> None:
    for folder in ("wizard", "screens", "tests/support"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests/__init__.py").touch()
    room = tmp_path / "wizard/room_of_tomorrow"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "something.py").touch()
    for file, line in PLANTED.values():
        text = (tmp_path / file).read_text()
        (tmp_path / file).write_text(f"{text}\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {line}\n")
    linted = subprocess.run(LINT, cwd=tmp_path, capture_output=True, text=True)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    result = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", linted.stdout, re.MULTILINE))
    assert result == {entry["name"]: "BROKEN" for entry in CONTRACTS}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("wizard", "screens", exclude_type_checking_imports=False, cache_dir=None)


def test_no_import_goes_in_a_circle(graph: grimp.ImportGraph) -> None:
    arrows = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert list(circles(arrows)) == []


def circles(arrows: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The strongly connected parts of more than one module (Tarjan 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []

    def visit(module: str) -> Iterator[list[str]]:
        order[module] = lowest[module] = len(order)
        waiting.append(module)
        for imported in sorted(arrows[module]):
            if imported not in order:
                yield from visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in waiting:
                lowest[module] = min(lowest[module], order[imported])
        if lowest[module] == order[module]:
            at = waiting.index(module)
            circle, waiting[at:] = waiting[at:], []
            if len(circle) > 1:
                yield sorted(circle)

    for module in sorted(arrows):
        if module not in order:
            yield from visit(module)


def test_every_room_has_its_place_in_the_layers() -> None:
    placed = {room.strip() for layer in contract("Arrows run down")["layers"] for room in layer.split("|")}
    rooms = {f"wizard.{path.parent.name}" for path in (ROOT / "wizard").glob("*/__init__.py")}
    assert rooms - placed == {"wizard.practice"}, "a room without a layer; the practice cloud has a contract of its own"


def test_every_section_is_kept_apart_from_the_others() -> None:
    assert contract("No section imports another")["modules"] == [f"wizard.sections.{name}" for name in ORDER]


@pytest.mark.parametrize("root", ["wizard", "screens", "tests"])
def test_no_folder_holds_too_many_files(root: str) -> None:
    folders = [folder for folder in [ROOT / root, *(ROOT / root).rglob("*")] if folder.is_dir() and not NOT_OURS & set(folder.parts)]
    full = {str(folder.relative_to(ROOT)): count for folder in folders if (count := len(list(folder.glob("*.py")))) > MOST_FILES}
    assert full == {}


def test_every_room_is_described() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([a-z_/]+/)` \|", page, re.MULTILINE))
    rooms = {
        f"{path.parent.relative_to(ROOT).as_posix()}/"
        for root in ("wizard", "screens")
        for path in (ROOT / root).rglob("__init__.py")
        if not NOT_OURS & set(path.parts)
    }
    assert rooms - described == set() and described - rooms == set()
