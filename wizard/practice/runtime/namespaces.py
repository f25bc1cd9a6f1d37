"""A container's surroundings on Linux: namespaces of its own, a root of its own, and no privilege, whoever starts it.

What a container may do is the same for every user of this machine, root too: it sees its own files, the shares, and read-only what a
program needs of this machine; it has no capability, can get none, and may not make the system calls that reach beyond a program.

Used by ``wizard.practice.runtime.supervisor`` only, in a process of its own; ctypes because Python has no mount(2) and, before 3.12,
no unshare(2).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import socket
import struct
from pathlib import Path
from typing import Any

from wizard.practice.kernel.rooted import inside
from wizard.practice.runtime import system_calls

ADDRESS = "100.100.0.4"  # of the replica; loopback stays apart, so that a server bound to 127.0.0.1 is out of reach as in Azure

# What a program of this machine needs of this machine; everything else of it (homes, other projects) is out of sight.
MACHINE = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix", "/gnu")
SETTINGS = (
    *("alternatives", "ca-certificates", "fonts", "group", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "magic"),
    *("mime.types", "nsswitch.conf", "passwd", "pki", "protocols", "services", "ssl", "timezone"),
)
DEVICES = ("full", "null", "random", "tty", "urandom", "zero")

_CLONE_NEWIPC, _CLONE_NEWCGROUP = 0x8000000, 0x2000000
_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x20000, 0x4000000, 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 32, 4096, 16384, 1 << 18
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
_SIOCSIFFLAGS, _SIOCSIFADDR, _SIOCSIFNETMASK = 0x8914, 0x8916, 0x891C
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP, _PR_SET_SECUREBITS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = (
    1,
    38,
    24,
    28,
    47,
    4,
)
_NO_PRIVILEGE_FOR_ROOT = 0xEF  # every secure bit and its lock but KEEP_CAPS, whose lock alone is set
_LINUX_CAPABILITY_VERSION_3, _MOST_CAPABILITIES = 0x20080522, 64
_MNT_DETACH = 2
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

# Of the kernel's own files: what must not be written, and what is not to be seen; the lists of container engines.
PROC_READ_ONLY = ("bus", "fs", "irq", "sys", "sysrq-trigger")
PROC_HIDDEN = ("acpi", "asound", "kcore", "keys", "latency_stats", "scsi", "sched_debug", "timer_list", "timer_stats")

_libc: Any = ctypes.CDLL(None, use_errno=True)


def enter() -> None:
    """Give this process a user and a network namespace of its own (and its future children one of processes), and bring the network up.

    Where root may make no user namespace it does without; the container has no privilege in either case. The mounts stay those of the
    machine: only the container itself may see the shares in place (see `build_root`).
    """
    user, group = os.geteuid(), os.getegid()
    flags = _CLONE_NEWNET | _CLONE_NEWPID | _CLONE_NEWIPC
    if _libc.unshare(_CLONE_NEWUSER | flags) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    else:
        _check(_libc.unshare(flags) if user == 0 else -1, "unshare")
        os.setgroups([])
    _network_up()


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def build_root(root: Path, *, tree: Path, visible: list[str], mounts: list[dict[str, Any]], hostname: str) -> None:
    """Make `root` the file system of a container and move this process into it; call in the child that becomes the container.

    :param tree: the container's own files, writable; each stands at its absolute path and hides what this machine has there.
    :param visible: further paths of this machine, read-only at the same place.
    :param mounts: ``{"source", "target", "read_only"}`` of shares; `tree` already holds the folders they cover.
    """
    _check(_libc.unshare(_CLONE_NEWNS | _CLONE_NEWUTS | _CLONE_NEWCGROUP), "unshare")
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    _mount("tmpfs", str(root), "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755")
    for path in (*MACHINE, *(f"/etc/{name}" for name in SETTINGS), *visible):
        _show(Path(path), root, tree)
    _devices(root)
    for name in ("tmp", "var/tmp", "run", "root", "home"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("tmp", "var/tmp"):
        (root / name).chmod(0o1777)
    _lay(tree, root)
    for mount in mounts:
        _bind(Path(mount["source"]), inside(root, mount["target"]), read_only=mount["read_only"])
    _processes(root)
    _libc.sethostname(hostname.encode(), len(hostname.encode()))
    _pivot(root)
    _drop_privileges()


def listening() -> list[tuple[str, int]]:
    """Address and port of every TCP socket that listens in this process's network."""
    ports = set()
    for table, family in (("/proc/self/net/tcp", socket.AF_INET), ("/proc/self/net/tcp6", socket.AF_INET6)):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state = line.split()[:4]
            if state == "0A":
                address, port = local.split(":")
                words = struct.unpack(f">{len(address) // 8}I", bytes.fromhex(address))
                ports.add((socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words)), int(port, 16)))
    return sorted(ports)


def _pivot(root: Path) -> None:
    """Make `root` the root of this process's mounts and let go of the old one, to which no way leads back."""
    os.chdir(root)
    number = _SYS_PIVOT_ROOT.get(platform.machine())
    _check(_libc.syscall(number, b".", b".") if number else _libc.pivot_root(b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", _MNT_DETACH), "umount2")
    os.chdir("/")


def _drop_privileges() -> None:
    """Give up every capability for good, also that of root to have them back with the next program."""
    _check(_libc.prctl(_PR_SET_SECUREBITS, _NO_PRIVILEGE_FOR_ROOT, 0, 0, 0), "securebits")
    for capability in range(_MOST_CAPABILITIES):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # EINVAL for those that this kernel does not have
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _check(_libc.capset(struct.pack("Ii", _LINUX_CAPABILITY_VERSION_3, 0), bytes(24)), "capset")
    system_calls.deny(_libc)


def _show(path: Path, root: Path, tree: Path) -> None:
    """Show `path` of this machine below `root`; where the container has a folder of that name, only what that folder lacks."""
    if not os.path.lexists(path) or os.path.lexists(target := root / str(path).lstrip("/")):
        return
    own = tree / str(path).lstrip("/")
    if own.is_dir() and path.is_dir() and not path.is_symlink():
        target.mkdir(parents=True)
        for child in path.iterdir():
            _show(child, root, tree)
    elif not os.path.lexists(own):
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            target.symlink_to(path.readlink())
        else:
            _bind(path, target, read_only=True)


def _lay(tree: Path, target: Path) -> None:
    for entry in tree.iterdir():
        place = target / entry.name
        if place.is_symlink():
            place.unlink()
        if entry.is_symlink():
            place.symlink_to(entry.readlink())
        elif entry.is_dir() and place.is_dir():
            _lay(entry, place)
        else:
            _bind(entry, place)


def _bind(source: Path, target: Path, *, read_only: bool = False) -> None:
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif not target.exists():
        target.touch()
    _mount(str(source), str(target), "", _MS_BIND | _MS_REC)
    if read_only:
        _make_read_only(target)


def _make_read_only(target: Path) -> None:
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY, 0, 0, 0)
    if _libc.syscall(_SYS_MOUNT_SETATTR, _AT_FDCWD, str(target).encode(), _AT_RECURSIVE, attributes, len(attributes)) == 0:
        return
    locked_flags = os.statvfs(target).f_flag & (
        _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    )  # before Linux 5.12; flags the kernel has locked must stay
    _mount("none", str(target), "", _MS_BIND | _MS_REMOUNT | _MS_RDONLY | locked_flags)


def _devices(root: Path) -> None:
    dev = root / "dev"
    (dev / "shm").mkdir(parents=True)
    (dev / "shm").chmod(0o1777)
    for name in DEVICES:
        if Path("/dev", name).exists():
            _bind(Path("/dev", name), dev / name)
    for name, target in (
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ):
        (dev / name).symlink_to(target)


def _processes(root: Path) -> None:
    """The container's own processes at ``/proc``, where nothing of the kernel can be changed."""
    proc = root / "proc"
    proc.mkdir(exist_ok=True)
    try:
        _mount("proc", str(proc), "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    except OSError:  # inside a container whose own /proc is partly covered, the kernel allows no fresh one
        if os.geteuid() == 0:
            raise  # root could read of other processes what others cannot
        _mount("/proc", str(proc), "", _MS_BIND | _MS_REC)
    for name in PROC_READ_ONLY:
        if (proc / name).exists():
            _bind(proc / name, proc / name, read_only=True)
    for name in PROC_HIDDEN:
        if (proc / name).is_dir():
            _mount("tmpfs", str(proc / name), "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
        elif (proc / name).exists():
            _mount("/dev/null", str(proc / name), "", _MS_BIND)


def _network_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        flags = struct.pack("16sh14x", b"lo", 0x1 | 0x40)
        fcntl.ioctl(control, _SIOCSIFFLAGS, flags)
        for request, address in ((_SIOCSIFADDR, ADDRESS), (_SIOCSIFNETMASK, "255.255.255.255")):
            fcntl.ioctl(control, request, struct.pack("16sHH4s8x", b"lo:0", socket.AF_INET, 0, socket.inet_aton(address)))
    # As in a container engine, a program may listen on any port without being root.
    Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("0")


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    result = _libc.mount(source.encode(), target.encode(), kind.encode() or None, ctypes.c_ulong(flags), data.encode() or None)
    _check(result, f"mount {source} on {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
