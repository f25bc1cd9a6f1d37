"""The pipeline that a setup wants: its variables, its path in the repository, and the whole file where there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.platform.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.setup.answers import Answers

FILE = "azure-pipelines.yml"
WHOLE = "buildAndPush"
NEW = """\
# {about}
trigger:
{trigger}

resources:
- repo: self

variables:
  # {connection_note}
  dockerRegistryServiceConnection: {connection}
  imageRepository: {image}
  containerRegistry: {server}
  dockerfilePath: {dockerfile}
  # {context_note}
  projectPath: {project}
  tag: "$(Build.BuildId)"

stages:
- stage: Build
  displayName: Build and push
  jobs:
  - job: Build
    displayName: Build
    pool:
      vmImage: ubuntu-latest
    steps:
    - task: Docker@2
      displayName: Build the image and push it
      inputs:
        command: buildAndPush
        repository: $(imageRepository)
        Dockerfile: $(dockerfilePath)
        buildContext: $(projectPath)
        containerRegistry: $(dockerRegistryServiceConnection)
        tags: |
          $(tag)
          latest
"""


@dataclass(frozen=True)
class DesiredPipeline:
    """What a pipeline must say.

    :param connection: the name of the service connection.
    :param server: the registry's host name.
    :param branch: whose pushes begin a run, where the file is new.
    :param folder: where the code lies in the repository, "" for its top.
    :param source_folder: where it lies on this machine, with the templates that the file names.
    """

    setup: str
    connection: str
    server: str
    image: str
    dockerfile: str
    branch: str = "main"
    folder: str = ""
    source_folder: Path | None = None

    @classmethod
    def of(cls, answers: Answers, branch: str = "main") -> DesiredPipeline:
        """From resolved answers."""
        setup, pipeline = answers.project.setup, answers.pipeline
        server = answers.registry.server
        return cls(
            setup, connection_name(setup), server, pipeline.image, pipeline.dockerfile, branch, pipeline.folder, answers.source_folder
        )

    @property
    def variables(self) -> dict[str, str]:
        """The article's variables."""
        return {
            "dockerRegistryServiceConnection": self.connection,
            "imageRepository": self.image,
            "dockerfilePath": f"{self.project_path}/{self.dockerfile}",
            "projectPath": self.project_path,
        }

    @property
    def project_path(self) -> str:
        """The code's folder on the machine that builds."""
        return "/".join(part for part in ("$(Build.SourcesDirectory)", self.folder) if part)


def connection_name(setup: str) -> str:
    """What the service connection of a setup is called."""
    return f"azwizard-{setup}"


def new_pipeline(desired: DesiredPipeline) -> str:
    """The whole file, for a repository that has none."""
    return NEW.format(
        about=_("Builds the image of {setup} and pushes it, tagged with the number of the run and with latest.").format(
            setup=desired.setup
        ),
        connection_note=_("The service connection that may push into your registry"),
        context_note=_("What the build may read: all of your code, also when the Dockerfile lies in a folder of its own"),
        trigger=_trigger(desired),
        project=json.dumps(desired.project_path),
        connection=json.dumps(desired.connection),
        image=json.dumps(desired.image),
        server=json.dumps(desired.server),
        dockerfile=json.dumps(desired.variables["dockerfilePath"]),
    )


def _trigger(desired: DesiredPipeline) -> str:
    """Pushes to the branch; in a repository with other projects only those that touch this one."""
    branch = json.dumps(desired.branch)
    if not desired.folder:
        return f"- {branch}"
    return f"  branches:\n    include:\n    - {branch}\n  paths:\n    include:\n    - {json.dumps(desired.folder)}"


def normal_path(path: str) -> str:
    """Two ways to write the same place are one."""
    return path.replace("$(System.DefaultWorkingDirectory)", "$(Build.SourcesDirectory)").rstrip("/")
