"""What the command line loads for its shortest answers, and how it ends: counted, never timed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"aiohttp", "asyncio", "azure", "concurrent", "cryptography", "difflib", "msal", "msgspec", "socket", "ssl", "textual", "tomlkit"}
LOADED = "import sys; sys.argv[0] = 'azwizard'\nimport atexit\nfrom wizard.__main__ import main\n"
TELLING = LOADED + "atexit.register(lambda: sys.stderr.write(' '.join(sorted({name.partition('.')[0] for name in sys.modules}))))\nmain()\n"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["apply", "--help"], ["completion", "bash"]])
def test_the_shortest_answers_load_no_network_no_sdk_and_no_screen(arguments: list[str]) -> None:
    ended = subprocess.run([sys.executable, "-c", TELLING, *arguments], capture_output=True, text=True)
    assert ended.returncode == 0 and ended.stdout
    assert not HEAVY & set(ended.stderr.split())


def test_the_process_ends_with_its_status_before_python_takes_anything_down() -> None:
    lasting = "class Lasting:\n    def __del__(self):\n        sys.stderr.write('taken down')\nsys.lasting = Lasting()\n"
    ended = subprocess.run([sys.executable, "-c", f"{LOADED}{lasting}main()\n", "no-such-command"], capture_output=True, text=True)
    assert ended.returncode == 2 and "no-such-command" in ended.stderr
    assert "taken down" not in ended.stderr
