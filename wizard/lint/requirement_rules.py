"""Requirements that pip cannot install in the image, found at their line before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from wizard.lint.finding import Finding, Severity
from wizard.lint.older_pythons import newest_python
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.dependencies import Requirement, joined_lines, python_for, read_requirements
from wizard.source.files.container_files import ContainerFiles
from wizard.source.requirements import installed_lists
from wizard.source.text_file import read_text

SLIM = re.compile(r"(docker\.io/)?(library/)?python:[\w.]*-?(slim|alpine)[\w.-]*|(debian|ubuntu|alpine)([:@].*)?")
"""Images without compiler, headers and Git."""
OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?python:3\.(\d+)")
NEEDS = {
    "psycopg": ("libpq5", "psycopg[binary]"),
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
OPTIONS = {"-i", "--index-url", "--pypi-url", "--extra-index-url", "--no-index", "-c", "--constraint", "-r", "--requirement", "-e",
           "--editable", "-f", "--find-links", "--no-binary", "--only-binary", "--prefer-binary", "--require-hashes", "--pre",
           "--trusted-host",
           "--use-feature", "--hash", "--global-option", "--config-settings", "--config-setting", "-C"}  # fmt: skip
"""The options that pip takes in a list (pip._internal.req.req_file, SUPPORTED_OPTIONS)."""
PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg")
OPTION = re.compile(r"(--[a-z-]+|-[A-Za-z])")
RENAMED = {"sklearn": "scikit-learn", "cv2": "opencv-python-headless", "pil": "Pillow", "yaml": "PyYAML", "mysqldb": "mysqlclient"}
"""Names of modules under which PyPI has no package that can be installed -> the package."""
OF_PYTHON = {"sqlite3", "os", "sys", "json", "re", "time", "math", "random", "csv", "io", "itertools", "functools", "collections",
             "threading", "subprocess", "urllib", "datetime", "logging", "hashlib", "base64", "shutil", "tempfile", "traceback",
             "unittest", "tkinter"}  # fmt: skip
"""Modules of Python's own that people list."""
CONDA = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)=(?P<version>[\w.!+-]+)(=[\w.]+)?")


def check_requirements(project: CodeProject) -> Iterator[Finding]:
    """Every line of the lists that the image installs from."""
    runs = " ".join(" ".join(item.words) for stage in project.docker.stages for item in stage.own if item.name == "RUN")
    for path in installed_lists(project.folder, project.docker):
        yield from _included(project, path)
        yield from _not_understood(project, path)
        for requirement in read_requirements(project.folder, path):
            yield from _requirement(project, requirement, runs)
    yield from _python(project)
    yield from _old_pins(project, runs)


def _included(project: CodeProject, path: Path) -> Iterator[Finding]:
    for number, line in joined_lines(path):
        included = re.match(r"\s*(?:-r|--requirement|-c|--constraint)[ =]?\s*([^\s#]+)", line)
        if included and "://" not in included[1] and not (path.parent / included[1].strip("\"'")).is_file():
            sentence = _("{file} is named here and not there: pip would stop at this line.").format(file=included[1])
            yield project.in_file("requirement-not-installable", Severity.ERROR, path, number, sentence)
        elif included and "://" not in included[1] and not _copied_before(project, path, included[1].strip("\"'")):
            sentence = _("{line} is not in the image yet when this list is installed: COPY it before that RUN line.")
            sentence = sentence.format(line=included[1])
            yield project.in_file("requirement-not-installable", Severity.ERROR, path, number, sentence)


def _not_understood(project: CodeProject, path: Path) -> Iterator[Finding]:
    """Lines that name nothing and are no option, such as conda's ``@EXPLICIT``."""
    for number, line in joined_lines(path):
        text = re.sub(r"(^|\s+)#.*$", "", line).strip()
        option = OPTION.match(text)
        known = text[:1].isalnum() or re.match(r"[./~$]|[A-Za-z]:", text) or (option is not None and option[1] in OPTIONS)
        if text and not known:
            sentence = _("pip does not understand “{line}”.").format(line=text)
            yield project.in_file("requirement-not-installable", Severity.ERROR, path, number, sentence)


def _requirement(project: CodeProject, one: Requirement, runs: str) -> Iterator[Finding]:
    address = one.text.partition(" @ ")[2].strip() or (
        one.text if re.match(r"(-e\s+|--editable[ =])?(file:|git\+|\w+://)", one.text) else ""
    )
    if address.startswith("file:") or re.match(r"(-e\s+)?(/|~|[A-Za-z]:[\\/])", one.text):
        if not _in_image(project, address or one.text):
            sentence = _("{line} is a path of the computer where this list was made: no image has it.").format(line=one.text)
            yield _at(project, one, Severity.ERROR, sentence, one.name if " @ " in one.text else "")
    elif "git+" in address or address.startswith("git+"):
        if SLIM.fullmatch(project.docker.image) and not re.search(r"\bgit\b", runs):
            sentence = _("{name} is fetched with Git, which the image {image} does not have: install it first, or name a release.")
            yield _at(project, one, Severity.ERROR, sentence.format(name=one.name, image=project.docker.image))
    elif re.match(r"(-e\s+|--editable[ =])?\.", one.text):
        yield from _local(project, one)
    else:
        yield from _named(project, one, runs)


def _at(project: CodeProject, one: Requirement, severity: Severity, sentence: str, text: str = "") -> Finding:
    return project.in_file("requirement-not-installable", severity, project.folder / one.file, one.line, sentence, text)


def _local(project: CodeProject, one: Requirement) -> Iterator[Finding]:
    """A folder or file of the project that is to be installed."""
    path = project.folder / one.file
    local = re.sub(r"^(-e\s+|--editable[ =])", "", one.text).partition("[")[0].split()[0]
    if not (path.parent / local).exists() and not (project.folder / local).exists():
        yield _at(project, one, Severity.ERROR, _("{line} is not in {folder}.").format(line=local, folder=project.folder))
    elif (project.folder / local).is_dir() and not any((project.folder / local / name).is_file() for name in PROJECTS):
        sentence = _("{line} holds no pyproject.toml and no setup.py, so pip cannot install it.").format(line=local)
        yield _at(project, one, Severity.ERROR, sentence)
    elif not _copied_before(project, path, local):
        sentence = _("{line} is not in the image yet when this list is installed: COPY it before that RUN line.").format(line=local)
        yield _at(project, one, Severity.ERROR, sentence)


def _named(project: CodeProject, one: Requirement, runs: str) -> Iterator[Finding]:
    """A package of an index, by its name."""
    if conda := CONDA.fullmatch(one.text):
        sentence = _("“{line}” is how conda writes it; pip wants two equals signs, and would stop here.").format(line=one.text)
        yield _at(project, one, Severity.ERROR, sentence, f"{conda['name']}=={conda['version']}")
    elif one.name in ONLY_WINDOWS and ";" not in one.text:
        sentence = _("{name} exists for Windows only: pip finds none for the image.").format(name=one.name)
        yield _at(project, one, Severity.ERROR, sentence, f'{one.text}; sys_platform == "win32"')
    elif one.name == "pkg-resources" and "0.0.0" in one.rest:
        sentence = _("{line} is no package: Ubuntu's pip freeze adds it by mistake, and pip finds none of it.").format(line=one.text)
        yield _at(project, one, Severity.ERROR, sentence, f"# {one.text}")
    elif one.name == "markupsafe" and re.match(r"\s*==\s*(0\.|1\.0\b)", one.rest):
        sentence = _("{line} can no longer be built: setuptools dropped what it asks for in 2020. 1.1.1 is the same and can.")
        yield _at(project, one, Severity.ERROR, sentence.format(line=one.text), "MarkupSafe==1.1.1")
    elif one.name in RENAMED or one.name in OF_PYTHON:
        sentence = _("{name} belongs to Python itself: nothing has to be installed, and pip may stop here.").format(name=one.name)
        if one.name in RENAMED:
            sentence = _("{name} is how the code imports it; the package is called {package}.").format(
                name=one.name, package=RENAMED[one.name]
            )
        yield _at(project, one, Severity.WARNING, sentence, RENAMED.get(one.name) or f"# {one.text}")
    elif re.search(r"==\s*[\d.]+\+\w", one.rest) and not _other_index(project, project.folder / one.file, runs):
        sentence = _("{line} is a build that PyPI does not have: name the index it comes from (--extra-index-url), or leave out +….")
        yield _at(project, one, Severity.WARNING, sentence.format(line=one.text), re.sub(r"\+[\w.]+", "", one.text, count=1))
    elif not _parses(one.text):
        yield _at(project, one, Severity.ERROR, _("pip does not understand “{line}”.").format(line=one.text))
    elif one.name in NEEDS and NEEDS[one.name][0] and SLIM.fullmatch(project.docker.image):
        yield from _needs(project, one, runs)


def _copied_before(project: CodeProject, path: Path, local: str) -> bool:
    """Whether the lines before the RUN that installs a list bring a path of the folder into the image."""
    for stage in project.docker.stages:
        for at, line in enumerate(stage.own):
            if line.name == "RUN" and path.name in " ".join(line.words) and "install" in " ".join(line.words):
                before = ContainerFiles(project.folder, replace(project.docker, instructions=tuple(stage.own[:at])))
                origin = path.parent / local if (path.parent / local).exists() else project.folder / local
                mounted = any("type=bind" in flag for flag in line.flags)
                files = [origin] if origin.is_file() else [item for item in origin.glob("*") if item.name in PROJECTS]
                return mounted or any(before.place(item) is not None for item in files) or not files or stage.parent is not None
    return True


def _other_index(project: CodeProject, path: Path, runs: str) -> bool:
    """Whether packages come from another index than PyPI too."""
    texts = [read_text(path), runs, *(f"{name}={value}" for name, value in project.docker.environment.items())]
    return any(re.search(r"--(extra-)?index-url|--find-links|(^|\s)-[if]\s|PIP_(EXTRA_)?INDEX_URL|PIP_FIND_LINKS", text) for text in texts)


def _needs(project: CodeProject, one: Requirement, runs: str) -> Iterator[Finding]:
    packages, other = NEEDS[one.name]
    if one.name == "psycopg" and (re.search(r"\[[^\]]*binary", one.rest) or project.code.dependencies.has("psycopg-binary")):
        return
    last = packages.split()[-1]
    if last in runs or ("build-essential" in runs and "-dev" not in last):
        return
    sentence = _("{name} needs {packages}, which the image {image} does not have: its build or its import would fail.")
    sentence = sentence.format(name=one.name, packages=packages, image=project.docker.image)
    if other:
        sentence += " " + _("{other} needs none of it.").format(other=other)
    drop_in = other and other.startswith(one.name) and "[" not in one.rest  # the same package under another name, imported the same
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


def _old_pins(project: CodeProject, runs: str) -> Iterator[Finding]:
    """An old, exact pin in an image whose Python is newer than the release: nothing there compiles what has no ready-made build for it."""
    image, begin = OFFICIAL.match(project.docker.image), project.docker.last("FROM")
    requirements = [item for path in installed_lists(project.folder, project.docker) for item in read_requirements(project.folder, path)]
    limit = newest_python(requirements)
    if image is None or begin is None or limit is None or not SLIM.fullmatch(project.docker.image) or int(image[1]) <= limit[0]:
        return
    if re.search(r"\b(gcc|g\+\+|build-essential|build-base|clang)\b", runs):
        return
    sentence = _("{pin} is older than Python 3.{minor}: pip finds no build of it that works in this image.")
    sentence += " " + _("Use python:3.{older}-slim, or newer releases.")
    sentence = sentence.format(pin=limit[1].text.partition(";")[0].strip(), minor=image[1], older=limit[0])
    text = re.sub(r"python:3\.\d+(\.\d+)?", f"python:3.{limit[0]}", f"FROM {' '.join(begin.words)}", count=1)
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
    except (InvalidRequirement, RecursionError):
        return False
    return True
