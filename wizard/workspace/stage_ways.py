"""What can be done with the other stages of a setup file, and what a new one may be called: for every face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.platform.language import _
from wizard.sections.name_rules import ENVIRONMENT_WORD


@dataclass(frozen=True)
class StageWay:
    """One thing to do with another stage.

    :param source: the stage whose image comes to run in `target`; "" where `target` is only opened.
    :param target: the stage to turn to; "" for one that is begun first.
    """

    words: str
    source: str
    target: str


def stage_ways(current: str, stages: Sequence[str]) -> list[StageWay]:
    """Everything that can be done from a stage; the last is to begin one. The stage at the top of the file builds its image itself.

    :param stages: all of them, the one at the top of the file first.
    """
    others = [stage for stage in stages if stage != current]
    builds_itself = stages[0]
    ways = [StageWay(_("Run in {stage} what runs here").format(stage=stage), current, stage) for stage in others if stage != builds_itself]
    if current != builds_itself:
        ways += [StageWay(_("Run here what runs in {stage}").format(stage=stage), stage, current) for stage in others]
    ways += [StageWay(_("Open {stage}").format(stage=stage), "", stage) for stage in others]
    return [*ways, StageWay(_("New stage, and run in it what runs here"), current, "")]


def stage_name_problem(name: str, stages: Sequence[str]) -> str:
    """Why a new stage cannot have a name: another has it, or Azure could not take it; "" where it can."""
    if name in stages:
        return _("There is a stage {name} already.").format(name=name)
    return ENVIRONMENT_WORD(name) or ""
