"""Values that Docker checks once the variables in them are replaced: the ports of EXPOSE and the signal of STOPSIGNAL."""

from __future__ import annotations

import re

from wizard.containers.dockerfile_parser import DockerfileSyntaxError

PROTOCOLS = ("tcp", "udp", "sctp")
HIGHEST_PORT = 65_535
_SIGNALS = (
    *("ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT"),
    *("SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ"),
)
_REAL_TIME = re.compile(r"RTMIN(\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?")


def is_signal(word: str) -> bool:
    """Whether STOPSIGNAL takes a word: a number above 0, or a name of Linux with or without ``SIG`` (moby/sys/signal)."""
    if re.fullmatch(r"[-+]?\d+", word):
        return int(word) > 0
    name = word.upper().removeprefix("SIG")
    return name in _SIGNALS or _REAL_TIME.fullmatch(name) is not None


def exposed(word: str, line: int) -> list[str]:
    """The ports that a word of EXPOSE names, such as ``5000/tcp``; of a mapping only the container's side counts (docker/go-connections).

    :raises DockerfileSyntaxError: in Docker's words.
    """
    mapping, slash, protocol = word.partition("/")
    protocol = protocol.lower() if slash else "tcp"
    container = mapping.rpartition(":")[2]
    if not container:
        raise DockerfileSyntaxError(f"No port specified: {word}<empty>", line)
    first, dash, last = container.partition("-")
    if not _is_port(first) or (dash and not (_is_port(last) and int(first) <= int(last))):
        raise DockerfileSyntaxError(f"Invalid containerPort: {container}", line)
    if protocol not in PROTOCOLS:
        raise DockerfileSyntaxError(f"Invalid proto: {protocol}", line)
    host = mapping.rpartition(":")[0].rpartition(":")[2]
    if host and not all(map(_is_port, host.split("-", 1))):
        raise DockerfileSyntaxError(f"Invalid hostPort: {host}", line)
    return [f"{port}/{protocol}" for port in range(int(first), int(last or first) + 1)]


def _is_port(text: str) -> bool:
    return text.isdecimal() and text.isascii() and int(text) <= HIGHEST_PORT
