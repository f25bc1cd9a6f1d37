"""Recorded pushes held against the OCI distribution specification (v1.1), which every registry and every client of one keeps to.

https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md; the numbers in the reasons are those of its table of endpoints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

UPLOAD = re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<session>[^/]*)")
BLOB = re.compile(r"/v2/(?P<name>.+)/blobs/(?P<digest>sha256:[0-9a-f]{64})")
MANIFEST = re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)")
RANGE = re.compile(r"(\d+)-(\d+)")
ERROR_CODES = {
    *("BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID"),
    *("MANIFEST_UNKNOWN", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS"),
    *("RANGE_INVALID", "TAG_INVALID"),  # of the registry's own API, which the specification grew from
}


class PushRules:
    """Reads exchanges in their order and notes what breaks a rule."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.sent = 0  # bytes of pieces that were accepted
        self._places: dict[str, str] = {}  # session -> the address of the last answer
        self._received: dict[str, int] = {}  # session -> bytes that the registry said it has
        self._blobs: set[tuple[str, str]] = set()

    def read(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Hold the exchanges of a HAR's entries with a registry against the rules; others are passed over."""
        for entry in entries:
            url = urlsplit(entry["request"]["url"])
            if url.path.startswith("/v2/"):
                self._exchange(_Exchange(entry))

    def _exchange(self, exchange: _Exchange) -> None:
        if exchange.status >= 400:
            self._refusal(exchange)
        elif match := UPLOAD.fullmatch(exchange.path):
            self._upload(exchange, match["name"], match["session"])
        elif match := BLOB.fullmatch(exchange.path):
            self._blob(exchange, match["name"], match["digest"])
        elif (match := MANIFEST.fullmatch(exchange.path)) and exchange.method == "PUT":
            self._manifest(exchange, match["name"])

    def _refusal(self, exchange: _Exchange) -> None:
        if exchange.method == "HEAD":
            return
        try:
            codes = [error["code"] for error in json.loads(exchange.answer)["errors"]]
        except (ValueError, KeyError, TypeError):
            codes = []
        self._must(exchange, bool(codes) and set(codes) <= ERROR_CODES, f"an error's body holds errors with known codes: {codes}")
        if exchange.status == 401:
            challenge = exchange.told.get("www-authenticate", "")
            self._must(exchange, challenge.startswith("Bearer realm="), "401 says where a token is had")

    def _upload(self, exchange: _Exchange, name: str, session: str) -> None:
        match exchange.method:
            case "POST":
                if exchange.status == 201:
                    self._stored(exchange, name, exchange.query.get("mount") or exchange.query.get("digest", ""))
                    return
                self._must(exchange, exchange.status == 202, "end-4a: 202 to the begin of an upload, also where a mount was not possible")
                self._goes_on(exchange, name, 0)
            case "PATCH":
                self._piece(exchange, name, session)
            case "GET":
                self._must(exchange, exchange.status == 204, "end-13: 204 to the question how far an upload is")
                self._goes_on(exchange, name, None)
            case "PUT":
                self._follows(exchange, session)
                self._stored(exchange, name, exchange.query.get("digest", ""))

    def _piece(self, exchange: _Exchange, name: str, session: str) -> None:
        self._follows(exchange, session)
        span, length = RANGE.fullmatch(exchange.asked.get("content-range", "")), int(exchange.asked.get("content-length", "-1"))
        self._must(exchange, exchange.asked.get("content-type") == "application/octet-stream", "end-5: a piece is an octet stream")
        self._must(exchange, span is not None, "end-5: Content-Range is START-END")
        if span is None:
            return
        start, end = int(span[1]), int(span[2])
        self._must(exchange, end - start + 1 == length, "end-5: Content-Length is as long as Content-Range says")
        self._must(exchange, start == self._received.get(session, 0), "end-5: a piece begins where the last one ended")
        self._must(exchange, exchange.status == 202, "end-5: 202 to a piece")
        self.sent += length
        self._goes_on(exchange, name, end + 1)

    def _goes_on(self, exchange: _Exchange, name: str, received: int | None) -> None:
        """An answer that says where the upload goes on, and how much of it is there."""
        place = urljoin(exchange.url, exchange.told.get("location", ""))
        match = UPLOAD.fullmatch(urlsplit(place).path)
        self._must(
            exchange, match is not None and match["name"] == name and bool(match["session"]), "Location is an upload's of the repository"
        )
        if match is None:
            return
        span = RANGE.fullmatch(exchange.told.get("range", "0-0"))
        self._must(exchange, span is not None and span[1] == "0", "Range is 0-END")
        told = int(span[2]) + 1 if span and int(span[2]) else 0
        self._must(exchange, received is None or told == received, f"Range says the {received} bytes that have arrived")
        self._places[match["session"]], self._received[match["session"]] = place, told

    def _follows(self, exchange: _Exchange, session: str) -> None:
        """A request that has to go where the last answer led, whose query holds the registry's own state."""
        expected, got = urlsplit(self._places.get(session, "")), urlsplit(exchange.url)
        self._must(
            exchange, expected.path == got.path and got.query.startswith(expected.query), "it goes to the last Location as it stands"
        )

    def _stored(self, exchange: _Exchange, name: str, digest: str) -> None:
        self._must(exchange, exchange.status == 201, "end-6: 201 for a blob that is whole")
        place = BLOB.fullmatch(urlsplit(urljoin(exchange.url, exchange.told.get("location", ""))).path)
        self._must(exchange, place is not None and (place["name"], place["digest"]) == (name, digest), "Location is the blob's")
        self._must(exchange, exchange.told.get("docker-content-digest", digest) == digest, "Docker-Content-Digest is the blob's")
        self._blobs.add((name, digest))

    def _blob(self, exchange: _Exchange, name: str, digest: str) -> None:
        if exchange.status == 200:
            self._must(exchange, exchange.told.get("docker-content-digest") == digest, "end-2: Docker-Content-Digest is the blob's")
            self._must(exchange, "content-length" in exchange.told, "end-2: Content-Length is told")
        self._blobs.add((name, digest))

    def _manifest(self, exchange: _Exchange, name: str) -> None:
        body = json.loads(exchange.body)
        kind = exchange.asked.get("content-type")
        self._must(exchange, exchange.status == 201, "end-7: 201 for a manifest")
        self._must(exchange, body.get("mediaType", kind) == kind, "end-7: Content-Type is the manifest's mediaType")
        absent = [part["digest"] for part in (body["config"], *body["layers"]) if (name, part["digest"]) not in self._blobs]
        self._must(exchange, not absent, f"end-7: blobs go before the manifest that names them: {absent}")
        self._must(exchange, f"/v2/{name}/manifests/" in exchange.told.get("location", ""), "end-7: Location is the manifest's")
        self._must(exchange, exchange.told.get("docker-content-digest", "").startswith("sha256:"), "end-7: Docker-Content-Digest is told")

    def _must(self, exchange: _Exchange, holds: bool, rule: str) -> None:
        if not holds:
            self.violations.append(f"{exchange.method} {exchange.path} {exchange.status}: {rule}")


class _Exchange:
    """One entry of a HAR; `asked` and `told` are the headers of request and answer by name in small letters."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        request, response = entry["request"], entry["response"]
        self.method, self.url, self.status = str(request["method"]), str(request["url"]), int(response["status"])
        parts = urlsplit(self.url)
        self.path = parts.path
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked = {header["name"].lower(): str(header["value"]) for header in request["headers"]}
        self.told = {header["name"].lower(): str(header["value"]) for header in response["headers"]}
        self.body = str(request.get("postData", {}).get("text", ""))
        self.answer = str(response["content"].get("text", ""))
