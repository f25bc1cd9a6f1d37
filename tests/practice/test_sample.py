"""The sample API that ships with azwizard, on what its setup file names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import wizard.practice
from tests.practice.apps import Deployment

SAMPLE = Path(wizard.practice.__file__).parent / "sample"
KEY = {"X-Api-Key": "canary"}


async def test_the_sample_keeps_its_notes_on_a_share_and_takes_its_key_from_a_secret(deployment: Deployment) -> None:
    setup = tomllib.loads((SAMPLE / "azwizard.toml").read_text())
    await deployment.make_registry(SAMPLE)
    shares = setup["storage"]["shares"]
    for share in shares:
        await deployment.make_storage(f"share-{share['designation']}", share["access"])
    body = await deployment.body(
        port=setup["app"]["port"],
        env=[
            {"name": each["name"], **({"secretRef": each["secret"]} if "secret" in each else {"value": each["value"]})}
            for each in setup["variables"]
        ],
        secrets=[{"name": name, "value": "canary"} for name in setup["key_vault"]["secrets"]],
        volumes=[
            {
                "name": each["designation"],
                "storageType": "AzureFile",
                "storageName": f"share-{each['designation']}",
                "mountOptions": "nobrl" if each.get("nobrl") else None,
            }
            for each in shares
        ],
        volumeMounts=[{"volumeName": each["designation"], "mountPath": each["mount"]} for each in shares],
    )
    app = await deployment.deploy(body)
    assert await deployment.fetch(app, "/health") == (200, {"status": "ok"})
    write = {"method": "POST", "json": {"text": "buy tea"}}
    assert (await deployment.fetch(app, "/notes", **write))[0] == 401
    assert (await deployment.fetch(app, "/notes", headers=KEY, **write))[0] == 201
    assert await deployment.fetch(app, "/notes", headers=KEY) == (200, [{"id": 1, "text": "buy tea"}])
    log = next((deployment.practice.cloud.home / "shares").rglob("notes.log"))
    assert "note 1 written" in log.read_text()
