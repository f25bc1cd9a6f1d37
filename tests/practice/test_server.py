"""The practice cloud as a program: started, described, steered, stopped, killed, started again."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Practice, StartPractice

ROOT = Path(__file__).parents[2]
CONTROL = "practice.azwizard.localhost"
KEYS = {"port", "ca_file", "pid", "speed", "faults", "hosts", "tenant_id", "subscription_id", "client_id", "client_secret"}

Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "practice"


@pytest.fixture
def run(home: Path) -> Iterator[Run]:
    """Starts practice clouds as processes, waits until each is ready or has ended, and ends what is left."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "wizard.practice", "--home", str(home), "--speed", "instant", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def described(home: Path) -> dict[str, Any]:
    return json.loads((home / "practice.json").read_text())


def ask(home: Path, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
    """One command to the control host, over TLS checked against the practice CA."""
    info = described(home)
    raw = socket.create_connection(("127.0.0.1", info["port"]))
    connection = http.client.HTTPSConnection(CONTROL)
    connection.sock = ssl.create_default_context(cafile=info["ca_file"]).wrap_socket(raw, server_hostname=CONTROL)
    headers = {"Authorization": f"Bearer {info['control_token'] if token is None else token}", "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_practice_json_says_everything_and_is_only_ours(run: Run, home):
    process = run("--fault", "account:reader", "--seed", "subscriptions:3")
    info = described(home)
    assert set(info) >= KEYS and (info["pid"], info["faults"], info["speed"]) == (process.pid, ["account:reader"], "instant")
    assert {"management.azure.com", "login.microsoftonline.com", "graph.microsoft.com"} <= set(info["hosts"])
    assert home.stat().st_mode & 0o777 == 0o700
    files = [file for file in home.rglob("*") if file.is_file()]
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in files} == {file.name: "0o600" for file in files}


def test_a_signal_stops_it_and_the_description_goes(run: Run, home):
    for number in (signal.SIGTERM, signal.SIGINT):
        process = run()
        process.send_signal(number)
        assert (process.wait(10), (home / "practice.json").exists()) == (0, False)


def test_the_control_host_answers_its_token_only(run: Run, home):
    run()
    assert ask(home, "GET", "/status", token="wrong")[0] == 401
    status, body = ask(home, "GET", "/status")
    assert status == 200 and body["pid"] == described(home)["pid"] and not {"client_secret", "control_token"} & set(body)
    assert ask(home, "GET", "/nothing")[0] == 404


def test_faults_change_while_it_runs_and_are_in_the_description_at_once(run: Run, home):
    run("--fault", "free-trial")
    assert ask(home, "POST", "/fault", {"set": ["account:reader"]}) == (200, {"faults": ["free-trial", "account:reader"]})
    assert described(home)["faults"] == ["free-trial", "account:reader"]
    status, body = ask(home, "POST", "/fault", {"set": ["nonsense"]})
    assert status == 400 and body["error"]["message"].startswith("There is no practice fault 'nonsense'.")
    assert ask(home, "POST", "/fault", {"clear": True, "set": []}) == (200, {"faults": []})


def test_the_stop_command_completes_the_record(run: Run, home, tmp_path):
    process = run("--har", str(tmp_path / "run.har"))
    assert ask(home, "POST", "/stop")[0] == 202
    assert process.wait(10) == 0
    assert json.loads((tmp_path / "run.har").read_text())["log"]["entries"] == []


def test_an_unknown_device_code_is_not_approved(run: Run, home):
    run()
    status, body = ask(home, "POST", "/approve", {"code": "NOPE"})
    assert (status, body["error"]["message"]) == (404, "No sign-in waits for the code 'NOPE'.")


def test_a_second_one_in_the_same_home_is_refused(run: Run, home):
    first = run()
    second = run()
    assert second.wait(10) == 3 and second.stderr is not None
    assert second.stderr.read() == f"A practice cloud runs in {home} already.\n"
    assert first.poll() is None and described(home)["pid"] == first.pid


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--fault", "nonsense"), "There is no practice fault 'nonsense'."),
        (("--fault", "throttle:7"), "The practice fault 'throttle:7' should be 'throttle:SHARE'"),
        (("--seed", "cats:1"), "There is no practice seed 'cats'."),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_made(run: Run, home, arguments, sentence):
    process = run(*arguments)
    assert process.wait(10) == 3 and process.stderr is not None
    assert process.stderr.read().startswith(sentence)
    assert not home.exists()


def test_a_port_that_is_taken_is_named(run: Run, home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = run("--port", str(taken.getsockname()[1]))
        assert process.wait(10) == 3 and process.stderr is not None
        assert f"cannot listen on port {taken.getsockname()[1]}" in process.stderr.read()


def test_what_was_made_survives_a_kill_and_so_do_the_ca_and_the_account(run: Run, home):
    process = run()
    before = described(home)
    store = home / "state.db"
    assert store.exists()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    run()
    after = described(home)
    assert {key: before[key] for key in ("client_id", "client_secret", "ca_file")} == {
        key: after[key] for key in ("client_id", "client_secret", "ca_file")
    }
    assert after["control_token"] != before["control_token"]


def test_it_stops_by_itself_when_nobody_asks_for_anything(run: Run, home):
    process = run("--idle-minutes", "0.01")
    started = time.monotonic()
    assert (process.wait(20), (home / "practice.json").exists()) == (0, False)
    assert time.monotonic() - started < 10


async def test_resources_and_unfinished_operations_survive_a_restart(start_practice: StartPractice):
    practice = await start_practice(speed="real")
    practice.cloud.clock.slow_down(0.0)
    assert (await practice.call("PUT", "/resourceGroups/rg", {"location": "westeurope"})).status == 201
    practice.cloud.clock.slow_down(1.0)
    await practice.call("POST", "/providers/Microsoft.App/register")
    await practice.server.close()
    again = await start_practice(speed="real")
    assert (await again.call("GET", "/resourceGroups/rg")).status == 200
    assert (await again.call("GET", "/providers/Microsoft.App")).body["registrationState"] == "Registering"
    (operation,) = again.cloud.store.collection("operations").values()
    assert again.cloud.operations.running_on(operation["target"]) is operation


async def test_a_new_host_is_in_the_description_before_its_maker_is_told(practice: Practice):
    await practice.call("PUT", "/resourceGroups/rg", {"location": "westeurope"})
    body = {"location": "westeurope", "properties": {"tenantId": practice.cloud.tenant_id, "sku": {"family": "A", "name": "standard"}}}
    body["properties"]["accessPolicies"] = []
    await practice.call("PUT", "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-new-one", body)
    for operation in list(practice.cloud.store.collection("operations").values()):
        await practice.cloud.operations.finished(operation["id"])
    assert "kv-new-one.vault.azure.net" in json.loads(practice.server.file.read_text())["hosts"]


@pytest.mark.breaks_practice
async def test_doors_and_the_services_own_close_are_kept(start_practice: StartPractice):
    practice = await start_practice()
    closed: list[str] = []

    async def close() -> None:
        closed.append("app")
        raise RuntimeError("a service that cannot close must not keep the rest from closing")

    practice.cloud.on_close.append(close)
    practice.cloud.doors["app.example.azurecontainerapps.io"] = "http://127.0.0.1:1"
    practice.cloud.hosts_changed()
    assert json.loads(practice.server.file.read_text())["doors"] == {"app.example.azurecontainerapps.io": "http://127.0.0.1:1"}
    await practice.server.close()
    assert closed == ["app"] and not practice.server.file.exists()
