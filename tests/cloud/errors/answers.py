"""A quoted refusal as azure-core would raise it."""

from __future__ import annotations

import json
from typing import Any

from azure.core.exceptions import HttpResponseError
from azure.mgmt.core.exceptions import ARMErrorFormat

from tests.cloud.errors.refusals import Quoted
from wizard.cloud.errors.advice import AdviceRule, for_refusal
from wizard.cloud.errors.refusals import take_apart


class FakeResponse:
    """As much of an HTTP response as azure-core's errors read."""

    reason = "Refused"
    headers = {"x-ms-correlation-request-id": "c0ffee"}  # noqa: RUF012
    content_type = "application/json"

    def __init__(self, status: int, body: Any) -> None:
        self.status_code = status
        self._body = json.dumps(body)

    def text(self, encoding: str | None = None) -> str:
        return self._body

    def body(self) -> bytes:
        return self._body.encode()


def refusal(quoted: Quoted) -> HttpResponseError:
    body = {"error": {"code": quoted.code, "message": quoted.message, **quoted.more}}
    return HttpResponseError(response=FakeResponse(quoted.status, body), error_format=ARMErrorFormat)  # type: ignore[arg-type]


def nested(quoted: Quoted) -> list[tuple[str, str]]:
    """Codes and messages of a quoted answer, from the innermost."""

    def below(body: dict[str, Any]) -> list[tuple[str, str]]:
        children = [*body.get("details", []), *([body["innererror"]] if "innererror" in body else [])]
        return [pair for child in children for pair in [*below(child), (child["code"], child.get("message", quoted.message))]]

    return [*below(quoted.more), (quoted.code, quoted.message)]


def rule_for(quoted: Quoted) -> AdviceRule:
    result = for_refusal(take_apart(refusal(quoted)).codes, quoted.status)
    assert result is not None
    return result[0]
