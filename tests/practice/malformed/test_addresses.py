"""Every route of Resource Manager, met with wrong tokens, versions, names, cases and queries: refused in Azure's shape, never a 500."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from yarl import URL

from tests.conftest import Practice, newest_version, register_all
from tests.support.figures import Figures
from wizard.practice.kernel.requests import Route

ARM = "https://management.azure.com"
SCOPE = "subscriptions/{subscription}/resourceGroups/rg-a"
USUAL = {"group": "rg-a", "namespace": "Microsoft.App", "location": "westeurope", "scope": SCOPE}
ODD_NAMES = ("a" * 300, "..", ".", "%00", "%0a", "%C3%A4", "a%20b", "a%2Fb", "-", "%25", "%3Cx%3E", "%E2%80%8B", "'or'1")
ODD_QUERIES = ("$top=abc", "$top=-1", "$filter=garbage", "$filter=%27", "$skiptoken=zz", "$skiptoken=-1", "$expand=x", "a=%FF")
EVERY = [37, pytest.param(1, marks=pytest.mark.nightly)]
Answered = tuple[int, Any, dict[str, str]]


class Sender:
    """Sends requests as written, with the account's token unless another is given."""

    def __init__(self, practice: Practice, token: str, figures: Figures) -> None:
        self.practice, self._token, self._figures = practice, token, figures

    def path(self, route: Route, **odd: str) -> str:
        def filled(hole: re.Match[str]) -> str:
            usual = self.practice.cloud.subscription_id if hole[1] == "subscription" else USUAL.get(hole[1], "thing1")
            return odd.get(hole[1], usual)

        path = route.template
        for _ in range(2):  # a scope has holes of its own
            path = re.sub(r"\{(\w+)\*?\}", filled, path)
        return path

    async def __call__(self, method: str, address: str, token: str | None = None, **what: Any) -> Answered:
        authorization = f"Bearer {self._token}" if token is None else token
        headers = {"Authorization": authorization} if authorization else {}
        body = {"json": {}} if method in ("PUT", "PATCH", "POST") else {}
        url = URL(f"{ARM}{address}", encoded=True)
        async with self.practice.session.request(method, url, headers=headers, **{**body, **what}) as response:
            raw = await response.read()
            self._figures(inputs=1, broken=int(response.status >= 500))
            return response.status, json.loads(raw) if raw else None, dict(response.headers)


@pytest.fixture
async def send(practice: Practice, figures: Figures) -> Sender:
    register_all(practice.cloud)
    await practice.call("PUT", "/resourceGroups/rg-a", {"location": "westeurope"})
    return Sender(practice, await practice.token(), figures)


def routes(send: Sender, every: int) -> list[Route]:
    return list(send.practice.cloud.arm.routes[::every])


def is_refusal(body: Any, method: str) -> bool:
    return method == "HEAD" or bool(body["error"]["code"] and isinstance(body["error"]["message"], str))


@pytest.mark.parametrize("every", EVERY)
async def test_a_token_that_is_none_or_is_for_another_service_opens_nothing(send: Sender, every: int) -> None:
    others = [f"Bearer {await send.practice.token(host)}" for host in ("https://vault.azure.net", "https://graph.microsoft.com")]
    for route in routes(send, every):
        for authorization in ("", "Basic eDp5", "Bearer abc", "Bearer ", *others):
            path = send.path(route)
            status, body, headers = await send(route.method, f"{path}?api-version={newest_version(path)}", authorization)
            assert status == 401 and "WWW-Authenticate" in headers, (route.method, path, authorization[:12], status)
            assert is_refusal(body, route.method)


@pytest.mark.parametrize("every", EVERY)
async def test_an_api_version_that_there_is_not_is_refused_and_the_name_of_the_query_has_no_case(send: Sender, every: int) -> None:
    for route in routes(send, every):
        path = send.path(route)
        version = newest_version(path)
        for query in ("", "?api-version=", "?api-version=1999-01-01", "?api-version=latest", "?api-version=2099-01-01"):
            status, body, _headers = await send(route.method, f"{path}{query}")
            assert status == 400 and is_refusal(body, route.method), (route.method, path, query, status, body)
        for query in (f"?API-Version={version}", f"?api-version={version}&api-version=1999-01-01"):
            status, body, _headers = await send(route.method, f"{path}{query}")
            code = body.get("error", {}).get("code") if isinstance(body, dict) else None
            assert status < 500 and code not in ("MissingApiVersionParameter", "NoRegisteredProviderFound"), (route.method, path, query)


@pytest.mark.parametrize("every", EVERY)
async def test_a_path_has_no_case_and_may_have_slashes_too_many(send: Sender, every: int) -> None:
    for route in [route for route in routes(send, every) if route.method == "GET"]:
        path = send.path(route)
        query = f"?api-version={newest_version(path)}"
        as_written, _body, _headers = await send("GET", f"{path}{query}")
        for other in (path.upper(), path.lower(), f"{path}/", path.replace("/providers/", "//providers//")):
            status, _body, _headers = await send("GET", f"{other}{query}")
            assert status == as_written, (other, status)


@pytest.mark.parametrize("every", EVERY)
async def test_odd_names_methods_and_queries_are_answered_in_azures_shape(send: Sender, every: int) -> None:
    for route in routes(send, every):
        path = send.path(route)
        query = f"?api-version={newest_version(path)}"
        holes = set(re.findall(r"\{(\w+)\*?\}", route.template)) - {"scope"}
        attempts = [(route.method, f"{send.path(route, **{hole: odd})}{query}") for hole in holes for odd in ODD_NAMES]
        attempts += [(method, f"{path}{query}") for method in ("TRACE", "OPTIONS", "HEAD", "PATCH")]
        attempts += [("GET", f"{path}{query}&{odd}") for odd in ODD_QUERIES]
        for method, address in attempts:
            status, body, _headers = await send(method, address)
            assert status < 500, (method, address, status)
            assert status < 400 or body is None or is_refusal(body, method), (method, address, body)


@pytest.mark.parametrize("every", EVERY)
async def test_a_body_that_is_missing_or_of_another_type_is_refused(send: Sender, every: int) -> None:
    for route in [route for route in routes(send, every) if route.method in ("PUT", "PATCH", "POST")]:
        path = send.path(route)
        for what in ({"json": None}, {"json": []}, {"json": "x"}, {"json": None, "data": "{}"}, {"json": None, "data": {"a": "b"}}):
            status, body, _headers = await send(route.method, f"{path}?api-version={newest_version(path)}", **what)
            assert status < 500 and (status < 400 or is_refusal(body, route.method)), (route.method, path, what, status, body)
