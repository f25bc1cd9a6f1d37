"""What goes into the image: everything that COPY names is sent to the build, and no password comes along."""

from __future__ import annotations

import difflib
import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from wizard.containers.copy_sources import clean, has_wildcards, matching
from wizard.containers.dockerfile_rules import flag_name, is_remote
from wizard.containers.dockerfile_stages import find_stage
from wizard.lint.finding import Finding, Severity
from wizard.platform.language import _
from wizard.platform.secret_names import looks_secret
from wizard.sections.name_rules import kebab_case
from wizard.setup.toml_writer import add_table
from wizard.source.build_context import SECRET_FILE
from wizard.source.dockerignore import IgnoreFileError, parse
from wizard.source.files.container_files import from_elsewhere

if TYPE_CHECKING:
    from wizard.containers.dockerfile_stages import Instruction, Stage
    from wizard.lint.project import CodeProject


def check_copy(project: CodeProject) -> Iterator[Finding]:
    """Everything that COPY names is sent to the build, or made by an earlier stage; in every stage, since the registry builds them all."""
    for stage in project.docker.stages:
        for copy in stage.own:
            if copy.name not in ("COPY", "ADD") or len(copy.words) < 2:
                continue
            if copy.flag("from") is not None:
                yield from _from_stage(project, stage, copy)
            elif project.source is not None:
                yield from _from_context(project, copy)


def _from_context(project: CodeProject, copy: Instruction) -> Iterator[Finding]:
    """A plain name has to be there; of patterns one has to match, or another source be there (both builders, tried)."""
    there = {*project.sent.files, *project.sent.folders}
    opened = {f"<<{document.name}" for document in copy.heredocs}
    sources = [word for word in copy.words[:-1] if word and not is_remote(word) and re.sub(r"[-\"']", "", word) not in opened]
    count = len(copy.words) - 1 - len(sources)
    patterns = []
    for word in sources:
        path = clean(word)
        if path == "." or path in there:
            count += 1
        elif has_wildcards(path):
            patterns.append(word)
            count += len(matching(path, there))
        else:
            yield _missing(project, copy, word, path, there)
            return
    if patterns and not count:
        yield _missing(project, copy, patterns[0], clean(patterns[0]), there)
    elif count > 1 and not copy.words[-1].endswith("/"):
        yield _no_folder(project, copy)


def _no_folder(project: CodeProject, copy: Instruction) -> Finding:
    """Several files into ``.``: a folder for BuildKit; the classic builder wants the slash (moby/builder/dockerfile/copy.go)."""
    sentence = _("The registry copies several files only into a folder whose name ends with a slash: {target}/.").format(
        target=copy.words[-1]
    )
    text = with_words(copy, [*copy.words[:-1], f"{copy.words[-1]}/"])
    return project.of_line("not-buildable", Severity.ERROR, copy, sentence, "" if copy.modern else text)


def _from_stage(project: CodeProject, stage: Stage, copy: Instruction) -> Iterator[Finding]:
    """``--from`` names an earlier stage, by name or number, or an image; a slip of the pen would be looked for in Docker Hub."""
    name = str(copy.flag("from"))
    earlier = list(project.docker.stages[: stage.number])
    if find_stage(earlier, name) is not None or "$" in name:
        return
    near = difflib.get_close_matches(name.lower(), [other.name for other in earlier if other.name], 1, 0.8)
    later = name.isdecimal() or any(name.lower() == other.name for other in project.docker.stages)
    if not later and (not near or re.search(r"[/:.@]", name)):
        return
    sentence = _("COPY --from names {name}, and no earlier stage is called so.").format(name=name)
    flags = tuple(f"--from={near[0]}" if near and flag_name(flag) == "from" else flag for flag in copy.flags)
    text = with_words(replace(copy, flags=flags), list(copy.words)) if near and not copy.modern else ""
    yield project.of_line("copy-missing", Severity.ERROR, copy, sentence, text)


def _above(project: CodeProject, copy: Instruction, path: str) -> Finding:
    """A Dockerfile that lies in a folder of its own and is built from the one above, as a compose file with ``context: .`` does it."""
    source = posixpath.normpath(posixpath.join(project.answers.project.source, ".."))
    sentence = _(
        "COPY names {path}, which lies in the folder above: this Dockerfile is made to be built from there. "
        'Write source = "{source}" under [project] and dockerfile = "{dockerfile}" under [pipeline].'
    ).format(path=path, source=source, dockerfile=f"{project.folder.name}/{project.answers.pipeline.dockerfile}")
    return project.of_line("copy-missing", Severity.ERROR, copy, sentence)


def _missing(project: CodeProject, copy: Instruction, word: str, path: str, there: set[str]) -> Finding:
    if SECRET_FILE.fullmatch(posixpath.basename(path)):
        sentence = _("COPY names {path}, a file of passwords, which is never sent: put its values in the key vault, and remove it here.")
        others = [item for item in copy.words[:-1] if item != word]
        finding = _copying(project, copy, sentence.format(path=path), others)
        return finding if others else replace(finding, replacement=f"# {path}: from the key vault, see {project.answers.file.name}")
    if path.startswith(".."):
        sentence = _("COPY names {path}, which lies outside the folder that is sent to the build.").format(path=path)
        return _copying(project, copy, sentence)
    if (project.folder / path).exists():
        sentence = _("COPY names {path}, which .dockerignore leaves out of the build.").format(path=path)
        own = f"{project.answers.pipeline.dockerfile}.dockerignore"
        ignoring = own if (project.folder / own).is_file() else ".dockerignore"
        if project.ignored(path) and not _leaves_out(project.folder / ignoring, f"!{path}", path):
            return project.appended("copy-missing", Severity.ERROR, ignoring, sentence, f"!{path}")
        return _copying(project, copy, sentence)
    if (project.folder.parent / path).exists():
        return _above(project, copy, path)
    sentence = _("COPY names {path}, which is not in {folder}: the build ends there.").format(path=path, folder=project.folder)
    near = difflib.get_close_matches(path, there, 1, 0.8)
    return _copying(project, copy, sentence, [near[0] if item == word else item for item in copy.words[:-1]] if near else [])


def _leaves_out(ignoring: Path, further: str, path: str) -> bool:
    """Whether an ignore file would still leave a path out with one line more."""
    try:
        return parse(f"{ignoring.read_text(encoding='utf-8-sig')}\n{further}\n").leaves_out(path)
    except (OSError, IgnoreFileError):
        return True


def _copying(project: CodeProject, copy: Instruction, sentence: str, sources: list[str] | None = None) -> Finding:
    """A finding about a COPY, which should have these sources instead; without any, a person decides."""
    text = with_words(copy, [*sources, copy.words[-1]]) if sources and not copy.modern else ""
    return project.of_line("copy-missing", Severity.ERROR, copy, sentence, text)


def with_words(copy: Instruction, words: list[str]) -> str:
    """A COPY or ADD of other words; as a list where one of them has a blank, or it was one."""
    listed = copy.as_json or any(re.search(r"\s", word) for word in words)
    return " ".join([copy.name, *copy.flags, json.dumps(words, ensure_ascii=False) if listed else " ".join(words)])


def secret_files(project: CodeProject) -> Iterator[Finding]:
    """A file of passwords that ``COPY . .`` would take along; a build from this folder never gets one, which is said there."""
    if project.answers.pipeline.builds_folder:
        return
    whole = [copy for copy in _from_folder(project) if "." in copy.words[:-1] or "./" in copy.words[:-1]]
    if not whole:
        return
    for path in sorted(project.folder.iterdir()):
        if path.is_file() and SECRET_FILE.fullmatch(path.name) and not project.ignored(path.name):
            sentence = _("{file} may hold passwords, and “{line}” would put it into the image: name it in .dockerignore.").format(
                file=path.name, line=f"{whole[0].name} {' '.join(whole[0].words)}"
            )
            yield project.appended("secret-file-copied", Severity.WARNING, ".dockerignore", sentence, path.name)


def secrets_in_dockerfile(project: CodeProject) -> Iterator[Finding]:
    """A password that ENV writes into the image: out of the Dockerfile, and into the setup file as a secret."""
    names: list[str] = []
    for line in project.docker.instructions:
        pairs = list(zip(line.words[::2], line.words[1::2], strict=False)) if line.name == "ENV" else []
        private = [name for name, value in pairs if _is_private(name, value)]
        if private:
            names += private
            sentence = _("ENV puts the value of {names} into the image, where everyone who may pull it reads it.")
            text = _without(line, pairs, private)
            yield project.of_line("secret-in-dockerfile", Severity.WARNING, line, sentence.format(names=", ".join(private)), text)
    known = {variable.name for variable in project.answers.variables}
    missing = [name for name in dict.fromkeys(names) if name not in known]
    if missing:
        sentence = _("{names} should come from the key vault: their values are asked for when you apply.")
        sentence = sentence.format(names=", ".join(missing))
        yield project.setup_edited("secret-in-dockerfile", Severity.WARNING, sentence, lambda setup: _add_secrets(setup, missing))


def _is_private(name: str, value: str) -> bool:
    """Whether a value may be a password that was written down: one taken from the build, or none at all, is not."""
    return bool(value) and "$" not in value and looks_secret(name, value)


def _without(line: Instruction, pairs: list[tuple[str, str]], private: list[str]) -> str:
    """The ENV line with the other variables only; a remark in its place when there are none."""
    assignments = [f"{name}={value}" for name, value in pairs if name not in private]
    return f"ENV {' '.join(assignments)}" if assignments else f"# {', '.join(private)}: from the key vault, see azwizard.toml"


def _add_secrets(setup: Any, names: list[str]) -> None:
    secrets = setup.setdefault("key_vault", tomlkit.table()).setdefault("secrets", tomlkit.array())
    for name in names:
        secret = kebab_case(name)
        if secret not in secrets:
            secrets.append(secret)
        add_table(setup, "variables", {"name": name, "secret": secret})


def _from_folder(project: CodeProject) -> list[Instruction]:
    """Each COPY and ADD that takes from the folder."""
    return [
        instruction
        for instruction in project.docker.instructions
        if instruction.name in ("COPY", "ADD") and len(instruction.words) > 1 and not from_elsewhere(instruction)
    ]
