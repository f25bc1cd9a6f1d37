"""The ignore file of a build, read for a person: what is wrong with it is a sentence."""

from __future__ import annotations

from pathlib import Path

from wizard.containers.ignore_rules import DockerIgnore, UnreadablePattern, read_rules
from wizard.platform.language import _


class IgnoreFileError(Exception):
    """An ignore file that cannot be read or understood; the text is a sentence for the person."""


def read_ignore_file(folder: Path, dockerfile: Path) -> DockerIgnore:
    """The rules for building `folder`: ``<dockerfile>.dockerignore`` when there is one, else ``.dockerignore`` of the folder.

    Raises IgnoreFileError.
    """
    for path in (dockerfile.with_name(f"{dockerfile.name}.dockerignore"), folder / ".dockerignore"):
        if path.is_file():
            try:
                return parse(path.read_text(encoding="utf-8-sig"))
            except (OSError, UnicodeDecodeError) as error:
                raise IgnoreFileError(
                    _("The file {path} cannot be read: {reason}. Make it readable, or remove it.").format(path=path, reason=_reason(error))
                ) from None
            except IgnoreFileError as error:
                raise IgnoreFileError(_("{path}, {problem}").format(path=path, problem=error)) from None
    return DockerIgnore()


def parse(text: str) -> DockerIgnore:
    """The rules in the text of an ignore file. Raises IgnoreFileError with the line that Docker would refuse."""
    try:
        return read_rules(text)
    except UnreadablePattern as error:
        sentence = _("line {number}: “{line}” is not a pattern Docker understands.")
        raise IgnoreFileError(sentence.format(number=error.number, line=error.line)) from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return _("it is not UTF-8 text") if isinstance(error, UnicodeDecodeError) else str(error.strerror)
