"""Lists of packages in every encoding pip reads, and the lines in them that no image can install."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import persons_project

TWO = "flask\r\ngunicorn\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_a_list_is_read_in_every_encoding_that_pip_reads(tmp_path: Path, encoding: str) -> None:
    text = TWO if encoding != "cp1252" else TWO + "# é\r\n"
    content = text.encode(encoding)
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    project = persons_project(tmp_path / "shop", {"requirements.txt": content})
    assert project.facts().dependencies.names == {"flask", "gunicorn"}
    assert project.found() == []


FAILS = [
    ("numpy @ file:///croot/numpy_1/src", "numpy"),
    ("-e /home/me/lib", ""),
    ("C:\\Users\\me\\lib", ""),
    ("./libs/own", ""),
    ("numpy=1.26.4=py312h02b7e37_0", "numpy==1.26.4"),
    ("pywin32==306", 'pywin32==306; sys_platform == "win32"'),
    ("git+https://example.org/lib.git", ""),
    ("lib @ git+https://example.org/lib.git", ""),
    ("-r other.txt", ""),
    ("flask-cors ==> 3", ""),
]


@pytest.mark.parametrize(("line", "better"), FAILS)
def test_a_line_that_cannot_be_installed_is_an_error_at_that_line(tmp_path: Path, line: str, better: str) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": f"flask\ngunicorn\n{line}\n"})
    (finding,) = project.check()
    assert (finding.id, finding.severity, finding.where) == ("requirement-not-installable", "error", "requirements.txt:3")
    assert finding.replacement == better


@pytest.mark.parametrize(
    ("line", "better"),
    [
        ("psycopg2", "psycopg2-binary"),
        ("psycopg2==2.9.9", "psycopg2-binary==2.9.9"),
        ("mysqlclient", ""),
        ("uwsgi", ""),
        ("psycopg", "psycopg[binary]"),
    ],
)
def test_what_needs_a_compiler_in_a_slim_image_is_warned_of(tmp_path: Path, line: str, better: str) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": f"flask\ngunicorn\n{line}\n"})
    (finding,) = project.check()
    assert (finding.id, finding.severity, finding.replacement) == ("requirement-needs-library", "warning", better)


FINE = [
    "pywin32==306; sys_platform == 'win32'",
    "psycopg2-binary",
    "-e .",
    "./libs/there",
    "requests[socks]>=2,<3 # why",
    "click \\\n    --hash=sha256:0123",
    "--index-url https://example.org/simple",
    "https://example.org/x-1.0-py3-none-any.whl",
    "x @ https://example.org/x-1.0.tar.gz",
    "-c limits.txt",
    "Flask_Cors",
]


@pytest.mark.parametrize("line", FINE)
def test_a_line_that_pip_takes_is_no_finding(tmp_path: Path, line: str) -> None:
    project = persons_project(
        tmp_path / "shop", {"requirements.txt": f"flask\ngunicorn\n{line}\n", "libs/there/setup.py": "", "limits.txt": "", "setup.py": ""}
    )
    docker = (project.folder / "Dockerfile").read_text()
    (project.folder / "Dockerfile").write_text(docker.replace("COPY requirements.txt .", "COPY . ."))
    assert project.found() == []


@pytest.mark.parametrize("line", ["-e .", "./libs/there", "./libs/own-1.0-py3-none-any.whl", "-c limits.txt", "-r more.txt"])
def test_what_is_copied_only_after_the_list_is_installed_is_an_error(tmp_path: Path, line: str) -> None:
    files: dict[str, str | bytes | None] = {
        "libs/there/setup.py": "",
        "limits.txt": "",
        "more.txt": "",
        "setup.py": "",
        "libs/own-1.0-py3-none-any.whl": "",
    }
    project = persons_project(tmp_path / "shop", {"requirements.txt": f"flask\ngunicorn\n{line}\n", **files})
    assert [(finding.id, finding.where) for finding in project.check()] == [("requirement-not-installable", "requirements.txt:3")]


@pytest.mark.parametrize(
    ("line", "severity", "better"),
    [
        ("@EXPLICIT", "error", ""),
        ("--no-such-option", "error", ""),
        ("-e .", "error", ""),
        ("pkg-resources==0.0.0", "error", "# pkg-resources==0.0.0"),
        ("sqlite3", "warning", "# sqlite3"),
        ("sklearn", "warning", "scikit-learn"),
        ("torch==2.3.0+cpu", "warning", "torch==2.3.0"),
    ],
)
def test_a_line_that_pip_stops_at_is_told(tmp_path: Path, line: str, severity: str, better: str) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": f"flask\ngunicorn\n{line}\n"})
    (finding,) = project.check()
    assert (finding.id, finding.severity, finding.replacement) == ("requirement-not-installable", severity, better)


def test_a_build_of_another_index_is_fine_where_that_is_named(tmp_path: Path) -> None:
    text = "--extra-index-url https://wheels.example/cpu\nflask\ngunicorn\ntorch==2.3.0+cpu\n"
    assert persons_project(tmp_path / "shop", {"requirements.txt": text}).found() == []


def test_git_and_libraries_that_the_image_gets_are_no_finding(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": "flask\ngunicorn\npsycopg2\nx @ git+https://example.org/x.git\n"})
    docker = (project.folder / "Dockerfile").read_text()
    installed = "WORKDIR /srv\nRUN apt-get update && apt-get install -y git gcc libpq-dev"
    (project.folder / "Dockerfile").write_text(docker.replace("WORKDIR /srv", installed))
    assert project.found() == []
    (project.folder / "Dockerfile").write_text(docker.replace("-slim", ""))
    assert project.found() == []


def test_a_python_that_the_project_does_not_run_on_is_warned_of(tmp_path: Path) -> None:
    table = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.13"\n'
    project = persons_project(tmp_path / "shop", {"pyproject.toml": table})
    (finding,) = project.check()
    assert (finding.id, finding.where) == ("python-version", "Dockerfile:1")
