"""Requests of a .rest file, and the keys that fill them without being shown."""

from __future__ import annotations

from wizard.rest_file import filled, hidden, parse

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
    assert (method, path, body) == ("POST", "/orders?copy=7", {"item": "tea"})
    assert headers["X-Api-Key"] == "value"


def test_a_secret_that_comes_back_is_hidden() -> None:
    assert hidden('{"key": "value"}', ["value", ""]) == '{"key": "***"}'


def test_a_file_with_one_request_and_no_title() -> None:
    (request,) = parse("GET https://host/health\n")
    assert request.path == "/health"
