"""Asks the practice cloud what real Azure was asked, in the recorded order, and says where the two answers differ.

Ids and addresses that Azure gave (an operation's, a principal's, a next page's) are replaced by those that the practice cloud gives in the
same place. What a recording takes for granted (a vault made by hand) is made first, by a PUT of what the recording shows of it.
Operations end when the recording says so, not by the clock.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.conftest import Practice
from tests.practice.recorded.exchanges import LONG_RUNNING, RecordedExchange, error_code, keys, outermost, same_items
from wizard.practice.access.directory import SERVICE_PRINCIPAL
from wizard.practice.kernel.requests import group_of, resource_type_of, segments

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ID = re.compile(rf"{_GUID.pattern}|(?<=/runs/)\w+|\b[0-9a-f]{{32}}\b", re.IGNORECASE)  # also a build's and a secret's version
_SUBSCRIPTION = re.compile(r"(?<=/subscriptions/)[0-9a-f-]{36}", re.IGNORECASE)
_NO_GUID = "00000000-0000-0000-0000-000000000000"  # what recordings hold in place of many a real one
_AUDIENCES = {".vault.azure.net": "https://vault.azure.net", "graph.microsoft.com": "https://graph.microsoft.com"}


@dataclass
class Played:
    """How one exchange went: `differences` is empty where both answers agree; `unserved` says why it was not compared."""

    exchange: RecordedExchange
    route: str
    differences: list[str] = field(default_factory=list)
    unserved: str = ""


@dataclass
class ReplayedAnswer:
    """What the practice cloud answered."""

    status: int
    headers: dict[str, str]
    body: Any


class Player:
    """Plays the exchanges of one recorded test to one practice cloud, an instant one."""

    def __init__(self, practice: Practice, exchanges: list[RecordedExchange]) -> None:
        self._practice = practice
        self._last_polls = {_bare(exchange.url): exchange.number for exchange in exchanges if _goes_on(exchange)}
        self._shown = {exchange.path.lower(): exchange for exchange in exchanges if _shows_resource(exchange)}
        self._ids: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._principal = ""
        self._operations = practice.cloud.operations
        self._let_end = self._operations._run
        self._operations._run = self._wait  # type: ignore[method-assign]

    async def play(self, exchange: RecordedExchange) -> Played:
        """Ask once more what was asked, and compare."""
        played = Played(exchange, self._route(exchange))
        if not played.route:
            played.unserved = "not served"
        elif _is_poll(exchange.path) and _bare(exchange.url) not in self._addresses:
            played.unserved = "its operation was not begun in the recording"
        if played.unserved:
            return played
        await self._end_operations(exchange)
        await self._make_what_it_takes_for_granted(exchange)
        answered = await self._ask(exchange.method, self._address(exchange.url), exchange.body, signed_in=exchange.status != 401)
        played.differences = list(_differences(exchange, answered))
        self._learn(exchange, answered)
        return played

    def _route(self, exchange: RecordedExchange) -> str:
        """The route of ours that serves it, "" for none."""
        hosts = self._practice.cloud.hosts
        if exchange.host != "management.azure.com":
            served = exchange.host.endswith(".vault.azure.net") or hosts.find(exchange.host) is not None
            return f"{exchange.method} {exchange.host.partition('.')[2]}/{_shape(exchange.path)}" if served else ""
        for route in self._practice.cloud.arm.routes:
            if route.method == exchange.method and route.pattern.match(exchange.path):
                return f"{route.method} {route.template}"
        return ""

    def _address(self, url: str) -> str:
        known = self._addresses.get(_bare(url))
        return known or self._translated(_SUBSCRIPTION.sub(self._practice.cloud.subscription_id, url))

    def _translated(self, text: str) -> str:
        text = _SUBSCRIPTION.sub(self._practice.cloud.subscription_id, text)
        return _ID.sub(lambda match: self._ids.get(match[0].lower(), match[0]), text)

    def _body(self, body: Any) -> Any:
        """A recorded body with our ids in it; a principal that the recording hides is the identity made last."""
        if isinstance(body, dict):
            body = {name: self._body(value) for name, value in body.items()}
            if body.get("principalId") == _NO_GUID and self._principal:
                body["principalId"] = self._principal
            if "tenantId" in body:
                body["tenantId"] = self._practice.cloud.tenant_id
            if "objectId" in body:  # whom an access policy lets in: the account that asks
                body["objectId"] = SERVICE_PRINCIPAL
            return body
        if isinstance(body, list):
            return [self._body(member) for member in body]
        return self._translated(body) if isinstance(body, str) else body

    async def _ask(self, method: str, url: str, body: Any, *, signed_in: bool = True) -> ReplayedAnswer:
        host = urlsplit(url).hostname or ""
        audience = next((known for suffix, known in _AUDIENCES.items() if host.endswith(suffix)), "https://management.azure.com")
        headers = {"Authorization": f"Bearer {await self._practice.token(audience)}"} if signed_in else {}
        sent = self._body(body)
        options: dict[str, Any] = {"json": sent} if isinstance(sent, (dict, list)) else {"data": sent}
        async with self._practice.session.request(method, url, headers=headers, allow_redirects=False, **options) as response:
            raw = await response.read()
            named = {name.lower(): value for name, value in response.headers.items()}
            return ReplayedAnswer(response.status, named, _parsed(raw))

    async def _end_operations(self, exchange: RecordedExchange | None = None) -> None:
        """Let end what the recording does not see running any more; all of it without an exchange."""
        running = [d for d in self._practice.cloud.store.collection("operations").values() if d["status"] == "InProgress"]
        lasting = "" if exchange is None else "\n".join(self._lasting(exchange))
        for document in running:
            if document["id"] in lasting:
                continue
            self._operations._run = self._let_end  # type: ignore[method-assign]  # what a deployment begins meanwhile is seen by nobody
            self._let_end(document)
            await self._operations.finished(document["id"])
            self._operations._run = self._wait  # type: ignore[method-assign]

    @staticmethod
    def _wait(_document: dict[str, Any]) -> None:
        """Operations wait until the recording ends them."""

    def _lasting(self, exchange: RecordedExchange) -> list[str]:
        """Where the operations are asked that the recording still sees running at an exchange or after it."""
        return [ours for azures, ours in self._addresses.items() if self._last_polls.get(azures, -1) >= exchange.number]

    async def _make_what_it_takes_for_granted(self, exchange: RecordedExchange) -> None:
        if exchange.host != "management.azure.com":
            return
        resource, there = self._translated(exchange.path).rstrip("/"), self._practice.cloud.store.resources
        if exchange.status == 404 and exchange.method == "GET":
            there.pop(resource, None)
        group = "/" + "/".join(segments(resource)[:4])
        itself = exchange.method == "PUT" and group.lower() == resource.lower()
        in_group = exchange.status < 400 or error_code(exchange.answer) == "ResourceNotFound"
        if group_of(resource) and in_group and not itself and group not in there:
            await self._ask("PUT", f"https://management.azure.com{group}?api-version=2022-09-01", {"location": "eastus"})
        if error_code(exchange.answer) == "PrincipalNotFound":
            self._practice.cloud.faults.add(["principal-not-found:1"])
        if itself and exchange.status == 200 and group not in there:
            await self._ask("PUT", self._address(exchange.url), exchange.body)
        if exchange.status >= 400 or exchange.method == "PUT":
            return
        if exchange.method == "GET" and "/deletedvaults/" in resource.lower():
            await self._delete_vault(exchange)
        for place, shown in self._shown.items():
            known = self._translated(place)
            if resource.lower().startswith(known) and known not in there:
                await self._ask("PUT", self._address(shown.url), shown.answer)
                await self._end_operations()

    async def _delete_vault(self, exchange: RecordedExchange) -> None:
        """What the recording shows of a vault that was deleted before it began."""
        vault_id = self._translated(exchange.answer["properties"]["vaultId"])
        name, deleted = vault_id.rpartition("/")[2], self._practice.cloud.store.collection("deleted_vaults")
        if name in deleted or vault_id in self._practice.cloud.store.resources:
            return
        group = vault_id.partition("/providers/")[0]
        place = {"location": exchange.answer["properties"]["location"]}
        await self._ask("PUT", f"https://management.azure.com{group}?api-version=2022-09-01", place)
        shown = next((known for path, known in self._shown.items() if path.endswith(f"/vaults/{name}".lower())), None)
        assert shown is not None, f"{exchange.name}: the recording never shows the vault {name}"
        vault = f"https://management.azure.com{vault_id}?api-version=2023-07-01"
        await self._ask("PUT", vault, {**shown.answer, "properties": {**shown.answer["properties"], "createMode": "default"}})
        await self._ask("DELETE", vault, None)

    def _learn(self, exchange: RecordedExchange, answered: ReplayedAnswer) -> None:
        """Which of our ids and addresses stand for which of Azure's."""
        for name in ("azure-asyncoperation", "location"):
            if name in exchange.headers and name in answered.headers:
                self._addresses[_bare(exchange.headers[name])] = answered.headers[name]
        self._learn_from(exchange.answer, answered.body)

    def _learn_from(self, azures: Any, ours: Any) -> None:
        if isinstance(azures, dict) and isinstance(ours, dict):
            for name in azures.keys() & ours.keys():
                if name == "principalId" and isinstance(ours[name], str):
                    self._principal = ours[name]
                if name == "runId":
                    self._ids[azures[name].lower()] = ours[name]
                if name == "nextLink" and azures[name] and ours[name]:
                    self._addresses[_bare(azures[name])] = ours[name]
                self._learn_from(azures[name], ours[name])
        elif isinstance(azures, list) and isinstance(ours, list):
            for known, made in zip(azures, ours, strict=False):
                self._learn_from(known, made)
        elif isinstance(azures, str) and isinstance(ours, str):
            known_ids, our_ids = _GUID.findall(azures), _GUID.findall(ours)
            if len(known_ids) == len(our_ids):
                self._ids.update({k.lower(): o for k, o in zip(known_ids, our_ids, strict=True) if k != _NO_GUID})
            last, made_last = azures.rpartition("/")[2], ours.rpartition("/")[2]
            if "/secrets/" in azures and re.fullmatch("[0-9a-f]{32}", last):
                self._ids[last] = made_last


def _differences(exchange: RecordedExchange, answered: ReplayedAnswer) -> list[str]:
    if exchange.status != answered.status:
        return [f"status {exchange.status} is {answered.status} {error_code(answered.body) or ''}".strip()]
    if error_code(exchange.answer) != error_code(answered.body):
        return [f"code {error_code(exchange.answer)} is {error_code(answered.body)}"]
    differences = [
        f"header {name} {'is missing' if name in exchange.headers else 'is too much'}"
        for name in LONG_RUNNING
        if (name in exchange.headers) != (name in answered.headers)
    ]
    if exchange.status >= 400:
        return differences
    azures, ours = (keys(answer) for answer in same_items(exchange.answer, answered.body))
    differences += [f"key {key} is missing" for key in outermost(azures - ours)]
    differences += [f"key {key} is too much" for key in outermost(ours - azures)]
    return differences


def _goes_on(exchange: RecordedExchange) -> bool:
    """Whether the recording shows an operation that has not ended yet."""
    if not _is_poll(exchange.path):
        return False
    status = exchange.answer.get("status") if isinstance(exchange.answer, dict) else None
    return exchange.status == 202 or status not in (None, "Succeeded", "Failed", "Canceled")


def _shows_resource(exchange: RecordedExchange) -> bool:
    """Whether it is the look at one resource of a group that is there."""
    known = exchange.answer.get("id") if isinstance(exchange.answer, dict) else None
    named = exchange.method == "GET" and exchange.status == 200 and isinstance(known, str) and bool(resource_type_of(exchange.path))
    return named and known.lower() == exchange.path.lower() and not _is_poll(exchange.path)


def _is_poll(path: str) -> bool:
    return re.search(r"operation(results|statuses)|asyncoperations", path, re.IGNORECASE) is not None


def _bare(url: str) -> str:
    """An address without what signs it, which differs from answer to answer."""
    return re.sub(r"[?&](t|c|s|h)=[^&]*", "", url).lower()


def _shape(path: str) -> str:
    return "/".join("{}" if index % 2 and part else part for index, part in enumerate(segments(path)))


def _parsed(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
