"""A start script that the container cannot run: line ends, the x bit, its interpreter."""

from __future__ import annotations

import re

from wizard.doctor.evidence import Evidence, telling_lines
from wizard.doctor.verdict import Fix, Verdict, apply_again
from wizard.lint.fixes import repaired
from wizard.platform.language import _

NO_PROGRAM = re.compile(r'exec: "([^"]+)": (?:executable file not found|stat )')
NO_RIGHT = re.compile(r'exec: "([^"]+)": permission denied')
NO_FORMAT = re.compile(r"exec (\S+): exec format error")
NO_SCRIPT = re.compile(r"exec (\S+): no such file or directory")
CARRIAGE_RETURN = re.compile(r"env: (?:can't execute )?['‘]([\w./+-]+)(?:\\r|\r)['’]: No such file", re.IGNORECASE)
"""What GNU's and BusyBox's env say of ``#!/usr/bin/env bash`` in a script whose lines end as in Windows."""

SCRIPT_FINDINGS = ("crlf", "not-executable", "exec-format")


def script(evidence: Evidence, lines: tuple[str, ...]) -> Verdict | None:
    """The script that starts the API is there, and cannot be run: what runs it is absent, nothing is named, or nobody may run it."""
    log_text = "\n".join([*lines, *evidence.said.console])
    shown = telling_lines([*lines[:2], *(line for line in evidence.said.console if NO_SCRIPT.search(line))])
    if match := NO_RIGHT.search(log_text):
        detail = _("Your API cannot be started: {name} has no right to be run (no x bit).").format(name=match[1])
        words = _("Write RUN chmod +x {name} before the last line of {file}.")
        verdict = Verdict("not-executable", detail, lines, _script_fix(evidence, words, match[1]))
    elif match := NO_FORMAT.search(log_text):
        detail = _("Your API cannot be started: {name} does not begin with #! and the program that runs it.").format(name=match[1])
        words = _("Write #!/bin/sh as the first line of {name}, without anything before it.")
        verdict = Verdict("exec-format", detail, shown, _script_fix(evidence, words, match[1]))
    elif match := NO_SCRIPT.search(log_text):
        detail = _("Your API cannot be started: {name} is there, and the program that its first line names is not.").format(name=match[1])
        words = _("Most often its lines end as in Windows: save {name} with the line ends of Linux (LF).")
        verdict = Verdict("crlf", detail, shown, _script_fix(evidence, words, match[1]))
    elif match := CARRIAGE_RETURN.search(log_text):
        detail = _("Your API cannot be started: its start script asks for {name} with a carriage return behind it.").format(name=match[1])
        words = _("Save the script with the line ends of Linux (LF), not those of Windows.")
        shown = telling_lines([line for line in log_text.splitlines() if CARRIAGE_RETURN.search(line)])
        verdict = Verdict("crlf", detail, shown, _script_fix(evidence, words, match[1]))
    else:
        return None
    return verdict


def _script_fix(evidence: Evidence, words: str, name: str) -> Fix:
    """What the code check proposes; otherwise a sentence."""
    proposed = [finding for finding in evidence.findings if finding.replacement and finding.id in SCRIPT_FINDINGS]
    if proposed and evidence.answers.pipeline.builds_folder:
        return apply_again(evidence, files=repaired(proposed))
    return Fix(words.format(name=name, file=evidence.answers.pipeline.dockerfile), "apply")
