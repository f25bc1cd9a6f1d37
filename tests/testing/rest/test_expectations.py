"""What a file says of its answers: ``# expect`` in every spelling, httpyac's assertions, and what JetBrains' handlers check and keep."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from tests.testing.rest.reading import Api, Received, answer, sent
from wizard.cloud.services.apps import AppAnswer
from wizard.platform.phrases import statuses_text
from wizard.testing.rest.file import parse

BODY = '{"item": "tea", "n": 3, "ok": true, "no": false, "list": [1, 2], "user": {"id": 7, "first-name": "A"}}'


def orders(_received: Received) -> AppAnswer:
    return answer(201, BODY, Location="/orders/9")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("# expect 201", "201"),
        ("// expect: 201", "201"),
        ("#expect 200, 201", "200-201"),
        ("# expect 200 201", "200-201"),
        ("# expect 201 or 404", "201, 404"),
        ("# expect 201/404", "201, 404"),
        ("# expect 201 Created", "201"),
        ("# expect status 201", "201"),
        ("# expects HTTP status code: 201", "201"),
        ("# expected 201 (or the shop is closed)", "201"),
        ("# @expect 201", "201"),
        ("# expect 2xx", "2xx"),
        ("# expect 2XX, 404", "2xx, 404"),
        ("# expect 200-204", "200-204"),
        ("# expect 200 to 299", "2xx"),
    ],
)
def test_what_is_expected_is_read_in_every_spelling_and_told_shortly(line: str, told: str) -> None:
    (request,) = parse(f"{line}\nPOST https://h/orders\n").requests
    assert statuses_text(request.expected).replace("200, 201", "200-201") == told
    assert request.trouble == ""


@pytest.mark.parametrize(
    "line", ["# expect the order", "# expected 3 items", "# expect 100 orders", "# I expect 404 here", "# expectation 404"]
)
def test_a_note_about_what_one_expects_expects_nothing(line: str) -> None:
    (request,) = parse(f"{line}\nPOST https://h/orders\n").requests
    assert (request.expected, request.trouble) == ((), "")


@pytest.mark.parametrize("line", ["# expect < 400", "# expect 201 != 200", "# expect >=200"])
async def test_an_expectation_that_is_not_understood_is_named_at_its_line(line: str) -> None:
    received, outcomes, _run = await sent(f"### a\n{line}\nPOST https://h/orders\n")
    assert not received
    assert outcomes[0].why == f"line 2: not understood: {line}"


@pytest.mark.parametrize(
    ("assertion", "passes"),
    [
        ("?? status === 201", True),
        ("?? status equals 200", False),
        ("?? status not equals 200", True),
        ("?? body item == tea", True),
        ("?? body user.id == 7", True),
        ("?? body $.user['first-name'] == A", True),
        ("?? body n isNumber", True),
        ("?? body item isNumber", False),
        ("?? body item isString", True),
        ("?? body ok isTrue", True),
        ("?? body no isFalse", True),
        ("?? body none exists", False),
        ("?? body list isArray", True),
        ("?? body no isBoolean", True),
        ("?? body item == {{wanted}}", True),
        ("?? body item != {{wanted}}", False),
        (f"?? body item md5 {hashlib.md5(b'tea', usedforsecurity=False).hexdigest()}", True),
        (f"?? body item sha256 {base64.b64encode(hashlib.sha256(b'tea').digest()).decode()}", True),
        ("?? body item sha512 8f9a1e4d", False),
        ("?? js response.parsedBody.user.id == 7", True),
        ("?? js response.statusCode == 201", True),
        ("?? js response.headers['location'] == /orders/9", True),
        ("?? header location startsWith /orders", True),
    ],
)
async def test_assertions_of_httpyac_are_held_with_their_values(assertion: str, passes: bool) -> None:
    _received, outcomes, _run = await sent(f"@wanted = tea\n\nPOST https://h/o\n\n{{}}\n\n{assertion}\n", Api(orders))
    assert outcomes[0].passed is passes, outcomes[0].why


@pytest.mark.parametrize(
    "line", ["?? xpath //a == 1", "?? js response.parsedBody.list.map(x => x) == 1", "?? body item isTea", "?? item == {{nothing}}"]
)
async def test_an_assertion_that_is_not_done_is_named_at_its_line(line: str) -> None:
    received, outcomes, _run = await sent(f"GET https://h/o\n{line}\n")
    assert not received
    assert "line 2: not understood: ??" in outcomes[0].why


async def test_an_assertion_whose_value_is_nowhere_is_named() -> None:
    received, outcomes, _run = await sent("GET https://h/o\n?? body item == {{nothing}}\n")
    assert not received
    assert "no value for {{nothing}}" in outcomes[0].why


@pytest.mark.parametrize(
    ("script", "passes"),
    [
        ("client.assert(response.status === 201);", True),
        ("client.assert(response.status == 200, 'it was created');", False),
        ('client.test("created", function() {\n  client.assert(response.status === 201, "Not created");\n});', True),
        ("client.test('tea', () => {\n  // what was ordered\n  client.assert(response.body.item === 'tea');\n});", True),
        ('client.assert(response.body.user.id !== 7, "another");', False),
        ("client.assert(response.body['item'] === \"cake\")", False),
        ("client.assert(response.headers.valueOf('Location') === '/orders/9');", True),
        ('client.assert(jsonPath(response.body, "$.n") === 3);', True),
    ],
)
async def test_what_a_handler_of_jetbrains_checks_plainly_is_checked(script: str, passes: bool) -> None:
    _received, outcomes, _run = await sent(f"POST https://h/o\n\n{{}}\n\n> {{%\n{script}\n%}}\n", Api(orders))
    assert outcomes[0].passed is passes, outcomes[0].why
    assert outcomes[0].request.file.remarks == []


@pytest.mark.parametrize(
    "script", ["client.assert(response.body.list.includes(1) === true);", "const a = 1;", "client.global.set('a', sum(1));"]
)
async def test_what_else_a_handler_does_is_said_to_be_passed_over(script: str) -> None:
    _received, outcomes, _run = await sent(f"POST https://h/o\n\n{{}}\n\n> {{% {script} %}}\n", Api(orders))
    assert outcomes[0].passed
    assert outcomes[0].request.file.remarks == ["line 5: a handler is passed over; what it checks is not checked"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("response.body.item", "tea"),
        ("response.body['item']", "tea"),
        ("response.body.user.id", "7"),
        ('response.headers.valueOf("Location")', "/orders/9"),
        ('jsonPath(response.body, "$.list[1]")', "2"),
        ("'fixed'", "fixed"),
        ("response.status", "201"),
    ],
)
async def test_a_value_that_a_handler_keeps_is_used_by_later_requests(expression: str, value: str) -> None:
    text = f'### a\nPOST https://h/o\n\n> {{%\n  client.global.set("it", {expression});\n%}}\n\n### b\nGET https://h/\nX-It: {{{{it}}}}\n'
    received, outcomes, _run = await sent(text, Api(orders))
    assert received[1].headers["X-It"] == value
    assert outcomes[0].request.file.remarks == []


async def test_a_value_that_an_answer_lacks_is_not_kept() -> None:
    text = '### a\nPOST https://h/o\n\n> {% client.global.set("it", response.body.none); %}\n\n### b\nGET https://h/{{it}}\n'
    received, outcomes, _run = await sent(text, Api(orders))
    assert len(received) == 1
    assert "no value for {{it}}" in outcomes[1].why


async def test_settings_of_vs_code_about_redirects_and_forms_count(tmp_path: Path) -> None:
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode" / "settings.json").write_text(
        '{"rest-client.followredirect": false, "rest-client.rememberCookiesForSubsequentRequests": false,\n'
        ' "rest-client.formParamEncodingStrategy": "always", "rest-client.defaultHeaders": {"X-From": "settings"}}'
    )
    text = "POST https://h/old\nContent-Type: application/x-www-form-urlencoded\n\na=1+1&b=x/y\n\n###\nGET https://h/\n"
    api = Api(lambda received: answer(302, Location="/new", Set_Cookie="s=1; Path=/"))
    received, _outcomes, _run = await sent(text, api, file=tmp_path / "a.http")
    assert [item.target for item in received] == ["/old", "/"]
    assert received[0].body == b"a=1%2B1&b=x%2Fy"
    assert received[1].headers == {"X-From": "settings"}
