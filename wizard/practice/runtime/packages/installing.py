"""How far an installation is, and what a failed one means: for Azure's build too, or for practice alone."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass, field

from packaging.version import InvalidVersion, Version

STATE = "InstallingRequirements"  # the state that a copy waits in, which the wizard knows by this word
STOPS_AZURE = "RequirementNotInstallable"
STOPS_PRACTICE = "RequirementNotInstallableHere"

_PACKAGE = re.compile(
    r"\s*(?:Collecting|Downloading|Building wheels? for|Preparing metadata|Processing|Building|Built|Prepared|Using cached)"
    r"\s+(?P<name>[^\s(;]+)"
)
_NO_NETWORK = re.compile(
    r"Failed to establish a new connection|[Nn]ame or service not known|Temporary failure in name resolution|nodename nor servname|"
    r"getaddrinfo failed|Network is unreachable|[Cc]onnection (?:refused|reset|broken|timed out)|Max retries exceeded|ProxyError|"
    r"Tunnel connection failed|CERTIFICATE_VERIFY_FAILED|SSLError|UnknownIssuer|ReadTimeout|operation timed out|dns error|"
    r"error sending request|Connect(?:ion)?Timeout|HTTP error 5\d\d|(?:status code|HTTP status) \(?5\d\d"
)
_OTHER_PYTHON = re.compile(
    r"[Rr]equires-Python|requires a different Python|not in '[<>=!~\d]|requires Python|Python version|"
    r"requested (?P<pin>\S+==\S+)\s+The user requested \(constraint\) (?P=pin)\s"  # a locked version that pip has none of for this Python
)
_BUILT_HERE = re.compile(
    r"metadata-generation-failed|Getting requirements to build wheel did not run|Failed building wheel|Failed to build|"
    r"Call to `\S+build_wheel|Build backend failed|python setup\.py \S+ did not run"
)
"""A package's own set-up failed, as it does where the index has no wheel of an old release for a newer Python."""
_OTHERS_THERE = re.compile(r"satisfies the requirement \S+?==(?P<pin>\d[\w.]*).*\(from versions: (?P<there>\d[^)]*)\)")
_NO_COMPILER = re.compile(
    r"command '[^']*(?:gcc|cc|g\+\+|clang|cl\.exe|cargo)[^']*' failed|fatal error: [\w./-]+\.h:|Microsoft Visual C\+\+|"
    r"(?:gcc|cc|g\+\+|pg_config|mysql_config|cargo|rustc|cmake)\b[^\n]*not found|can't find Rust compiler|"
    r"No such file or directory: '(?:gcc|cc|g\+\+|pg_config|cargo)'"
)
_USEFUL = (
    re.compile(r"[\s├└╰─▶×│]*(?:[Cc]ause(?:d by)?: )?Because \S.*"),  # uv's reason, below its "No solution found"
    re.compile(
        r"ERROR: (?:No matching distribution found|Could not install packages|Could not open requirements|Invalid requirement|.*requires a)"
    ),
    re.compile(
        r"(?:fatal )?[Ee]rror: (?!subprocess-exited|metadata-generation|legacy-install|Failed to build|failed-wheel|command .python)\S.*"
    ),
    re.compile(r"ERROR: (?!Failed to build|Failed building)\S.*"),
    re.compile(r"\s*(?:[├└╰─▶×│\s]+)?(?:Because|Failed to|Caused by:|No solution)\s*\S.*"),
    re.compile(r"\s*\w*(?:Error|Exception): \S.*"),
    re.compile(r"ERROR: \S.*"),
)
_HINT = re.compile(r"\s*(?:hint|note|\[notice\]|\[end of output\]|╰─>)")


class InstallFailed(Exception):
    """The requirements could not be installed.

    :param output: all that pip or uv said.
    :param stops_azure: whether the build in Azure would end in the same way; False for a limit of practice.
    """

    def __init__(self, output: str, *, stops_azure: bool, line: str = "") -> None:
        super().__init__(output)
        self.output = output
        self.stops_azure = stops_azure
        self.line = line or useful_line(output)

    @property
    def state(self) -> str:
        """The word for the state of a copy that waits for its requirements in vain."""
        return STOPS_AZURE if self.stops_azure else STOPS_PRACTICE


@dataclass
class InstallProgress:
    """How far an installation is; nothing was begun before `begin`."""

    package: str = ""
    told: set[str] = field(default_factory=set)  # every line so far
    _lines: list[str] = field(default_factory=list)
    _began: float | None = None

    @property
    def busy(self) -> bool:
        """Whether an installation goes on."""
        return self._began is not None

    def begin(self) -> None:
        """Note that an installation begins now."""
        self._began = time.monotonic()

    def end(self) -> None:
        """Note that it is over."""
        self._began = None

    def tell(self, line: str) -> None:
        """A line that pip or uv printed."""
        self._lines.append(line)
        self.told.add(line)
        if match := _PACKAGE.match(line):
            self.package = match["name"].rsplit("/", 1)[-1]

    def take(self) -> list[str]:
        """The lines since this was called last."""
        lines, self._lines = self._lines, []
        return lines

    @property
    def words(self) -> str:
        """``installing your requirements, 42 s: pandas``."""
        seconds = int(time.monotonic() - self._began) if self._began is not None else 0
        return f"installing your requirements, {seconds} s" + (f": {self.package}" if self.package else "")


@dataclass(frozen=True)
class ImageBase:
    """What is known of the image that the requirements are for.

    :param name: of its base image, such as ``python:3.12-slim``; empty when unknown.
    :param system_packages: whether its RUN lines install packages of the system, such as a compiler.
    """

    name: str = ""
    system_packages: bool = False

    @property
    def python(self) -> str:
        """The version of Python that its name says, such as ``3.12``; empty when it says none."""
        match = re.search(r"(?:^|/)python:(\d+\.\d+)", self.name)
        return match[1] if match else ""

    @property
    def has_compiler(self) -> bool | None:
        """Whether it has a C compiler; None when that cannot be said."""
        if self.system_packages:
            return True
        if re.search(r"(?:^|/)python:", self.name):
            return "slim" not in self.name and "alpine" not in self.name
        return None


def failure(output: str, base: ImageBase, *, wheels_only: bool) -> InstallFailed:
    """What a failed installation means.

    :param wheels_only: whether no package index was asked, only a folder of wheels.
    """
    return InstallFailed(output, stops_azure=_stops_azure(output, base, wheels_only=wheels_only))


def _stops_azure(output: str, base: ImageBase, *, wheels_only: bool) -> bool:
    if wheels_only or _NO_NETWORK.search(output):
        return False
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if _OTHER_PYTHON.search(output) and base.python != here:
        return False
    if base.python != here and (_BUILT_HERE.search(output) or _has_newer(output)) and not _NO_COMPILER.search(output):
        return False  # there may be a wheel for the image's Python
    if _NO_COMPILER.search(output):
        return base.has_compiler is False and sys.platform.startswith("linux")
    return True


def _has_newer(output: str) -> bool:
    """Whether pip knows newer releases than the pinned one that it does not find: they have wheels for newer Pythons only."""
    match = _OTHERS_THERE.search(output)
    if match is None:
        return False
    try:
        return Version(match["pin"]) < max(Version(one.strip()) for one in match["there"].split(","))
    except InvalidVersion:
        return False


def useful_line(output: str) -> str:
    """The line that names the trouble, rather than the hint that stands last."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip() and not _HINT.match(line)]
    for pattern in _USEFUL:
        if match := next((line for line in reversed(lines) if pattern.match(line)), None):
            return match.strip()
    return lines[-1].strip() if lines else "it said nothing"
