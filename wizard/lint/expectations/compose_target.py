"""A compose file that builds another stage of the Dockerfile than the registry does."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.compose.service import read_compose


def check_compose_target(project: CodeProject) -> Iterator[Finding]:
    """``build: target:`` names a stage; a build without one, as azwizard's, ends at the last."""
    compose = read_compose(project.folder)
    stages = project.docker.stages
    if compose is None or not compose.target or not stages:
        return
    names = [stage.name for stage in stages]
    if compose.target.lower() not in names[:-1]:
        return
    sentence = _(
        "{compose} builds the stage “{target}” of your Dockerfile; in Azure its last stage is built. Put that stage last, or name a "
        "Dockerfile that ends with it, as dockerfile under [pipeline]."
    )
    sentence = sentence.format(compose=compose.file, target=compose.target)
    yield project.of_line(
        "compose-target", Severity.WARNING, stages[-1].own[0] if stages[-1].own else stages[-1].instructions[-1], sentence
    )
