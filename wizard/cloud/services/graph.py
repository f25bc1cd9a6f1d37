"""Asking Microsoft Graph, the directory of people and apps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

    from wizard.cloud.transport.credentials import Credential


async def graph_call(pipeline: AsyncPipeline[Any, Any], credential: Credential, endpoint: str, method: str, path: str, body: Any) -> Any:
    """The parsed answer of ``/v1.0`` and `path`, or None for an empty one. Raises HttpResponseError, ClientAuthenticationError."""
    from azure.core.exceptions import HttpResponseError
    from azure.core.rest import HttpRequest

    token = (await credential.get_token_info(f"{endpoint}/.default")).token
    headers = {"Authorization": f"Bearer {token}", "ConsistencyLevel": "eventual"}
    response = (await pipeline.run(HttpRequest(method, f"{endpoint}/v1.0{path}", json=body, headers=headers))).http_response
    if response.status_code >= 400:
        raise HttpResponseError(response=response)
    text = response.text()
    return json.loads(text) if text else None
