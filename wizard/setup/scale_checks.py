"""Rules for more copies held against the other answers: what can start a copy where only one may run, and what could never work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.setup.answers import Answers


def scale_rules(answers: Answers) -> Iterator[tuple[str, str]]:
    """(where, sentence) of each rule that cannot be."""
    app = answers.app
    one_writer = next((share.designation for share in answers.storage.shares if share.nobrl), None)
    for key in ("scale_requests", "scale_cpu"):
        if getattr(app, key) and one_writer is not None:
            yield f"app.{key}", _only_one(one_writer, _("write 0"))
        elif getattr(app, key) and app.max_replicas == 1:
            yield (
                f"app.{key}",
                _("no second copy may start, since max_replicas is 1: write more there, or 0 here."),
            )
    if app.scale_cpu and not app.min_replicas:
        yield (
            "app.scale_cpu",
            _("an app that sleeps uses no processor, and Azure lets none sleep that follows it: write min_replicas = 1, or 0 here."),
        )
    if app.scale_days != "never":
        yield from _hours(answers, one_writer)


def _hours(answers: Answers, one_writer: str | None) -> Iterator[tuple[str, str]]:
    app = answers.app
    if app.scale_copies > 1 and one_writer is not None:
        yield "app.scale_copies", _only_one(one_writer, _("write 1"))
    elif app.scale_copies > app.max_replicas:
        sentence = _("{copies} is more than max_replicas, which is {most}: make it smaller.")
        yield "app.scale_copies", sentence.format(copies=app.scale_copies, most=app.max_replicas)
    elif app.scale_copies <= app.min_replicas:
        sentence = _("as many run always, since min_replicas is {least}: write more here, or less there.")
        yield "app.scale_copies", sentence.format(least=app.min_replicas)
    if app.scale_from == app.scale_until:
        yield "app.scale_until", _("it is the time at which they start: write a later one.")


def _only_one(share: str, remedy: str) -> str:
    """Why a share without locks lets no second copy start."""
    sentence = _(
        "only one copy may run, since the share “{share}” holds a SQLite database (nobrl), which two would damage: {remedy}, "
        "or use a database server."
    )
    return sentence.format(share=share, remedy=remedy)
