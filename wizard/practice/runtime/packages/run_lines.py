"""What the RUN lines of a Dockerfile install of Python, by whatever tool: pip, uv, Poetry, PDM, Pipenv. They are read and never run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wizard.practice.kernel.rooted import inside
from wizard.practice.runtime.packages.pip_options import INDEX, INDEX_FLAGS, LINKS, OTHER_VALUE, OWN_VALUE
from wizard.practice.runtime.packages.requirement_files import (
    PYLOCK,
    RequirementSet,
    UnreadableRequirements,
    default_groups,
    group_of,
    is_package,
    locked,
    pipfile,
    pylock,
    pyproject,
    requirements_file,
)

TOOLS = frozenset({"pip", "uv", "poetry", "pipenv", "pdm", "pip-tools", "hatch", "virtualenv", "build"})  # of a build, not of an API
_SETTING = re.compile(r"[A-Za-z_]\w*=.*")


@dataclass(frozen=True)
class RunLine:
    """A RUN line of a Dockerfile, as it stands after ``RUN``.

    :param workdir: the folder that it would run in, as a path of the image.
    :param tree: the file tree of its stage on this machine.
    :param context: the build context, for files that BuildKit's ``--mount=type=bind`` shows to this line alone.
    """

    text: str
    workdir: str
    tree: Path
    context: Path | None = None


@dataclass
class Asked:
    """What RUN lines ask for together; a local path is a whole path of this machine, or stands as it was where there is none."""

    lines: RequirementSet = field(default_factory=RequirementSet)
    line: str = ""  # the first RUN line that installs something


def asked_by(runs: Iterable[RunLine]) -> Asked:
    """What these RUN lines install.

    :raises UnreadableRequirements: when a file that is named is not there, and no line before would have made it.
    """
    request, is_copied = Asked(), False
    for run in runs:
        workdir = run.workdir
        for words in _commands(run.text):
            if words[0] == "cd" and len(words) > 1:
                workdir = os.path.normpath(f"{workdir}/{words[1]}" if not words[1].startswith("/") else words[1])
                continue
            place = _Place(run, workdir)
            lines, writes = _asked(words, place, is_copied)
            is_copied = is_copied or writes
            if lines is not None:
                request.line = request.line or run.text
                request.lines.add(lines)
    return request


@dataclass(frozen=True)
class _Place:
    run: RunLine
    workdir: str

    @property
    def folder(self) -> Path:
        return self.path(".")

    def path(self, name: str) -> Path:
        """A path of the image on this machine: in its tree, or else in the build context."""
        whole = os.path.normpath(name if name.startswith("/") else f"{self.workdir}/{name}")
        here = inside(self.run.tree, whole)
        if not here.exists() and self.run.context is not None and (shown := inside(self.run.context, name)).exists():
            return shown
        return here

    def root_of(self, file: Path) -> Path:
        """The image's tree or the build context, whichever a file that `path` gave lies in."""
        context = self.run.context
        return context if context is not None and not file.is_relative_to(self.run.tree) else self.run.tree


def _commands(text: str) -> Iterator[list[str]]:
    """The commands of a RUN line, each as its words, without settings before it and without what would follow a failure (``||``)."""
    text = re.sub(r"^(\s*--(mount|network|security)=\S+)+", "", text.replace("\\\n", " "))
    if text.lstrip().startswith("["):
        with contextlib.suppress(ValueError):
            listed = [str(word) for word in json.loads(text)]
            shell = len(listed) == 3 and re.fullmatch(r"(/bin/)?(ba|da)?sh", listed[0]) and listed[1].endswith("c")
            text = listed[2] if shell else shlex.join(listed)
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|\n()<>")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    skipped = False
    try:
        tokens = list(lexer)
    except ValueError:  # an open quote
        tokens = text.split()
    for word in [*tokens, ";"]:
        if word and set(word) <= set(";&|\n()"):
            if words and not skipped and (bare := _bare(words)):
                yield bare
            words, skipped = [], word == "||"
        else:
            words.append(word)


def _bare(words: list[str]) -> list[str]:
    """A command without settings, ``exec`` and ``sudo`` before it, its program by its name alone, ``python -m pip`` as ``pip``."""
    while words and (_SETTING.fullmatch(words[0]) or words[0] in ("exec", "sudo", "env", "time", "set", "then", "do", "if")):
        words = words[1:]
    if not words:
        return []
    name = words[0].rsplit("/", 1)[-1]
    if re.fullmatch(r"(python|pypy)[\d.]*", name):
        while len(words) > 1 and words[1].startswith("-") and words[1] != "-m":
            words = [words[0], *words[2:]]
        if words[1:2] != ["-m"]:
            return [name, *words[1:]]
        words, name = words[2:], words[2] if len(words) > 2 else ""
    if re.fullmatch(r"pip[\d.]+", name):
        name = "pip"
    return [name, *words[1:]]


def _asked(words: list[str], place: _Place, is_copied: bool) -> tuple[RequirementSet | None, bool]:
    """What one command installs (None: nothing of Python), and whether it writes a requirements file."""
    writes = ">" in words or any(word in ("-o", "--output", "--output-file") for word in words)
    program, *rest = words
    is_uv = program == "uv"
    if is_uv and rest[:1] == ["pip"]:
        program, rest = "pip", rest[1:]
    verb = next((word for word in rest if not word.startswith("-")), "")
    after = rest[rest.index(verb) + 1 :] if verb else []
    match program, verb:
        case "pip", "install" | "wheel" | "download" | "sync":
            return _pip(after, place, is_copied, bare_files=verb == "sync", reads_projects=is_uv), False
        case "pip-sync", _:
            return _pip(rest, place, is_copied, bare_files=True), False
        case "uv", "sync" | "export":
            return _of_project(after, place, groups=True), writes
        case ("uv" | "poetry" | "pdm", "add") | ("pipenv", "install") if _names(after):
            return _pip(after, place, is_copied), False
        case (("poetry" | "pdm"), ("install" | "sync" | "export")):
            return _of_project(after, place, groups=verb != "export"), writes
        case "pipenv", ("install" | "sync" | "requirements" | "lock"):
            lines = pipfile(place.folder, dev=bool({"--dev", "-d"} & set(after)))
            lines.constraints = locked(place.folder) if "--skip-lock" not in after else []
            return lines, writes
        case "pip-compile", _:
            return None, True
    return None, writes


def _names(words: list[str]) -> list[str]:
    """The words of an ``add`` that name packages."""
    return [word for word, _value in _options(words) if not word.startswith("-")]


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Each word with the value that follows it, when it is an option that has one; a redirection ends them."""
    rest = iter(words)
    for word in rest:
        if word.startswith((">", "<")):
            return
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in OWN_VALUE or name in OTHER_VALUE:
            yield name, value if equals else next(rest, "")
        elif match := re.fullmatch(r"(-[rcefi])(.+)", word):
            yield match[1], match[2]
        else:
            yield name, value


def _pip(words: list[str], place: _Place, is_copied: bool, *, bare_files: bool = False, reads_projects: bool = False) -> RequirementSet:
    """What ``pip install`` and ``uv pip install`` install; uv alone `reads_projects` as lists of requirements."""
    lines = RequirementSet()
    options = list(_options(words))
    if any(_is_still_to_be_filled(value, place) for word, value in options if word in LINKS):
        options = [(word, value) for word, value in options if word not in LINKS and word != "--no-index"]
    for word, value in options:
        if word in ("-r", "--requirement") or (bare_files and not word.startswith("-")):
            file = place.path(value or word)
            if reads_projects and file.name == "pyproject.toml" and file.exists():
                extras = [one for name, one in options if name == "--extra"]
                asked = pyproject(file.parent, extras=extras, all_extras=("--all-extras", "") in options)
                lines.add(RequirementSet([_placed(line, file.parent) for line in asked.requirements]))
            else:
                _include(lines, file, place.root_of(file), is_copied)
        elif word == "--group":
            project, _colon, group = value.rpartition(":")
            lines.requirements += group_of(place.path(project or "pyproject.toml"), group)
        elif word in ("-c", "--constraint"):
            file = place.path(value)
            limits = requirements_file(file, place.root_of(file))
            lines.constraints += [*limits.requirements, *limits.constraints]
        elif word in ("-e", "--editable"):
            lines.requirements.append(_placed(value, place.folder))
        elif word in INDEX and "$" not in value:
            lines.options.append(f"{word} {_placed(value, place.folder) if word in LINKS else value}")
        elif word in INDEX_FLAGS:
            lines.options.append(word)
        elif not word.startswith("-") and re.split(r"[\[<>=!~ @]", word)[0].lower() not in TOOLS and "$" not in word:
            lines.requirements += _named(word, place, is_copied)
    return lines


def _is_still_to_be_filled(folder: str, place: _Place) -> bool:
    """Whether a folder to find packages in holds none yet: a line before, such as ``pip wheel -w``, would have filled it."""
    return "://" not in folder and not any(path.is_file() for path in place.path(folder).glob("*"))


def _named(word: str, place: _Place, is_copied: bool) -> list[str]:
    """A package, a path, or a pattern of wheels; what only an unexecuted RUN would have made is passed over."""
    if "*" in word:
        return [str(path) for path in sorted(place.path("/").glob(str(Path(place.workdir, word)).lstrip("/")))]
    if word.startswith(("/", "./", "../")) and not place.path(word.partition("[")[0]).exists() and is_copied:
        return []
    return [_placed(word, place.folder, place)]


def _include(lines: RequirementSet, file: Path, root: Path, is_copied: bool) -> None:
    if not file.exists() and is_copied:
        return  # made by a line before, whose own requirements are in already
    included = RequirementSet(pylock(file)) if PYLOCK.fullmatch(file.name) else requirements_file(file, root)
    included.requirements = [_placed(line, file.parent) for line in included.requirements]
    lines.add(included)


def _placed(line: str, folder: Path, place: _Place | None = None) -> str:
    """A requirement with a local path made whole, where that path is there; an editable one is installed as it is now."""
    bare = re.sub(r"^(-e|--editable)[\s=]+", "", line)
    path, bracket, extras = bare.partition("[")
    path = path.removeprefix("file:")
    if path in (".", "..") or path.startswith(("./", "../", "/")) or (place and "/" in path and "://" not in path and " " not in path):
        here = place.path(path) if place else folder / path
        if not path.startswith("/") or place:
            return f"{os.path.normpath(here)}{bracket}{extras}" if here.exists() else bare
    return bare


def _of_project(words: list[str], place: _Place, *, groups: bool) -> RequirementSet:
    """What ``uv sync``, ``poetry install`` and their like install: the project's list in locked versions, and itself if it is a package."""
    flags = {word for word, _ in _options(words)}
    values: dict[str, list[str]] = {}
    for word, value in _options(words):
        values.setdefault(word, []).extend(re.split(r"[,\s]+", value) if value else [])
    named_groups = [*values.get("--group", []), *values.get("--with", [])]
    if groups and not flags & {"--no-dev", "--only", "--no-default-groups", "--prod", "--production", "--only-main"}:
        named_groups += default_groups(place.folder)
    left_out = {*values.get("--without", []), *values.get("--no-group", []), *(["dev"] if "--no-dev" in flags else [])}
    named_groups += [name for name in values.get("--only", []) if name != "main"]
    extras = [*values.get("--extra", []), *values.get("-E", []), *values.get("--extras", [])]
    lines = pyproject(
        place.folder,
        extras=extras,
        all_extras="--all-extras" in flags,
        groups=[name for name in dict.fromkeys(named_groups) if name not in left_out],
    )
    lines.requirements = [_placed(line, place.folder, place) for line in lines.requirements]
    lines.constraints = locked(place.folder)
    if is_package(place.folder) and not flags & {"--no-root", "--no-install-project", "--no-self", "--only-main"} and ">" not in words:
        lines.requirements.append(str(place.folder))
    return lines


__all__ = ["Asked", "RunLine", "UnreadableRequirements", "asked_by"]
