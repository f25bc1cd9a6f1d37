"""What a container cannot do, whoever starts it: an ordinary user, and root in a dev container, in CI or in WSL."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from wizard.practice.runtime.launch import Launch
from wizard.practice.runtime.running_container import can_confine

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux") or not can_confine(), reason="this machine confines no container")

# As another user the interpreter itself may be out of reach, so it becomes that user once it has read what it needs.
START = """
import ctypes, os, sys
from wizard.practice.runtime import confined_container, namespaces, supervisor
if sys.argv[1] == "without user namespaces":
    namespaces._CLONE_NEWUSER = 1  # which no kernel makes
elif sys.argv[1] == "as nobody":
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, which a program started by that user would be
sys.argv = sys.argv[:1]
supervisor.main()
"""
MARK = "attempt "


@pytest.fixture(params=["as it is", "as nobody", "without user namespaces"])
def folder(request: pytest.FixtureRequest) -> Iterator[tuple[Path, str]]:
    """A replica's folder, and how it is started."""
    if request.param != "as it is" and os.geteuid() != 0:
        pytest.skip("only root can become another user, or do without user namespaces")
    place = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())  # not below a closed folder
    for name in ("root", "tree", "sockets", "share"):
        (place / name).mkdir()
    hand_over(place, request.param)
    yield place, request.param
    shutil.rmtree(place)


def hand_over(place: Path, how: str) -> None:
    """Let all in a folder belong to who starts the container."""
    if how == "as nobody":
        for path in (place, *place.rglob("*")):
            os.chown(path, 65534, 65534, follow_symlinks=False)


def run(folder: tuple[Path, str], script: str, **more: object) -> dict[str, str]:
    """What each ``attempt NAME COMMAND`` of a shell script in a container said: its output, or "refused"."""
    place, how = folder
    text = f'if out=$("$@" 2>/dev/null); then echo "{MARK}$name=$out"; else echo "{MARK}$name=refused"; fi'
    argv = ["/bin/sh", "-c", f"attempt() {{ name=$1; shift; {text}; }}\n{script}"]
    path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    launch = Launch(True, argv, path, "/", str(place), str(place / "sockets"), "test")
    for name, value in more.items():
        setattr(launch, name, value)
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, "-P", "-c", START, how],
        stdin=subprocess.PIPE,
        stdout=(place / "reports").open("w"),
        stderr=(place / "console").open("w"),
        env={**os.environ, "PYTHONPATH": root},
    ) as started:
        assert started.stdin is not None
        started.stdin.write(json.dumps(asdict(launch)).encode() + b"\n")
        started.stdin.flush()  # its end would end the container
        started.wait(60)
    reports, console = ((place / name).read_text() for name in ("reports", "console"))
    assert '"started"' in reports, reports + console
    lines = [line.removeprefix(MARK) for line in console.splitlines() if line.startswith(MARK)]
    return dict(line.partition("=")[::2] for line in lines)


def test_a_container_has_no_privilege_and_gets_none(folder: tuple[Path, str]) -> None:
    result = run(
        folder,
        """
        while read name value; do case $name in Cap*|NoNew*|Seccomp:) echo "attempt $name=$value";; esac; done < /proc/self/status
        attempt mount mount -t tmpfs none /mnt
        attempt bind mount --bind /usr /tmp
        attempt chroot chroot / true
        attempt namespace unshare --user true
        attempt hostname hostname other
        attempt owner chown 1 /tmp
        """,
    )
    for name in ("CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"):
        assert int(result.pop(name), 16) == 0, name
    assert result.pop("NoNewPrivs:") == "1"
    assert result.pop("Seccomp:") == "2"
    result.pop("Seccomp_filters:", None)
    assert set(result.values()) == {"refused"}


def test_a_container_sees_neither_this_machines_files_nor_those_of_practice(folder: tuple[Path, str], tmp_path: Path) -> None:
    place, _how = folder
    canary = place / "canary"
    canary.write_text("secret")
    result = run(
        folder,
        f"""
        attempt beside cat {canary}
        attempt home ls {Path.home()}/.bashrc
        attempt shadow cat /etc/shadow
        attempt project ls {Path(__file__).parent}
        attempt run ls /run/systemd /run/docker.sock
        attempt old_root cat /proc/1/root{canary}
        attempt kernel sh -c 'echo 1 > /proc/sys/kernel/panic'
        attempt sysrq sh -c 'echo h > /proc/sysrq-trigger'
        attempt usr touch /usr/made
        attempt etc sh -c 'echo x >> /etc/passwd'
        attempt processes sh -c 'ls -d /proc/[0-9]* | wc -l'
        attempt climb sh -c 'cd /../../.. && ls -d home usr'
        """,
    )
    assert int(result.pop("processes")) < 10
    assert result.pop("climb") == "home"
    assert {name: said for name, said in result.items() if said != "refused"} == {}


def test_no_link_in_the_image_leads_a_mount_or_a_file_out_of_it(folder: tuple[Path, str]) -> None:
    place, how = folder
    outside = place / "outside"
    outside.mkdir()
    (place / "tree" / "data").symlink_to(outside)
    (place / "tree" / "etc").mkdir()
    (place / "tree" / "etc" / "hosts").write_text("own")
    hand_over(place, how)
    share = {"source": str(place / "share"), "target": "/data/deeper", "read_only": False}
    result = run(
        folder, "attempt hosts cat /etc/hosts\nattempt write sh -c 'echo x > /data/deeper/file && cat /data/deeper/file'", mounts=[share]
    )
    assert result == {"hosts": "own", "write": "x"}
    assert (place / "share" / "file").read_text() == "x\n"
    assert list(outside.iterdir()) == []


def test_sockets_are_of_families_that_end_at_the_containers_network_only() -> None:
    script = """
import ctypes, errno, socket
from wizard.practice.runtime import system_calls

def opens(family: int) -> bool:
    try:
        socket.socket(family, socket.SOCK_DGRAM).close()
    except OSError as error:
        return error.errno != errno.EAFNOSUPPORT
    return True

libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
assert system_calls.deny(libc)
print([family for family in range(64) if opens(family)])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=40)
    assert set(json.loads(done.stdout)) <= {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}


def test_an_ordinary_program_works(folder: tuple[Path, str]) -> None:
    result = run(
        folder,
        """
        attempt pipe sh -c 'echo a | cat'
        attempt write sh -c 'mkdir -p /tmp/x && echo a > /tmp/x/y && cat /tmp/x/y'
        attempt device sh -c 'head -c 4 /dev/urandom | wc -c'
        attempt children sh -c '(sleep 0 & wait) && echo done'
        """,
    )
    assert result == {"pipe": "a", "write": "a", "device": "4", "children": "done"}
