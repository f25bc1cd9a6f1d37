"""Parts of an answer that a later request takes: JSONPath, XPath, headers."""

from __future__ import annotations

import pytest

from wizard.testing.rest.exchanges import Exchange, NoValue, Side, value_of


def exchange(body: str, kind: str = "application/json", **headers: str) -> dict[str, Exchange]:
    return {"first": Exchange(Side({"X-Sent": "1"}, '{"sent": true}'), Side({"content-type": kind, **headers}, body))}


ORDERS = '{"token": "t", "access-token": "a", "n": 7, "list": [{"id": 1, "price": 8}, {"id": 2, "price": 12}], "none": null, "@type": "x"}'


REPLIES = '<list xmlns:a="urn:a"><reply id="r1">one <b>two</b></reply><a:reply id="r2"/></list>'


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("first.response.body.$.token", "t"),
        ("first.response.body.token", "t"),
        ("first.response.body.$.access-token", "a"),
        ("first.response.body.$['access-token']", "a"),
        ("first.response.body.$.@type", "x"),
        ("first.response.body.$.n", "7"),
        ("first.response.body.$.none", "null"),
        ("first.response.body.$.list[1].id", "2"),
        ("first.response.body.$.list[-1].id", "2"),
        ("first.response.body.$.list[(@.length-1)].id", "2"),
        ("first.response.body.$.list.length", "2"),
        ("first.response.body.$..id", "1"),
        ("first.response.body.$.list[?(@.price>10)].id", "2"),
        ("first.response.body.$.list[0]", '{"id":1,"price":8}'),
        ("first.response.body.*", ORDERS),
        ("first.response.headers.Content-Type", "application/json"),
        ("first.request.headers.x-sent", "1"),
        ("first.request.body.$.sent", "true"),
        ("first.token", "t"),
    ],
)
def test_parts_of_an_answer_in_json(words: str, value: str) -> None:
    assert value_of(exchange(ORDERS), words) == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("//reply[1]/@id", "r1"),
        ("//reply", "one <b>two</b>"),
        ("//a:reply/@id", "r2"),
        ("string(//b)", "two"),
        ("count(//b)", "1"),
        ("//b/text()", "two"),
    ],
)
def test_parts_of_an_answer_in_xml(path: str, value: str) -> None:
    assert value_of(exchange(REPLIES, "application/xml"), f"first.response.body.{path}") == value


@pytest.mark.parametrize(
    "words",
    ["other.response.body.*", "first.response", "first.response.headers.x-none", "first.response.body.$.x", "first.response.body.//x"],
)
def test_a_part_that_is_not_there_has_no_value(words: str) -> None:
    with pytest.raises(NoValue):
        value_of(exchange(ORDERS), words)
