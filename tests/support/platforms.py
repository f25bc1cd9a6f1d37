"""The table of docs/platforms.md: where every library that azwizard asks for has a wheel: ``python -m tests.support.platforms``.

Asks the package index with uv, which resolves for other computers than this one; needs a network and some minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).parents[2]
PLATFORMS = {
    "Linux x86_64 (glibc 2.28)": "x86_64-manylinux_2_28",
    "Linux aarch64 (glibc 2.28)": "aarch64-manylinux_2_28",
    "Alpine x86_64 (musl)": "x86_64-unknown-linux-musl",
    "Alpine aarch64 (musl)": "aarch64-unknown-linux-musl",
    "Windows x86_64": "x86_64-pc-windows-msvc",
    "Windows on Arm": "aarch64-pc-windows-msvc",
    "macOS 11 x86_64": "x86_64-apple-darwin",
    "macOS 11 arm64": "aarch64-apple-darwin",
}
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def resolved(uv: str, platform: str, version: str) -> str:
    """``yes``; with the older releases that are needed for it, where the newest ones have no wheel; or why there is none at all."""
    options = ["--only-binary", ":all:", "--python-platform", platform, "--python-version", version]
    command = [uv, "pip", "compile", *options, "--quiet", "--no-header", "--no-annotate", "pyproject.toml"]
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "11.0"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        return f"no: {ended.stderr.strip().splitlines()[-1]}"
    tested = dict(line.lower().split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line)
    chosen = dict(line.split("==") for line in ended.stdout.split() if "==" in line)
    older = [f"{name} {chosen[name]}" for name in chosen if name in tested and Version(chosen[name]) < Version(tested[name])]
    return f"yes, with {', '.join(older)}" if older else "yes"


def main() -> int:
    """Print the table."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is needed: https://docs.astral.sh/uv", file=sys.stderr)
        return 3
    print(f"| | {' | '.join(f'Python {version}' for version in VERSIONS)} |")
    print("|---|" + "---|" * len(VERSIONS))
    for name, platform in PLATFORMS.items():
        print(f"| {name} | {' | '.join(resolved(uv, platform, version) for version in VERSIONS)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
