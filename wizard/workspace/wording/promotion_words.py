"""What a promotion from one stage to another would do, in a person's words: for every face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.platform.language import N_, _
from wizard.sections import step_ids
from wizard.workspace.wording.standing_words import change_lines, cost_words, takeover_words

if TYPE_CHECKING:
    from wizard.engine.plan import Plan
    from wizard.engine.step import Change

NEW_STAGE = N_(
    "Another copy of your API with resources of its own, such as prod. Its answers start as those at the top of your setup file."
)


def promotion_question(plan: Plan, source: str, release: int) -> str:
    """What is agreed to.

    :param source: the stage in which the release runs.
    """
    sentence = _("Run the image of release {number} of {source} in {target}?")
    return sentence.format(number=release, source=source, target=plan.answers.project.environment)


def promotion_words(plan: Plan, source: str, differences: Sequence[Change]) -> str:
    """What a month costs there, what differs between the two stages before, and what is made; or what stands in the way."""
    target, making = plan.answers.project.environment, change_lines(plan)
    if plan.hindered:
        return "\n".join(making)
    lines = [_("What {target} costs: {cost}").format(target=target, cost=cost_words(plan.answers)), ""]
    if differences:
        heading = _("What differs now between {source} and {target}:").format(source=source, target=target)
        lines += [heading, *(f"• {change.words}" for change in differences), ""]
    lines += [_("What is made in {target}; nothing is built again:").format(target=target), *(making or [_("nothing: it runs this image")])]
    if any(item.step.id == step_ids.REVISION and item.action == "change" for item in plan.to_make):
        lines.append(takeover_words(plan))
    return "\n".join(lines)
