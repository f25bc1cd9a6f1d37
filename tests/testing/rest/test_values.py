"""Where the values of a file of requests come from: settings, environments, .env, what is typed."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.testing.rest.reading import HOST, one, sent
from wizard.platform.redaction import hidden


async def test_a_value_of_env_is_read_beside_the_file_and_hidden(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("API_KEY='k-secret'\n")
    (tmp_path / "requests").mkdir()
    text = "GET https://h/\nX-Key: {{$dotenv API_KEY}}\n"
    received, _outcomes, run = await sent(text, file=tmp_path / "requests" / "a.http")
    assert received[0].headers["X-Key"] == "k-secret"
    assert "k-secret" in run.secrets


async def test_a_variable_of_the_environment_is_read_and_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TOKEN", "from-outside")
    received, _outcomes, run = await sent("GET https://h/\nAuthorization: Basic a {{$processEnv ORDERS_TOKEN}}\n")
    expected = base64.b64encode(b"a:from-outside").decode()
    assert received[0].headers["Authorization"] == f"Basic {expected}"
    assert {"from-outside", expected} <= run.secrets


async def test_a_hidden_value_is_hidden_in_an_address_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TOKEN", "a=b c&d/e")
    received, _outcomes, run = await sent(
        "GET https://h/?one={{$processEnv ORDERS_TOKEN}}&two={{%token}}\n\n###\n@token = {{$processEnv ORDERS_TOKEN}}\n"
    )
    assert hidden(received[0].target, run.secrets) == "/?one=***&two=***"


@pytest.mark.parametrize("words", ["$processEnv NOT_SET_ANYWHERE", "$dotenv NOT_SET_ANYWHERE", "baseUrl", "$aadToken", "$datetime wrong"])
async def test_a_value_that_is_nowhere_is_named_and_nothing_is_sent(words: str, tmp_path: Path) -> None:
    received, outcomes, _run = await sent(f"GET {{{{{words}}}}}/orders\n", file=tmp_path / "a.http")
    assert not received
    assert words in outcomes[0].why


SETTINGS = """{
  // the settings of this workspace
  "rest-client.environmentVariables": {
    "$shared": {"version": "v1", "key": "none"},
    "local": {"baseUrl": "http://localhost:5000/api/v1", "key": "{{$shared version}}-local",},
  },
}"""


async def test_values_of_settings_keep_the_path_of_a_base_address(tmp_path: Path) -> None:
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode" / "settings.json").write_text(SETTINGS)
    message = await one("GET {{baseUrl}}/orders\nX-Version: {{version}}\nX-Key: {{key}}\n", file=tmp_path / "api" / "a.http")
    assert message.target == "/api/v1/orders"
    assert message.headers == {"X-Version": "v1", "X-Key": "v1-local"}


async def test_values_of_environments_take_others_of_theirs(tmp_path: Path) -> None:
    environments = (
        '{"$shared": {"version": "v1", "base": "/{{$shared version}}"}, "dev": {"shop": "tea", "at": "{{$shared base}}/{{$dev shop}}"}}'
    )
    (tmp_path / "http-client.env.json").write_text(environments)
    assert (await one("GET https://h{{at}}\n", file=tmp_path / "a.http")).target == "/v1/tea"


async def test_several_environments_are_chosen_by_the_setups_or_named(tmp_path: Path) -> None:
    (tmp_path / "http-client.env.json").write_text('{"dev": {"item": "tea", "same": 1}, "prod": {"item": "cake", "same": 1}}')
    text = "GET https://h/{{item}}/{{same}}\n"
    assert (await one(text, file=tmp_path / "a.http")).target == "/tea/1"
    _received, outcomes, _run = await sent(text, file=tmp_path / "a.http", environment="staging")
    assert "it differs in the environments dev, prod" in outcomes[0].why
    assert (await one(text, file=tmp_path / "a.http", environment="staging", given={"item": "jam"})).target == "/jam/1"


async def test_times_have_offsets_and_formats() -> None:
    message = await one('GET https://h/a?from={{$timestamp -3 h}}&day={{$datetime "DD-MM-YYYY"}}&at={{$datetime iso8601 1 d}}\n')
    match = re.fullmatch(r"/a\?from=(\d+)&day=(\d\d-\d\d-\d{4})&at=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)", message.target)
    assert match is not None, message.target
    now = datetime.now(UTC)
    assert abs(now.timestamp() - 3 * 3600 - int(match[1])) < 60
    assert match[2] in {(now - timedelta(seconds=30)).strftime("%d-%m-%Y"), now.strftime("%d-%m-%Y")}
    assert abs(datetime.fromisoformat(match[3]) - now - timedelta(days=1)) < timedelta(minutes=1)


async def test_a_name_in_the_address_that_is_only_a_host_is_the_apps() -> None:
    assert (await one("GET https://{{host}}:{{port}}/orders\n")).target == "/orders"
    assert (await one("GET {{host}}\n")).target == "/"
    assert (await one("POST https://h/hooks\n\n{{host}}\n")).body == HOST.encode()


class Typist:
    """Types a value for each name, and agrees to everything."""

    async def value(self, prompt: object, *, is_hidden: bool) -> str | None:
        return f"typed-{'hidden' if is_hidden else 'open'}"

    async def agrees(self, question: str) -> bool:
        return True


PROMPTS = "# @prompt code The code in your mail\n# @prompt password\n# @note\nPOST https://h/{{code}}\n\n{{password}}\n"


async def test_what_is_to_be_typed_is_asked_for_or_given() -> None:
    received, _outcomes, run = await sent(PROMPTS, person=Typist())
    assert (received[0].target, received[0].body) == ("/typed-open", b"typed-hidden")
    assert "typed-hidden" in run.secrets
    assert "typed-open" not in run.secrets
    _received, outcomes, _run = await sent(PROMPTS.replace("# @note\n", ""), given={"code": "7"})
    assert "--var password=VALUE" in outcomes[0].why


async def test_a_request_with_a_note_is_not_sent_unconfirmed() -> None:
    received, outcomes, _run = await sent("# @note\nDELETE https://h/orders\n")
    assert not received
    assert "--yes" in outcomes[0].why


async def test_what_stands_as_a_comment_in_a_body_asks_for_nothing() -> None:
    message = await one("# @name login\nPOST https://h/a\n\n# @prompt code\n// @no-redirect\ntext\n")
    assert message.body == b"text"
