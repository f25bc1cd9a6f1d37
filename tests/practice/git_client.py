"""Git as a person has it, let through to one practice cloud and nowhere else."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.end_to_end.support.tunnel import tunnel
from wizard.practice.access.tokens import DEVOPS

ADDRESS = "https://dev.azure.com/contoso/orders/_git/orders-api"


@dataclass
class GitClient:
    """Runs ``git`` in a folder, signed in as the practice account."""

    folder: Path
    ca_file: str
    settings: dict[str, str]

    async def __call__(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, which is good unless told otherwise."""
        pairs = list(self.settings.items())
        numbered = {
            f"GIT_CONFIG_{part}_{item}": pair[where] for item, pair in enumerate(pairs) for where, part in ((0, "KEY"), (1, "VALUE"))
        }
        environment = {
            **os.environ,
            "GIT_CONFIG_COUNT": str(len(pairs)),
            **numbered,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_SSL_CAINFO": self.ca_file,  # which the environment may have set, and which counts more than a setting
            "NO_PROXY": "",
            "no_proxy": "",
        }
        done = await asyncio.to_thread(
            subprocess.run, ["git", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert not check or done.returncode == 0, done.stderr
        return done


@asynccontextmanager
async def git_client(practice: Practice, folder: Path) -> AsyncIterator[GitClient]:
    """Git in `folder`; the test is skipped where there is no Git."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    with tunnel(practice.server.port) as proxy:
        yield GitClient(
            folder,
            str(practice.server.options.home / "ca.pem"),
            {
                "http.proxy": proxy.url,
                "http.https://dev.azure.com/.extraHeader": f"Authorization: Bearer {await practice.token(DEVOPS)}",
                "user.name": "Ada",
                "user.email": "ada@example.com",
                "init.defaultBranch": "main",
                "safe.directory": "*",
                "core.fileMode": "true",
            },
        )
