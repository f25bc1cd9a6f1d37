"""GitHub put together: the front and its services."""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.github import git_data, repositories, workflows
from wizard.practice.github.device_flow import DeviceFlow
from wizard.practice.github.front import HOST, WEB_HOST, GitHubFront
from wizard.practice.github.git_door import GitHubDoor
from wizard.practice.github.tokens import HOST as TOKENS_HOST
from wizard.practice.github.tokens import RunTokens
from wizard.practice.github.workflow_run import WorkflowRunner


def install(cloud: PracticeCloud) -> None:
    """Serve GitHub, each of its services with routes of its own."""
    front = GitHubFront(cloud)
    service = repositories.install(cloud, front)
    git_data.install(front, service)
    door = GitHubDoor(front, service, DeviceFlow(cloud))
    tokens = RunTokens(cloud, service)
    workflows.install(cloud, front, service, WorkflowRunner(cloud, service, tokens))
    cloud.hosts.add(HOST, front.handle)
    cloud.hosts.add(WEB_HOST, door.handle)
    cloud.hosts.add(TOKENS_HOST, tokens.handle)
