# ruff: noqa: E501 - a table of code reads best with each case on a line
"""Where a start listens, held against really started processes: the sockets that the kernel says they listen on."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project
from wizard.source.starting.listening import Listening

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sockets of a process are read from /proc")

LOOKED_EVERY = 0.1  # seconds
LONGEST = 40.0  # seconds until a server listens
LISTEN = "0A"  # the state of a socket in /proc/net/tcp
SERVERS = {
    "gunicorn": ("gunicorn -b 127.0.0.1:{port} app:app", {}),
    "gunicorn, many words": ("gunicorn --workers=1 --bind=127.0.0.1:{port} --access-logfile - app:app", {}),
    "gunicorn, a file": (
        "gunicorn app:app",
        {"gunicorn.conf.py": "import os\nbind = f\"127.0.0.1:{{os.environ.get('NO_SUCH', '{port}')}}\"\n"},
    ),
    "gunicorn, a file that chooses": (
        "gunicorn -c conf/g.py app:app",
        {"conf/g.py": "import os\nif os.getenv('NO_SUCH'):\n    bind = '127.0.0.1:1'\nelse:\n    bind = '127.0.0.1:%d' % {port}\n"},
    ),
    "gunicorn, a class": (
        "python serve.py",
        {
            "serve.py": "from gunicorn.app.base import BaseApplication\nfrom app import app\nclass Server(BaseApplication):\n"
            "    def load_config(self):\n        self.cfg.set('bind', OPTIONS['bind'])\n    def load(self):\n        return app\n"
            "OPTIONS = {{'bind': '127.0.0.1:{port}'}}\nif __name__ == '__main__':\n    Server().run()\n"
        },
    ),
    "flask": ("flask --app app run --port {port}", {}),
    "flask, its file": ("python -m flask run", {".flaskenv": "FLASK_APP=app\nFLASK_RUN_PORT={port}\n"}),
    "Flask in Python": ("python main.py", {"main.py": "from app import app\nif __name__ == '__main__':\n    app.run(port={port})\n"}),
    "argparse": (
        "python main.py --port {port}",
        {
            "main.py": "import argparse\nfrom app import app\nif __name__ == '__main__':\n    parser = argparse.ArgumentParser()\n"
            "    parser.add_argument('--port', type=int, default=1)\n    args = parser.parse_args()\n    app.run(host='127.0.0.1', port=args.port)\n"
        },
    ),
    "wsgiref": (
        "python main.py",
        {
            "main.py": "from wsgiref.simple_server import make_server\nfrom app import app\nmake_server('127.0.0.1', {port}, app).serve_forever()\n"
        },
    ),
    "the standard library": (
        "python main.py",
        {
            "main.py": "from http.server import HTTPServer, BaseHTTPRequestHandler\nADDRESS = ('127.0.0.1', {port})\n"
            "HTTPServer(ADDRESS, BaseHTTPRequestHandler).serve_forever()\n"
        },
    ),
    "another process": (
        "python main.py",
        {"main.py": "import subprocess\nsubprocess.run(['gunicorn', '-b', '127.0.0.1:{port}', 'app:app'], check=True)\n"},
    ),
}
FORMS = {
    "a line": ("CMD {line}", {}),
    "exec": ("CMD exec {line}", {}),
    "a shell": ('CMD ["sh", "-c", "echo begin && exec {line}"]', {}),
    "a script": ('CMD ["sh", "start.sh"]', {"start.sh": "#!/bin/sh\nset -e\necho begin > /dev/null 2>&1\nexec {line}\n"}),
    "a script that waits": ('CMD ["sh", "start.sh"]', {"start.sh": "{line} &\nwait\n"}),
    "make": ('CMD ["make", "serve"]', {"Makefile": "serve:\n\t@{line}\n"}),
}
ALL = list(itertools.product(SERVERS, FORMS))


def listening_of(group: int) -> set[tuple[str, int]]:
    """The addresses that the processes of a group listen on."""
    inodes = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                inodes |= {name[8:-1] for item in (folder / "fd").iterdir() if (name := str(item.readlink())).startswith("socket:[")}
        except OSError:
            continue
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    places = [row[1].split(":") for row in rows if row[3] == LISTEN and row[9] in inodes]
    return {(socket.inet_ntoa(bytes.fromhex(host)[::-1]), int(port, 16)) for host, port in places}


def first_places(process: subprocess.Popen[bytes]) -> set[tuple[str, int]]:
    """The same as soon as there is one; none where the process ends before."""
    for _attempt in range(int(LONGEST / LOOKED_EVERY)):
        if places := listening_of(process.pid):
            return places
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOKED_EVERY)
            break
    return set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def held(folder: Path, server: str, form: str) -> None:
    """What we read is where it listens."""
    port = free_port()
    line, files = SERVERS[server]
    start, more = FORMS[form]
    line = line.format(port=port)
    written: dict[str, str | bytes | None] = {"app.py": APP, **{name: text.format(port=port) for name, text in files.items()}}
    written |= {name: text.format(line=line) for name, text in more.items()}
    project = persons_project(folder, written).start_with(start.format(line=line))
    reading = project.facts().start.listening
    words = project.facts().docker.command
    command = list(words) if start.startswith("CMD [") else ["sh", "-c", " ".join(words)]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    process = subprocess.Popen(
        command, cwd=folder, env={"PATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        places = first_places(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert places == {("127.0.0.1", port)}
    assert reading == Listening("127.0.0.1", port)


@pytest.mark.parametrize(("server", "form"), ALL[::17])
def test_a_start_listens_where_it_is_read_to(tmp_path: Path, server: str, form: str) -> None:
    held(tmp_path / "shop", server, form)


@pytest.mark.nightly
@pytest.mark.parametrize(("server", "form"), ALL)
def test_every_start_listens_where_it_is_read_to(tmp_path: Path, server: str, form: str) -> None:
    held(tmp_path / "shop", server, form)
