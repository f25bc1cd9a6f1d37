"""The system calls that a container's processes may not make, as a seccomp filter like the one that container engines install.

Used by ``namespaces`` only, in the process that becomes the container. Denied is what reaches the kernel or the machine rather than a
program's own work: mounts, namespaces, modules, tracing of the kernel, keys, clocks, io_uring; and sockets of families that a network
namespace does not hold, like AF_VSOCK, which leads to the computer that a virtual machine (WSL 2, Lima) runs on. Source of the list:
Docker's default profile (moby/profiles/seccomp), for a container without capabilities.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import Any

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW*: user, process, network, IPC, host name, mount, cgroup, time
_X32 = 0x40000000  # the bit of a second set of numbers on x86-64
_CLONE3 = 435


_DENIED: dict[str, tuple[int, int | None]] = {  # name: its number on x86-64, on aarch64
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "userfaultfd": (323, 282),
    "open_by_handle_at": (304, 265),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "settimeofday": (164, 170),
    "adjtimex": (159, 171),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "fanotify_init": (300, 262),
    "iopl": (172, None),
    "ioperm": (173, None),
    "io_uring_setup": (425, 425),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "quotactl_fd": (443, 443),
}
_MACHINES = {"x86_64": (0xC000003E, 56, 41), "aarch64": (0xC00000B7, 220, 198)}
"""Audit number of an architecture, and its numbers of clone and socket."""
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; numbers, since macOS has others and this module is read there


def deny(libc: Any) -> bool:
    """Let this process and all that come from it fail at these calls with EPERM; whether this machine has such filters.

    Needs no_new_privs.
    """
    if platform.machine() not in _MACHINES:
        return False
    program = _program(platform.machine())
    filters = ctypes.create_string_buffer(b"".join(program))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(filters))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _program(machine: str) -> list[bytes]:
    """The filter: each step compares, and goes on at one label when it holds and at another when it does not ("": at the next step)."""
    audit, clone, socket = _MACHINES[machine]
    column = list(_MACHINES).index(machine)
    denied = [number for numbers in _DENIED.values() if (number := numbers[column]) is not None]
    steps: list[tuple[str, int, str, str, int]] = [  # label, operation, where to if it holds, if not, with what
        ("", _LOAD, "", "", _ARCHITECTURE),
        ("", _EQUAL, "", "denied", audit),
        ("", _LOAD, "", "", _NUMBER),
        ("", _AT_LEAST, "unknown", "", _X32),
        ("", _EQUAL, "unknown", "", _CLONE3),  # its flags lie in memory that a filter cannot read, so libraries use clone
        *(("", _EQUAL, "denied", "", number) for number in denied),
        ("", _EQUAL, "clone", "", clone),
        ("", _EQUAL, "", "allowed", socket),
        ("", _LOAD, "", "", _FIRST_ARGUMENT),
        *(("", _EQUAL, "allowed", "", family) for family in _FAMILIES),
        ("", _RETURN, "", "", _ERROR | errno.EAFNOSUPPORT),
        ("clone", _LOAD, "", "", _FIRST_ARGUMENT),
        ("", _ANY_BIT, "denied", "allowed", _NEW_NAMESPACES),
        ("denied", _RETURN, "", "", _ERROR | errno.EPERM),
        ("unknown", _RETURN, "", "", _ERROR | errno.ENOSYS),
        ("allowed", _RETURN, "", "", _ALLOW),
    ]
    places = {label: place for place, (label, *_rest) in enumerate(steps) if label}

    def distance(place: int, label: str) -> int:
        return places[label] - place - 1 if label else 0

    return [
        struct.pack("HBBI", operation, distance(place, yes), distance(place, no), value)
        for place, (_label, operation, yes, no, value) in enumerate(steps)
    ]
