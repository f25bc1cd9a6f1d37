"""Starting a module of azwizard as a program of its own: with nothing that its user, or another program, put in the way, and no secret."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_SECRET = "AZWIZARD_SECRET_"  # noqa: S105 - how variables with secret values begin
_PASSED_ON = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|AZWIZARD_(?:HOME|LOG)|LC_\w+|XDG_\w+|PIP_\w+|UV_\w+|"
    r"DOCKER_\w+|CONTAINER_\w+|PODMAN_\w+|SSL_CERT_(?:FILE|DIR)|NIX_SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|"
    r"(?i:https?_proxy|all_proxy|no_proxy)|"
    r"(?i:SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMDATA|PROGRAMFILES|HOMEDRIVE|HOMEPATH)"
)


def module_command(module: str) -> list[str]:
    """The command that runs a module of azwizard, whatever the current folder holds and whatever PYTHONPATH says.

    Isolated (``-I``), so that nothing has to be put on PYTHONPATH, which a child of it would take over too.
    """
    root = str(Path(__file__).parents[3])
    start = f"import runpy, sys; sys.path.insert(0, {root!r}); runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    return [sys.executable, "-I", "-c", start]


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a program of azwizard's own needs of `environment`: places, networks, languages, package indexes, engines.

    None that holds the value of a secret, whatever its name.
    """
    secrets = {value for name, value in environment.items() if name.startswith(_SECRET) and value}
    return {name: value for name, value in environment.items() if _PASSED_ON.fullmatch(name) and value not in secrets}


def lives(pid: int) -> bool:
    """Whether that process has not ended yet."""
    if sys.platform == "win32":
        import ctypes

        synchronize, not_signalled = 0x00100000, 0x00000102
        process = ctypes.windll.kernel32.OpenProcess(synchronize, False, pid)
        waited = ctypes.windll.kernel32.WaitForSingleObject(process, 0) if process else 0
        ctypes.windll.kernel32.CloseHandle(process)
        return bool(waited == not_signalled)
    try:
        ended, _status = os.waitpid(pid, os.WNOHANG)  # one that this process started stays until it is waited for
        if ended == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _is_awaited(pid)


def _is_awaited(pid: int) -> bool:
    """Whether it has ended and only stays in the table of processes: in a container nobody may ever wait for it (proc_pid_stat(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:  # gone by now, or no Linux
        return False
