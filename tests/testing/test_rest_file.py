"""Requests of a .rest file, and the keys that fill them without being shown."""

from __future__ import annotations

import re
from pathlib import Path

from wizard.platform.redaction import hidden
from wizard.testing.rest_file import filled, parse

TEXT = """@host = https://old.example.org
@id = 7

### Health
GET {{host}}/health

### Create
POST {{host}}/orders?copy={{id}}
Content-Type: application/json
X-Api-Key: {{$processEnv API_KEY}}

{"item": "tea"}
"""


def test_requests_are_read_with_their_titles_in_order() -> None:
    health, create = parse(TEXT)
    assert (health.title, health.method, health.path) == ("Health", "GET", "/health")
    assert (create.title, create.method, create.path) == ("Create", "POST", "/orders?copy=7")
    assert "API_KEY" in create.holes


def test_holes_are_filled_from_the_vault() -> None:
    method, path, headers, body = filled(parse(TEXT)[1], {"API_KEY": "value"})
    assert (method, path, body) == ("POST", "/orders?copy=7", '{"item": "tea"}')
    assert headers["X-Api-Key"] == "value"


def test_a_secret_that_comes_back_is_hidden() -> None:
    assert hidden('{"key": "value"}', ["value", ""]) == '{"key": "***"}'


def test_a_file_with_one_request_and_no_title() -> None:
    (request,) = parse("GET https://host/health\n")
    assert request.path == "/health"


SHAPES = """@host = https://x.example
@base = {{host}}/api
@token = {{$processEnv API_KEY}}

###
# @name first
GET {{base}}/orders
  ?page=2
  &size=10
# a comment between headers
Authorization: Bearer {{token}}

### A form
POST {{base}}/orders HTTP/1.1
Content-Type: application/x-www-form-urlencoded

item=tea
&note=hot

###
{{base}}/health

### A file
POST {{base}}/files
Content-Type: text/plain

< ./order.txt

### Out of the folder
POST {{base}}/files

< ../secret.txt

### Made up
GET {{host}}/{{$guid}}/{{$timestamp}}/{{$randomInt 5 6}}/{{$datetime iso8601}}
"""


def test_queries_in_lines_comments_forms_files_and_a_left_out_get_are_read_as_rest_client_does(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("not for the API")
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "order.txt").write_text("two teas\n")
    first, form, short, file, outside, _made = parse(SHAPES, folder)
    assert filled(first, {"API_KEY": "k"}) == ("GET", "/api/orders?page=2&size=10", {"Authorization": "Bearer k"}, "")
    odd = filled(first, {"API_KEY": "{{host}}"})[2]
    assert odd == {"Authorization": "Bearer {{host}}"}, "what stands in a key is not read as a variable"
    assert form.body == "item=tea&note=hot"
    assert (short.method, short.path) == ("GET", "/api/health")
    assert file.body == "two teas\n"
    assert "not for the API" not in outside.body


def test_what_rest_client_makes_up_is_made_up(tmp_path: Path) -> None:
    made = parse(SHAPES, tmp_path)[-1]
    _method, path, _headers, _body = filled(made, {})
    assert re.fullmatch(r"/[0-9a-f-]{36}/\d{10}/5/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", path)
    assert "$guid" not in made.holes


def test_what_has_no_value_is_named_and_a_name_is_a_title() -> None:
    text = "@a = {{b}}\n###\n# @name second\nPOST {{host}}/{{a}}/{{$guid}}\n\n{{first.response.body.$.id}} {{$processEnv KEY}} {{asked}}\n"
    (request,) = parse(text)
    assert request.title == "second"
    assert request.left_empty({"host", "KEY"}) == ["first.response.body.$.id", "asked", "b"]
    assert request.left_empty({"host", "KEY", "b", "asked"}) == ["first.response.body.$.id"]
