"""Signing in to GitHub by a code, as a client that knows its documentation asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Practice

CLIENT = "Ov23liSomeApplication"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


async def post(practice: Practice, path: str, **form: str) -> dict[str, Any]:
    async with practice.session.post(f"https://github.com{path}", data=form, headers={"Accept": "application/json"}) as answer:
        body: dict[str, Any] = await answer.json()
        return body


async def test_a_code_becomes_a_token_with_the_scopes_that_were_asked_for(practice: Practice):
    begun = await post(practice, "/login/device/code", client_id=CLIENT, scope="repo workflow")
    assert (begun["verification_uri"], begun["expires_in"], begun["interval"]) == ("https://github.com/login/device", 900, 5)
    assert len(begun["device_code"]) == 40 and len(begun["user_code"]) == 9 and begun["user_code"][4] == "-"
    question = {"client_id": CLIENT, "device_code": begun["device_code"], "grant_type": GRANT}
    assert (await post(practice, "/login/oauth/access_token", **question))["error"] == "authorization_pending"
    given = await post(practice, "/login/oauth/access_token", **question)
    assert (given["token_type"], given["scope"]) == ("bearer", "repo,workflow")
    async with practice.session.get(
        "https://api.github.com/repos/contoso/orders-api", headers={"Authorization": f"Bearer {given['access_token']}"}
    ) as answer:
        assert answer.status == 200
    assert (await post(practice, "/login/oauth/access_token", **question))["error"] == "incorrect_device_code", "it is given once"


@pytest.mark.parametrize(
    ("form", "error"),
    [({"grant_type": "password"}, "unsupported_grant_type"), ({"grant_type": GRANT, "device_code": "x"}, "incorrect_device_code")],
)
async def test_other_questions_are_refused_in_githubs_words(practice: Practice, form: dict[str, str], error: str):
    assert (await post(practice, "/login/oauth/access_token", client_id=CLIENT, **form))["error"] == error
