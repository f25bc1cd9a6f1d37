"""Starting and steering the practice cloud, a program of its own: ``python -m wizard.practice`` and its practice.json are the only tie."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wizard.cloud.errors.cloud_error import PracticeError
from wizard.cloud.transport.control_host import PracticeInfo, ask
from wizard.cloud.transport.practice_start import StartOptions, require_same
from wizard.platform.folders import HOME, home, private_file
from wizard.platform.language import _
from wizard.practice.runtime.child_process import lives, module_command, passed_on

START_SECONDS = 60.0
STOP_SECONDS = 120.0  # on a busy computer everything takes longer: nobody is told to end it before
STATUS_SECONDS = 20.0
CLOCK_CODES = (9, 10)
"""OpenSSL's codes for a certificate that is not valid yet, and for one that is not valid any more."""


def info_file() -> Path:
    """Where a running practice cloud describes itself."""
    return home() / "practice" / "practice.json"


def read() -> PracticeInfo | None:
    """What practice.json says, whether or not that practice cloud still lives; None when there is none, or none that can be read."""
    try:
        content = json.loads(info_file().read_text(encoding="utf-8"))
        return PracticeInfo(
            port=content["port"],
            ca_file=content["ca_file"],
            pid=content["pid"],
            speed=content["speed"],
            faults=tuple(content["faults"]),
            hosts=tuple(content["hosts"]),
            tenant_id=content["tenant_id"],
            subscription_id=content["subscription_id"],
            client_id=content["client_id"],
            client_secret=content["client_secret"],
            control_token=content["control_token"],
            doors=dict(content.get("doors") or {}),
            published=content,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def status() -> PracticeInfo | None:
    """The practice cloud that runs now, or None; a practice.json left behind by one that was killed does not count.

    :raises PracticeError: its process lives but does not answer.
    """
    info = read()
    if info is None:
        return None
    try:
        now = ask(info, "GET", "/status", seconds=STATUS_SECONDS)
    except TimeoutError:
        if lives(info.pid):
            raise PracticeError(
                _("The practice cloud (process {pid}) does not answer.").format(pid=info.pid), _("End that process.")
            ) from None
        return None
    except ssl.SSLCertVerificationError as error:
        if error.verify_code in CLOCK_CODES and lives(info.pid):
            raise PracticeError(
                _("The practice cloud (process {pid}) was started when this computer's clock said another time.").format(pid=info.pid),
                _("Set the clock right, or end that process and do the same again."),
            ) from None
        return None
    except (OSError, http.client.HTTPException, PracticeError):
        return None
    return replace(info, published={**info.published, **now})


def start(options: StartOptions | None = None) -> PracticeInfo:
    """Start a practice cloud, or give the one that runs.

    :raises PracticeError: one runs with other options; it did not come up, with what it said.
    """
    from filelock import FileLock

    options = options or StartOptions()
    lock = private_file(home() / "practice.lock")
    with FileLock(lock, mode=0o600):
        info = status()
        if info is not None:
            require_same(info, options)
            _tell_of_packages(info, options)
            return info
        info_file().unlink(missing_ok=True)
        return _launch(options)


def stop() -> bool:
    """Stop it and wait until it is gone, its HAR file complete. False when none ran."""
    info = status()
    if info is None:
        _sweep_engines()
        return False
    ask(info, "POST", "/stop")
    deadline = time.monotonic() + STOP_SECONDS
    while lives(info.pid):
        if time.monotonic() > deadline:
            raise PracticeError(
                _("The practice cloud (process {pid}) did not stop in time.").format(pid=info.pid), _("End that process yourself.")
            )
        time.sleep(0.05)
    return True


def reset() -> None:
    """Stop it when it runs, and remove all that it holds (resources, secrets, shares, apps) and the journals of runs on it."""
    stop()
    for folder in (home() / "practice", home() / "journal" / "practice"):
        if folder.exists():
            shutil.rmtree(folder)


def fault(names: Sequence[str] = (), *, clear: bool = False) -> dict[str, Any]:
    """Set faults (``throttle:0.2``) on the one that runs, after clearing all when `clear`. Gives what it answers."""
    return _tell("/fault", {"set": list(names), "clear": clear})


def account() -> str:
    """Whom the person practises as (fault ``account``); one is started when none runs. Raises PracticeError."""
    start()
    faults = [str(item) for item in fault()["faults"]]
    return next((line.removeprefix("account:") for line in faults if line.startswith("account:")), "owner")


def approve(code: str) -> dict[str, Any]:
    """Approve a device code that someone was shown, as the person on the other device would."""
    return _tell("/approve", {"code": code})


def push_image(registry: str, repository: str, tag: str, source: Path) -> str:
    """Put an image of a folder into a registry, as somebody else's push would; gives its digest. Raises PracticeError."""
    start()
    body = {"registry": registry, "repository": repository, "tags": [tag], "source": str(source.absolute())}
    return str(_tell("/image", body)["digest"])


def sign_in_word(info: PracticeInfo) -> str:
    """A one-time word with which one browser may sign in to it. Raises PracticeError."""
    return str(ask(info, "POST", "/sign-in-word")["word"])


def _tell(path: str, body: dict[str, Any]) -> dict[str, Any]:
    info = status()
    if info is None:
        raise PracticeError(_("The practice cloud is not running."), _("Start it: azwizard practice start"))
    return ask(info, "POST", path, body)


def _sweep_engines() -> None:
    """Remove what a practice cloud that was killed left in a container engine."""
    from wizard.containers.ledger import LEDGER, Ledger, practice_label

    folder = home() / "practice"
    if Ledger(folder / LEDGER).entries("engine"):
        from wizard.containers.discovery import sweep

        asyncio.run(sweep(practice_label(folder), Ledger(folder / LEDGER)))


def _tell_of_packages(info: PracticeInfo, options: StartOptions) -> None:
    """What of the options a running practice cloud takes over: where packages come from, and what may run unconfined."""
    body: dict[str, Any] = {"wheels": str(options.wheels.absolute())} if options.wheels else {}
    if options.unconfined:
        body["unconfined"] = True
    if body:
        ask(info, "POST", "/running", body)


def may_run_code() -> bool:
    """Whether the practice cloud keeps what it runs apart from this computer, or may run it although it does not."""
    try:
        state = _tell("/running", {})
    except PracticeError:  # none runs: whatever needs one says so
        return True
    return bool(state["confines"] or state["unconfined"])


def cannot_confine() -> PracticeError:
    """Why nothing runs on a computer that cannot keep it apart, in the person's words."""
    return PracticeError(
        _("The practice cloud would run your code, and its packages' code, and this computer cannot keep that apart from your files."),
        _("Use a container engine (Docker or Podman). For code that you trust: azwizard practice start --unconfined"),
    )


def allow_unconfined() -> None:
    """Let containers run although this computer cannot keep them apart, as the person just said. Raises PracticeError."""
    _tell("/running", {"unconfined": True})


def _launch(options: StartOptions) -> PracticeInfo:
    log = private_file(home() / "practice.log")
    places = ["--home", str(home() / "practice"), "--environments", str(home() / "python")]
    command = [*module_command("wizard.practice"), *places, *options.arguments()]
    environment = passed_on({**os.environ, HOME: str(home())})
    with log.open("wb") as stderr:
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr, **_detached()
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = child.poll()
        if ended is not None:
            raise _did_not_start(log, _("it ended with status {status}").format(status=ended))
        info = read()
        if info is not None and info.pid == child.pid and _listens(info.port):
            return info
        time.sleep(0.02)
    child.terminate()
    raise _did_not_start(log, _("it was not ready after {seconds} seconds").format(seconds=int(START_SECONDS)))


def _detached() -> dict[str, Any]:
    """So that it outlives this process and the terminal's Ctrl+C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _did_not_start(log: Path, why: str) -> PracticeError:
    words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    reason = words[-1] if words else _("it said nothing")
    if not words and shutil.disk_usage(log.parent).free == 0:
        reason = _("There is no room left where azwizard keeps its things: {folder}.").format(folder=log.parent)
    return PracticeError(
        _("The practice cloud did not start: {why}. {said}").format(why=why, said=reason),
        _("All that it said is in {file}.").format(file=log),
    )


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True
