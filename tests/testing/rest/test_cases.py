"""Files as people write them for REST Client: what the API receives, and what is told where it cannot be sent."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.testing.rest.reading import Api, Received, answer, one, sent
from wizard.cloud.services.apps import AppAnswer
from wizard.testing.rest.file import parse

# Every block is a request, or is named


async def test_the_first_request_needs_no_separator_before_it() -> None:
    text = 'POST https://h/orders\nContent-Type: application/json\n\n{"item": "tea"}\n\n###\nGET https://h/orders\n'
    received, _outcomes, _run = await sent(text)
    assert [(item.method, item.target, item.body) for item in received] == [
        ("POST", "/orders", b'{"item": "tea"}'),
        ("GET", "/orders", b""),
    ]


@pytest.mark.parametrize("first", ["# expect 418", "# expect 418\n# @name first", "// a note\n# expect 418", "@host = h\n# expect 418"])
async def test_what_stands_above_the_first_request_is_no_title(first: str) -> None:
    text = f"{first}\nPOST https://h/orders\n\n###\nGET https://h/orders\n"
    received, outcomes, _run = await sent(text)
    assert [item.method for item in received] == ["POST", "GET"]
    assert [outcome.passed for outcome in outcomes] == [False, True], "418 was expected, 200 was answered"


async def test_blanks_in_an_address_are_encoded_and_the_version_is_cut() -> None:
    assert (await one("### a\nGET https://h/find?q=red shoes HTTP/1.1\n")).target == "/find?q=red%20shoes"


@pytest.mark.parametrize("method", ["QUERY", "TRACE", "PROPFIND", "LOCK", "MKCOL", "SEARCH", "REPORT", "patch"])
async def test_any_method_is_sent(method: str) -> None:
    assert (await one(f'{method} https://h/q\nContent-Type: application/json\n\n{{"a": 1}}\n')).method == method.upper()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("### a\nGET https://h/a\n\n### b\nsome words that are no request\n", 5),
        ("### a\nGET https://h/a\n### b\nGET https://h/b\nnot a header\n", 5),
        ("### a\nGET https://h/a\n### b\nDelete the old order\n", 4),
        ("### a\nGET https://h/a\n### b\nGET the thing/7 now\n", 4),
        ("### a\nGET https://h/a\n### b\nWS wss://h/socket\n", 4),
        ("### a\nGET https://h/a\n### b\nGRPC h/Service/Method\n", 4),
        ("### a\nGET https://h/a\n### b\nCONNECT h:443\n", 4),
        ("### a\nGET https://h/a\n### b\n# @loop for 3\nGET https://h/b\n", 4),
        ("### a\nGET https://h/a\n### b\n< {% request.variables.set('a', 1) %}\nGET https://h/b\n", 4),
        ("### a\nGET https://h/a\n### b\n{{\nexports.a = 1;\n}}\nGET https://h/b\n", 4),
        ("### a\nGET https://h/a\n### b\nGET https://h/b\n\nGET https://h/c\n", 6),
        ("### a\nGET https://h/a\n### b\nGET https://h/b\n?? js response.parsedBody.a() == 1\n", 5),
        ('### a\nGET https://h/a\n### b\nPOST https://h/b\nContent-Type: application/json\n\n{"b": 1}\n\nGET https://h/c\n', 9),
        ('### a\nGET https://h/a\n### b\nPOST https://h/b\n\n{"b": 1}\nDELETE {{host}}/c HTTP/1.1\n', 7),
        ("### a\nGET https://h/a\n### b\nPOST https://h/b\n\n<./order.json\n", 6),
        ("### a\nGET https://h/a\n### b\nimport ./other.http\n", 4),
        ("### a\nGET https://h/a\n### b\nrun #login\n", 4),
        ("### a\nGET https://h/a\n### b\nGET\n", 4),
        ("### a\nGET https://h/a\n\n###\nMy requests\n\nGET https://h/b\n", 5),
        ("### a\nGET https://h/a\n### b\nPOST https://h/b\n\n{{unknown}}\n", 4),
        ("### a\nGET https://h/a\n### b\nPOST https://h/b\nAuthorization: AWS id key region:eu\n", 0),
    ],
)
async def test_what_is_not_done_is_named_at_its_line_and_has_not_passed(text: str, line: int) -> None:
    received, outcomes, _run = await sent(text)
    assert [item.target for item in received] == ["/a"]
    assert [outcome.passed for outcome in outcomes] == [True, False]
    assert f"line {line}:" in outcomes[1].why if line else outcomes[1].why


def test_comments_variables_and_saved_answers_are_no_requests() -> None:
    file = parse("### only words\n# nothing\n\n@a = 1\n\n###\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello\n")
    assert file.requests == []
    assert file.remarks == ["line 7: a saved answer, not a request"]


async def test_request_lines_without_a_separator_are_requests_of_their_own() -> None:
    received, _outcomes, _run = await sent("GET https://h/a\n# @name second\nPOST https://h/b\nX-A: 1\n")
    assert [(item.method, item.target) for item in received] == [("GET", "/a"), ("POST", "/b")]


# Signing in


LOGIN = """### sign in
# @name login
POST https://h/login

### mine
# expect 200
GET https://h/me
Authorization: Bearer {{login.response.body.$.token}}
"""


def with_token(received: Received) -> AppAnswer:
    if received.target == "/login":
        return answer(200, '{"token": "t-1", "user": {"id": 7}}', X_AuthToken="h-1")
    return answer(200 if received.headers.get("Authorization") in ("Bearer t-1", "h-1") else 401)


async def test_a_token_is_taken_from_the_earlier_answer() -> None:
    received, outcomes, _run = await sent(LOGIN, Api(with_token))
    assert received[1].headers["Authorization"] == "Bearer t-1"
    assert all(outcome.passed for outcome in outcomes)


async def test_a_token_is_taken_from_a_header_by_way_of_a_variable() -> None:
    text = LOGIN.replace("Bearer {{login.response.body.$.token}}", "{{token}}") + "\n###\n@token = {{login.response.headers.x-authtoken}}\n"
    _received, outcomes, _run = await sent(text, Api(with_token))
    assert all(outcome.passed for outcome in outcomes)


@pytest.mark.parametrize("path", ["$.none", "$[", "$.token.deeper"])
async def test_where_an_answer_has_no_such_part_the_request_is_not_sent(path: str) -> None:
    received, outcomes, _run = await sent(LOGIN.replace("$.token", path), Api(with_token))
    assert [item.target for item in received] == ["/login"]
    assert not outcomes[1].passed
    assert "login.response.body" in outcomes[1].why


async def test_an_answer_that_was_not_given_yet_is_named() -> None:
    text = "".join(reversed(LOGIN.partition("### mine"))).replace("### mine", "", 1)
    _received, outcomes, _run = await sent("### mine" + text, Api(with_token))
    assert "the request login was not answered before" in outcomes[0].why


async def test_cookies_are_kept_for_the_run_and_only_where_they_are_wanted() -> None:
    def api(received: Received) -> AppAnswer:
        if received.target == "/login":
            return answer(200, Set_Cookie="session=s-1; Path=/; HttpOnly")
        return answer(200 if "session=s-1" in received.headers.get("Cookie", "") else 401)

    text = "POST https://h/login\n\n### b\n# expect 200\nGET https://h/me\nCookie: theme=dark\n\n"
    text += "### c\n# @no-cookie-jar\n# expect 401\nGET https://h/me\n"
    received, outcomes, _run = await sent(text, Api(api))
    assert [outcome.passed for outcome in outcomes] == [True, True, True]
    assert received[1].headers["Cookie"] == "theme=dark; session=s-1"


@pytest.mark.parametrize("written", ["Basic anna secret1", "Basic anna:secret1", "basic  anna   secret1", "Basic YW5uYTpzZWNyZXQx"])
async def test_basic_sign_in_is_encoded(written: str) -> None:
    assert (await one(f"GET https://h/\nAuthorization: {written}\n")).headers["Authorization"] == "Basic YW5uYTpzZWNyZXQx"


async def test_a_user_in_the_address_signs_in() -> None:
    expected = "Basic " + base64.b64encode(b"anna:a b").decode()
    assert (await one("GET https://anna:a%20b@h/me\n")).headers["Authorization"] == expected


@pytest.mark.parametrize("written", ["AWS id key", "COGNITO a b c d e", "oauth2 client_credentials"])
async def test_sign_in_shorthands_that_are_not_done_are_named(written: str) -> None:
    received, outcomes, _run = await sent(f"GET https://h/\nAuthorization: {written}\n")
    assert not received
    assert "not done here" in outcomes[0].why


# Comments and other programs' lines


async def test_lines_that_begin_as_comments_are_comments_everywhere() -> None:
    body = (await one('POST https://h/o\n# note\nX-A: 1\n\n{\n  // what\n  "item": "tea"\n  # "size": 2\n}\n')).body
    assert body == b'{\n  "item": "tea"\n}'


@pytest.mark.parametrize(
    "lines",
    [
        '> {% client.test("ok", function() {}) %}\n<> last.json',
        '> {%\n  client.test("ok", function() {\n    client.assert(response.status === 200);\n  });\n%}\n',
        "> ./handler.js",
        ">> saved.json",
        ">>! saved.json\n<> 2026-11-30T010203.200.json",
    ],
)
async def test_handlers_and_saved_answers_are_not_sent(lines: str) -> None:
    assert (await one(f"GET https://h/a\n\n{lines}\n")).body == b""
    assert (await one(f'POST https://h/a\n\n{{"a": 1}}\n\n{lines}\n\n###\n')).body == b'{"a": 1}'


# Headers of the connection


async def test_the_host_is_the_apps_whatever_the_file_says() -> None:
    text = "GET /orders HTTP/1.1\nHost: api.example.net\nContent-Length: 99\nConnection: keep-alive\nX-A: 1\nTransfer-Encoding: chunked\n"
    message = await one(text)
    assert (message.target, message.headers) == ("/orders", {"X-A": "1"})


async def test_a_request_copied_from_a_browser_is_sent() -> None:
    text = "GET https://h/a\n:authority: h\n:method: GET\naccept-encoding: gzip, deflate, br, zstd\n"
    text += "cookie: a=1\ncookie: b=2\naccept: x\naccept: y\n"
    assert (await one(text)).headers == {"cookie": "a=1;b=2", "accept": "x,y", "Accept-Encoding": "gzip, deflate"}


# Bodies from files


async def test_the_files_of_a_form_are_sent_as_their_bytes_between_crlf(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    text = (
        "POST https://h/files\nContent-Type: multipart/form-data; boundary=B\n\n--B\n"
        'Content-Disposition: form-data; name="f"; filename="p.png"\nContent-Type: image/png\n\n< ./p.png\n--B--\n'
    )
    body = (await one(text, file=tmp_path / "a.rest")).body
    assert body == (
        b'--B\r\nContent-Disposition: form-data; name="f"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n'
        b"\x89PNG\r\n\x1a\n\x00\xff\r\n--B--\r\n"
    )


@pytest.mark.parametrize("where", ["../fixtures/order.json", "fixtures/order.json", "ABSOLUTE"])
async def test_a_body_is_read_from_above_the_workspace_and_anywhere(tmp_path: Path, where: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "order.json").write_bytes(b'{"item": "th\xc3\xa9"}\r\n')
    (tmp_path / "api").mkdir()
    where = where.replace("ABSOLUTE", str(tmp_path / "fixtures" / "order.json"))
    assert (await one(f"POST https://h/o\n\n< {where}\n", file=tmp_path / "api" / "a.http")).body == b'{"item": "th\xc3\xa9"}\r\n'


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    received, outcomes, _run = await sent("POST https://h/o\n\n< ./none.json\n", file=tmp_path / "a.http")
    assert not received
    assert "./none.json cannot be read" in outcomes[0].why


async def test_a_file_with_values_is_filled_in_and_read_in_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "o.json").write_bytes(b'{"item": "{{item}}", "caf\xe9": 1}')
    text = "@item = tea\n\nPOST https://h/o\n\n<@latin1 ./o.json\n"
    assert (await one(text, file=tmp_path / "a.http")).body == '{"item": "tea", "café": 1}'.encode()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("base64", b"Y2Fm6Q=="), ("hex", b"636166e9"), ("utf-8", "caf\ufffd".encode()), ("binary", "café".encode()), ("ascii", b"cafi")],
)
async def test_a_file_is_read_in_any_encoding_of_node(encoding: str, body: bytes, tmp_path: Path) -> None:
    (tmp_path / "o.txt").write_bytes(b"caf\xe9")
    assert (await one(f"POST https://h/o\n\n<@{encoding} ./o.txt\n", file=tmp_path / "a.http")).body == body


async def test_a_text_that_speaks_of_requests_is_a_text() -> None:
    text = "POST https://h/notes\nContent-Type: text/plain\n\nToday:\nGET /orders was slow\nand DELETE /orders/1 HTTP/1.1 too\n"
    assert (await one(text)).body == b"Today:\nGET /orders was slow\nand DELETE /orders/1 HTTP/1.1 too"


async def test_a_form_in_lines_and_a_list_of_json(tmp_path: Path) -> None:
    form = await one("POST https://h/o\nContent-Type: application/x-www-form-urlencoded\n\nname=a b\n&city=Köln\n&plus=1+1\n")
    assert form.body == b"name=a%20b&city=K%C3%B6ln&plus=1+1"
    assert (await one('POST https://h/o\nContent-Type: application/x-ndjson\n\n{"a":1}\n{"b":2}\n')).body == b'{"a":1}\n{"b":2}\n'


# Where values come from
