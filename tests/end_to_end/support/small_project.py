"""The smallest API that goes the whole path, without a library to install, so that a test can afford to deploy it many times."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..conftest import WizardProcess

SETUP = """\
format = 1

[project]
name = "{name}"
environment = "dev"
region = "westeurope"
source = "api"

[key_vault]
secrets = ["api-key"]

[pipeline]
build = "registry"
dockerfile = "Dockerfile"
image = "small-api"

[[storage.shares]]
designation = "files"
mount = "/api/files"

[app]
port = 8080
health_path = "/health"

[[variables]]
name = "API_KEY"
secret = "api-key"
"""
DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /api
COPY api.py .
CMD ["python", "api.py"]
"""
API = """\
import http.server
import signal
import sys


class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"well")


signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # else the kernel waits for SIGKILL: it is the container's first process
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Api).serve_forever()
"""
CONTROL = "https://practice.azwizard.localhost"
READING_POSTS = (
    "/checkaccess",
    "/checknameavailability",
    "/checkpolicyrestrictions",
    "/validate",
    "/oauth2/v2.0/token",
    "/oauth2/token",
    "/oauth2/exchange",
)
MADE_ONCE = ("/vaults/", "/registries/", "/storageaccounts/", "/managedenvironments/")


@dataclass
class SmallProject:
    """The API's folder with its setup file, and what the wizard did with it on a running practice cloud that records its traffic."""

    wizard: WizardProcess
    folder: Path
    name: str
    har: Path

    @property
    def setup(self) -> Path:
        return self.folder / "azwizard.toml"

    def write(self) -> None:
        """Every file as it should be."""
        (self.folder / "api").mkdir(parents=True, exist_ok=True)
        for name, text in {"azwizard.toml": SETUP.format(name=self.name), "api/Dockerfile": DOCKERFILE, "api/api.py": API}.items():
            file = self.folder / name
            if file.is_symlink():
                file.unlink()
            file.write_text(text)
        (self.folder / "api" / ".dockerignore").unlink(missing_ok=True)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that a file holds."""
        file = self.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def begin_apply(self, step: str) -> subprocess.Popen[str]:
        """An apply that has come as far as that step."""
        process = self.wizard.start("apply", "--practice", "--yes", "--json")
        read_until(process, step)
        return process

    def fault(self, *faults: str) -> None:
        """Let exactly these things go wrong in the practice cloud."""
        practice = self.wizard.practice()
        body = json.dumps({"set": faults, "clear": True}).encode()
        headers = {"Authorization": f"Bearer {practice.info['control_token']}", "Content-Type": "application/json"}
        answer = practice.request("POST", f"{CONTROL}/fault", body, headers)
        assert answer.status == 200, answer.body

    def exchanges(self, after: int = 0, about: str = "") -> Iterator[tuple[str, str, int]]:
        """Method, URL and status of every request that the practice cloud has answered so far.

        :param after: what `recorded` was when the first of interest had not come yet.
        :param about: a text that the exchange holds.
        """
        with self._part.open(encoding="utf-8") as lines:
            lines.seek(after)
            for line in lines:
                if about in line:
                    entry: dict[str, Any] = json.loads(line)
                    yield entry["request"]["method"], entry["request"]["url"], entry["response"]["status"]

    @property
    def recorded(self) -> int:
        """How far the record of the traffic has come."""
        return self._part.stat().st_size

    @property
    def _part(self) -> Path:
        return self.har.with_name(f"{self.har.name}.part")

    def writes(self, after: int = 0) -> list[str]:
        """The requests that change something or try to; asking by POST whether one may, or whether a name is free, does not."""
        return [
            f"{method} {url}"
            for method, url, _status in self.exchanges(after)
            if method not in ("GET", "HEAD") and not url.lower().partition("?")[0].endswith(READING_POSTS)
        ]

    def made_twice(self) -> list[str]:
        """The vault, registry, storage account and environment of this setup whose making Azure accepted more than once."""
        records: list[str] = []
        for method, url, status in self.exchanges(about=f"rg-{self.name}-dev"):
            path, _, name = url.lower().partition("?")[0].rpartition("/")
            if method == "PUT" and status < 300 and f"{path}/".endswith(MADE_ONCE):
                records.append(f"{path}/{name}")
        return sorted({url for url in records if records.count(url) > 1})


def read_until(process: subprocess.Popen[str], step: str) -> None:
    """Read what an apply tells until it carries out that step."""
    assert process.stdout
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "step" and (event["step"], event["state"]) == (step, "running"):
            return
    raise AssertionError(f"{step} was not begun")
