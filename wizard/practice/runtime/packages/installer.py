"""Installs a bundle of requirements into an environment, with uv where this machine has it and with pip otherwise.

Wheels are only unpacked, so an installation of wheels runs nothing of the project: it uses this machine's own settings, network and
cache. What has to be built runs code of strangers: that happens in a container of its own, which sees the requirements, the new
environment and Python, has none of this machine's variables, and whose only way out leads to the package index. The cache of wheels
stays out of its reach, or one project could leave another something bad.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from wizard.practice.runtime.confined_container import OUTLET_PORT
from wizard.practice.runtime.launch import Launch, StartFailed
from wizard.practice.runtime.packages.index import (
    IndexSettings,
    bare_environment,
    certificate_paths,
    index_settings,
    pip_program,
    uv_program,
)
from wizard.practice.runtime.packages.installing import ImageBase, InstallFailed, failure
from wizard.practice.runtime.packages.proxy import PackageProxy
from wizard.practice.runtime.packages.requirement_bundle import Bundle
from wizard.practice.runtime.running_container import can_confine, start_supervised

INSIDE = "/azwizard-install"  # the working folder of a confined installation
NO_INSTALLER = (
    "ERROR: there is neither uv nor pip for this Python. Install uv (https://docs.astral.sh/uv), or your system's package for Python's "
    "venv module (Debian, Ubuntu: python3-venv)."
)
MAY_NOT_BUILD = (
    "ERROR: a package of these requirements has to be built, which runs code of it, and this computer cannot keep that apart from your "
    "files. Use a container engine (Docker or Podman), or, for code that you trust, azwizard practice start --unconfined"
)
Say = Callable[[str], None]


class PackageInstaller:
    """Installs bundles.

    :param folder: where pip is unpacked, if need be.
    :param wheels: a folder of wheels that is all there is to install from; None for the package index.
    :param unconfined: whether to build packages also where this machine allows no confinement.
    """

    def __init__(self, folder: Path, *, wheels: Path | None = None, unconfined: bool = False) -> None:
        self._folder = folder
        self._wheels = wheels
        self._unconfined = unconfined

    async def install(self, bundle: Bundle, environment: Path, python: Path, base: ImageBase, say: Say) -> bool:
        """Install into `environment`, whose interpreter is `python`; whether wheels were enough, so that nothing of strangers has run.

        :raises InstallFailed: with what pip or uv said.
        """
        settings = await asyncio.to_thread(self._settings)
        if bundle.may_be_wheels:
            output, status = await self._unpack_wheels(bundle, python, settings, say)
            if status == 0:
                return True
            failed = failure(output, base, wheels_only=self._wheels is not None)
            if not failed.stops_azure and self._wheels is None:
                raise failed
        confined = await asyncio.to_thread(can_confine)
        if not confined and not self._unconfined:
            raise InstallFailed(MAY_NOT_BUILD, stops_azure=False)
        build = self._build_confined if confined else self._build_plainly
        output, status = await build(bundle, environment, python, settings, say)
        if status != 0:
            raise failure(output, base, wheels_only=self._wheels is not None)
        return False

    def _settings(self) -> IndexSettings:
        if self._wheels is not None:
            return IndexSettings({"no-index": "1", "find-links": str(self._wheels)})
        return index_settings(bare_environment(os.environ), pip_program(self._folder))

    async def _unpack_wheels(self, bundle: Bundle, python: Path, settings: IndexSettings, say: Say) -> tuple[str, int]:
        variables = bare_environment(os.environ)
        if self._wheels is not None:
            variables = {name: value for name, value in variables.items() if not name.startswith(("PIP_", "UV_"))}
            variables |= {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", **settings.for_pip()}
        command = self._command(bundle, python, bundle.folder, settings, ["--only-binary", ":all:"])
        return await _run(command, variables, bundle.folder, say)

    async def _build_plainly(self, bundle: Bundle, _environment: Path, python: Path, settings: IndexSettings, say: Say) -> tuple[str, int]:
        """Where the person allowed it: without confinement, and with nothing of this machine's variables all the same."""
        with tempfile.TemporaryDirectory(prefix="azw-", ignore_cleanup_errors=True) as work:
            folder = Path(work, "install")
            shutil.copytree(bundle.folder, folder)
            variables = self._variables(python, folder, settings)
            proxies = {name: value for name, value in os.environ.items() if re.fullmatch(r"(?i)(https?|all|no)_proxy", name)}
            system = {name: os.environ[name] for name in ("SYSTEMROOT", "COMSPEC", "PATHEXT", "PATH") if name in os.environ}
            return await _run(self._command(bundle, python, folder, settings, []), {**variables, **system, **proxies}, folder, say)

    async def _build_confined(self, bundle: Bundle, environment: Path, python: Path, settings: IndexSettings, say: Say) -> tuple[str, int]:
        work = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=environment.parent, prefix="installing-"))
        sockets = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="azw-")) / "out"
        inside = work / "tree" / INSIDE.lstrip("/")
        try:
            sockets.mkdir()
            (work / "root").mkdir()
            await asyncio.to_thread(shutil.copytree, bundle.folder, inside)
            for name in ("home", "tmp"):
                (inside / name).mkdir()
            proxy = PackageProxy([*settings.hosts(), *await _named_hosts(bundle)], os.environ)
            async with proxy.serving(sockets / "index"):
                launch = self._launch(bundle, work, sockets, environment, python, settings)
                output, status = await _run_confined(launch, work, say)
            if status != 0 and proxy.refused:
                output += (
                    "\nazwizard: while it was installed it asked for "
                    + ", ".join(dict.fromkeys(proxy.refused))
                    + ", which is no package index"
                )
            return output, status
        finally:
            await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)
            await asyncio.to_thread(shutil.rmtree, sockets.parent, ignore_errors=True)

    def _launch(self, bundle: Bundle, work: Path, sockets: Path, environment: Path, python: Path, settings: IndexSettings) -> Launch:
        way_out = f"http://127.0.0.1:{OUTLET_PORT}"
        variables = self._variables(python, Path(INSIDE), settings)
        variables |= dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), way_out)
        pip, uv = pip_program(self._folder), uv_program()
        programs = [str(pip.parent)] if pip else []
        programs += [uv, os.path.realpath(uv)] if uv else []
        return Launch(
            confined=True,
            argv=self._command(bundle, python, Path(INSIDE), settings, []),
            env=variables,
            cwd=INSIDE,
            folder=str(work),
            sockets=str(sockets),
            hostname="install",
            mounts=[{"source": str(environment), "target": str(environment), "read_only": False}],
            visible=[sys.base_prefix, sys.base_exec_prefix, *programs, *settings.paths(), *certificate_paths(os.environ)],
            outlet=str(sockets / "index"),
        )

    def _variables(self, python: Path, folder: Path, settings: IndexSettings) -> dict[str, str]:
        """All that code of a package finds of this machine: paths, the package index, certificates."""
        certificates = {name: os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ}
        return {
            "PATH": os.pathsep.join([str(python.parent), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp") if (folder / "tmp").is_dir() or str(folder) == INSIDE else tempfile.gettempdir(),
            "LANG": "C.UTF-8",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_CACHE_DIR": "1",
            "UV_NO_CONFIG": "1",
            "UV_NO_CACHE": "1",
            **settings.for_pip(),
            **certificates,
        }

    def _command(self, bundle: Bundle, python: Path, folder: Path, settings: IndexSettings, more: list[str]) -> list[str]:
        """The command line that installs the bundle in `folder`."""
        files = ["-r", str(folder / "requirements.txt")]
        files += ["-c", str(folder / "constraints.txt")] if bundle.lines.constraints else []
        if uv := uv_program():
            return [
                uv,
                "pip",
                "install",
                "--python",
                str(python),
                "--color",
                "never",
                "--link-mode",
                "copy",
                *settings.for_uv(),
                *more,
                *files,
            ]
        pip = pip_program(self._folder)
        if pip is None:
            raise InstallFailed(NO_INSTALLER, stops_azure=False)
        quiet = ["--disable-pip-version-check", "--no-input", "--no-color"]
        return [str(python), "-I", str(pip), *quiet, "install", "--retries", "2", "--progress-bar", "off", "--no-user", *more, *files]


async def _named_hosts(bundle: Bundle) -> list[tuple[str, int]]:
    """The hosts that the requirements name by address (``git+https://...``, ``--index-url``), as far as they lie on the internet."""
    text = "\n".join([*bundle.lines.requirements, *bundle.lines.options])
    hosts: list[tuple[str, int]] = []
    for url in re.findall(r"https://[^\s'\"]+", text):
        host = urlsplit(url).hostname or ""
        with contextlib.suppress(OSError, ValueError):
            addresses = await asyncio.get_running_loop().getaddrinfo(host, 443)
            if addresses and all(ipaddress.ip_address(entry[4][0]).is_global for entry in addresses):
                hosts.append((host, 443))
    return hosts


async def _run(command: list[str], variables: dict[str, str], folder: Path, say: Say) -> tuple[str, int]:
    """Run a command and pass on its lines; all of them, and its exit status. Cancelled, it ends with all that it started."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=variables,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        async for line in process.stdout:
            lines.append(line.decode(errors="replace").rstrip())
            say(lines[-1])
        status = await process.wait()
    except BaseException:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()
        await process.wait()
        raise
    return "\n".join(lines), status


async def _run_confined(launch: Launch, work: Path, say: Say) -> tuple[str, int]:
    lines: list[str] = []

    def note(line: str) -> None:
        lines.append(line)
        say(line)

    try:
        container = await start_supervised(launch, work, note)
    except StartFailed as failed:
        raise InstallFailed(f"ERROR: {failed}", stops_azure=False) from failed
    try:
        status = await asyncio.shield(container.exited)
    finally:
        await container.stop(0)
    return "\n".join(lines), status
