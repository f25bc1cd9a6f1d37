"""The source of an API, read once and again after it changed."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.setup.answers import Answers
    from wizard.source.code_facts import CodeFacts


async def read_folder(code: Path) -> CodeFacts:
    """Read the code in a folder without holding anything else up; ended when nobody waits for it any more."""
    from wizard.source.code_facts import read_code

    left = threading.Event()

    def read() -> CodeFacts:
        facts = read_code(code, stop=left.is_set)
        facts.health_path  # noqa: B018 - worked out here, and not where a screen asks for it
        return facts

    try:
        return await asyncio.to_thread(read)
    finally:
        left.set()


class SourceOnce:
    """What the source says, kept until it is forgotten."""

    def __init__(self) -> None:
        self._facts: CodeFacts | None = None
        self._state: object = None  # of the files that were read, by which a change is noticed

    def facts(self, answers: Answers) -> CodeFacts:
        """What the source of a setup says."""
        from wizard.source.code_facts import read_code, state_of_files

        if self._facts is None:
            self._facts = read_code(answers.source_folder, answers.pipeline.dockerfile)
            self._state = state_of_files(self._facts)
        return self._facts

    @property
    def has_changed(self) -> bool:
        """Whether somebody changed the source since it was read."""
        from wizard.source.code_facts import state_of_files

        return self._facts is not None and state_of_files(self._facts) != self._state

    def forget(self) -> None:
        """Read it again when it is asked for."""
        self._facts = None
