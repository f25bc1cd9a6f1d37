"""Importing images: one registry takes an image of another, or a public one, without a build."""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, SUBSCRIPTION, body_of, read
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images
from wizard.practice.registry.images import REGISTRIES
from wizard.practice.registry.public_images import find_public
from wizard.practice.registry.shapes import IMPORT


def install(cloud: PracticeCloud) -> None:
    """Serve the imports of every registry on management.azure.com."""
    service = ImageImports(cloud)
    registry = GROUP + REGISTRIES + "/{name}"
    add = cloud.arm.add
    add(
        "POST",
        registry + "/importImage",
        service.import_image,
        action=f"{REGISTRIES}/importImage/action",
        takes=IMPORT,
        known=recorded("202 without a body, with Location"),
    )
    results = SUBSCRIPTION + "Microsoft.ContainerRegistry/locations/{location}/operationResults/{operation}"
    add(
        "GET",
        results,
        service.import_result,
        action="Microsoft.ContainerRegistry/locations/operationResults/read",
        known=recorded("202 Accepted, then 200 Succeeded"),
    )
    cloud.operations.when_done("registry-import", service.imported)


class ImageImports:
    """The imports of one practice cloud. Each takes 10 s in the background."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def import_image(self, request: Request) -> Answer:
        """POST importImage: an image of a registry is copied into this one, in the background."""
        registry = read(self._cloud, request, REGISTRIES)
        source = body_of(request).get("source") or {}
        if not source.get("sourceImage"):
            raise AzureError(400, "InvalidParameter", "The source image is required.", target="source")
        targets = body_of(request).get("targetTags") or body_of(request).get("untaggedTargetRepositories") or [source["sourceImage"]]
        data = {"source": {word: source[word] for word in source if word != "credentials"}, "targets": targets}
        operation = self._cloud.operations.begin("registry-import", registry["id"], 10, data=data)
        location = (
            f"{ENDPOINT}/subscriptions/{request.names['subscription']}/providers/Microsoft.ContainerRegistry/locations"
            f"/{registry['location']}/operationResults/{operation['id']}?api-version={request.api_version}"
        )
        return Answer(202, headers={"Location": location})

    async def import_result(self, request: Request) -> Answer:
        """GET of an import: 202 until it is done."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "OperationNotFound", "The operation was not found.")
        if operation["status"] == "InProgress":
            again = f"{ENDPOINT}{request.path}?api-version={request.api_version}"
            targets = dict.fromkeys(operation["data"]["targets"], "Pending")
            return Answer(202, {**targets, "status": "Accepted"}, {"Location": again})
        if operation["status"] == "Failed":
            raise AzureError(400, operation["error"]["code"], operation["error"]["message"])
        return Answer(200, {"status": "Succeeded"})

    async def imported(self, operation: Document) -> None:
        """End an import: the image is there."""
        registry = self._cloud.store.resources.get(operation["target"])
        if registry is None:
            return
        source = operation["data"]["source"]
        server = self._source_server(source)
        repository, reference = _repository_and_reference(source["sourceImage"].removeprefix(f"{server}/"))
        image = images.find(self._cloud, server, repository, reference) or find_public(self._cloud, server, repository)
        if image is None:
            message = f"Failed to import from {server}/{source['sourceImage']}: the practice cloud does not have that image."
            raise AzureError(400, "ImageNotFound", message)
        for target in operation["data"]["targets"]:
            target_repository, _, tag = str(target).partition(":")
            images.copy(self._cloud, image, registry["properties"]["loginServer"], target_repository, tag or "latest")

    def _source_server(self, source: Document) -> str:
        """Where an import comes from: a registry of the subscription by its id, or any by its address."""
        if (identifier := source.get("resourceId")) is None:
            return str(source.get("registryUri") or "docker.io").removeprefix("https://").rstrip("/").lower()
        registry = self._cloud.store.resources.get(identifier)
        if registry is None or registry["type"] != REGISTRIES:
            raise AzureError(400, "InvalidParameter", f"The registry '{identifier}' to import from was not found.", target="source")
        return str(registry["properties"]["loginServer"])


def _repository_and_reference(name: str) -> tuple[str, str]:
    """``orders-api@sha256:...`` or ``orders-api:v1``, without either the tag ``latest``."""
    if "@" in name:
        repository, _, digest = name.partition("@")
        return repository, digest
    repository, _, tag = name.partition(":")
    return repository, tag or "latest"
