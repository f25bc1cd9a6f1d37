"""What differs between two stages of a setup file: what runs in each, and the answers of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from wizard.engine.step import Change
from wizard.platform.language import _
from wizard.releases.history import read_history
from wizard.sections import SECTIONS
from wizard.setup.answers import TABLES
from wizard.setup.introspection import questions

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

NOT_COMPARED = ("project.environment", "pipeline.build", "pipeline.tag", "pipeline.import_from", "revision.release")
"""The name of the stage itself, and how it comes by its image: what runs is compared instead."""


async def stage_differences(before: Snapshot, after: Snapshot) -> list[Change]:
    """From what one stage is to what the other is: what runs, then the answers."""
    return [*await running_difference(before, after), *answer_differences(before.answers, after.answers)]


async def running_difference(before: Snapshot, after: Snapshot) -> list[Change]:
    """The change from what runs in one stage to what runs in the other; none where it is the same image."""
    one, other = [await _running(snapshot) for snapshot in (before, after)]
    if one[1] == other[1]:
        return []
    return [Change(_("what runs"), one[0], other[0], "revision", is_answer=False)]


def answer_differences(before: Answers, after: Answers) -> list[Change]:
    """What the resolved answers of two stages say differently; not the names that each has for itself."""
    about = {section.key: section.name for section in SECTIONS if section.key}
    return [
        change for name in TABLES for change in _of_table(name, getattr(before, name), getattr(after, name), before, after, about[name])
    ]


def _of_table(name: str, one: Any, other: Any, before: Answers, after: Answers, section: str) -> Iterator[Change]:
    if isinstance(one, tuple):
        values = [{item.name: _variable(item) for item in items} for items in (one, other)]
        for key in dict.fromkeys([*values[0], *values[1]]):
            if values[0].get(key) != values[1].get(key):
                old, new = (side.get(key, _("nothing")) for side in values)
                yield Change(_("variable {name}").format(name=key), old, new, section)
        return
    for question in questions(one.__class__):
        derive = question.ask.derive
        sides = getattr(one, question.key), getattr(other, question.key)
        is_own_name = derive is not None and sides == (derive(before), derive(after))
        if sides[0] != sides[1] and not is_own_name and f"{name}.{question.key}" not in NOT_COMPARED:
            yield Change(_(question.ask.label), _shown(sides[0]), _shown(sides[1]), section)


def _variable(variable: Any) -> str:
    return _("the secret {name}").format(name=variable.secret) if variable.secret else str(variable.value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        plain = [item if isinstance(item, str) else " ".join(map(str, msgspec.structs.astuple(item))) for item in value]
        return ", ".join(plain) or _("nothing")
    return str(value) if value not in ("", None, {}) else _("nothing")


async def _running(snapshot: Snapshot) -> tuple[str, str]:
    """What runs in a stage in words, and its image."""
    history = await read_history(snapshot)
    release = history.running if history else None
    if release is None:
        return _("nothing deployed"), ""
    commit = f", {release.commit}" if release.commit else ""
    words = _("release {number} ({digest}{commit})").format(number=release.number, digest=release.digest, commit=commit)
    return words, release.digest
