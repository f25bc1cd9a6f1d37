"""What is inside a registry: repositories, tags and manifests, under ``https://NAME.azurecr.io``."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere
from wizard.practice.kernel.bodies import read_form
from wizard.practice.kernel.fidelity import judged, recorded, reported, specified
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, manifests
from wizard.practice.registry.auth import RegistrySignIn, TokenRefusal
from wizard.practice.registry.images import REGISTRIES, SUFFIX
from wizard.practice.registry.manifest_answers import shown, unknown
from wizard.practice.registry.push import PULLS, ROUTES, Push

_ROUTES = (
    ("GET", re.compile(r"/(?:acr/v1|v2)/_catalog"), "catalog"),
    ("GET", re.compile(r"/acr/v1/(?P<name>.+)/_tags"), "tags"),
    ("GET", re.compile(r"/acr/v1/(?P<name>.+)/_tags/(?P<reference>[^/]+)"), "tag"),
    ("DELETE", re.compile(r"/acr/v1/(?P<name>.+)/_tags/(?P<reference>[^/]+)"), "untag"),
    ("GET", re.compile(r"/acr/v1/(?P<name>.+)/_manifests"), "manifests"),
    ("GET", re.compile(r"/acr/v1/(?P<name>.+)/_manifests/(?P<reference>[^/]+)"), "manifest_attributes"),
    ("GET", re.compile(r"/v2/(?P<name>.+)/tags/list"), "tags_list"),
    ("GET", re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)"), "manifest"),
    ("HEAD", re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)"), "manifest"),
    ("DELETE", re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)"), "delete_manifest"),
    ("GET", re.compile(r"/acr/v1/(?P<name>.+)"), "repository"),
    ("DELETE", re.compile(r"/acr/v1/(?P<name>.+)"), "delete_repository"),
)
_NEEDS = {
    "catalog": "catalog",
    "untag": "delete",
    "delete_manifest": "delete",
    "delete_repository": "delete",
    "manifest": "pull",
    "tags_list": "pull",
}
_ATTRIBUTES = {"deleteEnabled": True, "writeEnabled": True, "readEnabled": True, "listEnabled": True}
LARGEST_FORM = 64 << 10
SEEDED = "seeded"  # the repository of ``--seed tags:N``
KNOWN = {
    "POST /oauth2/exchange": recorded("200 with a refresh token"),
    "GET, POST /oauth2/token": specified("200 with an access token that carries what may be done"),
    "POST /oauth2/token with an empty scope": reported("400 without a body", "containerd/nerdctl issue 737"),
    "POST /oauth2/token with another grant_type": judged("as without one"),
    "GET /v2/_catalog, /acr/v1/_catalog": specified("200 with pages"),
    "GET /acr/v1/{name}, _tags, _manifests": specified("200 with attributes"),
    "DELETE /acr/v1/{name}, _tags/{tag}, /v2/{name}/manifests/{reference}": specified("202"),
    "GET, HEAD /v2/{name}/manifests/{reference}": specified("200 with the manifest"),
}


def install(cloud: PracticeCloud) -> None:
    """Serve every registry that exists."""

    def hosts() -> list[str]:
        ready = (r for r in everywhere(cloud, REGISTRIES) if r["properties"]["provisioningState"] == "Succeeded")
        return [registry["properties"]["loginServer"] for registry in ready]

    cloud.hosts.add_suffix(SUFFIX, RegistryData(cloud).handle, exists=lambda host: host in hosts(), listing=hosts)


class RegistryData:
    """The data plane of every registry: its own sign-in, then repositories, tags, manifests and layers."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._sign_in = RegistrySignIn(cloud)
        self._push = Push(cloud)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to a registry's own host, after its bearer token is checked."""
        registry = images.registry(self._cloud, request.host.split(":")[0])
        headers = {"X-Ms-Correlation-Request-Id": str(uuid.uuid4()), "Docker-Distribution-Api-Version": "registry/2.0"}
        try:
            if registry is None:
                raise TokenRefusal(404, "NAME_UNKNOWN", "the registry does not exist")
            if registry["properties"]["publicNetworkAccess"] == "Disabled":
                words = f"client with IP '{request.remote}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
                raise TokenRefusal(403, "DENIED", words)  # quoted: docker/build-push-action#1214
            response = await self._answer(request, registry)
        except TokenRefusal as refusal:
            response = _refused(refusal)
            if refusal.status == 401 and registry is not None:
                response.headers["WWW-Authenticate"] = self._challenge(request, registry)
        response.headers.update(headers)
        return response

    async def _answer(self, request: web.Request, registry: Document) -> web.StreamResponse:
        if request.path == "/oauth2/exchange" and request.method == "POST":
            return self._sign_in.exchange(registry, await read_form(request, LARGEST_FORM))
        if request.path == "/oauth2/token" and request.method in ("GET", "POST"):
            return self._sign_in.token(
                request, registry, await read_form(request, LARGEST_FORM) if request.method == "POST" else request.query
            )
        if request.path in ("/v2/", "/v2"):
            self._sign_in.claims(request, registry)
            return web.json_response({})
        for method, pattern, kind in ROUTES:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                names = match.groupdict()
                self._sign_in.require(request, registry, "pull" if kind in PULLS else "push", names["name"])
                return await self._push.answer(kind, request, registry["properties"]["loginServer"], names)
        for method, pattern, kind in _ROUTES:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                names = match.groupdict()
                self._sign_in.require(request, registry, _NEEDS.get(kind, "metadata_read"), names.get("name", ""))
                answer = getattr(self, f"_{kind}")
                response: web.Response = answer(request, registry["properties"]["loginServer"], names)
                return response
        raise TokenRefusal(404, "NOT_FOUND", "the practice cloud's registries do not have this route")

    def _challenge(self, request: web.Request, registry: Document) -> str:
        server = registry["properties"]["loginServer"]
        challenge = f'Bearer realm="https://{server}/oauth2/token",service="{server}"'
        for method, pattern, kind in ROUTES:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return f'{challenge},scope="repository:{match["name"]}:{"pull" if kind in PULLS else "pull,push"}"'
        for method, pattern, kind in _ROUTES:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                name = match.groupdict().get("name")
                word = _NEEDS.get(kind, "metadata_read")
                scope = f"repository:{name}:{word}" if name else "registry:catalog:*"
                return f'{challenge},scope="{scope}"'
        return challenge

    def _catalog(self, request: web.Request, server: str, _names: Mapping[str, str]) -> web.Response:
        repositories = {image["repository"] for image in images.of(self._cloud, server)}
        if self._cloud.seeds.get("tags"):
            repositories.add(SEEDED)
        page, link = _paged(request, sorted(repositories))
        return web.json_response({"repositories": page}, headers=link)

    def _images(self, server: str, name: str) -> list[Document]:
        if name == SEEDED and self._cloud.seeds.get("tags"):
            return [_seeded(server, self._cloud.seeds["tags"])]
        images_there = images.of(self._cloud, server, name)
        if not images_there:
            raise TokenRefusal(404, "NAME_UNKNOWN", "repository name not known to registry", {"name": name})
        return images_there

    def _find(self, server: str, names: Mapping[str, str]) -> Document:
        reference = names["reference"]
        for image in self._images(server, names["name"]):
            if reference == image["digest"] or reference in image["tags"]:
                return image
        raise unknown(reference)

    def _repository(self, _: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        images_there = self._images(server, names["name"])
        body = {
            "registry": server,
            "imageName": names["name"],
            "createdTime": min(image["created"] for image in images_there),
            "lastUpdateTime": max(image["updated"] for image in images_there),
            "manifestCount": len(images_there),
            "tagCount": sum(len(image["tags"]) for image in images_there),
            "changeableAttributes": {**_ATTRIBUTES, "teleportEnabled": False},
        }
        return web.json_response(body)

    def _tags(self, request: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        tags = [_tag(image, name) for image in self._images(server, names["name"]) for name in image["tags"]]
        order = request.query.get("orderby", "")
        if order in ("timedesc", "timeasc"):
            tags.sort(key=lambda tag: (tag["lastUpdateTime"], tag["name"]), reverse=order == "timedesc")
        else:
            tags.sort(key=lambda tag: str(tag["name"]))
        if digest := request.query.get("digest"):
            tags = [tag for tag in tags if tag["digest"] == digest]
        page, link = _paged(request, tags, lambda tag: str(tag["name"]))
        return web.json_response({"registry": server, "imageName": names["name"], "tags": page}, headers=link)

    def _tag(self, _: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        image = self._find(server, names)
        if names["reference"] not in image["tags"]:
            raise TokenRefusal(404, "TAG_UNKNOWN", "the specified tag does not exist", {"name": names["reference"]})
        return web.json_response({"registry": server, "imageName": names["name"], "tag": _tag(image, names["reference"])})

    def _tags_list(self, request: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        tags = sorted(tag for image in self._images(server, names["name"]) for tag in image["tags"])
        page, link = _paged(request, tags)
        return web.json_response({"name": names["name"], "tags": page}, headers=link)

    def _manifests(self, request: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        manifests = sorted(self._images(server, names["name"]), key=lambda image: str(image["digest"]))
        if request.query.get("orderby") in ("timedesc", "timeasc"):
            manifests.sort(key=lambda image: str(image["updated"]), reverse=request.query["orderby"] == "timedesc")
        page, link = _paged(request, [_manifest(image) for image in manifests], lambda manifest: str(manifest["digest"]))
        return web.json_response({"registry": server, "imageName": names["name"], "manifests": page}, headers=link)

    def _manifest_attributes(self, _: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        image = self._find(server, names)
        return web.json_response({"registry": server, "imageName": names["name"], "manifest": _manifest(image)})

    def _manifest(self, request: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        try:
            image = self._find(server, names)
        except TokenRefusal as refused:
            raise unknown(names["reference"]) if refused.code == "NAME_UNKNOWN" else refused from None
        return shown(request, image)

    def _untag(self, _: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        image = self._find(server, names)
        if names["reference"] not in image["tags"]:
            raise TokenRefusal(404, "TAG_UNKNOWN", "the specified tag does not exist", {"name": names["reference"]})
        images.untag(self._cloud, image, names["reference"])
        return web.Response(status=202)

    def _delete_manifest(self, _: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        images.delete(self._cloud, self._find(server, names))
        return web.Response(status=202)

    def _delete_repository(self, _: web.Request, server: str, names: Mapping[str, str]) -> web.Response:
        images_there = self._images(server, names["name"])
        for image in images_there:
            images.delete(self._cloud, image)
        deleted = {
            "manifestsDeleted": [image["digest"] for image in images_there],
            "tagsDeleted": [tag for image in images_there for tag in image["tags"]],
        }
        return web.json_response(deleted, status=202)


def _paged(request: web.Request, items: list[Any], name_of: Any = str) -> tuple[list[Any], dict[str, str]]:
    """One page of `items` after ``last``, of ``n`` items (100), and the Link header to the next."""
    page_size = request.query.get("n", "100")
    if not page_size.isdecimal() or int(page_size) == 0:
        raise TokenRefusal(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested", {"n": page_size})
    size = min(int(page_size), 1000)
    start = 0
    if last := request.query.get("last"):
        start = next((index + 1 for index, item in enumerate(items) if name_of(item) == last), len(items))
    page = items[start : start + size]
    if start + size >= len(items):
        return page, {}
    query = {**{key: value for key, value in request.query.items() if key not in ("last", "n")}, "last": name_of(page[-1]), "n": str(size)}
    return page, {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}


def _tag(image: Document, name: str) -> Document:
    times = image["tags"][name]
    return {
        "name": name,
        "digest": image["digest"],
        "createdTime": times["created"],
        "lastUpdateTime": times["updated"],
        "signed": False,
        "changeableAttributes": _ATTRIBUTES,
    }


def _manifest(image: Document) -> Document:
    return {
        "digest": image["digest"],
        "imageSize": image["size"],
        "createdTime": image["created"],
        "lastUpdateTime": image["updated"],
        "architecture": "amd64",
        "os": "linux",
        "configMediaType": (image["manifest"].get("config") or {}).get("mediaType", ""),
        "tags": sorted(image["tags"]),
        "changeableAttributes": _ATTRIBUTES,
    }


def _seeded(server: str, count: int) -> Document:
    """The image of ``--seed tags:N``, which has tags but cannot be run."""
    when = "2026-01-01T00:00:00.0000000Z"
    manifest = {"schemaVersion": 2, "mediaType": manifests.MEDIA_TYPE, "layers": []}
    tags = {f"v{number:05}": {"created": when, "updated": when} for number in range(1, count + 1)}
    digest = f"sha256:{'5eed' * 16}"
    return {
        "registry": server,
        "repository": SEEDED,
        "digest": digest,
        "tags": tags,
        "created": when,
        "updated": when,
        "size": 0,
        "manifest": manifest,
    }


def _refused(refusal: TokenRefusal) -> web.Response:
    error = {"code": refusal.code, "message": refusal.message, "detail": refusal.detail}
    return web.json_response({"errors": [error]}, status=refusal.status)
