"""The first run of many newcomers, one after the other: ``python -m tests.installed.first_runs --times 10 --load 8 --rate 200``.

Each has an empty home, deploys the sample and then a project with packages that azwizard does not have, and asks both APIs. `--load` keeps
so many programs busy meanwhile; `--rate` serves the packages from a loopback index of so many KB/s in place of this machine's index (they
are fetched from there once before). Prints a line for each and how many of both answered at the first try; ends with 1 unless all did.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from typing import BinaryIO

from packaging.utils import parse_sdist_filename, parse_wheel_filename

from tests.installed.installation import ROOT, Installed, answer, called, install

PROJECT = {
    "requirements.txt": "flask\ngunicorn>=23\nflask-sqlalchemy\npydantic>=2\norjson\n",
    "Dockerfile": """
        FROM python:3.12-slim
        WORKDIR /srv
        COPY . .
        RUN pip install -r requirements.txt
        CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]
    """,
    "run.py": """
        import flask_sqlalchemy, orjson, pydantic
        from flask import Flask

        app = Flask(__name__)


        @app.get("/health")
        def health():
            return "three packages"
    """,
}
SETUP = """
    format = 1
    [project]
    name = "newcomer"
    environment = "dev"
    source = "code"
    [pipeline]
    build = "registry"
    dockerfile = "Dockerfile"
    [app]
    port = 5000
    health_path = "/health"
"""
CHUNK = 8192  # bytes between two waits of the slow index


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="first-runs") as place, ExitStack() as surroundings:
        folder = Path(place)
        installed = install(folder, options.installer)
        variables = {}
        if options.rate:
            variables = surroundings.enter_context(_slow_index(folder, options.rate * 1000))
        for _each in range(options.load):
            surroundings.enter_context(_busy())
        answered = sum(_first_run(installed, number, variables) for number in range(1, options.times + 1))
    print(f"{answered} of {options.times} answered at the first try")
    return 0 if answered == options.times else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--installer", choices=("pipx", "uv"), default="pipx")
    return parser.parse_args()


def _first_run(installed: Installed, number: int, variables: dict[str, str]) -> bool:
    """Whether both APIs answered; what went wrong is printed."""
    person = installed.with_home(installed.folder / f"person-{number}" / "home", **variables)
    sample, project = person.home.parent / "sample", person.home.parent / "project"
    shutil.copytree(ROOT / "wizard" / "practice" / "sample", sample)
    for name, text in {**{f"code/{name}": text for name, text in PROJECT.items()}, "azwizard.toml": SETUP}.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(dedent(text).lstrip())
    begun = time.monotonic()
    try:
        for place in (sample, project):
            events = person.run(
                "apply", str(place / "azwizard.toml"), "--practice", "--yes", "--json", AZWIZARD_SECRET_API_KEY="first-run-canary"
            )
            answer(events[-1])
            print(f"{number}: {place.name} answered after {time.monotonic() - begun:.0f} s", flush=True)
    except (AssertionError, OSError, KeyError, subprocess.TimeoutExpired) as error:
        print(f"{number}: {error}", flush=True)
        return False
    finally:
        person.run("practice", "stop")
    return True


@contextmanager
def _busy() -> Iterator[None]:
    """A program that keeps a core busy."""
    code = f"import os\nwhile os.getppid() == {os.getpid()}: sum(range(100_000))"  # not longer than this program, whatever ends it
    program = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield
    finally:
        program.kill()
        program.wait()


@contextmanager
def _slow_index(folder: Path, rate: float) -> Iterator[dict[str, str]]:
    """A package index on loopback that sends so many bytes in a second; the variables with which pip and uv ask only this one."""
    wheels, index = folder / "packages", folder / "index"
    expected = [*PROJECT["requirements.txt"].split(), "setuptools", "wheel", "pip"]
    called(folder / "tools" / "bin" / "pip", "download", "--quiet", "--dest", wheels, *expected)
    for file in wheels.iterdir():
        parse = parse_wheel_filename if file.suffix == ".whl" else parse_sdist_filename
        page = index / str(parse(file.name)[0])
        page.mkdir(parents=True, exist_ok=True)
        file.rename(page / file.name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_SlowHandler, rate, directory=str(index)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {"PIP_INDEX_URL": url, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "UV_DEFAULT_INDEX": url, "UV_FIND_LINKS": ""}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _SlowHandler(SimpleHTTPRequestHandler):
    """Lists and sends files as a package index does (PEP 503: a page of links for each project), slowly."""

    def __init__(self, rate: float, *arguments: object, directory: str) -> None:
        self._rate = rate
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:  # type: ignore[override]
        while chunk := source.read(CHUNK):
            outputfile.write(chunk)
            time.sleep(len(chunk) / self._rate)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


if __name__ == "__main__":
    sys.exit(main())
