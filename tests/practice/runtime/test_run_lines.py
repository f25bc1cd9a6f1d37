"""What the RUN lines of a Dockerfile install, by whatever tool and in whatever spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.practice.runtime.packages.requirement_files import UnreadableRequirements
from wizard.practice.runtime.packages.run_lines import RunLine, asked_by

PYPROJECT = """
[project]
name = "shop"
dependencies = ["flask"]
[project.optional-dependencies]
prod = ["gunicorn"]
[dependency-groups]
dev = ["pytest"]
"""
POETRY = """
[tool.poetry.dependencies]
python = "^3.11"
flask = "^3.0"
redis = {version = "~5.0", extras = ["hiredis"]}
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
FILES = {
    "requirements.txt": "flask==3.0.3 \\\n    --hash=sha256:00\n-r base.txt  # more\n",
    "base.txt": "gunicorn\n-c limits.txt\n--extra-index-url https://packages.example/simple\n",
    "limits.txt": "click<9\n",
    "pyproject.toml": PYPROJECT,
    "uv.lock": '[[package]]\nname = "flask"\nversion = "3.0.3"\n[[package]]\nname = "shop"\nversion = "0"\nsource = { virtual = "." }\n',
    "pylock.toml": 'lock-version = "1.0"\n[[packages]]\nname = "flask"\nversion = "3.0.3"\n'
    '[[packages]]\nname = "shop"\ndirectory = {path = "."}\n',
    "Pipfile": '[packages]\nflask = "*"\n[dev-packages]\npytest = "*"\n',
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "srv" / "lib").mkdir(parents=True)
    for name, text in FILES.items():
        (tmp_path / "srv" / name).write_text(text)
    return tmp_path


def asked(tree: Path, *runs: str) -> list[str]:
    lines = asked_by([RunLine(run, "/srv", tree) for run in runs]).lines
    return [line.replace(str(tree), "") for line in lines.requirements]


def test_packages_are_found_in_a_folder_that_is_there_and_elsewhere_where_a_line_would_have_filled_it(tree: Path) -> None:
    install = "pip install --no-index --find-links={folder} flask"
    emptied = asked_by([RunLine("pip wheel -w /wheels -r base.txt", "/srv", tree), RunLine(install.format(folder="/wheels"), "/srv", tree)])
    assert emptied.lines.options == ["--extra-index-url https://packages.example/simple"]
    assert emptied.lines.requirements == ["gunicorn", "flask"]
    filled = asked_by([RunLine(install.format(folder="./lib"), "/srv", tree)])
    assert filled.lines.options == []
    (tree / "srv" / "lib" / "flask-3.0.3-py3-none-any.whl").touch()
    filled = asked_by([RunLine(install.format(folder="./lib"), "/srv", tree)])
    assert filled.lines.options == ["--no-index", f"--find-links {tree / 'srv' / 'lib'}"]


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("pip install flask 'gunicorn>=23'", ["flask", "gunicorn>=23"]),
        ("apt-get update && apt-get install -y gcc && pip3 install --no-cache-dir flask || true", ["flask"]),
        ("set -eux; cd lib; pip install ..", ["/srv"]),
        ("python -m pip install --upgrade pip && /opt/venv/bin/pip install flask", ["flask"]),
        ("PIP_NO_CACHE_DIR=1 pip install -rlimits.txt", ["click<9"]),
        ('["pip", "install", "flask"]', ["flask"]),
        ("uv pip install --system -r pyproject.toml", ["flask"]),
        ("uv pip install --system -r pyproject.toml --extra prod", ["flask", "gunicorn"]),
        ("uv pip install --all-extras --requirement=pyproject.toml", ["flask", "gunicorn"]),
        ("uv pip install -r pylock.toml", ["flask==3.0.3"]),
        ("pip install --group dev", ["pytest"]),
        ("pip install --group pyproject.toml:dev flask", ["pytest", "flask"]),
        ('["/bin/sh", "-c", "pip install flask && rm -r x"]', ["flask"]),
        ("uv pip install --system -r limits.txt", ["click<9"]),
        ("--mount=type=cache,target=/root/.cache uv sync --frozen --no-dev", ["flask"]),
        ("uv sync --frozen", ["flask", "pytest"]),
        ("uv sync --extra prod --no-dev", ["flask", "gunicorn"]),
        ("uv export --no-dev -o made.txt && pip install -r made.txt", ["flask"]),
        ("pipenv install --system --deploy", ["flask"]),
        ("pipenv requirements > made.txt && pip install -r made.txt", ["flask"]),
        ("pip wheel --wheel-dir /wheels -r limits.txt", ["click<9"]),
        ("pip install ./lib .[prod]", ["/srv/lib", "/srv[prod]"]),
        ("echo pip install flask", []),
        ("apt-get install -y python3-flask", []),
    ],
)
def test_every_tool_names_its_packages(tree: Path, run: str, names: list[str]) -> None:
    assert asked(tree, run) == names


def test_files_are_read_with_what_they_include_and_the_versions_they_allow(tree: Path) -> None:
    lines = asked_by([RunLine("pip install -r requirements.txt", "/srv", tree)]).lines
    assert [line.split()[0] for line in lines.requirements] == ["flask==3.0.3", "gunicorn"]
    assert lines.constraints == ["click<9"]
    assert lines.options == ["--extra-index-url https://packages.example/simple"]


def test_a_lock_file_gives_the_versions(tree: Path) -> None:
    assert asked_by([RunLine("uv sync --frozen --no-dev", "/srv", tree)]).lines.constraints == ["flask==3.0.3"]


def test_poetry_writes_versions_in_its_own_way(tree: Path) -> None:
    (tree / "srv" / "pyproject.toml").write_text(POETRY)
    assert asked(tree, "poetry install --no-root --only main") == ["flask>=3.0,<4", "redis[hiredis]>=5.0,<5.1"]
    assert asked(tree, "poetry install --no-interaction") == ["flask>=3.0,<4", "redis[hiredis]>=5.0,<5.1", "pytest"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_that_powershell_wrote_is_read_as_pip_reads_it(tree: Path, encoding: str) -> None:
    (tree / "srv" / "limits.txt").write_bytes("flask\r\ngunicorn\r\n".encode(encoding))
    assert asked(tree, "pip install -r limits.txt") == ["flask", "gunicorn"]


def test_a_file_that_an_earlier_line_would_have_made_is_passed_over_and_another_is_an_error(tree: Path) -> None:
    assert asked(tree, "pip-compile -o made.txt", "pip install -r made.txt flask") == ["flask"]
    with pytest.raises(UnreadableRequirements, match=r"'made\.txt'"):
        asked(tree, "pip install -r made.txt")


def test_a_path_of_another_computer_is_left_for_pip_to_refuse(tree: Path) -> None:
    (tree / "srv" / "limits.txt").write_text("numpy @ file:///croot/numpy_1/src\n")
    assert asked(tree, "pip install -r limits.txt") == ["numpy @ file:///croot/numpy_1/src"]


def test_a_group_that_is_not_there_ends_the_build_in_pips_words(tree: Path) -> None:
    with pytest.raises(
        UnreadableRequirements, match=r"resolution failed for 'prod' from 'pyproject.toml': Dependency group 'prod' not found"
    ):
        asked(tree, "pip install --group prod")


def test_pip_itself_takes_no_project_for_a_list_of_requirements(tree: Path) -> None:
    assert "[project]" in asked(tree, "pip install -r pyproject.toml"), "pip refuses that line, and so does the build"


@pytest.mark.parametrize("how", ["-r {outside}", "-r ../../outside.txt", "-c {outside}", "-r linked.txt"])
def test_no_list_leads_to_a_file_outside_of_the_image(tmp_path: Path, how: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("canary-51f0\n")
    tree = tmp_path / "image"
    (tree / "srv").mkdir(parents=True)
    (tree / "srv" / "linked.txt").symlink_to(outside)
    (tree / "srv" / "requirements.txt").write_text(how.format(outside=outside))
    with pytest.raises(UnreadableRequirements, match="No such file"):
        asked_by([RunLine("pip install -r requirements.txt", "/srv", tree)])


def test_lists_that_include_each_other_again_and_again_are_read_once_each(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"r{number}.txt").write_text(f"-r r{number + 1}.txt\n-r r{number + 1}.txt\nflask\n")
    (tmp_path / "r40.txt").write_text("gunicorn\n-r /r0.txt\n")
    assert set(asked_by([RunLine("pip install -r r0.txt", "/", tmp_path)]).lines.requirements) == {"gunicorn", "flask"}
