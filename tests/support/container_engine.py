"""A container engine of the tests' own: ``python -m tests.support.container_engine run COMMAND...``.

Debian's dockerd as root, in a network namespace of its own with its own bridge, socket and data folder, so that no person's engine is
touched and nothing in a container reaches this machine or the internet; or Debian's Podman, with AZWIZARD_TEST_ENGINE=podman. Nothing
can be pulled, so ``python:3.11-slim`` is made of Debian's packages and of Python's own that the tests' Dockerfiles install. All of it
is kept below one folder for the next run.

COMMAND runs with DOCKER_HOST set. Where an engine cannot be had, it says why and exits with 0 without running COMMAND.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import bounded_runc
from tests.support.waiting import wait_until

FOLDER = Path(os.environ.get("AZWIZARD_TEST_ENGINE_FOLDER") or "/var/tmp/azwizard-test-engine")  # noqa: S108  made with mode 0700
NAMESPACE = "azwizard-test-engine"
NETWORK = "172.30.250.1/24"
BASE_IMAGE = "python:3.11-slim"
SUITE = "bookworm"  # its python3 is 3.11
TOOLS = {"dockerd": "docker.io", "debootstrap": "debootstrap", "ip": "iproute2", "iptables": "iptables", "nsenter": "util-linux"}
PACKAGES = ("python3", "python3-pip", "python3-venv", "ca-certificates")
WHEELS = ("flask", "gunicorn", "uv", "poetry", "poetry-core", "pipenv", "setuptools", "wheel")
PREPARING_SECONDS = 330  # to install, download and build what is needed
STARTING_SECONDS = 60
STARTS = 3  # dockerd gives its containerd 15 seconds, which a loaded machine may not have
SHELL_PROFILE = {
    "PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "PYTHON_VERSION": "3.11",
    "PIP_NO_INDEX": "1",
    "PIP_FIND_LINKS": "/wheels",
    "UV_OFFLINE": "1",
    "UV_FIND_LINKS": "/wheels",
    "UV_NO_INDEX": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}


class NoEngineHere(Exception):
    """Why no engine can be had here."""


class Preparation:
    """Runs the commands that make an engine, all within one limit of time."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def run(self, *command: str | Path) -> None:
        """Run one command; raises NoEngineHere when it fails or the time is over."""
        left = self._deadline - time.monotonic()
        log = FOLDER / "preparation.log"
        print("+", *command, flush=True)
        try:
            with log.open("ab") as output:
                subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=True, timeout=max(left, 0.1))
        except subprocess.TimeoutExpired:
            raise NoEngineHere(f"{command[0]} did not end in time") from None
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoEngineHere(f"{error}; its output is in {log}") from None


def prepare(kind: str) -> None:
    """Install Debian's engine and make the archive of the base image, unless they are there."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise NoEngineHere("it needs root on Linux")
    if shutil.which("apt-get") is None:
        raise NoEngineHere("it needs Debian's packages")
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    preparation = Preparation(PREPARING_SECONDS)
    tools = {**TOOLS, **({"podman": "podman"} if kind == "podman" else {})}
    if absent := sorted({package for tool, package in tools.items() if shutil.which(tool) is None}):
        preparation.run("apt-get", "update")
        preparation.run("apt-get", "install", "-y", "--no-install-recommends", *absent)
    if not (FOLDER / "base.tar").exists():
        _make_base(preparation)


def _make_base(preparation: Preparation) -> None:
    root, tools, wheels = FOLDER / "root", FOLDER / "tools", FOLDER / "wheels"
    shutil.rmtree(root, ignore_errors=True)
    preparation.run(sys.executable, "-m", "venv", tools)  # this Python may lie in an environment without pip
    preparation.run(tools / "bin" / "pip", "download", "-q", "-d", wheels, "--only-binary=:all:", *WHEELS)
    preparation.run("debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, root)
    for archive in (root / "var/cache/apt/archives").glob("*.deb"):
        archive.unlink()
    shutil.rmtree(root / "var/lib/apt/lists", ignore_errors=True)
    for marker in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        marker.unlink()  # in the real image, too, pip may write
    for name in ("python", "python3"):
        (root / "usr/local/bin" / name).symlink_to("/usr/bin/python3")
    shutil.copytree(wheels, root / "wheels")
    half_made = FOLDER / "base.tar.part"
    preparation.run("tar", "-C", root, "-cf", half_made, ".")
    half_made.rename(FOLDER / "base.tar")
    shutil.rmtree(root)


class OwnEngine:
    """Debian's dockerd in a network namespace of its own; it can be killed and started again."""

    address = f"unix://{FOLDER}/docker.sock"

    def start(self) -> None:
        """Start the daemon and wait until it answers. Raises NoEngineHere."""
        # nsenter, since "ip netns exec" mounts another /sys, in which dockerd finds no control groups
        command = ["nsenter", f"--net=/run/netns/{NAMESPACE}", *_daemon_command(self.address)]
        for left in reversed(range(STARTS)):
            with (FOLDER / "dockerd.log").open("ab") as log:
                self._daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                _wait_for(self._daemon, self.address, FOLDER / "dockerd.log")
                break
            except NoEngineHere:
                self.kill()
                if not left:
                    raise

    def kill(self) -> None:
        """End the daemon as a crash would, with its containerd: the next one would adopt that, and end once it notices its end."""
        self._daemon.kill()
        self._daemon.wait()
        of_containerd = FOLDER / "run/containerd/containerd.pid"
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(of_containerd.read_text()), signal.SIGKILL)
        for file in (of_containerd, FOLDER / "dockerd.pid"):  # other programs may have those ids by the next start
            file.unlink(missing_ok=True)

    def stop(self) -> None:
        """End the daemon, which ends its containers first."""
        self._daemon.send_signal(signal.SIGTERM)
        try:
            self._daemon.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def load_base(self, changes: list[str]) -> None:
        """Have the base image."""
        _run("docker", "--host", self.address, "import", *changes, f"{FOLDER}/base.tar", BASE_IMAGE)


class OwnPodman(OwnEngine):
    """Debian's Podman with its Docker-compatible API. Its containers have a network of their own, or none, as it makes them."""

    address = f"unix://{FOLDER}/podman.sock"

    def start(self) -> None:
        """Start the service and wait until it answers. Raises NoEngineHere."""
        runtime = FOLDER / "runc"
        runtime.write_text(f"#!{sys.executable}\n{Path(bounded_runc.__file__).read_text(encoding='utf-8')}", encoding="utf-8")
        runtime.chmod(0o755)
        with (FOLDER / "podman.log").open("ab") as log:
            command = [*self._podman(), "--runtime", str(runtime), "system", "service", "--time", "0", self.address]
            self._daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _wait_for(self._daemon, self.address, FOLDER / "podman.log")

    def load_base(self, changes: list[str]) -> None:
        """See `OwnEngine`."""
        _run(*self._podman(), "import", *changes, f"{FOLDER}/base.tar", f"docker.io/library/{BASE_IMAGE}")

    def _podman(self) -> list[str]:
        places = ["--root", f"{FOLDER}/podman", "--runroot", f"{FOLDER}/podman-run", "--tmpdir", f"{FOLDER}/podman-tmp"]
        return ["podman", *places, "--cgroup-manager", "cgroupfs"]


KINDS: dict[str, type[OwnEngine]] = {"docker": OwnEngine, "podman": OwnPodman}


@contextmanager
def engine(kind: str = "docker") -> Iterator[OwnEngine]:
    """A running engine of that kind that has the base image. Raises NoEngineHere."""
    prepare(kind)
    with _alone():
        yield from _started(KINDS[kind]())


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the folder: what two runs of the tests make in one engine, each takes for something left over. Raises NoEngineHere."""
    import fcntl  # which Windows lacks, where no engine is made

    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NoEngineHere("another run of the tests uses it") from None
        yield


def _started(own: OwnEngine) -> Iterator[OwnEngine]:
    _run("ip", "netns", "delete", NAMESPACE, check=False)
    _run("ip", "netns", "add", NAMESPACE)
    _run("ip", "-n", NAMESPACE, "link", "set", "lo", "up")
    for log in ("dockerd.log", "podman.log"):
        (FOLDER / log).write_bytes(b"")
    own.start()
    try:
        _load_base(own)
        yield own
    finally:
        own.stop()
        _run("ip", "netns", "delete", NAMESPACE, check=False)


def _daemon_command(address: str) -> list[str]:
    places = ["--data-root", f"{FOLDER}/data", "--exec-root", f"{FOLDER}/run", "--pidfile", f"{FOLDER}/dockerd.pid"]
    return ["dockerd", *places, "--host", address, "--bip", NETWORK, "--log-level", "warn"]


def _wait_for(daemon: subprocess.Popen[bytes], address: str, log: Path) -> None:
    def answers() -> bool:
        return _run("docker", "--host", address, "version", check=False).returncode == 0

    try:
        wait_until(lambda: answers() or daemon.poll() is not None, STARTING_SECONDS)
        started = daemon.poll() is None
    except AssertionError:
        started = False
    if not started:
        words = log.read_text(errors="replace").strip().splitlines()
        raise NoEngineHere(f"the engine did not start: {words[-1] if words else 'it said nothing'}")


def _load_base(own: OwnEngine) -> None:
    if _run("docker", "--host", own.address, "image", "inspect", BASE_IMAGE, check=False).returncode:
        changes = [f"ENV {name}={value}" for name, value in SHELL_PROFILE.items()] + ['CMD ["python3"]']
        own.load_base([word for change in changes for word in ("--change", change)])


def _run(*command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=check, timeout=120)
    except subprocess.CalledProcessError as error:
        raise NoEngineHere(f"{error}: {error.stderr.decode(errors='replace').strip()}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoEngineHere(str(error)) from None


def main(arguments: list[str]) -> int:
    if arguments[:1] != ["run"] or len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with engine(os.environ.get("AZWIZARD_TEST_ENGINE") or "docker") as own:
            print(json.dumps({"engine": own.address}), flush=True)
            return subprocess.run(arguments[1:], env={**os.environ, "DOCKER_HOST": own.address}, check=False).returncode
    except NoEngineHere as reason:
        print(f"skipped, no container engine can be had here: {reason}", flush=True)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
