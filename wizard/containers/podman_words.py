"""What Podman says of a build that fails, in the words of Docker's classic builder, which is what registry tasks run.

Podman builds with Buildah, whose errors name the step and tell the exit code of a RUN line in their text only (tried with Podman 4.3).
"""

from __future__ import annotations

import json
import re

_RUN = re.compile(r'building at STEP (?P<step>"RUN .*"): while running runtime: exit status (?P<code>\d+)\s*', re.DOTALL)
_SOURCE = re.compile(
    r'building at STEP "(?P<verb>COPY|ADD) .*": checking on sources under ".*": (?:.*; )?'
    r'copier: stat: (?P<several>\[)?"/?(?P<path>[^"]*)".*',
    re.DOTALL,
)


def in_dockers_words(message: str) -> tuple[str, int | None]:
    """The message, and the exit code of the RUN line that it is about; as it stands where it is not one of those known."""
    if match := _RUN.fullmatch(message):
        command = _unquoted(match["step"]).removeprefix("RUN ")
        return f"The command '/bin/sh -c {command}' returned a non-zero code: {match['code']}", int(match["code"])
    if match := _SOURCE.fullmatch(message):
        reason = f"file not found in build context or excluded by .dockerignore: stat {match['path']}: file does not exist"
        return f"{match['verb']} failed: {'no source files were specified' if match['several'] else reason}", None
    return message.strip(), None


def _unquoted(text: str) -> str:
    """A string as Go quotes it, whose escapes are those of JSON but for a few."""
    try:
        return str(json.loads(text))
    except ValueError:
        return text.strip('"')
