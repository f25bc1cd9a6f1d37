"""Azure DevOps as the wizard calls it: what it finds, and what an answer that is no answer is told as."""

import pytest

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.cloud.services.devops import DevOpsClient, personal_token
from wizard.cloud.transport.practice_process import read
from wizard.sections.pipeline import Pipeline
from wizard.sections.project import Project
from wizard.setup.answers import Answers
from wizard.state.choices import LIVE


async def test_what_there_is_to_choose_from_is_listed(cloud):
    devops = cloud.devops("contoso")
    assert await devops.organizations() == ["contoso"]
    assert [project["name"] for project in await devops.projects()] == ["orders"]
    assert [repository["name"] for repository in await devops.repositories("orders")] == ["orders-api"]


async def test_the_questions_offer_them_as_lists(cloud):
    pipeline = Pipeline(build="azure-devops", organization="contoso", project="orders")
    answers = Answers(project=Project(name="orders"), pipeline=pipeline)
    offered = [
        [choice.value async for page in LIVE[f"pipeline.{key}"](cloud, answers) for choice in page]
        for key in ("organization", "project", "repository")
    ]
    assert offered == [["contoso"], ["orders"], ["orders-api"]]


async def test_a_commit_goes_out_and_is_read_again(cloud):
    devops = cloud.devops("contoso")
    change = {"changeType": "add", "item": {"path": "/a b.txt"}, "newContent": {"content": "é\n", "contentType": "rawtext"}}
    commit = await devops.push("orders", "orders-api", "refs/heads/a", "0" * 40, "First", [change])
    assert (await devops.branches("orders", "orders-api"))["refs/heads/a"] == commit
    assert list(await devops.files("orders", "orders-api", commit)) == ["a b.txt"]
    assert await devops.text("orders", "orders-api", commit, "a b.txt") == "é\n"
    assert await devops.comment("orders", "orders-api", commit) == "First"
    with pytest.raises(CloudError) as refused:
        await devops.push("orders", "orders-api", "refs/heads/a", "0" * 40, "Again", [{**change, "item": {"path": "/c"}}])
    assert (refused.value.kind, refused.value.code) == (ErrorKind.ALREADY, "GitReferenceStaleException")


def with_token(cloud, token: str) -> DevOpsClient:
    signed_in = cloud.devops("contoso")
    return DevOpsClient(signed_in._pipeline, signed_in._credential, "contoso", token)


async def test_the_sign_in_page_is_a_missing_right_although_its_status_is_203(cloud):
    with pytest.raises(CloudError) as refused:
        await with_token(cloud, "wrong").projects()
    assert (refused.value.kind, refused.value.status) == (ErrorKind.AUTHORIZATION, 203)
    assert "AZURE_DEVOPS_EXT_PAT" in refused.value.remedy and "wrong" not in str(refused.value)
    assert "expired" in refused.value.remedy and "Code (Read & write)" in refused.value.remedy


async def test_where_the_organisations_are_not_told_one_can_be_written(cloud):
    signed_in = cloud.devops("")
    with pytest.raises(CloudError) as refused:
        await DevOpsClient(signed_in._pipeline, signed_in._credential, "", "wrong").organizations()
    assert refused.value.kind is ErrorKind.AUTHORIZATION and "Write organization under" in refused.value.remedy


async def test_a_personal_access_token_is_taken(cloud):
    info = read()
    assert info is not None
    assert [project["name"] for project in await with_token(cloud, info.client_secret).projects()] == ["orders"]


async def test_a_personal_token_for_the_real_one_never_reaches_the_practice_cloud(cloud, monkeypatch):
    monkeypatch.setenv("AZURE_DEVOPS_EXT_PAT", "real")
    assert personal_token() == "real"
    assert await cloud.devops("contoso").organizations() == ["contoso"]


async def test_an_unknown_organization_is_told_by_its_name(cloud):
    with pytest.raises(CloudError) as refused:
        await cloud.devops("fabrikam").projects()
    assert refused.value.kind is ErrorKind.NOT_FOUND and "fabrikam" in refused.value.sentence
