"""Requirements that pip cannot install in the image, found at their line before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.dependencies import Requirement, joined_lines, python_for, read_requirements
from wizard.source.requirements import installed_lists

SLIM = re.compile(r"(docker\.io/)?(library/)?python:[\w.]*-?(slim|alpine)[\w.-]*|(debian|ubuntu|alpine)([:@].*)?")
"""Images without compiler, headers and Git."""
OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?python:3\.(\d+)")
NEEDS = {
    "psycopg2": ("gcc libpq-dev", "psycopg2-binary"),
    "mysqlclient": ("gcc pkg-config default-libmysqlclient-dev", "PyMySQL"),
    "pyodbc": ("unixodbc", ""),
    "python-ldap": ("gcc libldap2-dev libsasl2-dev", ""),
    "pygraphviz": ("gcc graphviz-dev", ""),
    "xmlsec": ("gcc pkg-config libxml2-dev libxmlsec1-dev", ""),
    "dlib": ("cmake g++", ""),
    "pycairo": ("gcc pkg-config libcairo2-dev", ""),
    "pyaudio": ("gcc portaudio19-dev", ""),
    "uwsgi": ("gcc", "pyuwsgi"),
    "python-snappy": ("g++ libsnappy-dev", ""),
    "pylibmc": ("gcc libmemcached-dev zlib1g-dev", "pymemcache"),
    "pymssql": ("", ""),
    "gssapi": ("gcc libkrb5-dev", ""),
    "pycups": ("gcc libcups2-dev", ""),
    "netifaces": ("gcc", ""),
    "opencv-python": ("libgl1 libglib2.0-0", "opencv-python-headless"),
    "mod-wsgi": ("gcc apache2-dev", ""),
}
"""Packages without a wheel for Linux, or whose wheel needs a library of the system: what Debian calls it, and a package that needs none.

Each as its own page on PyPI says; tried against the lists of files there in November 2026.
"""
WINDOWS = {"pywin32", "pypiwin32", "pywinpty", "wincertstore", "win-inet-pton", "pywin32-ctypes", "winshell", "wmi", "pyreadline",
           "windows-curses", "comtypes", "pywinauto"}  # fmt: skip
ONLY_WINDOWS = WINDOWS - {"pywin32-ctypes", "pyreadline", "winshell", "wmi", "win-inet-pton", "comtypes", "pywinauto", "wincertstore"}
"""Those that have files for Windows alone, so that pip finds nothing for Linux."""
CONDA = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)=(?P<version>[\w.!+-]+)(=[\w.]+)?")


def check_requirements(project: CodeProject) -> Iterator[Finding]:
    """Every line of the lists that the image installs from."""
    runs = " ".join(" ".join(item.words) for stage in project.docker.stages for item in stage.own if item.name == "RUN")
    for path in installed_lists(project.folder, project.docker):
        yield from _included(project, path)
        for requirement in read_requirements(project.folder, path):
            yield from _requirement(project, requirement, runs)
    yield from _python(project)


def _included(project: CodeProject, path: Path) -> Iterator[Finding]:
    for number, line in joined_lines(path):
        included = re.match(r"\s*(?:-r|--requirement|-c|--constraint)[ =]?\s*([^\s#]+)", line)
        if included and "://" not in included[1] and not (path.parent / included[1].strip("\"'")).is_file():
            sentence = _("{file} is named here and not there: pip would stop at this line.").format(file=included[1])
            yield project.in_file("requirement-not-installable", Severity.ERROR, path, number, sentence)


def _requirement(project: CodeProject, one: Requirement, runs: str) -> Iterator[Finding]:
    path = project.folder / one.file
    address = one.text.partition(" @ ")[2].strip() or (
        one.text if re.match(r"(-e\s+|--editable[ =])?(file:|git\+|\w+://)", one.text) else ""
    )

    def found(severity: Severity, sentence: str, text: str = "") -> Finding:
        return project.in_file("requirement-not-installable", severity, path, one.line, sentence, text)

    if address.startswith("file:") or re.match(r"(-e\s+)?(/|~|[A-Za-z]:[\\/])", one.text):
        if not _in_image(project, address or one.text):
            sentence = _("{line} is a path of the computer where this list was made: no image has it.").format(line=one.text)
            yield found(Severity.ERROR, sentence, one.name if " @ " in one.text else "")
    elif "git+" in address or address.startswith("git+"):
        if SLIM.fullmatch(project.docker.image) and not re.search(r"\bgit\b", runs):
            sentence = _("{name} is fetched with Git, which the image {image} does not have: install it first, or name a release.")
            yield found(Severity.ERROR, sentence.format(name=one.name, image=project.docker.image))
    elif re.match(r"(-e\s+|--editable[ =])?\.", one.text):
        local = re.sub(r"^(-e\s+|--editable[ =])", "", one.text).partition("[")[0].split()[0]
        if not (path.parent / local).exists() and not (project.folder / local).exists():
            yield found(Severity.ERROR, _("{line} is not in {folder}.").format(line=local, folder=project.folder))
    elif conda := CONDA.fullmatch(one.text):
        sentence = _("“{line}” is how conda writes it; pip wants two equals signs, and would stop here.").format(line=one.text)
        yield found(Severity.ERROR, sentence, f"{conda['name']}=={conda['version']}")
    elif one.name in ONLY_WINDOWS and ";" not in one.text:
        sentence = _("{name} exists for Windows only: pip finds none for the image.").format(name=one.name)
        yield found(Severity.ERROR, sentence, f'{one.text}; sys_platform == "win32"')
    elif not _parses(one.text):
        yield found(Severity.ERROR, _("pip does not understand “{line}”.").format(line=one.text))
    elif one.name in NEEDS and NEEDS[one.name][0] and SLIM.fullmatch(project.docker.image):
        yield from _needs(project, one, runs)


def _needs(project: CodeProject, one: Requirement, runs: str) -> Iterator[Finding]:
    packages, other = NEEDS[one.name]
    last = packages.split()[-1]
    if last in runs or ("build-essential" in runs and "-dev" not in last):
        return
    sentence = _("{name} needs {packages}, which the image {image} does not have: its build would fail.")
    sentence = sentence.format(name=one.name, packages=packages, image=project.docker.image)
    if other:
        sentence += " " + _("{other} needs none of it.").format(other=other)
    drop_in = other and other.startswith(one.name)  # the same package under another name, imported the same
    text = re.sub(re.escape(one.name), other, one.text, count=1, flags=re.IGNORECASE) if drop_in else ""
    path = project.folder / one.file
    yield project.in_file("requirement-needs-library", Severity.WARNING, path, one.line, sentence, text)


def _python(project: CodeProject) -> Iterator[Finding]:
    """The image's Python is one that the project says it runs on."""
    image = OFFICIAL.match(project.docker.image)
    version_range = project.code.dependencies.python
    begin = project.docker.last("FROM")
    if image is None or not version_range or begin is None:
        return
    minor = int(image[1])
    from wizard.source.starting.project_scripts import read_pyproject

    table = read_pyproject(project.folder).get("project", {})
    bound = str(table.get("requires-python", "")) if isinstance(table, dict) else ""
    if bound and python_for(bound, minor) != f"3.{minor}":
        sentence = _("The image has Python 3.{minor}, and pyproject.toml asks for {bound}: use python:{said}-slim.")
        sentence = sentence.format(minor=minor, bound=bound, said=version_range)
        text = re.sub(r"python:3\.\d+(\.\d+)?", f"python:{version_range}", f"FROM {' '.join(begin.words)}", count=1)
        yield project.of_line("python-version", Severity.WARNING, begin, sentence, text)


def _in_image(project: CodeProject, address: str) -> bool:
    """Whether an absolute path is one of the container, to which COPY brought something."""
    path = re.sub(r"^(-e\s+)?(file:(//)?)?", "", address).partition("#")[0].split()[0]
    file = project.files.find(path) if path.startswith("/") else None
    return file is not None and file.exists()


def _parses(text: str) -> bool:
    plain = re.split(r"\s+--(?:hash|global-option|install-option|config-settings?)", text)[0].rstrip(" \\")
    if "://" in plain or re.search(r"\.(whl|zip|tar\.gz)$", plain) or "${" in plain or "/" in plain.partition(";")[0]:
        return True
    try:
        Parsed(plain)
    except InvalidRequirement:
        return False
    return True
