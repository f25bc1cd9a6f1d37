"""How a file of requests is cut into requests and filled in: addresses, variables, forms, GraphQL, curl lines, redirects, assertions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.testing.rest.reading import HOST, Api, Received, answer, one, sent
from wizard.cloud.services.apps import AppAnswer
from wizard.platform.redaction import hidden
from wizard.testing.rest.file import parse

TEXT = """@host = https://old.example.org/api
@id = 7

### Health
GET {{host}}/health

### Create
POST {{host}}/orders?copy={{id}}
"""


def test_requests_are_read_with_their_titles_and_lines() -> None:
    health, create = parse(TEXT).requests
    assert (health.title, health.method, health.path, health.line) == ("Health", "GET", "/api/health", 5)
    assert (create.title, create.method, create.path, create.line) == ("Create", "POST", "/api/orders?copy=7", 8)


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("https://h/a", "/a"),
        ("GET https://h", "/"),
        ("GET https://h?a=1", "/?a=1"),
        ("GET https://h/a#part", "/a"),
        ("GET h.example.org:5000/a", "/a"),
        ("localhost:5000/a?b=c d", "/a?b=c%20d"),
        ("GET /a", "/a"),
        ("GET https://h/a?b=ü&c=%20&d=%zz&e=x'y", "/a?b=%C3%BC&c=%20&d=%25zz&e=x%27y"),
        ('GET https://h/a?b="{}|\\^`<>', "/a?b=%22%7B%7D%7C%5C%5E%60%3C%3E"),
        ("GET https://h/a/../b/./c", "/b/c"),
        ("GET https://h/a//b", "/a//b"),
        ("GET https://h/a\n  ?b=1\n  &c=2", "/a?b=1&c=2"),
        ("GET https://h\n  /a\n  /b\n  ?c=1", "/a/b?c=1"),
        ("GET https://h/a\n# comment\n?b=1\n// other\n&c=2\nX-A: 1", "/a?b=1&c=2"),
        ("GET https://[::1]:5000/a", "/a"),
        ("GET https://h/a HTTP/1.1", "/a"),
        ("GET https://h/a HTTP/2", "/a"),
        ("GET http://h/{{$randomInt 5 6}}", "/5"),
    ],
)
async def test_addresses(line: str, target: str) -> None:
    assert (await one(f"{line}\n")).target == target


@pytest.mark.parametrize(
    ("headers", "sent_headers"),
    [
        ("X-A: 1\nX-B:2\nx-c :  3  ", {"X-A": "1", "X-B": "2", "x-c": "3"}),
        ("X-A: 1\nx-a: 2", {"X-A": "1,2"}),
        ("X-Empty:\nX-Flag", {"X-Empty": "", "X-Flag": ""}),
        ("X-Url: https://a:1/b", {"X-Url": "https://a:1/b"}),
        ("X-Long: one,\n  two\n\tthree\nX-B: 1", {"X-Long": "one, two three", "X-B": "1"}),
        ("  X-A: 1\n  X-B: 2", {"X-A": "1", "X-B": "2"}),
    ],
)
async def test_headers(headers: str, sent_headers: dict[str, str]) -> None:
    assert (await one(f"GET https://h/\n{headers}\n")).headers == sent_headers


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        ('\n{"a": 1}\n\n\n', '{"a": 1}'),
        ("\n\nsecond\n", "\nsecond"),
        ("\none\n\n  two  \n", "one\n\n  two  "),
        ("\r\n{\r\n}\r\n", "{\n}"),
        ("\n@not = a variable of the body\n", "@not = a variable of the body"),
        ("\n> a quotation\n", "> a quotation"),
    ],
)
async def test_bodies(lines: str, body: str) -> None:
    assert (await one(f"POST https://h/\nX-A: 1\n{lines}")).body == body.encode()


async def test_variables_hold_others_wherever_they_stand_and_braces_in_a_value_mean_nothing() -> None:
    text = "GET https://h/{{ a }}/{{%b}}/{{c}}\n\n###\n@a = {{c}}-{{$guid}}\n@b = a/b & c\n@c = x\\ty\n"
    target = (await one(text, setup={})).target
    assert target.endswith("/a%2Fb%20%26%20c/x%09y")
    received, _outcomes, _run = await sent("GET https://h/\nX-Key: {{$processEnv KEY}}\n", setup={"KEY": "{{host}}"})
    assert received[0].headers["X-Key"] == "{{host}}"


async def test_a_value_is_made_once_a_request_for_a_variable_and_anew_for_each_word() -> None:
    first, second, third, fourth = (await one("@a = {{$guid}}\n\nGET https://h/{{a}}/{{a}}/{{$guid}}/{{$guid}}\n")).target.split("/")[1:]
    assert first == second
    assert len({first, third, fourth}) == 3


async def test_a_variable_made_of_itself_is_named() -> None:
    _received, outcomes, _run = await sent("@a = {{b}}\n@b = {{a}}\n\nGET https://h/{{a}}\n")
    assert "made of itself" in outcomes[0].why


async def test_values_come_from_the_nearest_place() -> None:
    text = "@a = file\n\nGET https://h/{{a}}/{{b}}\n"
    assert (await one(text, setup={"a": "setup", "b": "setup"})).target == "/file/setup"
    assert (await one(text, setup={"b": "setup"}, given={"a": "given", "b": "given"})).target == "/given/given"


GRAPHQL = """POST https://h/graphql
Content-Type: application/json
X-REQUEST-TYPE: GraphQL

query Orders($id: Int!) {
  order(id: $id) { item }
}

{"id": 7}
"""


@pytest.mark.parametrize(
    "text", [GRAPHQL, GRAPHQL.replace("POST", "GRAPHQL").replace("Content-Type: application/json\nX-REQUEST-TYPE: GraphQL\n", "")]
)
async def test_a_graphql_query_is_sent_as_json(text: str) -> None:
    message = await one(text)
    assert message.method == "POST"
    assert message.headers == {"Content-Type": "application/json"}
    query = "query Orders($id: Int!) {\n  order(id: $id) { item }\n}"
    assert json.loads(message.body or b"") == {"query": query, "operationName": "Orders", "variables": {"id": 7}}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("curl https://h/a", ("GET", "/a", {}, b"")),
        ("curl -X DELETE 'https://h/a?b=c d'", ("DELETE", "/a?b=c%20d", {}, b"")),
        ("curl -XPUT https://h/a -H 'X-A: 1' --header \"X-B: 2\"", ("PUT", "/a", {"X-A": "1", "X-B": "2"}, b"")),
        ("curl https://h/a \\\n  -d 'x=1' \\\n  -d y=2", ("POST", "/a", FORM, b"x=1&y=2")),
        ("curl -I https://h/a", ("HEAD", "/a", {}, b"")),
        (
            "curl -u anna:secret1 -b 'a=1' -L --compressed https://h/",
            ("GET", "/", {"Cookie": "a=1", "Authorization": "Basic YW5uYTpzZWNyZXQx"}, b""),
        ),
        ("curl --json '{\"a\": 1}' https://h/", ("POST", "/", JSON, b'{"a": 1}')),
        ("curl -G --data-urlencode 'q=a b' https://h/", ("GET", "/?q=a+b", {}, b"")),
        ("curl --request=PATCH --url https://h/a --data-raw '@x'", ("PATCH", "/a", FORM, b"@x")),
        ("curl -sSLk --fail-with-body --retry 3 -x http://p:1 -4 -N https://h/a | jq .token", ("GET", "/a", {}, b"")),
        ("curl -s https://h/a -o out.json > log.txt 2>&1 && echo done", ("GET", "/a", {}, b"")),
        ("curl --oauth2-bearer t https://h/a -c jar -b jar", ("GET", "/a", {"Authorization": "Bearer t"}, b"")),
        ("curl -H 'Accept:' -H 'X-Empty;' -r 0-9 https://h/a", ("GET", "/a", {"X-Empty": "", "Range": "bytes=0-9"}, b"")),
        ('curl https://h/a --data-raw $\'{"a": "it\\\'s\\u0021\\n"}\'', ("POST", "/a", FORM, b'{"a": "it\'s!\n"}')),
        ('curl ^"https://h/a?x=1^&y=2^" ^\n  --data-raw ^"^{^\\^"a^\\^":1^}^"', ("POST", "/a?x=1&y=2", FORM, b'{"a":1}')),
        ("curl.exe https://h/a `\n  -X DELETE", ("DELETE", "/a", {}, b"")),
        ("curl -G --url-query b=2 -d a=1 https://h/", ("GET", "/?a=1&b=2", {}, b"")),
    ],
)
async def test_curl_lines(line: str, expected: tuple[str, str, dict[str, str], bytes]) -> None:
    message = await one(f"{line}\n")
    assert (message.method, message.target, message.headers, message.body) == expected


async def test_files_of_a_curl_line_are_read(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text('{\n"a": 1}\n')
    (tmp_path / "p.png").write_bytes(b"\x89PNG\xff")
    assert (await one("curl -d @order.json https://h/\n", file=tmp_path / "a.http")).body == b'{"a": 1}'
    assert (await one("curl -T order.json https://h/\n", file=tmp_path / "a.http")).method == "PUT"
    form = await one("curl -F 'file=@p.png' -F 'note=a b;type=text/plain' https://h/\n", file=tmp_path / "a.http")
    boundary = form.header("Content-Type").removeprefix("multipart/form-data; boundary=")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n'
    rest = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain\r\n\r\na b\r\n--{boundary}--\r\n'
    assert form.body == head.encode() + b"\x89PNG\xff" + rest.encode()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("curl -F file=@none.png https://h/", "line 3: none.png cannot be read"),
        ("curl --cert c.pem https://h/", "line 3: curl --cert is not done here"),
        ("curl -K config https://h/", "line 3: curl -K is not done here"),
        ("curl https://h/a https://h/b", "line 3: a curl line with 2 addresses"),
        ("curl https://h/a\ncurl https://h/b", "line 3: several curl commands in one block"),
        ("curl https://h/a && curl https://h/b", "line 3: several curl commands in one block"),
        ("curl 'https://h/a", "line 3: the curl line is not understood"),
        ("curl https://h/a -d", "line 3: the curl line ends after -d"),
    ],
)
async def test_a_curl_line_that_is_not_done_is_named_at_its_line(line: str, why: str, tmp_path: Path) -> None:
    received, outcomes, _run = await sent(f"### a\n\n{line}\n", file=tmp_path / "a.http")
    assert not received
    assert outcomes[0].why.startswith(why)


def redirecting(received: Received) -> AppAnswer:
    match received.target:
        case "/old":
            return answer(302, Location="/new")
        case "/form":
            return answer(303, Location=f"http://{HOST}/new")
        case "/away":
            return answer(302, Location="https://elsewhere.example/new")
        case "/round":
            return answer(302, Location="/round")
    return answer(200)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("GET https://h/old", ["GET /old", "GET /new"]),
        ("POST https://h/form\n\na", ["POST /form", "GET /new"]),
        ("POST https://h/old\n\na", ["POST /old", "POST /new"]),
        ("# @no-redirect\nGET https://h/old", ["GET /old"]),
        ("# expect 302\nGET https://h/old", ["GET /old"]),
        ("GET https://h/away", ["GET /away"]),
    ],
)
async def test_redirects_are_followed_on_the_apps_host(text: str, targets: list[str]) -> None:
    received, outcomes, _run = await sent(text, Api(redirecting))
    assert [f"{item.method} {item.target}" for item in received] == targets
    assert outcomes[0].passed


async def test_a_redirect_without_end_has_not_passed() -> None:
    _received, outcomes, _run = await sent("GET https://h/round", Api(redirecting))
    assert "more than 10 times" in outcomes[0].why


@pytest.mark.parametrize(
    ("assertion", "passes"),
    [
        ("?? status == 201", True),
        ("?? status == 200", False),
        ("?? status >= 200", True),
        ("?? header content-type includes json", True),
        ("?? header x-none exists", False),
        ("?? body $.item == tea", True),
        ("?? body $.item == cake", False),
        ("?? body includes tea", True),
        ("?? body matches te.", True),
        ("?? duration < 1000", True),
    ],
)
async def test_assertions_of_httpyac_are_held(assertion: str, passes: bool) -> None:
    _received, outcomes, _run = await sent(
        f"POST https://h/o\n\nbody\n\n{assertion}\n", Api(lambda _request: answer(201, '{"item": "tea"}'))
    )
    assert outcomes[0].passed is passes


def test_a_secret_that_comes_back_is_hidden_unless_it_is_too_short() -> None:
    assert hidden('{"key": "value", "n": 1}', ["value", "", "1"]) == '{"key": "***", "n": 1}'
