"""Writing what the code check proposes: the difference first, then the files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.source.text_file import read_lines


def repaired(findings: Iterable[Finding]) -> dict[Path, str]:
    """The files as they would be with every proposed text in its place; a note is left to the person."""
    texts: dict[Path, list[str]] = {}
    proposed = [item for item in findings if item.replacement and item.severity is not Severity.INFO]
    for finding in sorted(proposed, key=lambda fix_: (fix_.path, -fix_.line)):
        if finding.line == 0:
            texts[finding.path] = finding.replacement.splitlines()
            continue
        lines = texts.setdefault(finding.path, _lines(finding.path))
        lines[finding.line - 1 : finding.end] = finding.replacement.splitlines()
    return {path: "\n".join(lines) + "\n" for path, lines in texts.items()}


def difference(files: dict[Path, str], folder: Path) -> str:
    """What would change, as ``diff -u`` shows it."""
    parts: list[str] = []
    for path, text in files.items():
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        old = _lines(path)
        parts += difflib.unified_diff(old, text.splitlines(), f"a/{name}" if old else "/dev/null", f"b/{name}", lineterm="")
    return "\n".join(parts)


def write(files: dict[Path, str]) -> None:
    """Write them, after the person saw the difference."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")  # as a container reads them, on Windows too


def _lines(path: Path) -> list[str]:
    return read_lines(path)
