"""Environments for a project's requirements: made once, from what is here where that is enough, else by pip."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from wizard.practice.runtime import python_environments
from wizard.practice.runtime.python_environments import InstallFailed, PythonEnvironments, python_of, scripts_of


def project(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def can_import(environment: Path, module: str) -> bool:
    return subprocess.run([python_of(environment), "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def said_by(*command: object) -> str:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout


async def test_what_is_here_is_copied_with_all_it_needs_and_nothing_else(tmp_path: Path) -> None:
    environments = PythonEnvironments(tmp_path / "environments")
    place = await environments.ready(project(tmp_path / "api", requirements_txt="Flask>=3  # the web\n\n"))
    assert can_import(place, "flask")
    assert can_import(place, "jinja2")
    assert not can_import(place, "aiohttp")
    assert "Flask" in said_by(scripts_of(place) / "flask", "--version")


async def test_the_same_requirements_share_an_environment_and_others_do_not(tmp_path: Path) -> None:
    environments = PythonEnvironments(tmp_path / "environments")
    first = await environments.ready(project(tmp_path / "one", requirements_txt="Flask\n"))
    assert await environments.ready(project(tmp_path / "two", requirements_txt="Flask\n")) == first
    assert await environments.ready(project(tmp_path / "three", requirements_txt="click\n")) != first


async def test_requirements_are_found_where_the_dockerfile_says(tmp_path: Path) -> None:
    environments = PythonEnvironments(tmp_path / "environments")
    folder = project(tmp_path / "api", requirements_txt="click\n", needed_txt="Flask\n")
    place = await environments.ready(folder, ["pip install --no-cache-dir -r needed.txt"])
    assert can_import(place, "flask")


async def test_pyproject_and_included_files_count_too(tmp_path: Path) -> None:
    environments = PythonEnvironments(tmp_path / "environments")
    place = await environments.ready(project(tmp_path / "one", pyproject_toml='[project]\nname = "api"\ndependencies = ["Flask"]\n'))
    assert can_import(place, "flask")
    place = await environments.ready(project(tmp_path / "two", requirements_txt="-r base.txt\n", base_txt="Flask\n"))
    assert can_import(place, "flask")


async def test_a_failed_install_tells_in_the_words_of_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    environments = PythonEnvironments(tmp_path / "environments")
    api = project(tmp_path / "api", requirements_txt="no-such-distribution-of-azwizard\n")
    with pytest.raises(InstallFailed, match="No matching distribution found for no-such-distribution-of-azwizard"):
        await environments.ready(api)
    with pytest.raises(InstallFailed):
        await environments.ready(api)


def test_a_version_that_is_not_here_is_left_to_pip(tmp_path: Path) -> None:
    needed = project(tmp_path / "api", requirements_txt="Flask<1\n") / "requirements.txt"
    assert python_environments._already_here(needed) is None
