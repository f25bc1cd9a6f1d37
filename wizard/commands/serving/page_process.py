"""The process behind one page: ``python -m wizard.commands.serving.page_process`` becomes a wizard, at a seat with a home of its own.

A seat's wizard gets of the environment only what a program needs to run: what the person who serves the seats signs in with,
keeps secret or works on is not in it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

KEPT = {
    *(
        "PATH",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TERM",
        "COLORTERM",
        "NO_COLOR",
        "COLUMNS",
        "ROWS",
        "TMPDIR",
        "TEMP",
        "TMP",
    ),
    *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY"),
}
KEPT_BEGINNINGS = ("LC_", "TEXTUAL", "TERM_PROGRAM", "PIP_")
"""pip's settings say where packages come from; without them a seat could install nothing where that is not the public index."""
COLOURS = "AZWIZARD_COLOURS"


def seat_environment(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """What a wizard at a seat finds in its environment. The home folder is the seat's too: the Azure CLI and git keep sign-ins there."""
    kept = {name: value for name, value in environment.items() if name.upper() in KEPT or name.upper().startswith(KEPT_BEGINNINGS)}
    return kept | {"AZWIZARD_HOME": str(home), "HOME": str(home), "USERPROFILE": str(home)}


def command_of(arguments: Sequence[str], *, folder: Path | None = None, home: Path | None = None, colours: str = "") -> list[str]:
    """The command line of a page's process.

    :param arguments: of azwizard.
    :param folder: where a seat works, with `home` for all that azwizard keeps.
    :param colours: ``dark``, ``light`` or ``high-contrast``; "" for what was chosen last.
    """
    options = [("--folder", folder), ("--home", home), ("--colours", colours)]
    return [
        *(sys.executable, "-m", "wizard.commands.serving.page_process"),
        *(word for name, value in options if value for word in (name, str(value))),
        *("--", *arguments),
    ]


def main() -> None:
    """Become the wizard that the command line asks for."""
    parser = argparse.ArgumentParser()
    for name in ("--folder", "--home", "--colours"):
        parser.add_argument(name, default="")
    parser.add_argument("arguments", nargs="*")
    page = parser.parse_args()
    environment = seat_environment(os.environ, Path(page.home)) if page.home else dict(os.environ)
    if page.colours:
        environment[COLOURS] = page.colours
    if page.folder:
        os.chdir(page.folder)
    command = [sys.executable, "-m", "wizard", *page.arguments]
    if sys.platform == "win32":  # exec there is a new process, of which textual-serve would know nothing
        sys.exit(subprocess.call(command, env=environment))
    os.execve(sys.executable, command, environment)  # noqa: S606


if __name__ == "__main__":
    main()
