"""The door by which a running practice cloud is steered: its control host, known from practice.json."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

from wizard.cloud.errors.cloud_error import PracticeError
from wizard.platform.language import _

CONTROL_HOST = "practice.azwizard.localhost"


@dataclass(frozen=True)
class PracticeInfo:
    """A running practice cloud, as its practice.json describes it; `published` is the whole of that."""

    port: int
    ca_file: str
    pid: int
    speed: str
    faults: tuple[str, ...]
    hosts: tuple[str, ...]
    tenant_id: str
    subscription_id: str
    client_id: str
    client_secret: str = field(repr=False)
    control_token: str = field(repr=False)
    doors: dict[str, str]
    published: dict[str, Any] = field(repr=False)

    def public(self) -> dict[str, Any]:
        """What practice.json says, but for the token that steers it: what ``practice start`` prints."""
        return {key: value for key, value in self.published.items() if key != "control_token"}


class ControlConnection(http.client.HTTPSConnection):
    """To the control host, which has no entry in any name service: loopback, with its name checked by TLS all the same."""

    def __init__(self, info: PracticeInfo, seconds: float) -> None:
        self._trust = ssl.create_default_context(cafile=info.ca_file)
        super().__init__(CONTROL_HOST, info.port, timeout=seconds, context=self._trust)

    def connect(self) -> None:
        """Connect to loopback, and let TLS check the name."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=CONTROL_HOST)


def ask(info: PracticeInfo, method: str, path: str, body: dict[str, Any] | None = None, *, seconds: float = 30.0) -> dict[str, Any]:
    """Ask the control host, and give what it answers.

    :param seconds: how long to wait for it.
    :raises PracticeError: it refused.
    """
    connection = ControlConnection(info, seconds)
    try:
        headers = {"Authorization": f"Bearer {info.control_token}", "Content-Type": "application/json", "Host": CONTROL_HOST}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    content: dict[str, Any] = json.loads(text) if text.startswith("{") else {}
    if answer.status >= 400:
        words = str((content.get("error") or {}).get("message") or content.get("message") or answer.reason)
        raise PracticeError(_("The practice cloud refused: {words}").format(words=words))
    return content
