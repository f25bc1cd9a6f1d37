"""The image, built in the registry or there already, on the practice cloud."""

from pathlib import Path

from tests.steps.conftest import Setup, StartSetup
from wizard.engine.step import Status
from wizard.steps import pipeline, project, registry

ALL = (project.CONTRIBUTION, registry.CONTRIBUTION, pipeline.CONTRIBUTION)
RUNS = "/resourceGroups/rg-orders-dev/providers/Microsoft.ContainerRegistry/registries/crordersdev/runs"
IMAGE = "pipeline.image"
SLOWLY = {"speed": "fast", "faults": ["slow:0.1"]}  # a build takes some tenths of a second


async def started(start_setup: StartSetup, **more: object) -> Setup:
    practice = {name: more.pop(name) for name in ("faults", "speed") if name in more}
    setup = await start_setup(**practice, pipeline={"build": "registry", **more})
    write_source(setup.folder)
    return setup


def write_source(folder: Path) -> None:
    (folder / "Dockerfile").write_text(
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]\n'
    )
    (folder / "run.py").write_text("app = None\n")


async def runs(setup: Setup) -> list[dict[str, object]]:
    return [run["properties"] for run in (await setup.practice.call("GET", RUNS, version="2019-06-01-preview")).body["value"]]


async def test_the_source_is_built_once_and_tagged_with_its_hash_and_latest(start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    plan = await setup.plan(*ALL)
    assert {str(item.action) for item in plan.steps} == {"keep"}
    digest = plan.facts.image_digest
    assert digest is not None and digest.startswith("sha256:")
    tags = await setup.cloud.registry.tags("crordersdev.azurecr.io", "orders")
    assert len(tags) == 2 and "latest" in tags
    assert await setup.cloud.registry.digest("crordersdev.azurecr.io", "orders", "latest") == digest
    assert (await setup.apply(*ALL)).outcome == "unchanged"
    assert len(await runs(setup)) == 1


async def test_a_touched_file_is_a_new_image(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    before = (await setup.plan(*ALL)).facts.image_digest
    (setup.folder / "run.py").write_text("app = 1\n")
    assert (await setup.actions(*ALL))[IMAGE] == "create"
    await setup.apply(*ALL)
    assert (await setup.plan(*ALL)).facts.image_digest != before


async def test_the_setup_file_is_no_part_of_the_image(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    setup.tables["app"] = {"cpu": 0.5}
    assert (await setup.actions(*ALL))[IMAGE] == "keep"


async def test_the_log_is_shown_while_it_builds(start_setup: StartSetup):
    setup = await started(start_setup, **SLOWLY)
    await setup.apply(*ALL)
    lines = [line for line in setup.told(IMAGE) if line]
    assert len(lines) > 2 and lines[-1].startswith("Run ID: ch1 was successful"), lines


async def test_a_failed_build_says_the_logs_last_lines_and_the_next_run_builds_again(start_setup: StartSetup):
    setup = await started(start_setup, faults=["build-failure"])
    result = await setup.apply(*ALL)
    assert result.failed == 1
    details = setup.told(IMAGE)[-1]
    assert "could not be built" in details and len(details.splitlines()) > 2, details
    assert (await setup.apply(*ALL)).outcome == "succeeded"


async def test_a_run_that_was_killed_while_it_built_is_followed_and_not_begun_again(start_setup: StartSetup):
    setup = await started(start_setup, **SLOWLY)
    await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)
    tag = await scheduled_by_hand(setup)
    setup.journal.remember(IMAGE, f"run:{tag}", "ch1")
    assert (await setup.apply(*ALL)).outcome == "succeeded"
    assert len(await runs(setup)) == 1


async def test_a_run_that_was_killed_before_it_learned_the_builds_id_finds_it(start_setup: StartSetup):
    setup = await started(start_setup, **SLOWLY)
    await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)
    tag = await scheduled_by_hand(setup, intent=True)
    assert setup.journal.recall(IMAGE, f"run:{tag}") is None
    assert (await setup.apply(*ALL)).outcome == "succeeded"
    assert len(await runs(setup)) == 1


async def test_a_remembered_build_that_the_registry_does_not_know_is_begun_anew(start_setup: StartSetup):
    setup = await started(start_setup)
    plan = await setup.plan(*ALL)
    tag = next(item.look.detail for item in plan.steps if item.step.id == IMAGE).split()[1].rstrip(",")
    setup.journal.remember(IMAGE, f"run:{tag}", "ch99")
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert setup.journal.recall(IMAGE, f"run:{tag}") is None


async def scheduled_by_hand(setup: Setup, *, intent: bool = False) -> str:
    """What a killed run leaves: a build that Azure carries out, and what the journal knows of it. The tag of the image."""
    from datetime import UTC, datetime

    from wizard.source.build_context import read

    source = read(setup.folder, "Dockerfile", [setup.folder / "azwizard.toml"])
    if intent:
        setup.journal.remember(IMAGE, f"intent:{source.hash}", datetime.now(UTC).isoformat())
    where = ("rg-orders-dev", "crordersdev")
    place = await setup.cloud.tasks.registries.get_build_source_upload_url(*where)
    archive = setup.folder.parent / "source.tar.gz"
    source.pack(archive)
    await setup.cloud.upload(str(place.upload_url), archive)
    request = {
        "type": "DockerBuildRequest",
        "sourceLocation": place.relative_path,
        "dockerFilePath": "Dockerfile",
        "imageNames": [f"orders:{source.hash}", "orders:latest"],
        "isPushEnabled": True,
        "platform": {"os": "Linux", "architecture": "amd64"},
    }
    await setup.cloud.tasks.registries.schedule_run(*where, request)
    return source.hash


async def test_a_missing_dockerfile_blocks_and_says_where_it_was_looked_for(start_setup: StartSetup):
    setup = await started(start_setup)
    (setup.folder / "Dockerfile").unlink()
    item = next(item for item in (await setup.plan(*ALL)).steps if item.step.id == IMAGE)
    assert item.action == "blocked" and "Dockerfile" in item.look.detail


async def test_an_existing_image_is_found_by_tag_and_by_digest(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    digest = (await setup.plan(*ALL)).facts.image_digest
    for tag in ("latest", str(digest)):
        setup.tables["pipeline"] = {"build": "existing", "image": "orders", "tag": tag}
        plan = await setup.plan(*ALL)
        assert plan.facts.image_digest == digest
        assert next(str(item.action) for item in plan.steps if item.step.id == IMAGE) == "keep"


async def test_a_tag_that_is_not_there_blocks_with_the_tags_there_are(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    setup.tables["pipeline"] = {"build": "existing", "image": "orders", "tag": "1.4"}
    look = next(item.look for item in (await setup.plan(*ALL)).steps if item.step.id == IMAGE)
    assert look.found is Status.BLOCKED and "orders:1.4" in look.detail and "latest" in look.remedy


async def test_azure_devops_asks_for_the_organisation_and_names_those_there_are(start_setup: StartSetup):
    setup = await started(start_setup)
    setup.tables["pipeline"] = {"build": "azure-devops"}
    look = next(item.look for item in (await setup.plan(*ALL)).steps if item.step.id == IMAGE)
    assert look.found is Status.BLOCKED and "contoso" in look.remedy


async def test_a_subscription_on_trial_is_told_that_its_registry_builds_nothing(start_setup: StartSetup):
    setup = await started(start_setup, faults=["free-trial"])
    look = next(item.look for item in (await setup.plan(*ALL)).steps if item.step.id == IMAGE)
    assert look.found is Status.BLOCKED and "free trial" in look.detail and 'build = "docker"' in look.remedy
