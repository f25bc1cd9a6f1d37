"""The record of all traffic (HAR 1.2), without secret values."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import urllib.parse
from pathlib import Path
from typing import Any

from aiohttp import web

from wizard.practice.kernel.relaxed_json import relaxed

HIDDEN = "***"
_HEADERS = {"authorization", "cookie", "set-cookie", "proxy-authorization"}
_KEYS = {
    "access_token",
    "accountkey",
    "assertion",
    "client_assertion",
    "client_secret",
    "device_code",
    "id_token",
    "password",
    "refresh_token",
    "token",
    "user_code",
}
_FORM_KEYS = {*_KEYS, "code", "code_verifier"}
_SIGNATURE = re.compile(r"([?&](?:sig|code)=)[^&\"\s]+")
_LONGEST = 1_000_000  # characters of a body that are kept


class Recorder:
    """Writes each exchange as a line to ``FILE.part`` at once, and folds them into FILE at the end; a killed cloud's lines are kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._part = file.with_name(f"{file.name}.part")
        file.parent.mkdir(parents=True, exist_ok=True)
        cut_short = self._part.exists() and not self._part.read_bytes().endswith(b"\n")
        self._lines = self._part.open("a", encoding="utf-8")
        self._lines.write("\n" if cut_short else "")
        self._part.chmod(0o600)

    def record(self, request: web.Request, body: bytes, response: web.StreamResponse | None, started: float, seconds: float) -> None:
        """Add one exchange; `response` None when the connection was cut, and a streamed one without its content."""
        entry = {
            "startedDateTime": datetime.datetime.fromtimestamp(started, datetime.UTC).isoformat(),
            "time": round(seconds * 1000, 3),
            "request": _request(request, body),
            "response": _response(request, response),
            "cache": {},
            "timings": {"send": 0, "wait": round(seconds * 1000, 3), "receive": 0},
            "serverIPAddress": "127.0.0.1",
        }
        self._lines.write(json.dumps(entry) + "\n")
        self._lines.flush()

    def close(self) -> None:
        """Complete the HAR file."""
        self._lines.close()
        entries = []
        for line in self._part.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError):  # a line that a kill cut short
                entries.append(json.loads(line))
        log = {"version": "1.2", "creator": {"name": "azwizard practice cloud", "version": "1"}, "entries": entries}
        self._file.write_text(json.dumps({"log": log}, indent=1), encoding="utf-8")
        self._file.chmod(0o600)
        self._part.unlink()


def _request(request: web.Request, body: bytes) -> dict[str, Any]:
    url = f"https://{request.host}{request.path_qs}"
    entry: dict[str, Any] = {
        "method": request.method,
        "url": _SIGNATURE.sub(rf"\1{HIDDEN}", url),
        "httpVersion": "HTTP/1.1",
        "headers": _headers(request.headers.items()),
        "queryString": [{"name": name, "value": HIDDEN if name in ("sig", "code") else value} for name, value in request.query.items()],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(body),
    }
    if body:
        kind = request.headers.get("Content-Type", "application/octet-stream")
        entry["postData"] = {"mimeType": kind, "text": redacted(request.host, request.path, body, kind)}
    return entry


def _response(request: web.Request, response: web.StreamResponse | None) -> dict[str, Any]:
    if response is None:
        return _answer(0, "", [], {"size": 0, "mimeType": ""}, "")
    body = response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""
    kind = response.headers.get("Content-Type", "")
    content: dict[str, Any] = {"size": len(body), "mimeType": kind}
    if body:
        content["text"] = redacted(request.host, request.path, body, kind)
    location = response.headers.get("Location", "")
    return _answer(
        response.status, response.reason or "", _headers(response.headers.items()), content, _SIGNATURE.sub(rf"\1{HIDDEN}", location)
    )


def _answer(status: int, reason: str, headers: list[dict[str, str]], content: dict[str, Any], redirect: str) -> dict[str, Any]:
    return {
        "status": status,
        "statusText": reason,
        "httpVersion": "HTTP/1.1",
        "headers": headers,
        "cookies": [],
        "content": content,
        "redirectURL": redirect,
        "headersSize": -1,
        "bodySize": content["size"],
    }


def _headers(items: Any) -> list[dict[str, str]]:
    return [{"name": n, "value": HIDDEN if n.lower() in _HEADERS else _SIGNATURE.sub(rf"\1{HIDDEN}", v)} for n, v in items]


def redacted(host: str, path: str, body: bytes, kind: str) -> str:
    """A body as text, with ``***`` for each secret value in it; a body that is no text is only named."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"
    if "x-www-form-urlencoded" in kind:
        pairs = [
            (name, HIDDEN if name.lower() in _FORM_KEYS else value) for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True)
        ]
        return urllib.parse.urlencode(pairs, safe="*")
    if "json" not in kind:
        return _SIGNATURE.sub(rf"\1{HIDDEN}", text[:_LONGEST])
    try:
        return json.dumps(_without_secrets(relaxed(text), _hides_value(host, path)))
    except ValueError:
        return HIDDEN


def _hides_value(host: str, path: str) -> bool:
    """Whether every ``value`` that is text is a secret here: a vault's secrets, account keys, registry passwords, an app's secrets."""
    low = path.lower()
    return (
        host.lower().endswith(".vault.azure.net")
        or low.endswith(("/listkeys", "/regeneratekey", "/listcredentials", "/regeneratecredential", "/listsecrets"))
        or ("/microsoft.keyvault/vaults/" in low and "/secrets/" in low)
        or "/microsoft.resources/deployments/" in low  # parameters, of which nobody here knows which are secret
    )


def _without_secrets(node: Any, hide_value: bool, inside: str = "") -> Any:
    """`node` with secret strings hidden; `inside` is the key that holds it: the ``value`` in a list called ``secrets`` is one."""
    if isinstance(node, list):
        return [_without_secrets(item, hide_value, inside) for item in node]
    if isinstance(node, str):
        return _SIGNATURE.sub(rf"\1{HIDDEN}", node)
    if not isinstance(node, dict):
        return node
    secret_value = hide_value or inside in ("secrets", "passwords", "keys") or bool(node.get("isSecret"))
    return {name: _member(name, value, hide_value, secret_value) for name, value in node.items()}


def _member(name: str, value: Any, hide_value: bool, secret_value: bool) -> Any:
    hidden = name.lower() in _KEYS or (name.lower() == "value" and secret_value)
    if hidden and isinstance(value, str):
        return HIDDEN
    return _without_secrets(value, hide_value, name.lower())
