"""The hand-off as a folder to send."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.handoff.earlier import with_earlier
from wizard.handoff.message import ANSWER, MESSAGE, SCRIPT, answer, message
from wizard.handoff.owners import owners
from wizard.handoff.script import render

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.handoff.request import HandoffRequest
    from wizard.setup.answers import Answers


async def write_folder(request: HandoffRequest, answers: Answers, cloud: Cloud, folder: Path) -> None:
    """Write the message, the script and the answers to choose from, over those of an earlier hand-off. Raises OSError."""
    request = await with_earlier(request, cloud)
    texts = {
        MESSAGE: message(request, answers, cloud, await owners(cloud)),
        SCRIPT: render(request, answers, cloud.principal),
        ANSWER: answer(request, answers),
    }
    await asyncio.to_thread(_write, folder, texts)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / SCRIPT).chmod(0o755)
