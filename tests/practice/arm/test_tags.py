"""Tags by themselves: merged, replaced, deleted; what carries them stays as it was."""

import pytest

from tests.conftest import Practice

GROUP = "/resourceGroups/rg-orders-dev"
TAGS = f"{GROUP}/providers/Microsoft.Resources/tags/default"


def change(operation: str, **tags: str) -> dict[str, object]:
    return {"operation": operation, "properties": {"tags": tags}}


async def test_tags_are_merged_replaced_and_deleted_without_writing_the_group(practice: Practice):
    await practice.call("PUT", GROUP, {"location": "westeurope", "tags": {"a": "1"}})
    merged = await practice.call("PATCH", TAGS, change("Merge", b="2"))
    assert (merged.status, merged.body["properties"]["tags"]) == (200, {"a": "1", "b": "2"})
    assert (await practice.call("GET", GROUP)).body["tags"] == {"a": "1", "b": "2"}
    assert (await practice.call("PATCH", TAGS, change("Delete", a="other"))).body["properties"]["tags"] == {"a": "1", "b": "2"}
    assert (await practice.call("PATCH", TAGS, change("Delete", a="1"))).body["properties"]["tags"] == {"b": "2"}
    assert (await practice.call("PATCH", TAGS, change("Replace", c="3"))).body["properties"]["tags"] == {"c": "3"}
    assert (await practice.call("PUT", TAGS, {"properties": {"tags": {"d": "4"}}})).body["properties"]["tags"] == {"d": "4"}
    assert (await practice.call("DELETE", TAGS)).status == 200
    assert (await practice.call("GET", TAGS)).body["properties"]["tags"] == {}


async def test_what_is_not_there_has_no_tags_and_more_than_fifty_are_refused(practice: Practice):
    missing = await practice.call("GET", TAGS)
    assert (missing.status, missing.body["error"]["code"]) == (404, "ResourceGroupNotFound")
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    refused = await practice.call("PATCH", TAGS, change("Merge", **{f"t{number}": "x" for number in range(51)}))
    assert refused.status == 400
    assert (await practice.call("PATCH", TAGS, change("Add", a="1"))).body["error"]["code"] == "InvalidRequestContent"


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"a<b": "x"}, "InvalidTagNameCharacters"),
        ({"a/b": "x", "c": "y"}, "InvalidTagNameCharacters"),
        ({"n" * 513: "x"}, "InvalidTagName"),
        ({"a": "x" * 257}, "InvalidTagValueLength"),
        ({f"t{number}": "x" for number in range(51)}, "TagsExceedLimit"),
        ({"hidden-link:/a/b": "Resource", "n" * 512: "x" * 256, "é ü": ""}, None),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_tags_that_azure_does_not_take_are_refused_wherever_written(practice: Practice, tags: dict[str, str], code: str | None):
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1"
    for answer in (
        await practice.call("PATCH", GROUP, {"tags": tags}),
        await practice.call("PUT", identity, {"location": "westeurope", "tags": tags}),
        await practice.call("PUT", TAGS, {"properties": {"tags": tags}}),
    ):
        assert answer.status in ((200, 201) if code is None else (400,)), answer.body
        assert code is None or answer.body["error"]["code"] == code


async def test_the_names_of_all_tags_are_listed_with_how_often_they_are_used(practice: Practice):
    for name, cost in (("rg-a", "1"), ("rg-b", "1"), ("rg-c", "2")):
        await practice.call("PUT", f"/resourceGroups/{name}", {"location": "westeurope", "tags": {"cost": cost}})
    [listed] = (await practice.call("GET", "/tagNames")).body["value"]
    assert (listed["tagName"], listed["count"]["value"]) == ("cost", 3)
    assert {value["tagValue"]: value["count"]["value"] for value in listed["values"]} == {"1": 2, "2": 1}
