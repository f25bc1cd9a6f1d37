"""What ``docker run --env-file`` makes of a file, held against the real client, which sends it to a daemon of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wizard.setup.docker_env import docker_values
from wizard.setup.env_values import remarks
from wizard.setup.secret_sources import read_env_file

TEXTS = (
    "A=1\n", 'A="x y" # r\n', "export A=1\n", "A = 1\n", "  A=1  \n", "#A=1\n", "=x\n", "A\n", "A=\n", "A=1\r\nB=2\r\n",
    "\ufeffA=1\n", "A=é\n", "A=x\u2028B=3\n", "A='1'\\n", "A b\n", "\tA=1\n", "A\t=1\n", "A=1\fB=2\n", "A=1\rB=2\n",
    "A=1\nA=2\n", "A=x=y\n\n # r\nB=$A\n",
)  # fmt: skip


class _Daemon(BaseHTTPRequestHandler):
    """Takes note of the environment that a container is to get, and makes none."""

    environments: list[list[str]]

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Api-Version", "1.45")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def do_HEAD(self) -> None:
        self._answer(200, b"{}")

    do_GET = do_HEAD

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "containers/create" in self.path:
            self.environments.append(json.loads(sent)["Env"] or [])
        self._answer(400, b'{"message": "nothing is run here"}')

    def log_message(self, format: str, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[list[str]]]:
    """What the daemon that Docker's client finds was sent."""
    if shutil.which("docker") is None:
        pytest.skip("Docker's client is not here")
    sent: list[list[str]] = []
    daemon = ThreadingHTTPServer(("127.0.0.1", 0), type("Daemon", (_Daemon,), {"environments": sent}))
    thread = threading.Thread(target=daemon.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{daemon.server_port}")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    yield sent
    daemon.shutdown()
    daemon.server_close()


def test_docker_reads_the_same(environments: list[list[str]], tmp_path: Path) -> None:
    for text in TEXTS:
        environments.clear()
        file = tmp_path / "given.env"
        file.write_bytes(text.encode())
        client = subprocess.run(
            ["docker", "run", "--env-file", file, "none"], capture_output=True, text=True, timeout=60, env=os.environ, check=False
        )
        if "podman" in client.stderr.lower():
            pytest.skip("docker is Podman here")
        theirs = dict(one.split("=", 1) for one in environments[0]) if environments else None
        assert docker_values(text) == theirs, (text, client.stderr)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('A="x y"\nB=1 # one\nC=2\n', "(A, B)"),
        ("export A=1\n", "refuses this file"),
        ("A=1\n# B\nC=x=y\n", ""),
    ],
)
def test_what_docker_reads_otherwise_is_said_once(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(text)
    sentences = [remark.sentence for remark in remarks(read_env_file(file)) if "docker run" in remark.sentence]
    assert [said in sentence for sentence in sentences] == ([True] if said else [])
