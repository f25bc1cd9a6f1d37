"""The recorded exchanges as they lie in a file of JSON lines, and what of two answers is compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

RECORDINGS = Path(__file__).parents[4] / "shared" / "azure" / "recordings" / "azure.jsonl"
LONG_RUNNING = ("azure-asyncoperation", "location", "retry-after")
_NAMED = ("tags", "userassignedidentities", "outputs", "parameters")  # objects whose members are names that people chose


@dataclass(frozen=True)
class RecordedExchange:
    """One recorded request and what real Azure answered: `headers` in small letters, `answer` as parsed JSON or text."""

    file: str
    number: int
    method: str
    url: str
    body: Any
    status: int
    headers: dict[str, str]
    answer: Any

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def name(self) -> str:
        return f"{self.file.rpartition('/')[2].removesuffix('.yaml')}#{self.number}"


def recordings(file: Path = RECORDINGS) -> dict[str, list[RecordedExchange]]:
    """The exchanges of each recorded test, in their order."""
    tests: dict[str, list[RecordedExchange]] = {}
    for exchange in _read(file):
        tests.setdefault(exchange.file, []).append(exchange)
    return tests


def _read(file: Path) -> Iterator[RecordedExchange]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            asked, told = entry["request"], entry["response"]
            headers = {name.lower(): value for name, value in told["headers"].items()}
            body, answer = asked["body"], told["body"]
            yield RecordedExchange(entry["file"], entry["i"], asked["method"], asked["url"], body or None, told["status"], headers, answer)


def keys(value: Any, path: str = "") -> set[str]:
    """The places in a JSON value that say something: ``properties.configuration.ingress.traffic[].weight``; null says nothing."""
    if isinstance(value, dict):
        if path.rpartition(".")[2].lower() in _NAMED:
            return {f"{path}.*"} if value else set()
        return {place for name, member in value.items() for place in _member(f"{path}.{name}".lstrip("."), member)}
    if isinstance(value, list):
        return {place for member in value for place in keys(member, f"{path}[]")}
    return set()


def _member(place: str, member: Any) -> set[str]:
    return set() if member is None else {place, *keys(member, place)}


def error_code(answer: Any) -> str | None:
    """The code of a refusal, or None for an answer that is none."""
    if not isinstance(answer, dict):
        return None
    error = answer.get("error", answer)
    return error.get("code") if isinstance(error, dict) and "message" in error else None


def same_items(azures: Any, ours: Any) -> tuple[Any, Any]:
    """Two answers without the items of a list that only one of them has: what else lies in a subscription is nobody's difference."""
    if not (
        isinstance(azures, dict)
        and isinstance(ours, dict)
        and isinstance(azures.get("value"), list)
        and isinstance(ours.get("value"), list)
    ):
        return azures, ours
    known, made = ({_item_name(item): item for item in answer["value"]} for answer in (azures, ours))
    both = known.keys() & made.keys()
    first, second = ({**answer, "value": [items[name] for name in sorted(both)]} for answer, items in ((azures, known), (ours, made)))
    for answer in (first, second):
        answer.pop("nextLink", None)
    return first, second


def _item_name(item: Any) -> str:
    """What tells an item from its neighbours: its name, or the last part of its id, or all of it."""
    if not isinstance(item, dict):
        return str(item)
    name = item.get("name", item.get("id", ""))
    return str(name).rpartition("/")[2].lower()


def outermost(places: set[str]) -> list[str]:
    """The places without those below another one of them."""
    return sorted(place for place in places if not any(place.startswith((f"{other}.", f"{other}[")) for other in places))
