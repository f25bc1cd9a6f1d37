"""The practice cloud seen from outside: plain HTTPS with its CA, as any Azure client would."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import urllib.parse
from dataclasses import dataclass
from typing import Any


@dataclass
class HttpAnswer:
    """One HTTP answer."""

    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


class PracticeClient:
    """One running practice cloud, found by its practice.json."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.info = info
        self._trust = ssl.create_default_context(cafile=info["ca_file"])
        self._tokens: dict[str, str] = {}

    def request(self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> HttpAnswer:
        """Send one request to a host that the practice cloud serves, with TLS verified."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPSConnection(parts.netloc, timeout=30)
        plain = socket.create_connection(("127.0.0.1", self.info["port"]), timeout=30)
        connection.sock = self._trust.wrap_socket(plain, server_hostname=parts.hostname)
        try:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers or {})
            answer = connection.getresponse()
            return HttpAnswer(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()

    def token(self, scope: str) -> str:
        """A token of the account's service principal."""
        if scope not in self._tokens:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.info["client_id"],
                "client_secret": self.info["client_secret"],
                "scope": scope,
            }
            url = f"https://login.microsoftonline.com/{self.info['tenant_id']}/oauth2/v2.0/token"
            answer = self.request("POST", url, urllib.parse.urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
            self._tokens[scope] = answer.json()["access_token"]
        return self._tokens[scope]

    def arm(self, method: str, path: str, version: str, body: Any = None) -> HttpAnswer:
        """One call to Azure Resource Manager; `path` begins after the subscription."""
        url = f"https://management.azure.com/subscriptions/{self.info['subscription_id']}{path}?api-version={version}"
        headers = {"Authorization": f"Bearer {self.token('https://management.azure.com/.default')}", "Content-Type": "application/json"}
        return self.request(method, url, None if body is None else json.dumps(body).encode(), headers)

    def secret(self, vault: str, path: str) -> HttpAnswer:
        """One read of a vault's data."""
        headers = {"Authorization": f"Bearer {self.token('https://vault.azure.net/.default')}"}
        return self.request("GET", f"https://{vault}.vault.azure.net{path}?api-version=7.4", None, headers)
