"""The registry's own sign-in (reference.md 1.7): Azure's token for a refresh token, that for an access token."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

    from wizard.cloud.transport.credentials import Credential

REFRESH_TOKEN_SECONDS = 3600


class RegistrySession:
    """Signed in to the data plane of every registry that the account can reach.

    Every method raises HttpResponseError, 401 and 403 included, when the account may not.
    """

    def __init__(self, pipeline: AsyncPipeline[Any, Any], credential: Credential, scope: str, tenant_id: str) -> None:
        self._pipeline = pipeline
        self._credential = credential
        self._scope = scope
        self._tenant_id = tenant_id
        self._refresh_tokens: dict[str, tuple[str, float]] = {}

    async def access_token(self, login_server: str, scope: str) -> str:
        """A token for one scope, such as ``repository:orders-api:pull``."""
        refresh = await self._refresh_token(login_server)
        form = {"grant_type": "refresh_token", "service": login_server, "scope": scope, "refresh_token": refresh}
        return await self._token(f"https://{login_server}/oauth2/token", form, "access_token")

    async def _refresh_token(self, login_server: str) -> str:
        held = self._refresh_tokens.get(login_server)
        if held is not None and held[1] > time.monotonic():
            return held[0]
        azure = await self._credential.get_token_info(self._scope)
        form = {"grant_type": "access_token", "service": login_server, "tenant": self._tenant_id, "access_token": azure.token}
        token = await self._token(f"https://{login_server}/oauth2/exchange", form, "refresh_token")
        self._refresh_tokens[login_server] = (token, time.monotonic() + REFRESH_TOKEN_SECONDS)
        return token

    async def _token(self, url: str, form: Mapping[str, str], name: str) -> str:
        response = await self.send("POST", url, data=form)
        response.raise_for_status()
        return str(json.loads(response.text())[name])

    async def send(self, method: str, url: str, *, permit_redirects: bool = True, **content: Any) -> Any:
        """One request as it stands; its response, whatever the status."""
        from azure.core.rest import HttpRequest

        result = await self._pipeline.run(HttpRequest(method, url, **content), permit_redirects=permit_redirects)
        return result.http_response
