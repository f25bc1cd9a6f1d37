"""The light way to ask Azure one or two things: blocking requests without SDK and event loop, whose loading takes longer than the asking.

It gives an answer only when everything goes well. Whatever does not is a `TakeTheWholeWay`: then `wizard.cloud.connect` asks again, which
knows how to sign in, to wait and to explain. Trust, names and proxies are the same.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from wizard.cloud.errors.cloud_error import CloudError
from wizard.cloud.services.apps import AppAnswer
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.endpoints import PRACTICE, Endpoints, chosen_azure
from wizard.cloud.transport.trust import practice_trust, system_trust
from wizard.platform import log

SECONDS = 20.0
AZURE_CLI_SECONDS = 60.0
LARGEST = 1 << 22
ID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class TakeTheWholeWay(Exception):
    """Something was not as it mostly is."""


@dataclass
class LightCloud:
    """Azure, or the practice cloud, as one signed-in account sees it.

    :param requests: how many were sent, sign-in included and those to the app excluded.
    """

    endpoints: Endpoints
    opener: urllib.request.OpenerDirector
    token: str
    subscription_id: str
    requests: int = 0

    def get(self, path: str, version: str) -> dict[str, Any] | None:
        """What Azure Resource Manager answers to a GET; None for what is not there. Raises TakeTheWholeWay."""
        url = f"{self.endpoints.arm}{path}?{urlencode({'api-version': version})}"
        self.requests += 1
        return _object(self.opener, urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"}))  # noqa: S310 - https

    def call_app(self, fqdn: str, path: str, seconds: float) -> AppAnswer | None:
        """What an API answers to a GET; None where nothing does."""
        try:
            status, body = _answer(self.opener, urllib.request.Request(f"https://{fqdn}{path}"), seconds)
        except (OSError, http.client.HTTPException):
            return None
        return AppAnswer(status, body, {})


def to_practice() -> LightCloud:
    """Sign in to the practice cloud that runs. Raises TakeTheWholeWay when none does."""
    info = practice.read()
    if info is None:
        raise TakeTheWholeWay
    opener = _opener(practice_trust(info.ca_file), practised=True)
    form = {"grant_type": "client_credentials", "client_id": info.client_id, "client_secret": info.client_secret}
    url = f"https://{PRACTICE.sign_in}/{info.tenant_id}/oauth2/v2.0/token"
    granted = _object(opener, urllib.request.Request(url, urlencode({**form, "scope": PRACTICE.arm_scope}).encode()))
    if not granted:
        raise TakeTheWholeWay
    return LightCloud(PRACTICE, opener, str(granted.get("access_token")), info.subscription_id, requests=1)


def to_azure(subscription_id: str, tenant: str) -> LightCloud:
    """Azure as the account that is signed in to az sees it. Raises TakeTheWholeWay."""
    endpoints = chosen_azure(os.environ)
    program = shutil.which("az")
    if program is None or not re.fullmatch(ID, subscription_id) or not re.fullmatch(r"[A-Za-z0-9.-]*", tenant):
        raise TakeTheWholeWay
    asked = [program, "account", "get-access-token", "--output", "json", "--scope", endpoints.arm_scope]
    try:
        trust = system_trust(os.environ)
        told = subprocess.run(
            [*asked, *(["--tenant", tenant] if tenant else [])],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=AZURE_CLI_SECONDS,
            check=True,
        )
        token = str(json.loads(told.stdout)["accessToken"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, CloudError) as error:
        raise TakeTheWholeWay from error
    return LightCloud(endpoints, _opener(trust, practised=False), token, subscription_id)


def _opener(trust: ssl.SSLContext, *, practised: bool) -> urllib.request.OpenerDirector:
    """Sends with that trust, through the proxies of the environment; towards the practice cloud through none, and to no other host."""

    class OnLoopback(http.client.HTTPSConnection):
        def connect(self) -> None:
            info = practice.read()
            if info is None or self.host.lower() not in info.hosts:
                raise OSError(None, f"the practice cloud has no host {self.host}")
            plain = socket.create_connection(("127.0.0.1", info.port), self.timeout)
            self.sock = trust.wrap_socket(plain, server_hostname=self.host)

    class Practised(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(OnLoopback, request)

    class Unfollowed(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
            """A redirect is an answer: no token goes anywhere else."""

    handler = Practised() if practised else urllib.request.HTTPSHandler(context=trust)
    return urllib.request.build_opener(urllib.request.ProxyHandler({} if practised else None), handler, Unfollowed())


def _object(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> dict[str, Any] | None:
    try:
        status, body = _answer(opener, request, SECONDS)
        content = json.loads(body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TakeTheWholeWay from error
    if status == 404:
        return None
    if status != 200 or not isinstance(content, dict):
        raise TakeTheWholeWay
    return content


def _answer(opener: urllib.request.OpenerDirector, request: urllib.request.Request, seconds: float) -> tuple[int, bytes]:
    """Status and body, whatever the status. Raises OSError and HTTPException when nothing answered."""
    began = time.monotonic()
    try:
        answer = opener.open(request, timeout=seconds)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read(LARGEST)
    log.request(request.get_method(), request.full_url, answer.status, time.monotonic() - began, answer.headers)
    return int(answer.status), body
