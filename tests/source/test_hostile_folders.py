"""A stranger's folder whose files are no files, too large, too deep, or drive a terminal: read in bounded time, or a sentence.

Every form is harmless: it tries our own readers.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.figures import Figures
from wizard.export.pipeline import azure_pipelines, github_workflow
from wizard.lint.linter import check_code
from wizard.setup.loading import load, resolve
from wizard.source.build_context import read as read_context
from wizard.source.code_facts import read_code
from wizard.source.git.pipeline_file import UnreadablePipeline
from wizard.testing.requests import requests_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")
SETUP = 'format = 1\n[project]\nname = "orders"\n[pipeline]\nimage = "orders"\ndockerfile = "Dockerfile"\n[app]\nport = 5000\n'
GOOD = {
    "app.py": "from flask import Flask\napp = Flask(__name__)\n@app.get('/health')\ndef health(): return 'ok'\n",
    "requirements.txt": "flask\ngunicorn\n",
    "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\nCMD gunicorn -b 0.0.0.0:5000 app:app\n",
}
NAMES = (
    *GOOD,
    ".dockerignore",
    ".gitignore",
    ".gitattributes",
    ".env",
    "pyproject.toml",
    "Pipfile",
    "setup.py",
    "setup.cfg",
    "Procfile",
    "runtime.txt",
    ".python-version",
    "compose.yaml",
    "docker-compose.yml",
    "gunicorn.conf.py",
    "start.sh",
    "azure-pipelines.yml",
    ".github/workflows/image.yml",
    "requests.rest",
    "requests.http",
    "http-client.env.json",
    ".vscode/settings.json",
    ".git/config",
    ".git/HEAD",
    "manage.py",
)
TERMINAL = "\x1b]0;title\x07\x1b[2J\x9b31m\u202e[red]x[/red]\u2066\r\n"


def _text(text: str | bytes) -> Callable[[Path], None]:
    return lambda file: _written(file, text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))


def _written(file: Path, content: bytes) -> None:
    file.write_bytes(content)


SHAPES: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a device": lambda file: file.symlink_to("/dev/zero"),
    "a folder": lambda file: file.mkdir(),
    "a link to itself": lambda file: file.symlink_to(file),
    "a link to nothing": lambda file: file.symlink_to("nowhere"),
    "12 MB": _text(b"x = 1  # " + b"y" * 12_000_000),
    "a long line": _text("FROM " + "a" * 900_000),
    "many lines": _text("x\n" * 400_000),
    "deep brackets": _text("[" * 60_000 + "]" * 60_000),
    "deep braces": _text('{"a":' * 60_000 + "1" + "}" * 60_000),
    "deep indents": _text("".join(" " * depth + "a:\n" for depth in range(900))),
    "growing aliases": _text("a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 25))),
    "a long sum": _text("x = " + "+".join("1" * 40_000)),
    "no text": _text(bytes(range(256)) * 400),
    "zeros": _text(b"\0" * 100_000),
    "UTF-16": _text("flask\n".encode("utf-16")),
    "what drives a terminal": _text(f"# {TERMINAL}name: '{TERMINAL}'\nflask{TERMINAL}"),
    "continued for ever": _text("RUN true \\\n" * 100_000),
    "growing variables": _text("FROM python:3.12\nARG X=x\n" + "ARG X=$X$X\n" * 60 + "CMD python app.py\n"),
    "lists that include each other": _text("-r requirements.txt\n-c ../../../etc/hostname\n-r /dev/zero\n" * 3_000 + "flask\n"),
    "deep conditions": _text('flask; python_version > "3" ' + 'and (python_version > "2" ' * 3_000 + ")" * 3_000 + "\n"),
    "many wildcards": _text("*a" * 30 + "b\n" + "**/*/" * 30 + "x\n"),
    "patterns that go back": _text("(a+)+$\n" + "a" * 50_000 + "!\n" + "**/" * 3_000 + "x\n"),
}
SECONDS = 5.0  # of the processor; 2 s on a computer that does nothing else


def read_all(folder: Path) -> list[str]:
    """Whatever reads a project before anything is made; the sentences for a person."""
    facts = read_code(folder, "Dockerfile")
    answers = resolve(load(folder / "azwizard.toml"))
    said = [finding.sentence for finding in check_code(answers)]
    said += requests_in(answers, facts.rest_files, "example.org").remarks
    try:
        azure_pipelines(answers, folder / "azure-pipelines.yml")
    except UnreadablePipeline as error:
        said.append(str(error))
    github_workflow(answers)
    try:
        said += read_context(folder, "Dockerfile", ()).warnings
    except OSError as error:
        said.append(str(error))
    return said


def slow_or_broken(folder: Path, name: str, shape: str) -> str | None:
    """What a folder with one such file comes to; None where all is well."""
    folder.mkdir(parents=True)
    (folder / "azwizard.toml").write_text(SETUP)
    for good, text in GOOD.items():
        if good != name:
            (folder / good).write_text(text)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    SHAPES[shape](folder / name)
    began = time.process_time()
    try:
        read_all(folder)
    except Exception as error:
        return f"{name}, {shape}: {type(error).__name__}: {str(error)[:200]}"
    taken = time.process_time() - began
    return f"{name}, {shape}: {taken:.1f} s" if taken > SECONDS else None


PAIRS = [(name, shape) for name in NAMES for shape in SHAPES]
SOME = PAIRS[:: 1 + len(PAIRS) // 8]


@pytest.mark.parametrize("pairs", [SOME, pytest.param(PAIRS, marks=pytest.mark.nightly)], ids=["some", "all"])
def test_no_file_of_a_stranger_hangs_or_breaks_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pairs: list[tuple[str, str]], figures: Figures
) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    wrong = [slow_or_broken(tmp_path / str(number), name, shape) for number, (name, shape) in enumerate(pairs)]
    figures(inputs=len(pairs), broken=sum(1 for sentence in wrong if sentence))
    assert [sentence for sentence in wrong if sentence] == []
