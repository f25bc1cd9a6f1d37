"""The traffic record: complete, readable, and without secret values."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientError
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import StartPractice, register_all
from wizard.practice.kernel.har_recorder import redacted

CANARY = "canary-5f2c9a"
VAULT = "kv-a.vault.azure.net"
ARM = "management.azure.com"
BASE = "/subscriptions/s/resourceGroups/g/providers"
APP = f"{BASE}/Microsoft.App/containerApps/capp"
CHECKER = Path(__file__).parents[3] / "shared" / "contract" / "check_traffic.py"


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [
        (VAULT, "/secrets/jwt-key", {"value": CANARY, "attributes": {"enabled": True}}),
        (VAULT, "/secrets/jwt-key/1", {"value": CANARY, "id": "https://kv-a.vault.azure.net/secrets/jwt-key/1"}),
        (ARM, f"{BASE}/Microsoft.KeyVault/vaults/kv-a/secrets/jwt-key", {"properties": {"value": CANARY}}),
        (ARM, f"{BASE}/Microsoft.Storage/storageAccounts/st/listKeys", {"keys": [{"keyName": "key1", "value": CANARY}]}),
        (ARM, f"{BASE}/Microsoft.App/managedEnvironments/e/storages/s", {"properties": {"azureFile": {"accountKey": CANARY}}}),
        (ARM, f"{BASE}/Microsoft.ContainerRegistry/registries/cr/listCredentials", {"username": "cr", "passwords": [{"value": CANARY}]}),
        (ARM, f"{BASE}/Microsoft.ContainerRegistry/registries/cr/scheduleRun", {"arguments": [{"isSecret": True, "value": CANARY}]}),
        (ARM, APP, {"properties": {"configuration": {"secrets": [{"name": "a", "value": CANARY}]}}}),
        (ARM, f"{APP}/listSecrets", {"value": [{"name": "a", "value": CANARY}]}),
        (ARM, f"{APP}/getAuthtoken", {"properties": {"token": CANARY}}),
        (ARM, f"{BASE}/Microsoft.ContainerRegistry/registries/cr/runs/1/listLogSasUrl", {"logLink": f"https://b/x?sv=1&sig={CANARY}&se=2"}),
        ("cr.azurecr.io", "/oauth2/token", {"access_token": CANARY, "refresh_token": CANARY}),
        ("login.microsoftonline.com", "/t/oauth2/v2.0/token", {"access_token": CANARY, "id_token": CANARY, "refresh_token": CANARY}),
    ],
)
def test_secret_values_in_json_become_stars(host, path, body):
    text = redacted(host, path, json.dumps(body).encode(), "application/json; charset=utf-8")
    assert CANARY not in text and "***" in text
    json.loads(text)


def test_secret_values_in_forms_become_stars():
    form = f"grant_type=client_credentials&client_id=me&client_secret={CANARY}&code={CANARY}&refresh_token={CANARY}&access_token={CANARY}"
    text = redacted("login.microsoftonline.com", "/t/oauth2/v2.0/token", form.encode(), "application/x-www-form-urlencoded")
    assert CANARY not in text and "client_id=me" in text


def test_what_is_no_secret_stays_readable():
    body = {
        "error": {"code": "AuthorizationFailed", "message": "no"},
        "env": [{"name": "LOG_LEVEL", "value": "debug"}],
        "value": [{"id": 1}],
    }
    assert json.loads(redacted(ARM, APP, json.dumps(body).encode(), "application/json")) == body


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)))
def test_any_json_keeps_its_shape(value):
    def shape(node):
        if isinstance(node, dict):
            return {name: shape(child) for name, child in node.items()}
        return [shape(child) for child in node] if isinstance(node, list) else type(node)

    recorded = json.loads(redacted(ARM, APP, json.dumps(value).encode(), "application/json"))
    assert shape(recorded) == shape(value)


@given(st.binary())
def test_any_bytes_are_recorded_as_text(body):
    assert isinstance(redacted(ARM, "/", body, "application/octet-stream"), str)


async def test_the_file_is_complete_after_the_stop_and_holds_no_token(start_practice: StartPractice, tmp_path):
    file = tmp_path / "traffic" / "run.har"
    practice = await start_practice(har=file)
    register_all(practice.cloud)
    created = await practice.call("PUT", "/resourceGroups/rg", {"location": "westeurope"})
    practice.cloud.faults.add(["disconnect:1"])
    with pytest.raises(ClientError):
        await practice.call("GET", "/resourceGroups/rg")
    token = await practice.token()
    await practice.server.close()
    log = json.loads(file.read_text())["log"]
    puts = [entry for entry in log["entries"] if entry["request"]["method"] == "PUT"]
    assert log["version"] == "1.2" and puts[0]["response"]["status"] == 201
    assert json.loads(puts[0]["response"]["content"]["text"]) == created.body
    assert {"name": "Authorization", "value": "***"} in puts[0]["request"]["headers"]
    assert log["entries"][-1]["request"]["url"].startswith("https://login.microsoftonline.com/")
    assert any(entry["response"]["status"] == 0 for entry in log["entries"])
    for secret in (practice.description["client_secret"], practice.description["control_token"], token.rsplit(".", 1)[1]):
        assert secret not in file.read_text()
    assert (file.stat().st_mode & 0o777, list(file.parent.iterdir())) == (0o600, [file])


async def test_what_a_killed_cloud_recorded_is_in_the_next_ones_file(start_practice: StartPractice, tmp_path):
    file = tmp_path / "run.har"
    (tmp_path / "run.har.part").write_text('{"request": {"method": "GET", "url": "https://a"}}\n{"request": {"met')
    practice = await start_practice(har=file)
    await practice.token()
    await practice.server.close()
    entries = json.loads(file.read_text())["log"]["entries"]
    assert [entry["request"]["method"] for entry in entries] == ["GET", "POST"]


@pytest.mark.skipif(not CHECKER.exists(), reason="Azure's specifications lie outside the project")
async def test_azures_specifications_find_nothing_to_object_to(start_practice: StartPractice, tmp_path):
    file = tmp_path / "run.har"
    practice = await start_practice(har=file)
    register_all(practice.cloud)
    identity = practice.cloud.directory.add_managed_identity("a", "")["object_id"]
    group, provider = "/resourceGroups/rg", "providers/Microsoft.Authorization"
    role = f"{practice.scope}/{provider}/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    assignment = {"properties": {"roleDefinitionId": role, "principalId": identity, "principalType": "ServicePrincipal"}}
    named = f"{group}/{provider}/roleAssignments/11111111-1111-4111-8111-111111111111"
    for method, path, body in (
        ("GET", "/tenants", None),
        ("GET", "/subscriptions", None),
        ("GET", practice.scope, None),
        ("GET", "/locations", None),
        ("GET", "/resourceGroups", None),
        ("PUT", group, {"location": "westeurope"}),
        ("HEAD", group, None),
        ("PATCH", group, {"tags": {"a": "b"}}),
        ("GET", f"{group}/resources", None),
        ("GET", "/resources", None),
        ("PUT", named, assignment),
        ("GET", named, None),
        ("GET", f"{group}/{provider}/roleAssignments", None),
        ("GET", f"/{provider}/roleDefinitions", None),
        ("GET", f"{group}/{provider}/permissions", None),
        ("GET", f"{group}/{provider}/denyAssignments", None),
        ("DELETE", named, None),
        ("DELETE", group, None),
    ):
        assert (await practice.call(method, path, body)).status < 300, path
    for path in ("/providers", "/providers/Microsoft.App", "/providers/Microsoft.App/register"):
        await practice.call("POST" if path.endswith("register") else "GET", path)
    await practice.server.close()
    checked = await asyncio.to_thread(subprocess.run, [sys.executable, CHECKER, file], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
