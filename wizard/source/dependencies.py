"""What a project asks for: which tool installs it, from which file, for which Python; every requirement with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.source.starting.project_scripts import read_pyproject
from wizard.source.text_file import read_lines, read_text

MOST_FILES = 200  # that requirements files may include
LISTS = ("requirements.txt", "requirements/prod.txt", "requirements/production.txt", "requirements/base.txt",
         "requirements/requirements.txt", "requirements-prod.txt", "requirements.in")  # fmt: skip
NAMED = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*(.*)")
OF_PIN = {"flask-sqlalchemy": re.compile(r"==\s*([12])\.|<\s*3\b|<=\s*2|~=\s*2|\^\s*2")}


@dataclass(frozen=True)
class Requirement:
    """One line of a list: the name in small letters with hyphens, what follows it, where it stands, and the whole line."""

    name: str
    rest: str
    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Dependencies:
    """What is installed, and by what.

    :param tool: ``pip``, ``poetry``, ``uv``, ``pipenv``, ``pdm``, ``conda``; "" when nothing says what to install.
    :param file: the file that it installs from.
    :param locked: there is a lock file of that tool.
    :param python: such as ``3.12``, as the project asks for it; "" when it does not.
    """

    tool: str = ""
    file: str = ""
    locked: bool = False
    python: str = ""
    names: frozenset[str] = frozenset()
    requirements: tuple[Requirement, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of these packages is asked for."""
        return any(name in self.names for name in names)

    @property
    def flask_sqlalchemy(self) -> int:
        """The major version of Flask-SQLAlchemy; 0 when it is not asked for."""
        match = next((requirement for requirement in self.requirements if requirement.name == "flask-sqlalchemy"), None)
        if match is None:
            return 0
        return 2 if OF_PIN["flask-sqlalchemy"].search(match.rest) else 3


def read_dependencies(folder: Path) -> Dependencies:
    """What a project's own files ask for, by the tool whose lock file there is, or else the first there is of the lists."""
    content = read_pyproject(folder)
    python = _python(folder, content)
    listed = next((name for name in LISTS if (folder / name).is_file()), "")
    declared = list(_of_pyproject(folder, content))
    if (folder / "uv.lock").is_file() and content:
        return _made("uv", "pyproject.toml", True, python, declared)
    if (folder / "poetry.lock").is_file() or ("poetry" in content.get("tool", {}) and declared and not listed):
        return _made("poetry", "pyproject.toml", (folder / "poetry.lock").is_file(), python, declared)
    if (folder / "pdm.lock").is_file():
        return _made("pdm", "pyproject.toml", True, python, declared)
    if (folder / "Pipfile").is_file() and not listed:
        return _made("pipenv", "Pipfile", (folder / "Pipfile.lock").is_file(), python, list(_of_pipfile(folder)))
    if listed:
        return _made("pip", listed, False, python, list(read_requirements(folder, folder / listed)))
    if declared or "project" in content:
        return _made("pip", "pyproject.toml", False, python, declared)
    for name in ("environment.yml", "environment.yaml"):
        if (folder / name).is_file():
            of_conda = list(_of_conda(folder, name))
            own = next((match[0] for one in of_conda if one.name == "python" and (match := re.search(r"3\.\d+", one.rest))), "")
            return _made("conda", name, False, python or own, of_conda)
    if (folder / "setup.py").is_file() or (folder / "setup.cfg").is_file():
        file = "setup.py" if (folder / "setup.py").is_file() else "setup.cfg"
        return _made("pip", file, False, python, list(_of_setup(folder, file)))
    return Dependencies(python=python)


def read_requirements(folder: Path, path: Path, seen: set[Path] | None = None) -> Iterator[Requirement]:
    """The lines of a requirements file that name something to install, those of the files it includes too, as pip joins them.

    :param seen: the files that were read already: each is read once, whoever includes it.
    """
    seen = set() if seen is None else seen
    if path in seen or len(seen) > MOST_FILES:
        return
    seen.add(path)
    if not path.is_file():
        return
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    for number, line in joined_lines(path):
        text = re.sub(r"(^|\s+)#.*$", "", line).strip()
        if not text:
            continue
        if included := re.match(r"(?:-r|--requirement)[ =]?\s*(\S+)", text):
            yield from read_requirements(folder, path.parent / included[1].strip("\"'"), seen)
        elif named := _name_of(text):
            yield Requirement(named, text[len(named) :], name, number, text)


def joined_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The logical lines of a requirements file with their numbers: pip joins one that ends in a backslash with the next."""
    begun, number = "", 0
    for at, line in enumerate(read_lines(path), 1):
        number = number if begun else at
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            begun += line[:-1]
            continue
        yield number, begun + line
        begun = ""
    if begun:
        yield number, begun


def _name_of(text: str) -> str:
    """What a line installs, by name; the file or address for a line that gives none."""
    if text.startswith("-"):
        editable = re.match(r"(?:-e|--editable)[ =]?\s*(\S+)", text)
        if editable is None:
            return ""
        text = editable[1]
    if egg := re.search(r"#egg=([\w.-]+)", text):
        return canonical(egg[1])
    if wheel := re.match(r"(?:\S*/)?([A-Za-z0-9][\w.]*)-[^/\s]+\.whl(?=$|[\s#;])", text):
        return canonical(wheel[1])
    if re.match(r"[.~/]|\w+://|git\+|[A-Za-z]:[\\/]|\S+\.(whl|tar\.gz|zip)$", text):
        return text.split()[0]
    named = NAMED.match(text)
    return canonical(named[1]) if named else ""


def canonical(name: str) -> str:
    """``flask-sqlalchemy`` for ``Flask_SQLAlchemy``: how PEP 503 compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _made(tool: str, file: str, locked: bool, python: str, requirements: list[Requirement]) -> Dependencies:
    return Dependencies(tool, file, locked, python, frozenset(match.name for match in requirements), tuple(requirements))


def _of_pyproject(folder: Path, content: dict[str, Any]) -> Iterator[Requirement]:
    lines = read_lines(folder / "pyproject.toml")
    project, tool = content.get("project", {}), content.get("tool", {})
    texts = list(project.get("dependencies", [])) if isinstance(project, dict) else []
    poetry = tool.get("poetry", {}) if isinstance(tool, dict) else {}
    groups = [poetry.get("dependencies", {}) if isinstance(poetry, dict) else {}]
    pairs = [(name, _bound(value)) for table in groups if isinstance(table, dict) for name, value in table.items() if name != "python"]
    for name, rest in [*((NAMED.match(str(text)), "") for text in texts), *pairs]:
        word, bound = (name, rest) if isinstance(name, str) else (name[1], f"{name[2] or ''}{name[3]}") if name else ("", "")
        if word:
            line = next((number for number, text_line in enumerate(lines, 1) if re.search(rf"[\"' ]?{re.escape(word)}\b", text_line)), 0)
            yield Requirement(canonical(word), bound, "pyproject.toml", line, f"{word}{bound}")


def _bound(value: object) -> str:
    return value if isinstance(value, str) else str(value.get("version", "")) if isinstance(value, dict) else ""


def _of_pipfile(folder: Path) -> Iterator[Requirement]:
    import tomllib

    try:
        packages = tomllib.loads(read_text(folder / "Pipfile")).get("packages", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for name, value in packages.items() if isinstance(packages, dict) else ():
        yield Requirement(canonical(name), _bound(value), "Pipfile", 0, f"{name}{_bound(value)}")


def _of_conda(folder: Path, name: str) -> Iterator[Requirement]:
    for number, line in enumerate(read_lines(folder / name), 1):
        if match := re.match(r"\s*-\s+([A-Za-z0-9][\w.-]*)\s*([=<>!~][^#]*)?", line):
            yield Requirement(canonical(match[1]), (match[2] or "").strip(), name, number, line.strip())


def _of_setup(folder: Path, file: str) -> Iterator[Requirement]:
    text = read_text(folder / file)
    if match := re.search(r"install_requires\s*=\s*(\[[^\]]*\]|(?:\n[ \t]+.*)+)", text):
        for item in re.findall(r"[\"']([^\"']+)[\"']|^\s+([\w.-][^\n]*)$", match[1], re.MULTILINE):
            if named := NAMED.match((item[0] or item[1]).strip()):
                yield Requirement(canonical(named[1]), named[3], file, 0, item[0] or item[1])


def _python(folder: Path, content: dict[str, Any]) -> str:
    """The newest Python of those that the project says it runs on, as far as it says one."""
    for name in (".python-version", "runtime.txt"):
        if match := re.search(r"(?:python-)?(3\.\d+)", read_text(folder / name)):
            return match[1]
    if match := re.search(r"(?m)^python\s+(3\.\d+)", read_text(folder / ".tool-versions")):  # asdf's and mise's
        return match[1]
    poetry = content.get("tool", {}).get("poetry", {}) if isinstance(content.get("tool"), dict) else {}
    declared = str(content.get("project", {}).get("requires-python", "") if isinstance(content.get("project"), dict) else "")
    declared = declared or str(poetry.get("dependencies", {}).get("python", "") if isinstance(poetry, dict) else "")
    if not declared and (match := re.search(r"python_(?:full_)?version\s*=\s*\"(3\.\d+)", read_text(folder / "Pipfile"))):
        return match[1]
    return python_for(declared)


def python_for(declared: str, usual: int = 12) -> str:
    """A version that a bound allows, the usual one where it does: ``3.11`` for ``<3.12`` or ``==3.11.*``, "" where nothing is said."""
    if not declared:
        return ""
    bounds = re.findall(r"(>=|<=|==|~=|!=|<|>|\^|~|)\s*3\.(\d+)(?:\.(\*|\d+))?", declared)
    allowed = [minor for minor in range(8, 15) if all(_allows(sign, int(bound), rest, minor) for sign, bound, rest in bounds)]
    if not bounds or not allowed:
        return ""
    return f"3.{usual if usual in allowed else max(allowed)}"


def _allows(sign: str, bound: int, rest: str, minor: int) -> bool:
    match sign:
        case ">=" | "^":
            return minor >= bound
        case "~=":
            return minor >= bound if not rest else minor == bound
        case ">":
            return minor > bound or (bool(rest) and minor == bound)
        case "<":
            return minor < bound or (rest.isdigit() and int(rest) > 0 and minor == bound)
        case "<=":
            return minor <= bound
        case "!=":
            return minor != bound
    return minor == bound
