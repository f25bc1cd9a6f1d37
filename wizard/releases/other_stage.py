"""Another stage of the session's setup file: its answers, with a connection for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.engine.session import CommandError, open_cloud, read_answers, signed_in
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.session import Session
    from wizard.setup.answers import Answers


@asynccontextmanager
async def open_stage(session: Session, stage: str) -> AsyncIterator[tuple[Answers, Cloud]]:
    """Its answers, signed in, and its connection: the session's own where both sign in alike. Raises CommandError."""
    options = replace(session.options, stage=stage)
    answers = read_answers(options)
    if answers.project.setup == session.answers.project.setup:
        raise CommandError([("stages", _("Both are the stage {stage}: name two.").format(stage=stage))])
    own = read_answers(session.options)
    if session.options.practice or answers.sign_in == own.sign_in:
        yield signed_in(answers, session.cloud, session.options.env_file), session.cloud
        return
    async with await open_cloud(options, answers) as cloud:
        yield signed_in(answers, cloud, session.options.env_file), cloud
