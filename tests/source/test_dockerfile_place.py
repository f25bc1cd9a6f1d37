"""Which of a project's Dockerfiles is the API's, by its name and place; several that are as good are asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import FILES, persons_project
from wizard.lint.scaffold import missing_files

CONTENT = FILES["Dockerfile"]
ONE = {
    "Dockerfile.prod": ("Dockerfile.prod", "Dockerfile.dev"),
    "docker/api.Dockerfile": ("docker/api.Dockerfile", "docker/worker.Dockerfile", "docker/nginx.Dockerfile"),
    "Containerfile": ("Containerfile",),
    "deploy/Dockerfile": ("deploy/Dockerfile", "deploy/Dockerfile.test"),
    "dockerfile": ("dockerfile",),
    "web.dockerfile": ("web.dockerfile", "db.dockerfile"),
    "Dockerfile.azure": ("Dockerfile.azure", "Dockerfile.api"),
    "Dockerfile": ("Dockerfile", "Dockerfile.prod"),
}


@pytest.mark.parametrize("right", ONE)
def test_the_dockerfile_of_the_api_is_known_by_its_name(right: str, tmp_path: Path) -> None:
    names = dict.fromkeys(ONE[right], CONTENT)
    project = persons_project(tmp_path / "shop", {"Dockerfile": None}).write({**names})
    assert project.suggested()["pipeline.dockerfile"] == right
    assert "Dockerfile" not in missing_files(project.facts())


def test_of_several_that_are_as_good_a_person_says_which(tmp_path: Path) -> None:
    names = {"Dockerfile": None, "Dockerfile.api": CONTENT, "Dockerfile.web": CONTENT}
    project = persons_project(tmp_path / "shop", {**names})
    assert "pipeline.dockerfile" not in project.suggested()
    [finding] = project.check()
    assert finding.id == "no-dockerfile"
    assert "Dockerfile.api, Dockerfile.web" in finding.sentence
    assert not finding.replacement
    assert "Dockerfile" not in missing_files(project.facts())


@pytest.mark.parametrize("name", ["Dockerfile.dev", "worker.Dockerfile", "Dockerfile.md", "Dockerfile.j2"])
def test_one_for_something_else_is_not_taken(name: str, tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": None, name: CONTENT})
    assert "pipeline.dockerfile" not in project.suggested()
    assert "Dockerfile" in missing_files(project.facts())


@pytest.mark.parametrize(("others", "right"), [(["Dockerfile.prod"], "Dockerfile.prod"), ([], "Dockerfile.dev")])
def test_what_a_compose_file_builds_for_development_gives_way_to_one_for_production(others: list[str], right: str, tmp_path: Path) -> None:
    compose = "services:\n  app:\n    build:\n      context: .\n      dockerfile: Dockerfile.dev\n"
    files = {"Dockerfile": None, "Dockerfile.dev": CONTENT, "compose.yaml": compose, **dict.fromkeys(others, CONTENT)}
    assert persons_project(tmp_path / "shop", {**files}).suggested()["pipeline.dockerfile"] == right
