"""The order of a try: what the practice cloud is told to build and run, and why nothing could be sent."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.containers.discovery import wanted_engine
from wizard.platform.folders import home
from wizard.source.build_context import SourceError, read
from wizard.source.ignored_folders import LEFT_OUT, LEFT_OUT_ANYWHERE

if TYPE_CHECKING:
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.source.code_facts import CodeFacts


PLACEHOLDER = "only-for-this-try"


CLASSIC = ("registry", "docker")
"""Ways to build that know the classic builder's lines only."""


class LocalRunError(Exception):
    """The API could not be tried here; the text is a sentence for the person."""


def order_for(
    facts: CodeFacts,
    files: Mapping[str, str],
    answers: Answers,
    secret: Callable[[str], Secret | None],
    place: Path,
    wheels: Path | None,
) -> dict[str, Any]:
    """What `wizard.practice.local_replica` is told. Raises LocalRunError when there is nothing that could be sent to a build."""
    folder, dockerfile = facts.folder, facts.dockerfile
    if files:
        folder = place / "code"
        shutil.copytree(facts.folder, folder, ignore=shutil.ignore_patterns(*LEFT_OUT, *LEFT_OUT_ANYWHERE, "node_modules"), symlinks=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        dockerfile = "Dockerfile"
    try:
        context = read(folder, dockerfile, answers.never_sent)
        if context.problems:
            raise LocalRunError("\n".join(context.problems))
        context.pack(place / "context.tar.gz")
    except SourceError as error:
        raise LocalRunError(str(error)) from None
    (place / "run").mkdir()
    return {
        "home": str(place / "run"),
        "kept": str(home() / "tries"),
        "environments": str(home() / "python"),
        "archive": str(place / "context.tar.gz"),
        "dockerfile": context.dockerfile,
        "classic": answers.pipeline.build in CLASSIC,
        "engine": wanted_engine(),
        "wheels": str(wheels or ""),
        "env": _variables(answers, secret),
        "mounts": [_mount(share, place) for share in answers.storage.shares],
        "port": answers.app.port,
        "memory": int(float(answers.app.memory.removesuffix("Gi") or 0) * (1 << 30)),
        "cpu": answers.app.cpu,
    }


def _variables(answers: Answers, secret: Callable[[str], Secret | None]) -> dict[str, str]:
    """What the API finds beside what its image has."""
    values = {}
    for variable in answers.variables:
        value = secret(variable.secret) if variable.secret else None
        values[variable.name] = value.reveal() if value else PLACEHOLDER if variable.secret else variable.value or ""
    return values


def _mount(share: Any, place: Path) -> dict[str, Any]:
    """An empty folder for a share."""
    source = place / "shares" / share.designation
    source.mkdir(parents=True)
    return {"source": str(source), "target": share.mount, "read_only": share.access == "ReadOnly", "nobrl": share.nobrl}
