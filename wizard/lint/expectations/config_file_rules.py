"""A file that the configuration is read from, and that the image does not have."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.files.config_files import config_files, env_files_read


def check_config_files(project: CodeProject) -> Iterator[Finding]:
    """``from_pyfile`` ends with an error where its file is not there, unless it is told to be silent (Flask's manual, "Configuration")."""
    for one in config_files(project.folder, project.code.files):
        inside = one.path.is_relative_to(project.folder)
        name = one.path.relative_to(project.folder).as_posix() if inside else one.path.name
        if one.silent or (inside and one.path.is_file() and not project.ignored(name)):
            continue
        sentence = _(
            "Your code reads its configuration from {file}, which the image does not have: it would end with an error. Let it read "
            "variables instead, or give it silent=True."
        )
        path, line = one.where
        yield project.in_file("config-file-missing", Severity.WARNING, path, line, sentence.format(file=name))
    for path, line, name in env_files_read(project.code.files):
        sentence = _(
            "Your code reads the file {file} itself, which is never put into an image, rather than the environment, where Azure puts the "
            "variables: read them with os.environ."
        )
        yield project.in_file("config-file-missing", Severity.WARNING, path, line, sentence.format(file=name))
