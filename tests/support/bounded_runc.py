"""runc for Podman where not even root may raise limits: without those that Podman asks for (a million open files)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Take the limits out of the bundle that is about to be run, then become runc."""
    for option, value in zip(arguments, [*arguments[1:], ""], strict=True):
        bundle = value if option in ("--bundle", "-b") else option.removeprefix("--bundle=") if option.startswith("--bundle=") else ""
        if bundle:
            file = Path(bundle) / "config.json"
            specification = json.loads(file.read_bytes())
            specification["process"].pop("rlimits", None)
            file.write_text(json.dumps(specification), encoding="utf-8")
    os.execvp("runc", ["runc", *arguments])  # noqa: S606  the runtime that Podman would have run


if __name__ == "__main__":
    main(sys.argv[1:])
