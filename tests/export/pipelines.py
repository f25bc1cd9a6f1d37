"""The setup whose pipelines are exported, and readers of what was written."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from wizard.source.git.desired_pipeline import DesiredPipeline

SETUP = """
[project]
name = "orders"
[pipeline]
build = "azure-devops"
organization = "contoso"
dockerfile = "docker/Dockerfile"
image = "orders-api"
"""


WANTED = DesiredPipeline("orders-dev", "azwizard-orders-dev", "crordersdev.azurecr.io", "orders-api", "docker/Dockerfile")


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def docker(text: str) -> dict[str, Any]:
    """The inputs of the one step that builds."""
    content = read(text)
    stages = content.get("stages") or [content]
    steps = [step for stage in stages for job in stage.get("jobs") or [stage] for step in job.get("steps", ())]
    (found,) = (step["inputs"] for step in steps if step.get("task") == "Docker@2")
    return dict(found)
