"""A class in a subscription: each learner's group, rights and budget are made once, or written as a script for who may make them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.end_to_end.conftest import WizardProcess
from wizard.classroom.azure_standings import furthest_sections
from wizard.classroom.class_file import read_class
from wizard.cloud import connect_practice

CLASS = """
[class]
title = "Sky"
project = "sky"
[[class.learners]]
name = "Anna"
suffix = "anna"
account = "you@practice.onmicrosoft.com"
[[class.learners]]
name = "Bruno"
account = "owner@practice.onmicrosoft.com"
[cloud]
kind = "azure"
subscription = "Teaching"
budget = 20
contact = "trainer@example.org"
"""
BUDGET = "/resourceGroups/rg-sky-anna-dev/providers/Microsoft.Consumption/budgets/azwizard-class"


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("sky")
    (folder / "class.toml").write_text(CLASS)
    trainer = WizardProcess(folder / "home", folder)
    trainer("practice", "start", "--speed", "instant")
    yield trainer
    trainer("practice", "stop")


async def test_groups_rights_and_budgets_are_made_once_and_seen_on_the_board(
    trainer: WizardProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert trainer("class", "prepare", "--practice").exit == 2, "nothing is made without a confirmation"
    made = trainer("class", "prepare", "--practice", "--yes", "--json")
    assert made.exit == 0, made.stdout + made.stderr
    assert [event["created"] for event in made.of("result")] == [8, 4]
    monkeypatch.setenv("AZWIZARD_HOME", str(trainer.home))
    async with await connect_practice() as cloud:
        scope = f"/subscriptions/{cloud.subscription_id}"
        budget = await cloud.arm("GET", scope + BUDGET, "2024-08-01")
        assert budget["properties"]["amount"] == 20
        held = [one async for one in cloud.authorization.role_assignments.list_for_scope(f"{scope}/resourceGroups/rg-sky-02-dev")]
        mine = [str(one.role_definition_id).rpartition("/")[2] for one in held if str(one.scope).endswith("rg-sky-02-dev")]
        assert sorted(mine) == ["b24988ac-6180-42a0-ab88-20f7382dd24c", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"]
        assert await furthest_sections(cloud, read_class(trainer.folder / "class.toml")) == {"anna": "project", "02": "project"}
    file = trainer.folder / "class.toml"
    file.write_text(file.read_text().replace("budget = 20", "budget = 30").replace("owner@", "stranger@"))
    changed = trainer("class", "prepare", "--practice", "--yes", "--json")
    assert changed.exit == 3, "one learner's account is not in the directory; the other's budget is changed all the same"
    assert [(event["created"], event["changed"], event["kept"]) for event in changed.of("result")] == [(0, 1, 7), (0, 0, 5)]
    assert any("stranger@practice.onmicrosoft.com" in event["detail"] for event in changed.of("plan", action="blocked"))
    file.write_text(CLASS)

    planned = trainer("plan", "--practice", "--json", cwd=trainer.folder / "sky-anna")
    assert next(event["action"] for event in planned.of("plan") if event["step"] == "project.resource_group") == "keep"
    destroyed = trainer("class", "destroy", "--practice", "--yes")
    assert destroyed.exit == 0, destroyed.stderr
    proof = [json.loads(line) for line in (trainer.folder / "class-proof.jsonl").read_text().splitlines()]
    assert [(line["setup"], line["group_is_gone"], line["left"]) for line in proof] == [
        ("sky-anna-dev", True, []),
        ("sky-02-dev", True, []),
    ]


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")
def test_the_script_gives_the_administrator_every_command_with_the_subscriptions_id(trainer: WizardProcess, tmp_path: Path) -> None:
    assert trainer("class", "prepare", "--script", "admin.sh").exit == 0
    log, az = tmp_path / "log", tmp_path / "az"
    said = f'for word; do printf "%s\\037" "$word" >> {log}; done\nprintf "\\n" >> {log}\n'
    az.write_text('#!/bin/sh\n[ "$2" = show ] && echo 5ca082f3 && exit\n' + said)
    az.chmod(az.stat().st_mode | stat.S_IXUSR)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["sh", "admin.sh"], cwd=trainer.folder, env=environment, check=True, timeout=60)
    called = [line.split("\x1f")[:-1] for line in log.read_text().splitlines()]
    kinds = [" ".join(argv[:2]) for argv in called]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "account set": 1,
        "group create": 2,
        "provider register": 4,
        "role assignment": 4,
        "rest --method": 2,
    }
    scopes = {argv[argv.index("--scope") + 1] for argv in called if "--scope" in argv}
    assert scopes == {f"/subscriptions/5ca082f3/resourceGroups/rg-sky-{suffix}-dev" for suffix in ("anna", "02")}
    bodies = [json.loads(argv[argv.index("--body") + 1]) for argv in called if "--body" in argv]
    assert all(body["properties"]["notifications"]["actual-80"]["contactEmails"] == ["trainer@example.org"] for body in bodies)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 201),
        ({"amount": 0}, 400),
        ({"amount": None}, 400),
        ({"timeGrain": "Weekly"}, 400),
        ({"timePeriod": {"startDate": "2026-11-02T00:00:00Z"}}, 400),
        ({"notifications": {"a": {"enabled": True, "operator": "GreaterThan", "threshold": 80}}}, 400),
        ({"notifications": {"a": {"enabled": True, "operator": "GreaterThan", "threshold": 1001, "contactEmails": ["a@b.c"]}}}, 400),
    ],
)
async def test_practice_takes_a_budget_as_the_specification_has_it(practice: Practice, changed: dict[str, object], status: int) -> None:
    properties = {"category": "Cost", "amount": 20, "timeGrain": "Monthly", "timePeriod": {"startDate": "2026-11-01T00:00:00Z"}, **changed}
    place = "/providers/Microsoft.Consumption/budgets/b"
    put = await practice.call("PUT", place, {"properties": properties})
    assert put.status == status, put.body
    assert (await practice.call("GET", place)).status == (200 if status == 201 else 404)
    if status == 201:
        assert put.body["properties"]["currentSpend"] == {"amount": 0.0, "unit": "USD"}
        assert (await practice.call("PUT", place, {"properties": properties})).status == 200
        assert [one["name"] for one in (await practice.call("GET", "/providers/Microsoft.Consumption/budgets")).body["value"]] == ["b"]
        assert (await practice.call("DELETE", place)).status == 200
