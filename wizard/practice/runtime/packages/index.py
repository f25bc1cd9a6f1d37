"""Where packages come from on this machine: what pip and uv are told about indexes, folders, proxies and certificates."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

PYPI = "https://pypi.org/simple"
PYPI_HOSTS = (("pypi.org", 443), ("files.pythonhosted.org", 443))
_HARMFUL = re.compile(
    r"(?i)PYTHON|VIRTUAL_ENV|CONDA|PIP_(?:USER|TARGET|PREFIX|ROOT|PYTHON|REQUIRE_VIRTUALENV|DRY_RUN|REPORT|NO_DEPS|LOG|REQUIREMENT|EDITABLE)$"
    r"|UV_(?:PROJECT|PYTHON|SYSTEM|TARGET|PREFIX|WORKING)|AZWIZARD_SECRET_"
)
_OF_PIP = (
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "trusted-host",
    "cert",
    "client-cert",
    "constraint",
    "timeout",
    "proxy",
)
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class IndexSettings:
    """What pip takes packages from here, by its own configuration.

    :param values: pip's settings by name, such as ``{"index-url": "https://pypi.example/simple"}``; several values by spaces.
    """

    values: dict[str, str] = field(default_factory=dict)

    def urls(self) -> list[str]:
        """Every index and folder of links."""
        several = " ".join(self.values.get(name, "") for name in ("extra-index-url", "find-links"))
        return [self.values.get("index-url") or PYPI, *several.split()]

    def hosts(self) -> list[tuple[str, int]]:
        """Host and port of what is fetched from; PyPI's files lie on another host than its index, which mirrors name too."""
        parts = [urlsplit(url) for url in self.urls()]
        named = [(part.hostname, part.port or (443 if part.scheme == "https" else 80)) for part in parts if part.hostname]
        return [*((host, port) for host, port in named), *PYPI_HOSTS]

    def paths(self) -> list[str]:
        """What of it lies on this machine: folders of links, indexes on the disk, certificates, constraints."""
        words = [*self.urls(), *(word for name in ("cert", "client-cert", "constraint") for word in self.values.get(name, "").split())]
        paths = [word.removeprefix("file://") for word in words if "://" not in word or word.startswith("file://")]
        # An index on the disk links to files beside it: .../simple and .../files.
        return [
            path
            for path in (str(Path(path).parent) if path.rstrip("/").endswith("/simple") else path for path in paths)
            if Path(path).exists()
        ]

    def for_pip(self) -> dict[str, str]:
        """The same as variables of pip; ``proxy`` left out."""
        return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in self.values.items() if name != "proxy"}

    def for_uv(self) -> list[str]:
        """The same as options of uv, which reads nothing of pip's."""
        values = self.values
        options = ["--default-index", values["index-url"]] if "index-url" in values else []
        for url in values.get("extra-index-url", "").split():
            options += ["--index", url]
        for place in values.get("find-links", "").split():
            options += ["--find-links", place]
        for file in values.get("constraint", "").split():
            options += ["--constraint", file]
        for host in values.get("trusted-host", "").split():
            options += ["--allow-insecure-host", host]
        options += ["--no-index"] if values.get("no-index", "").lower() in ("1", "true", "yes", "on") else []
        return [*options, "--index-strategy", "unsafe-best-match"] if "extra-index-url" in values else options


def bare_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables of this machine without what would let a package of azwizard's be seen, put packages elsewhere, or carry a secret."""
    return {name: value for name, value in environment.items() if not _HARMFUL.match(name)}


def index_settings(environment: Mapping[str, str], pip: Path | None) -> IndexSettings:
    """What pip's configuration files and variables say, as pip itself reads them; nothing where there is no pip."""
    if pip is None:
        return IndexSettings()
    command = [sys.executable, "-I", str(pip), "config", "list"]
    listed = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60
    )
    return IndexSettings(_listed(listed.stdout.splitlines()))


def _listed(lines: Iterable[str]) -> dict[str, str]:
    """``global.index-url='https://...'`` lines; a command's own section stands over the global one, and variables over both."""
    values: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for line in lines:
        match = re.fullmatch(r"(?P<section>:env:|\w+)\.(?P<name>[\w-]+)=(?P<value>.+)", line.strip())
        if match is None or match["section"] not in (":env:", "global", "install", "download"):
            continue
        name = "timeout" if match["name"] == "default-timeout" else match["name"]
        rank = {":env:": 2, "global": 0}.get(match["section"], 1)
        if name in _OF_PIP and rank >= ranks.get(name, 0):
            values[name], ranks[name] = " ".join(str(ast.literal_eval(match["value"])).split()), rank
    return values


def pip_program(folder: Path) -> Path | None:
    """The program with which pip runs in whichever interpreter executes it: azwizard's own pip, or the one that Python brings along.

    :param folder: where the one that Python brings along is unpacked.
    """
    spec = importlib.util.find_spec("pip")
    if spec is not None and spec.origin:
        program = Path(spec.origin).with_name("__pip-runner__.py")
        if program.is_file():
            return program
    bundled = sorted(Path(os.__file__).parent.glob("ensurepip/_bundled/pip-*.whl"))
    if not bundled:
        return None
    unpacked = folder / bundled[-1].stem
    if not unpacked.exists():
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=folder, prefix="new-"))
        with ZipFile(bundled[-1]) as wheel:
            wheel.extractall(work)
        with contextlib.suppress(OSError):  # another process was quicker
            work.rename(unpacked)
        shutil.rmtree(work, ignore_errors=True)
    return unpacked / "pip" / "__pip-runner__.py"


def uv_program() -> str | None:
    """uv, where this machine has it."""
    return shutil.which("uv")


def certificate_paths(environment: Mapping[str, str]) -> list[str]:
    """Where certificates lie that variables name."""
    return [environment[name] for name in _CERTIFICATES if Path(environment.get(name) or "-").exists()]
