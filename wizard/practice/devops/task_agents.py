"""Azure DevOps: on which machines pipelines run, and groups of variables; there are Microsoft's machines and no group."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from wizard.practice.devops.front import DevOpsError, DevOpsFront, DevOpsRequest, in_project, listed

POOLS: tuple[tuple[int, str, bool], ...] = ((1, "Default", False), (9, "Azure Pipelines", True))
"""Those that every organization has: id, name, whether the machines are Microsoft's."""


async def _pools(request: DevOpsRequest) -> web.Response:
    """GET of the pools."""
    name = request.query.get("poolName", "").lower()
    return listed([_pool(*pool) for pool in POOLS if name in ("", pool[1].lower())])


async def _one_pool(request: DevOpsRequest) -> web.Response:
    """GET of one pool by its id."""
    pool = next((pool for pool in POOLS if str(pool[0]) == request.names["pool"]), None)
    if pool is None:
        raise DevOpsError(404, "TaskAgentPoolNotFoundException", f"The agent pool {request.names['pool']} was not found.")
    return web.json_response(_pool(*pool))


async def _queues(request: DevOpsRequest) -> web.Response:
    """GET of the queues by which a project uses the pools."""
    project = in_project(request)
    return listed([{"id": pool[0], "projectId": project["id"], "name": pool[1], "pool": _pool(*pool)} for pool in POOLS])


async def _agents(request: DevOpsRequest) -> web.Response:
    """GET of the machines of a pool, of which nobody set one up."""
    return listed([])


async def _groups(request: DevOpsRequest) -> web.Response:
    """GET of a project's groups of variables."""
    in_project(request)
    return listed([])


async def _group(request: DevOpsRequest) -> web.Response:
    """GET of one group of variables."""
    in_project(request)
    raise DevOpsError(404, "VariableGroupNotFoundException", f"Variable group with ID {request.names['group']} does not exist.")


def _pool(identifier: int, name: str, hosted: bool) -> dict[str, Any]:
    about = {"autoProvision": True, "autoUpdate": True, "isLegacy": False, "size": 1 if hosted else 0, "options": "none"}
    return {"id": identifier, "name": name, "isHosted": hosted, "poolType": "automation", "createdOn": "2026-01-01T00:00:00.000Z", **about}


def install(front: DevOpsFront) -> None:
    """Serve what clients list before they choose a machine or a group of variables."""
    front.add("GET", "distributedtask/pools", _pools)
    front.add("GET", "distributedtask/pools/{pool}", _one_pool)
    front.add("GET", "distributedtask/pools/{pool}/agents", _agents)
    front.add("GET", "distributedtask/queues", _queues)
    front.add("GET", "distributedtask/variablegroups", _groups)
    front.add("GET", "distributedtask/variablegroups/{group}", _group)
