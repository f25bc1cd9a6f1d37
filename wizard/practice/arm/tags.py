"""The tags of a group or a resource by themselves: read, merged, replaced or deleted without writing the thing they stand on."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.kernel.errors import GATEWAY, AzureError, group_not_found, resource_not_found
from wizard.practice.kernel.fidelity import documented, specified
from wizard.practice.kernel.requests import Answer, Request, group_of, resource_type_of, within
from wizard.practice.kernel.shapes import TAGS, TEXT
from wizard.practice.kernel.store import Document

MOST = 50  # tags on one thing (learn.microsoft.com, "Use tags to organize your Azure resources", Limitations)
REPLACEMENT = {"properties": {"tags": TAGS}}
CHANGE = {"operation": TEXT, "properties": {"tags": TAGS}}
_ACTION = "Microsoft.Resources/tags"
_RESERVED = re.compile(r"[<>%&\\\\?/\x00-\x1f\x7f]")
_LONGEST_VALUE = 256


class TagsAtScope:
    """``tags/default`` of whatever its scope names."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._resources = cloud.store.resources

    async def get(self, request: Request) -> Answer:
        """GET of the tags of a group or a resource."""
        return _shown(self._tagged(request))

    async def put(self, request: Request) -> Answer:
        """Exactly these tags from now on."""
        return self._write(self._tagged(request), _tags_in(request))

    async def patch(self, request: Request) -> Answer:
        """Merge, replace or delete, as ``operation`` says; a pair is deleted only where its value is the one that is named."""
        tagged = self._tagged(request)
        tags, named = dict(tagged.get("tags") or {}), _tags_in(request)
        match body_of(request).get("operation"):
            case "Merge":
                tags |= named
            case "Replace":
                tags = named
            case "Delete":
                tags = {name: value for name, value in tags.items() if name not in named or named[name] not in ("", value)}
            case other:
                message = f"The value '{other}' of 'operation' is not one of 'Merge', 'Replace' and 'Delete'."
                raise AzureError(400, "InvalidRequestContent", message, headers=GATEWAY)
        return self._write(tagged, tags)

    async def delete(self, request: Request) -> Answer:
        """DELETE of all its tags."""
        self._write(self._tagged(request), {})
        return Answer(200)

    def _tagged(self, request: Request) -> Document:
        scope = f"/{request.names['scope']}"
        resource = self._resources.get(scope)
        if resource is not None:
            return resource
        group, kind = group_of(scope) or "", resource_type_of(scope)
        if f"/{'/'.join(scope.split('/')[1:5])}" not in self._resources:
            raise group_not_found(group)
        raise resource_not_found(kind, scope.rpartition("/")[2], group)

    async def names(self, request: Request) -> Answer:
        """GET of the names of all tags of a subscription, each with its values and how often they stand on something."""
        prefix = f"/subscriptions/{request.names['subscription']}"
        used = Counter(
            (name, value)
            for key, resource in self._resources.items()
            if within(key, prefix)
            for name, value in (resource.get("tags") or {}).items()
        )
        details = []
        for name in sorted({name for name, _value in used}):
            address = f"{prefix}/tagNames/{name}"
            values = [(value, count) for (of, value), count in sorted(used.items()) if of == name]
            shown = [{"id": f"{address}/tagValues/{value}", "tagValue": value, "count": _total(count)} for value, count in values]
            details.append({"id": address, "tagName": name, "count": _total(sum(count for _, count in values)), "values": shown})
        return Answer(200, {"value": details})

    def _write(self, tagged: Document, tags: dict[str, str]) -> Answer:
        check_tags(tags, resource_type_of(tagged["id"]))
        written = {**tagged, "tags": tags}
        self._resources[tagged["id"]] = written
        return _shown(written)


def check_tags(tags: dict[str, str], kind: str) -> None:
    """Refuse tags that no resource of that type may have: too many, or names and values that Azure does not take.

    The words of all but the first are those that Az.Migrate quotes of Azure; those that begin with ``hidden-`` and ``link:`` are Azure's
    own. The name is at most 512 characters long, 128 on a storage account (learn.microsoft.com, Use tags, Limitations).
    """
    if len(tags) > MOST:
        message = f"The number of tags '{len(tags)}' exceeds the maximum of '{MOST}' that a resource may have."
        raise AzureError(400, "TagsExceedLimit", message, headers=GATEWAY)
    reserved = [name for name in tags if _RESERVED.search(name) and not name.startswith(("hidden-", "link:"))]
    if reserved:
        message = f"The tag names '{', '.join(reserved)}' have reserved characters '<,>,%,&,\\,?,/' or control characters."
        raise AzureError(400, "InvalidTagNameCharacters", message, headers=GATEWAY)
    longest = 128 if kind.lower() == "microsoft.storage/storageaccounts" else 512
    if long := [name for name in tags if not 0 < len(name) <= longest]:
        message = f"Tag key too large. Following tag key '{', '.join(long)}' exceeded the maximum length."
        message = f"{message} Maximum allowed length for tag key - '{longest}' characters."
        raise AzureError(400, "InvalidTagName", message, headers=GATEWAY)
    if long := [value for value in tags.values() if len(value) > _LONGEST_VALUE]:
        message = f"Tag value too large. Following tag value '{', '.join(long)}' exceeded the maximum length."
        message = f"{message} Maximum allowed length for tag value - '{_LONGEST_VALUE}' characters."
        raise AzureError(400, "InvalidTagValueLength", message, headers=GATEWAY)


def _total(count: int) -> dict[str, Any]:
    return {"type": "Total", "value": count}


def _tags_in(request: Request) -> dict[str, str]:
    properties: dict[str, Any] = body_of(request).get("properties") or {}
    return dict(properties.get("tags") or {})


def _shown(tagged: Document) -> Answer:
    address = f"{tagged['id']}/providers/Microsoft.Resources/tags/default"
    return Answer(
        200, {"id": address, "name": "default", "type": "Microsoft.Resources/tags", "properties": {"tags": tagged.get("tags") or {}}}
    )


def install(cloud: PracticeCloud) -> None:
    """Serve the tags of groups and resources."""
    tags, route = TagsAtScope(cloud), "/{scope*}/providers/Microsoft.Resources/tags/default"
    cloud.arm.add("GET", route, tags.get, action=f"{_ACTION}/read", known=specified("200 with the tags"))
    cloud.arm.add("PUT", route, tags.put, action=f"{_ACTION}/write", takes=REPLACEMENT, known=specified("200 with the tags"))
    merged = documented("200 with all tags after it", "learn.microsoft.com, Tags - Update At Scope")
    cloud.arm.add("PATCH", route, tags.patch, action=f"{_ACTION}/write", takes=CHANGE, known=merged)
    cloud.arm.add("DELETE", route, tags.delete, action=f"{_ACTION}/delete", known=specified("200 without a body"))
    listed = "/subscriptions/{subscription}/tagNames"
    cloud.arm.add("GET", listed, tags.names, action="Microsoft.Resources/subscriptions/tagNames/read", known=specified("200 with a list"))
