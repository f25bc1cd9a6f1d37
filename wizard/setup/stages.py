"""Several stages in one setup file: ``[stages.prod]`` holds what is different in one of them, table by table and key by key.

What a stage does not say is as at the top of the file. Its name is its environment, so that everything in Azure is named after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.sections import name_rules
from wizard.setup.problems import AnswersError, Problem, nearest

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

STAGES = "stages"
TABLES_WITH_NAMES = {
    "key_vault": "name",
    "registry": "name",
    "storage": "account",
    "environment": "name",
}
"""What a stage makes for itself, and the key of its name: the same name would be one thing in Azure for two stages."""


def split(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables at the top of a setup file, and those of each stage. Raises AnswersError where the stages are none."""
    top = {key: value for key, value in document.items() if key != STAGES}
    stages = document.get(STAGES, {})
    problems = list(_problems(stages))
    if problems:
        raise AnswersError(problems)
    return top, dict(stages)


def for_stage(top: Mapping[str, Any], stages: Mapping[str, Any], stage: str) -> dict[str, Any]:
    """The tables as one stage has them; the top of the file is the stage that its environment names. Raises AnswersError."""
    base = base_stage(top)
    if stage not in stages:
        if stage in ("", base):
            return dict(top)
        known = [base, *stages]
        sentence = _("There is no stage {stage}: the setup file has {known}.").format(stage=stage, known=", ".join(known))
        raise AnswersError([Problem(f"{STAGES}.{stage}", sentence + nearest(stage, known))])
    merged = dict(top)
    for name, table in stages[stage].items():
        over = isinstance(table, Mapping) and isinstance(top.get(name), Mapping)
        merged[name] = {**top[name], **table} if over else table
    if stage != base:
        merged["project"] = {**merged.get("project", {}), "environment": stage}
    return merged


def base_stage(top: Mapping[str, Any]) -> str:
    """The name of the stage that the top of the file describes."""
    project = top.get("project")
    return str(project.get("environment") or "dev") if isinstance(project, Mapping) else "dev"


def clashes(base: Answers, staged: Answers) -> Iterator[Problem]:
    """What two stages would both make under one name.

    :param base: the resolved answers of one of them, `staged` of the other, whose key is told.
    """
    stage = staged.project.environment
    if base.project.environment == stage:
        return
    same = _(
        "“{name}” is its name in {other} too, and would be one thing for both: give it another ([{table}]), or say that it exists already."
    )
    for table, key in TABLES_WITH_NAMES.items():
        one, other = getattr(base, table), getattr(staged, table)
        name = getattr(other, key)
        if not other.existing and str(getattr(one, key)).lower() == str(name).lower() and not one.existing:
            words = same.format(name=name, other=base.project.environment, table=f"{STAGES}.{stage}.{table}")
            yield Problem(f"{STAGES}.{stage}.{table}.{key}", f"[{table}] {key}: {words}")
    groups = base.project.resource_group, staged.project.resource_group
    if groups[0].lower() == groups[1].lower() and not (base.project.existing_group and staged.project.existing_group):
        words = same.format(name=groups[1], other=base.project.environment, table=f"{STAGES}.{stage}.project")
        yield Problem(f"{STAGES}.{stage}.project.resource_group", f"[project] resource_group: {words}")


def _problems(stages: Any) -> Iterator[Problem]:
    example = _("a stage is written as [stages.prod.app], with what is different there under it")
    if not isinstance(stages, Mapping):
        yield Problem(STAGES, f"[{STAGES}]: {example}.")
        return
    for name, tables in stages.items():
        where = f"{STAGES}.{name}"
        if sentence := name_rules.ENVIRONMENT_WORD(name):
            yield Problem(where, f"[{where}]: {sentence}")
        elif not isinstance(tables, Mapping) or not all(isinstance(table, Mapping | list) for table in tables.values()):
            yield Problem(where, f"[{where}]: {example}.")
        elif "environment" in tables.get("project", {}) and tables["project"]["environment"] != name:
            yield Problem(
                f"{where}.project.environment",
                _("[{where}.project]: the environment is the stage's name; leave it out.").format(where=where),
            )
