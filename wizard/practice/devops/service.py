"""Azure DevOps put together: the front and its services."""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops import items, locations, pipelines, projects, service_connections, task_agents
from wizard.practice.devops.front import HOST, PROFILE_HOST, DevOpsFront
from wizard.practice.devops.git_door import DevOpsGitDoor
from wizard.practice.devops.repositories import install as install_repositories


def install(cloud: PracticeCloud) -> None:
    """Serve Azure DevOps, each of its services with routes of its own."""
    front = DevOpsFront(cloud)
    locations.install(cloud, front)
    projects.install(cloud, front)
    repositories = install_repositories(cloud, front)
    items.install(front, repositories)
    connections = service_connections.install(cloud, front)
    pipelines.install(cloud, front, repositories, connections)
    task_agents.install(front)
    front.git = DevOpsGitDoor(front, repositories).answer
    cloud.hosts.add(HOST, front.handle)
    cloud.hosts.add(PROFILE_HOST, front.handle)
