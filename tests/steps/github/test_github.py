"""Building on GitHub: trust, variables, code and image on the practice cloud, and what goes wrong there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.github.github_client import ONE, SUBJECT, GitHubApi
from tests.steps.conftest import Setup, StartSetup
from wizard.engine.destroy import with_cleanup
from wizard.engine.step import Status
from wizard.practice.git.objects import LINK, RUNNABLE, Repository
from wizard.practice.registry import images
from wizard.steps import pipeline, project, registry

ALL = (project.CONTRIBUTION, registry.CONTRIBUTION, pipeline.CONTRIBUTION)
SERVER = "crordersdev.azurecr.io"
TABLE = {"build": "github", "owner": "contoso", "repository": "orders-api", "image": "orders-api"}
FILE = ".github/workflows/azwizard-orders-dev.yml"


async def started(start_setup: StartSetup, faults: tuple[str, ...] = (), **more: Any) -> Setup:
    setup = await start_setup(faults=faults, pipeline=TABLE | more)
    (setup.folder / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]\n'
    )
    (setup.folder / "requirements.txt").write_text("flask\ngunicorn\n")
    (setup.folder / "run.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    return setup


def client(setup: Setup) -> GitHubApi:
    return GitHubApi(setup.practice)


def git(setup: Setup) -> Repository:
    return Repository(setup.practice.cloud.home / "git" / "github-1310093847.git")


async def variables(setup: Setup) -> dict[str, str]:
    observation = (await client(setup).call("GET", f"{ONE}/actions/variables")).body["variables"]
    return {item["name"]: item["value"] for item in observation}


async def look(setup: Setup, step: str) -> Any:
    return next(item.look for item in (await setup.plan(*ALL)).steps if item.step.id == step)


async def test_the_pushed_commit_the_run_the_tag_and_the_digest_agree(start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    (run,) = await client(setup).runs()
    assert (run["head_sha"], run["conclusion"], run["event"]) == (await client(setup).head(), "success", "push")
    plan = await setup.plan(*ALL)
    assert {str(item.action) for item in plan.steps} == {"keep"}, [(i.step.id, i.action, i.look.detail) for i in plan.steps]
    image = images.find(setup.practice.cloud, SERVER, "orders-api", "latest")
    assert image is not None
    assert (image["digest"], sorted(image["tags"])) == (plan.facts.image_digest, sorted([run["head_sha"], "latest"]))
    assert (await look(setup, "pipeline.trust")).detail == SUBJECT
    assert set(await variables(setup)) == {f"AZURE_{name}_ORDERS_DEV" for name in ("CLIENT_ID", "TENANT_ID", "SUBSCRIPTION_ID")}
    assert (await setup.apply(*ALL)).outcome == "unchanged"


async def test_a_push_alone_builds_what_the_next_apply_takes(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    first = (await setup.plan(*ALL)).facts.image_digest
    text = "from flask import Flask\n\napp = Flask('pushed')\n"
    commit = await client(setup).push({"run.py": text})
    (setup.folder / "run.py").write_text(text)
    assert (await client(setup).ended())["head_sha"] == commit
    plan = await setup.plan(*ALL)
    assert {str(item.action) for item in plan.steps} == {"keep"}
    assert plan.facts.image_digest not in (None, first)
    assert len(await client(setup).runs()) == 2


async def test_a_touched_file_is_pushed_with_links_and_programs_and_built_once_more(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    (setup.folder / "start.sh").write_text("#!/bin/sh\nexec gunicorn\n")
    (setup.folder / "start.sh").chmod(0o755)
    (setup.folder / "also.py").symlink_to("run.py")
    (setup.folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.DIFFERENT and "start.sh" in observation.detail
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    files = git(setup).files(await client(setup).head())
    assert (files["start.sh"].mode, files["also.py"].mode) == (RUNNABLE, LINK)
    assert git(setup).content(files["logo.png"].id) == b"\x89PNG\r\n\x1a\n\x00"
    assert (await setup.apply(*ALL)).outcome == "unchanged"
    (setup.folder / "logo.png").unlink()
    assert (await setup.apply(*ALL)).outcome == "succeeded"
    assert "logo.png" not in git(setup).files(await client(setup).head())


async def test_an_old_repositorys_subject_is_the_one_that_github_tells(start_setup: StartSetup):
    setup = await started(start_setup, faults=("github-old-repository",))
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert (await look(setup, "pipeline.trust")).detail == "repo:contoso/orders-api:ref:refs/heads/main"
    setup.practice.cloud.faults.clear()  # as when the repository is renamed, which gives it the new form
    assert (await look(setup, "pipeline.trust")).found is Status.DIFFERENT
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events


async def test_a_wrong_name_says_which_there_are_and_a_missing_token_how_to_get_one(start_setup: StartSetup):
    setup = await started(start_setup)
    for wrong in ({"repository": "nothing"}, {"owner": "fabrikam"}):
        setup.tables["pipeline"] = TABLE | wrong
        observation = await look(setup, "pipeline.trust")
        assert observation.found is Status.BLOCKED and "contoso/orders-api" in observation.remedy
    setup.tables["pipeline"] = TABLE
    setup.practice.cloud.faults.add(["github-token:repo"])
    result = await setup.apply(*ALL)
    assert result.failed == 1 and "workflow" in setup.told("pipeline.code")[-1]


async def test_without_a_token_the_plan_says_how_to_get_one_and_how_to_do_without(start_setup: StartSetup):
    setup = await started(start_setup, faults=("github-token:none",))
    observation = await look(setup, "pipeline.variables")
    assert observation.found is Status.BLOCKED
    assert all(word in observation.remedy for word in ("gh auth login", "AZWIZARD_GITHUB_TOKEN", "Workflows", "export pipeline --github"))


async def test_a_rule_that_wants_a_pull_request_waits_for_its_merge(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"README.md": "Orders\n"})
    setup.practice.cloud.faults.add(["branch-policy"])
    assert (await setup.apply(*ALL)).failed == 1
    (pull,) = (await client(setup).call("GET", f"{ONE}/pulls")).body
    assert pull["head"]["ref"] == "azwizard/orders-dev" and await client(setup).runs() == []
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.BLOCKED and "/pulls" in observation.remedy
    assert (await client(setup).call("PUT", f"{ONE}/pulls/{pull['number']}/merge")).status == 200
    assert (await client(setup).ended())["conclusion"] == "success"
    assert {str(action) for action in (await setup.actions(*ALL)).values()} == {"keep"}  # merging it was a push


async def test_what_others_wrote_is_never_overwritten_without_a_pull_request(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"run.py": "app = 'newer'\n"})
    assert (await setup.apply(*ALL)).failed == 1
    assert git(setup).content(git(setup).files(await client(setup).head())["run.py"].id) == b"app = 'newer'\n"
    assert len((await client(setup).call("GET", f"{ONE}/pulls")).body) == 1


async def test_a_right_that_is_slow_to_count_is_waited_for_by_running_again(start_setup: StartSetup):
    setup = await started(start_setup, faults=("rbac-delay:1",))
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    (run,) = await client(setup).runs()
    assert run["run_attempt"] > 1
    assert any("Build and push · " in line for line in setup.told("pipeline.image"))


async def test_a_failed_build_tells_what_the_log_says_and_is_run_again_by_the_next_apply(start_setup: StartSetup):
    setup = await started(start_setup)
    setup.practice.cloud.faults.add(["build-failure"])
    assert (await setup.apply(*ALL)).failed == 1
    assert "pip install" in setup.told("pipeline.image")[-1] and "actions/runs/" in setup.told("pipeline.image")[-1]
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert len(await client(setup).runs()) == 1


async def test_a_commit_that_began_no_run_is_built_by_one_that_is_asked_for(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    await client(setup).push({"run.py": "app = 2\n"}, "By hand [skip ci]")
    (setup.folder / "run.py").write_text("app = 2\n")
    setup.tables["pipeline"] = TABLE | {"check_code": False}
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert (await client(setup).runs())[0]["event"] == "workflow_dispatch"


async def test_a_persons_lines_in_the_workflow_stay_and_its_values_follow_the_answers(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    head = await client(setup).head()
    text = git(setup).content(git(setup).files(head)[FILE].id).decode()
    mine = text.replace("    steps:\n", "    steps:\n      - run: pytest  # mine\n", 1)
    await client(setup).push({FILE: mine})
    assert (await look(setup, "pipeline.code")).found is Status.SAME
    setup.tables["pipeline"] = TABLE | {"image": "shop-api"}
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    now = git(setup).content(git(setup).files(await client(setup).head())[FILE].id).decode()
    assert now == mine.replace('IMAGE: "orders-api"', 'IMAGE: "shop-api"')


THEIRS = """\
on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - run: |
          az acr build --registry crordersdev --image orders-api .
"""


@pytest.mark.parametrize("place", ["repository", "folder"])
async def test_a_workflow_of_theirs_that_builds_the_image_is_never_doubled(start_setup: StartSetup, place: str):
    setup = await started(start_setup)
    path = ".github/workflows/deploy.yml"
    if place == "repository":
        await client(setup).push({path: THEIRS})
    else:
        (setup.folder / path).parent.mkdir(parents=True)
        (setup.folder / path).write_text(THEIRS)
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.BLOCKED
    assert f"line 6 of {path}" in observation.detail and 'build = "existing"' in observation.detail
    other = THEIRS.replace("run: |", "run: |  # not orders-api")
    if place == "repository":
        await client(setup).push({path: other})
    else:
        (setup.folder / path).write_text(other)
    assert (await look(setup, "pipeline.code")).found in (Status.MISSING, Status.DIFFERENT)


async def test_destroying_takes_what_the_setup_made_and_leaves_the_code(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    assert (await setup.destroy(*ALL)).failed == 0, setup.events
    assert await variables(setup) == {}
    names = set(git(setup).files(await client(setup).head()))
    assert "run.py" in names and FILE not in names
    assert len(await client(setup).runs()) == 1
    assert (await setup.practice.call("GET", "/resourceGroups/rg-orders-dev")).status == 404


async def test_what_the_answers_no_longer_name_goes_with_the_setup(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    assert (await setup.recovered(pipeline.CONTRIBUTION))["build"] == "github"
    setup.tables["pipeline"] = {"build": "existing", "image": "orders-api", "tag": "latest"}
    plan = await with_cleanup(await setup.plan(*ALL), (pipeline.CONTRIBUTION,))
    assert "Variables of the repository" in plan.notes[0]
    assert (await setup.undo(plan)).failed == 0, setup.events
    assert await variables(setup) == {} and FILE not in git(setup).files(await client(setup).head())


async def test_where_answers_are_lost_nothing_is_made_twice(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)
    setup.practice.cloud.faults.add(["disconnect:0.15"])
    for _attempt in range(4):
        if (await setup.apply(*ALL)).outcome != "failed":
            break
    setup.practice.cloud.faults.clear()
    assert (await setup.apply(*ALL)).outcome == "unchanged", setup.events
    assert len(await client(setup).runs()) == 1
