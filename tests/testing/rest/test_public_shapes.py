"""Shapes that public .http files have and no test had: httpyac's and JetBrains', where REST Client could do nothing with them."""

from __future__ import annotations

import pytest

from tests.testing.rest.reading import Api, Received, answer, one, sent
from wizard.cloud.services.apps import AppAnswer
from wizard.testing.rest.file import parse

JSON = "Content-Type: application/json"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f'POST https://h/o\n{JSON}\n{{\n  "item": "tea"\n}}\n', b'{\n  "item": "tea"\n}'),
        (f"POST https://h/o\n{JSON}\n[1,\n\n2]\n", b"[1,\n\n2]"),
        ('POST https://h/o\n{"item": "tea"}\n', b'{"item": "tea"}'),
        ("POST https://h/o\nContent-Type: application/xml\n<order>tea</order>\n", b"<order>tea</order>"),
    ],
)
async def test_a_body_without_a_blank_line_before_it_is_sent_and_said(text: str, body: bytes) -> None:
    received, outcomes, _run = await sent(text)
    assert received[0].body == body
    assert "REST Client wants a blank line before it" in outcomes[0].request.file.remarks[0]


@pytest.mark.parametrize(
    "lines",
    [
        "/*\nwhat it is for\nGET https://h/not\n*/\nGET https://h/a",
        "# @name first\n/**\n * what it is for\n */\n\nGET https://h/a",
        "@a = 1\n/* shortly */\nGET https://h/a",
    ],
)
async def test_a_comment_over_several_lines_above_a_request_is_none(lines: str) -> None:
    received, outcomes, _run = await sent(f"### t\n{lines}\n")
    assert [item.target for item in received] == ["/a"], [outcome.why for outcome in outcomes]


async def test_what_looks_like_a_comment_in_a_body_is_text() -> None:
    assert (await one("POST https://h/a\n\n/*\nbody { color: red }\n*/\n")).body == b"/*\nbody { color: red }\n*/"


@pytest.mark.parametrize("script", ["< {%\n  request.variables.set('a', '1')\n%}", "< {% client.log('a') %}", "{{\n  exports.a = 1;\n}}"])
def test_a_request_below_a_script_keeps_its_name_in_the_list(script: str) -> None:
    (request,) = parse(f"###\n{script}\n\nPOST https://h/orders\n").requests
    assert (request.title, request.method, request.trouble) == ("POST /orders", "POST", "line 2: a script is not run here")


@pytest.mark.parametrize(
    ("lines", "target"),
    [
        ("GET https://h/find?\n  colour=red&\n  size=7", "/find?colour=red&size=7"),
        ("GET https://h/find?colour=red&\n  size={{size}}&\n  {{key}}=1\nX-A: 1", "/find?colour=red&size=7&k=1"),
        ("GET https://h/find\n  /again?\nsize=7", "/find/again?size=7"),
    ],
)
async def test_a_query_goes_on_where_the_line_before_waits_for_it(lines: str, target: str) -> None:
    assert (await one(f"@size = 7\n@key = k\n\n{lines}\n")).target == target


async def test_a_header_with_an_equals_sign_belongs_to_no_query() -> None:
    message = await one("GET https://h/find?a=1\nX-Filter: a=b&c=d\n")
    assert (message.target, message.headers) == ("/find?a=1", {"X-Filter": "a=b&c=d"})


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("wss://h/socket", "wss:"),
        ("GET wss://h/socket", "wss:"),
        ("MQTT tcp://h", "MQTT"),
        ("KAFKA h:9092", "KAFKA"),
        ("SEND amqp://h/q", "amqp:"),
        ("GET unix:/var/run/docker.sock:/containers/json", "unix:"),
        ("proto < ./hello.proto", "proto"),
        ("gql Parts < ./parts.gql", "gql"),
    ],
)
async def test_what_speaks_another_protocol_is_named(line: str, what: str) -> None:
    received, outcomes, _run = await sent(f"### a\n{line}\n")
    assert not received
    assert outcomes[0].why == f"line 2: {what} is not done here"


@pytest.mark.parametrize("written", ["GET https://h/a", 'POST https://h/a\n\n{"a": 1}'])
async def test_an_answer_that_was_saved_below_its_request_is_not_sent(written: str) -> None:
    text = f"{written}\n\n// what came back\nHTTP/1.1 200 - OK\ncontent-type: text/plain\n\nhello\n?? status == 201\n"
    received, outcomes, _run = await sent(text)
    assert received[0].body == (b'{"a": 1}' if "POST" in written else b"")
    assert "passed over: HTTP/1.1 200 - OK" in outcomes[0].request.file.remarks[0]
    assert outcomes[0].request.expected == (201,), "what is asserted below it counts"


async def test_answers_in_a_batch_belong_to_the_body() -> None:
    part = "--B\nContent-Type: application/http\n\nHTTP/1.1 200 OK\n\n--B--"
    assert b"HTTP/1.1 200 OK" in (await one(f"POST https://h/a\nContent-Type: multipart/mixed; boundary=B\n\n{part}\n")).body  # type: ignore[operator]


ORDER = '{"token": "t-1", "user": {"ids": [7, 8]}, "total": 8.75, "none": null, "zero": 0}'


def with_order(_received: Received) -> AppAnswer:
    return answer(201, ORDER, content_type="application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("@it = {{response.parsedBody.token}}", "t-1"),
        ("@it={{ response.parsedBody.user.ids[0] }}", "7"),
        ("@it = {{response.parsedBody.user.ids.at(-1)}}", "8"),
        ("@it = {{response.headers.content-type}}", ""),
    ],
)
async def test_a_value_of_the_answer_is_kept_below_its_request_as_httpyac_does(line: str, value: str) -> None:
    text = f'### a\nPOST https://h/o\n\n{{"a": 1}}\n\n?? status == 201\n{line}\n\n### b\nGET https://h/\nX-It: {{{{it}}}}\n'
    received, outcomes, _run = await sent(text, Api(with_order))
    assert received[0].body == b'{"a": 1}'
    if value:
        assert received[1].headers["X-It"] == value
    else:
        assert outcomes[0].request.file.remarks == [f"line 7: passed over: {line}"]
        assert "no value for" in outcomes[1].why


async def test_a_variable_below_a_body_is_sent_as_rest_client_sends_it_and_said() -> None:
    _received, outcomes, _run = await sent("GET https://h/a\n\n@name = tea\n\n###\nGET https://h/b\n")
    assert outcomes[0].request.file.remarks == ["line 3: sent with the body, as REST Client does; write ### before it: @name = tea"]


@pytest.mark.parametrize(
    ("script", "passes"),
    [
        ('client.assert(response.body.hasOwnProperty("token"), "no token");', True),
        ('client.assert(response.body.user.hasOwnProperty("ids"));', True),
        ('client.assert(response.body.hasOwnProperty("gone"), "no");', False),
        ("client.assert(response.body.hasOwnProperty('zero'));", True),
        ("client.assert(response.body.token !== undefined, 'no token');", True),
        ("client.assert(response.body.gone !== undefined);", False),
        ("client.assert(response.body.gone === undefined);", True),
        ("client.assert(response.body.gone != null);", False),
        ("client.assert(response.body.none != null);", False),
        ("client.assert(response.body.none !== undefined);", True),
        ("client.assert(response.body.token, 'no token');", True),
        ("client.assert(response.body.gone);", False),
        ('client.assert(response.contentType.mimeType === "application/json", "type");', True),
        ('const type = response.contentType.mimeType;\nclient.assert(type === "application/json", "it is type " + type);', True),
        ("const body = response.body;\nclient.assert(body.token === 't-2');", False),
        ("client.assert(response.body.user.ids.length === 2);\nconsole.log('two');", True),
        ("let ids = response.body.user.ids; let first = ids[0]\nclient.assert(first === 7);", True),
    ],
)
async def test_what_jetbrains_own_examples_check_is_checked(script: str, passes: bool) -> None:
    text = f'GET https://h/o\n\n> {{%\nclient.test("it", function() {{\n{script}\n}});\n%}}\n'
    _received, outcomes, _run = await sent(text, Api(with_order))
    assert outcomes[0].request.file.remarks == []
    assert outcomes[0].passed is passes, outcomes[0].why


@pytest.mark.parametrize("script", ["client.assert(sum(1) === 1);", "client.setNextRequest('a');", "const n = response.body.map(x => x);"])
async def test_what_else_they_do_is_said(script: str) -> None:
    _received, outcomes, _run = await sent(f"GET https://h/o\n\n> {{% {script} %}}\n", Api(with_order))
    assert outcomes[0].request.file.remarks == ["line 3: a handler is passed over; what it checks is not checked"]


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("?? js parseFloat(response.parsedBody.total) > 8.5", True),
        ("?? js Number(response.parsedBody.total) == 8.75", True),
        ("?? js response.parsedBody.user.ids.at(-1) == 8", True),
        ("?? js parseInt(response.parsedBody.user.ids.at(0)) == 8", False),
    ],
)
async def test_plain_javascript_of_httpyac_is_held(line: str, passes: bool) -> None:
    _received, outcomes, _run = await sent(f"GET https://h/o\n\n{line}\n", Api(with_order))
    assert outcomes[0].passed is passes, outcomes[0].why


@pytest.mark.parametrize(
    ("script", "words", "value"),
    [
        ("exports.it = response.parsedBody.token;", "it", "t-1"),
        ("  $global.it = response.parsedBody.user.ids[0]\n  console.info('kept', it);", "$global.it", "7"),
        ("// both\nexports.other = response.statusCode;\nexports.it = response.headers['content-type'];", "other", "201"),
    ],
)
async def test_a_script_of_httpyac_that_only_keeps_values_keeps_them(script: str, words: str, value: str) -> None:
    text = f'### a\nPOST https://h/o\n\n{{"a": 1}}\n\n{{{{\n{script}\n}}}}\n\n### b\nGET https://h/\nX-It: {{{{{words}}}}}\n'
    received, outcomes, _run = await sent(text, Api(with_order))
    assert [outcome.why for outcome in outcomes] == ["", ""]
    assert (received[0].body, received[1].headers["X-It"]) == (b'{"a": 1}', value)


@pytest.mark.parametrize("script", ["exports.it = sum(1);", "exports.it = response.parsedBody.token; await sleep(1);", "test.status(200);"])
async def test_one_that_does_more_is_not_run_and_said(script: str) -> None:
    received, outcomes, _run = await sent(f"GET https://h/o\n\n{{{{\n  {script}\n}}}}\n", Api(with_order))
    assert (received, outcomes[0].why) == ([], "line 3: a script is not run here")
