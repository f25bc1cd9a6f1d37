"""How a pipeline and its runs are described."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from wizard.practice.devops.front import (
    HOST,
    ORGANIZATION,
)
from wizard.practice.kernel.store import Document


def pipeline_name(pipeline: Document) -> dict[str, str]:
    """Name and folder, as every description has them."""
    return {"name": pipeline["name"], "folder": pipeline["folder"]}


def described_run(pipeline: Document, build: Document) -> dict[str, Any]:
    """A run as GET of ``_apis/pipelines/{id}/runs/{run}`` answers it."""
    url = f"https://{HOST}/{ORGANIZATION}/{pipeline['project']}/_apis/pipelines/{pipeline['id']}/runs/{build['id']}"
    web_url = f"https://{HOST}/{ORGANIZATION}/{pipeline['project']}/_build/results?buildId={build['id']}"
    ended = {"result": build["result"], "finishedDate": build["finishTime"]} if build["status"] == "completed" else {}
    source = {"repository": {"id": pipeline["repository"], "type": "azureReposGit"}}
    resources = {"repositories": {"self": {**source, "refName": build["sourceBranch"], "version": build["sourceVersion"]}}}
    return {
        "_links": {"web": {"href": web_url}},
        "pipeline": {"id": pipeline["id"], "revision": 1, **pipeline_name(pipeline)},
        "state": "completed" if ended else "inProgress",
        **ended,
        "createdDate": build["queueTime"],
        "url": url,
        "resources": resources,
        "id": build["id"],
        "name": build["buildNumber"],
    }


def timestamp() -> str:
    """Now, as Azure DevOps writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
