"""What a fresh installation gets: versions that were tested, every library that is imported, and every file that the program reads."""

from __future__ import annotations

import ast
import fnmatch
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from wizard.source.python_source import parse

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
COMES_WITH = {
    "azure-core": "azure-identity",
    "azure-mgmt-core": "azure-mgmt-storage",
    "requests": "azure-identity",
    "rich": "textual",
    "multidict": "aiohttp",
    "yarl": "aiohttp",
}
"""Libraries that are part of another one's face: its classes are passed on, never used for their own sake."""
NO_PART = ("*.po", "*.pyc")  # what a catalogue is made of, and what Python makes


def test_each_library_is_asked_for_once_and_as_it_was_tested() -> None:
    tested = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line)
    versions = {canonicalize_name(name): version for name, version in tested.items()}
    names = [canonicalize_name(needed.name) for needed in NEEDED]
    assert sorted(set(names)) == sorted(names)
    for needed in NEEDED:
        assert needed.specifier, f"{needed.name} may be of any version"
        assert needed.specifier.contains(versions[canonicalize_name(needed.name)], prereleases=True), str(needed)


def test_every_library_that_is_imported_is_asked_for() -> None:
    query = {canonicalize_name(needed.name) for needed in NEEDED}
    providers = packages_distributions()
    missing = {}
    for name in _imported():
        for provider in {canonicalize_name(item) for item in providers.get(name.partition(".")[0], [])}:
            assigned = provider in query or COMES_WITH.get(provider) in query
            if provider.startswith("azure") and provider.replace("azure-", "").replace("-", ".") not in name:
                continue  # azure is one package of many distributions
            if not assigned:
                missing[provider] = name
    assert missing == {}


def _imported() -> set[str]:
    """The modules of others that the engine and the screens import; the sample API is a project of its own."""
    names: set[str] = set()
    files = [*(ROOT / "wizard").rglob("*.py"), *(ROOT / "screens").rglob("*.py")]
    for file in files:
        if {"sample", "quickstart", "starter"} & set(file.parts):
            continue
        tree = parse(file.read_bytes())
        assert tree is not None, file
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name for name in names if name.partition(".")[0] not in {*sys.stdlib_module_names, "wizard", "screens"}}


@pytest.mark.parametrize("package", ["wizard", "screens"])
def test_every_file_that_is_no_code_is_part_of_the_package(package: str) -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"][package]
    folder = ROOT / package
    files = [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    for file in files:
        name = file.relative_to(folder).as_posix()
        in_package = file.suffix == ".py" and (file.parent / "__init__.py").exists()
        if not in_package and not any(fnmatch.fnmatch(file.name, item) for item in NO_PART):
            assert any(fnmatch.fnmatch(name, pattern.replace("**/", "")) for pattern in patterns), (
                f"{package}/{name} is in no pattern of package-data"
            )
