"""From one stage to another: the very image that runs in the one, as the other's answer; nothing is built again.

As with `wizard.releases.going`, first what it would do, then, once confirmed, the doing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from msgspec import structs

from wizard.engine.carry_out import carry_out
from wizard.engine.holding.since_review import ChangedSinceReview
from wizard.engine.journal import SetupLocked
from wizard.engine.session import CommandError
from wizard.platform.files import replace_file
from wizard.platform.language import _
from wizard.releases.history import read_history
from wizard.releases.stage_differences import stage_differences
from wizard.setup.loading import in_stage, write_in_stage
from wizard.state.resources import ResourceRefs
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.events import Listener, ResultEvent
    from wizard.engine.journal import Journal
    from wizard.engine.plan import Plan
    from wizard.engine.session import Session
    from wizard.engine.step import Change
    from wizard.setup.answers import Answers
    from wizard.state.releases import Release


@dataclass(frozen=True)
class Promotion:
    """What is about to happen, with nothing made or written yet.

    :param source: the stage that it comes from, and `release` what runs there.
    :param differences: from that stage to this one, before anything is made.
    :param table: what ``[stages.TO.pipeline]`` will be.
    """

    plan: Plan
    source: str
    release: Release
    table: dict[str, Any]
    differences: list[Change]


async def prepare_promotion(session: Session, source: Answers, source_cloud: Cloud) -> Promotion:
    """Plan the way of what runs in another stage to the stage of the session.

    :param source: the other stage's answers, signed in, and `source_cloud` its connection.

    Raises CommandError where nothing runs there, or where its image is gone; CloudError.
    """
    snapshot = Snapshot(source_cloud, source, session.given_secret)
    history = await read_history(snapshot)
    name = source.project.environment
    if history is None or history.running is None:
        raise CommandError(
            [("promote", _("Nothing that was noted as a release runs in {stage}: deploy it there first.").format(stage=name))]
        )
    digest = await snapshot.release_digest(history.running.number)
    if digest is None:
        sentence = _("The image of release {number} is in the registry of {stage} no more.")
        raise CommandError([("promote", sentence.format(number=history.running.number, stage=name))])
    table = {"build": "existing", "image": source.pipeline.image, "tag": digest, **_imported(session.answers, source)}
    pipeline = structs.replace(session.answers.pipeline, **{"import_from": "", **table})
    answers = structs.replace(session.answers, pipeline=pipeline, revision=structs.replace(session.answers.revision, release=0))
    plan = await replace(session, answers=answers).plan()
    here = Snapshot(session.cloud, session.answers, session.given_secret)
    return Promotion(plan, name, history.running, table, await stage_differences(snapshot, here))


async def promote(session: Session, promotion: Promotion, journal: Journal, listen: Listener) -> ResultEvent:
    """Write the image into the stage of the setup file and carry the plan out.

    Where another run holds the setup, or Azure is not as it was seen, nothing is made and the setup file stays as it was.
    Raises SetupLocked, CloudError, AnswersError, OSError.
    """
    file, reviewed = session.answers.file, not session.options.yes
    before = await asyncio.to_thread(file.read_bytes)
    await asyncio.to_thread(_write, session.answers, promotion.table)
    try:
        result = await carry_out(promotion.plan, session.cloud, journal, session.given_secret, listen, reviewed=reviewed)
    except (SetupLocked, ChangedSinceReview):
        await asyncio.to_thread(replace_file, file, before.decode())
        raise
    session.answers = promotion.plan.answers
    return result


def _imported(answers: Answers, source: Answers) -> dict[str, str]:
    """Where the image is copied from; nothing where both stages have one registry."""
    registries = [ResourceRefs.named(one, one.sign_in.subscription).registry for one in (source, answers)]
    there, here = (str(registry and registry.id) for registry in registries)
    return {} if there.lower() == here.lower() else {"import_from": there}


def _write(answers: Answers, table: dict[str, Any]) -> None:
    revision = {key: value for key, value in in_stage(answers, "revision").items() if key != "release"}
    write_in_stage(answers, "pipeline", table)
    write_in_stage(answers, "revision", revision)
