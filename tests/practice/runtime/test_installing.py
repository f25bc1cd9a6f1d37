"""What a failed installation means: for the build in Azure too, or for practice alone; and the line that says it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from wizard.practice.runtime.packages.installing import ImageBase, failure
from wizard.practice.runtime.packages.proxy import PackageProxy

SLIM, WHOLE = ImageBase(f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"), ImageBase("python:3.12")
NOWHERE = "ERROR: Could not find a version that satisfies the requirement nowhere==1 (from versions: none)\n"
NOWHERE += "ERROR: No matching distribution found for nowhere==1"
NO_NETWORK = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...: Failed to establish a new connection')\n"
    + NOWHERE
)
NO_PG_CONFIG = """
  error: subprocess-exited-with-error
      Error: pg_config executable not found.
      note: This error originates from a subprocess
error: metadata-generation-failed
hint: See above for details.
"""
OTHER_PYTHON = "ERROR: Ignored the following versions that require a different python version: 2.2 Requires-Python >=3.99\n" + NOWHERE
LOCKED = "The conflict is caused by:\n    The user requested nowhere==6.1\n    The user requested (constraint) nowhere==6.1\n\n"
LOCKED += "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io\n"
UV = "  × No solution found when resolving dependencies:\n  ╰─▶ Because nowhere was not found in the package registry and you require it\n"
OLD_BUILD = """
      NameError: name 'CCompiler' is not defined. Did you mean: 'ccompiler'?
error: metadata-generation-failed
"""
OLD_PIN = "ERROR: Could not find a version that satisfies the requirement nowhere==2.3.0 (from versions: 2.12.0, 2.13.1)\n"
OLD_PIN += "ERROR: No matching distribution found for nowhere==2.3.0\n"
CONDA = "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: '/croot/numpy_1/src'\n"


@pytest.mark.parametrize(
    ("output", "base", "stops_azure", "line"),
    [
        (LOCKED, ImageBase("python:3.99-slim"), False, "ResolutionImpossible"),
        (LOCKED, SLIM, True, "ResolutionImpossible"),
        (LOCKED.replace("(constraint) nowhere==6.1", "nowhere==6.2"), ImageBase("python:3.99-slim"), True, "ResolutionImpossible"),
        (NOWHERE, SLIM, True, "No matching distribution found for nowhere==1"),
        (NO_NETWORK, SLIM, False, "No matching distribution found"),
        (NO_PG_CONFIG, SLIM, sys.platform.startswith("linux"), "Error: pg_config executable not found."),
        (NO_PG_CONFIG, WHOLE, False, "pg_config"),
        (NO_PG_CONFIG, ImageBase("python:3.12-slim", system_packages=True), False, "pg_config"),
        (OTHER_PYTHON, SLIM, True, "No matching distribution"),
        (OTHER_PYTHON, ImageBase("python:3.99-slim"), False, "No matching distribution"),
        (OLD_BUILD, ImageBase("python:3.99-slim"), False, "NameError"),
        (OLD_BUILD, SLIM, True, "NameError"),
        (OLD_PIN, ImageBase("python:3.99-slim"), False, "No matching distribution"),
        (OLD_PIN, SLIM, True, "No matching distribution"),
        (OLD_PIN.replace("==2.3.0", "==99"), ImageBase("python:3.99-slim"), True, "No matching distribution"),
        (UV, SLIM, True, "nowhere was not found in the package registry"),
        (CONDA, SLIM, True, "No such file or directory: '/croot/numpy_1/src'"),
    ],
)
def test_a_failure_says_whether_azure_would_fail_too(output: str, base: ImageBase, stops_azure: bool, line: str) -> None:
    failed = failure(output, base, wheels_only=False)
    assert failed.stops_azure is stops_azure
    assert line in failed.line


async def test_the_way_out_leads_to_the_package_index_and_to_nothing_else(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + head.split(b"\r\n")[0])
        await writer.drain()
        writer.close()

    index = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = index.sockets[0].getsockname()[1]
    proxy = PackageProxy([("127.0.0.1", port)], {})

    async def asked(text: str) -> str:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "out")
        writer.write(text.encode())
        words = await reader.read()
        writer.close()
        return words.decode()

    async with index, proxy.serving(tmp_path / "out"):
        assert "GET /simple/ HTTP/1.1" in await asked(f"GET http://127.0.0.1:{port}/simple/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert "200" in await asked(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        assert "403" in await asked("CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n")
        assert "403" in await asked(f"GET http://127.0.0.1:{port + 1}/ HTTP/1.1\r\n\r\n")
    assert proxy.refused == ["169.254.169.254:80", f"127.0.0.1:{port + 1}"]
