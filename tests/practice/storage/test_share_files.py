"""The files on a share over REST: signed with the account's key, and refused in Azure's words otherwise."""

import base64
import hmac
from email.utils import formatdate

import pytest

from tests.conftest import Practice
from tests.practice.helping import group
from tests.practice.storage.test_storage import ACCOUNT, GROUP, SHARE, connect, make

GROUP_PATH = f"resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts"
HOST = f"https://{ACCOUNT}.file.core.windows.net"
LATE = formatdate(timeval=1_000_000, usegmt=True)


class Signer:
    """Signs as "Authorize with Shared Key" says, spelled out here a second time so that one mistake is not made twice."""

    def __init__(self, practice: Practice, key: str) -> None:
        self.practice, self.key = practice, key

    async def send(self, method, path, body=b"", query="", date=None, account=ACCOUNT, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"x-ms-date": date or formatdate(usegmt=True), "x-ms-version": "2022-11-02", "Content-Type": "application/octet-stream"}
        own = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent) if name.startswith("x-ms-"))
        resource = f"/{ACCOUNT}/{path}" + "".join(f"\n{part.replace('=', ':')}" for part in sorted(query.split("&")) if part)
        text = f"{method}\n\n\n{len(body) or ''}\n\n{sent['Content-Type']}\n\n\n\n\n\n\n{own}{resource}"
        signature = base64.b64encode(hmac.digest(base64.b64decode(self.key), text.encode(), "sha256")).decode()
        sent["Authorization"] = f"SharedKey {account}:{signature}"
        return await self.call(method, path, body, query, sent)

    async def call(self, method, path, body=b"", query="", headers=None):
        url = f"{HOST}/{path}" + (f"?{query}" if query else "")
        async with self.practice.session.request(method, url, data=body or None, headers=headers) as answer:
            return answer.status, answer.headers.get("x-ms-error-code", ""), await answer.read()


@pytest.fixture
async def client(practice: Practice):
    await group(practice)
    async with connect(practice) as client:
        await make(client)
        await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
        yield client


@pytest.fixture
async def signer(practice: Practice, client) -> Signer:
    return Signer(practice, (await client.storage_accounts.list_keys(GROUP, ACCOUNT)).keys_property[0].value)


async def make_file(signer: Signer, path: str, content: bytes):
    created = await signer.send("PUT", f"{SHARE}/{path}", x_ms_type="file", x_ms_content_length=str(len(content)))
    if created[0] != 201:
        return created
    span = f"bytes=0-{len(content) - 1}"
    return await signer.send("PUT", f"{SHARE}/{path}", content, "comp=range", x_ms_range=span, x_ms_write="update")


async def test_a_file_is_made_filled_read_and_deleted_in_the_share_s_folder(practice: Practice, signer: Signer) -> None:
    assert (await make_file(signer, "probe.txt", b"still here"))[0] == 201
    folder = practice.cloud.home / "shares" / ACCOUNT / SHARE
    assert (folder / "probe.txt").read_bytes() == b"still here"
    (folder / "by-the-app.txt").write_text("written by a container")
    assert await signer.send("GET", f"{SHARE}/by-the-app.txt") == (200, "", b"written by a container")
    assert await signer.send("GET", f"{SHARE}/probe.txt", x_ms_range="bytes=6-9") == (206, "", b"here")
    assert (await signer.send("HEAD", f"{SHARE}/probe.txt"))[0] == 200
    assert (await signer.send("DELETE", f"{SHARE}/probe.txt"))[0] == 202
    assert (await signer.send("GET", f"{SHARE}/probe.txt"))[:2] == (404, "ResourceNotFound")
    assert not (folder / "probe.txt").exists()


@pytest.mark.parametrize(
    ("method", "path", "options", "expected"),
    [
        ("GET", "other-share/probe.txt", {}, (404, "ShareNotFound")),
        ("PUT", f"{SHARE}/no/folder.txt", {"x_ms_type": "file", "x_ms_content_length": "1"}, (404, "ParentNotFound")),
        ("PUT", f"{SHARE}/probe.txt", {"x_ms_type": "file"}, (400, "MissingRequiredHeader")),
        ("PUT", f"{SHARE}/a%22b", {"x_ms_type": "file", "x_ms_content_length": "1"}, (400, "InvalidResourceName")),
        ("PUT", f"{SHARE}/probe.txt", {"query": "comp=range", "x_ms_write": "update"}, (400, "InvalidHeaderValue")),
        ("DELETE", f"{SHARE}/probe.txt", {}, (404, "ResourceNotFound")),
        ("GET", SHARE, {"query": "comp=undelete&restype=share"}, (400, "UnsupportedQueryParameter")),
        ("GET", f"{SHARE}/absent", {"query": "comp=list&restype=directory"}, (404, "ResourceNotFound")),
        ("PUT", f"{SHARE}/no/folder", {"query": "restype=directory"}, (404, "ParentNotFound")),
        ("PATCH", f"{SHARE}/probe.txt", {}, (405, "UnsupportedHttpVerb")),
    ],
)
async def test_what_azure_files_refuses(signer: Signer, method: str, path: str, options, expected) -> None:
    assert (await signer.send(method, path, **options))[:2] == expected


async def test_a_range_must_fit_into_the_file(signer: Signer) -> None:
    await make_file(signer, "probe.txt", b"123")
    query = {"x_ms_range": "bytes=1-3", "x_ms_write": "update", "query": "comp=range"}
    assert (await signer.send("PUT", f"{SHARE}/probe.txt", b"456", **query))[:2] == (416, "InvalidRange")


async def test_a_link_that_a_container_made_leads_nowhere(practice: Practice, signer: Signer, tmp_path) -> None:
    (tmp_path / "outside.txt").write_text("not on the share")
    (practice.cloud.home / "shares" / ACCOUNT / SHARE / "link.txt").symlink_to(tmp_path / "outside.txt")
    assert (await signer.send("GET", f"{SHARE}/link.txt"))[:2] == (400, "InvalidResourceName")


async def test_only_a_present_key_of_the_account_signs(client, signer: Signer) -> None:
    assert (await signer.call("GET", f"{SHARE}/probe.txt"))[:2] == (401, "NoAuthenticationInformation")
    assert (await signer.send("GET", f"{SHARE}/probe.txt", account="someone"))[:2] == (403, "AuthenticationFailed")
    old = await signer.send("GET", f"{SHARE}/probe.txt", date=LATE)
    assert (old[:2], b"Request date header too old" in old[2]) == ((403, "AuthenticationFailed"), True)
    await client.storage_accounts.regenerate_key(GROUP, ACCOUNT, {"keyName": "key1"})
    rotated = await signer.send("GET", f"{SHARE}/probe.txt")
    assert (rotated[:2], b"The MAC signature found" in rotated[2]) == ((403, "AuthenticationFailed"), True)


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"allowSharedKeyAccess": False}, "KeyBasedAuthenticationNotPermitted"),
        ({"networkAcls": {"defaultAction": "Deny"}}, "AuthorizationFailure"),
        ({"publicNetworkAccess": "Disabled"}, "AuthorizationFailure"),
    ],
)
async def test_an_account_that_lets_nobody_in_says_why(client, signer: Signer, properties, code: str) -> None:
    await client.storage_accounts.update(GROUP, ACCOUNT, {"properties": properties})
    assert (await signer.send("GET", f"{SHARE}/probe.txt"))[:2] == (403, code)


async def test_the_host_is_there_once_the_account_is_made_and_gone_with_it(practice: Practice, client) -> None:
    assert f"{ACCOUNT}.file.core.windows.net" in practice.description["hosts"]
    await client.storage_accounts.delete(GROUP, ACCOUNT)
    assert f"{ACCOUNT}.file.core.windows.net" not in practice.description["hosts"]


async def test_shares_and_folders_are_listed_made_and_removed(practice: Practice, signer: Signer) -> None:
    folder = practice.cloud.home / "shares" / ACCOUNT / SHARE
    (folder / "a.txt").write_text("12345")
    assert (await signer.send("PUT", f"{SHARE}/made", query="restype=directory"))[0] == 201
    assert (await signer.send("PUT", f"{SHARE}/made", query="restype=directory"))[:2] == (409, "ResourceAlreadyExists")
    assert (await signer.send("GET", f"{SHARE}/made", query="restype=directory"))[0] == 200
    assert (await signer.send("GET", SHARE, query="restype=share"))[0] == 200
    assert (await signer.send("GET", "", query="comp=list"))[0] == 200
    assert (await signer.send("GET", SHARE, query="comp=list&restype=directory"))[0] == 200
    assert (await signer.send("DELETE", f"{SHARE}/made", query="restype=directory"))[0] == 202
    assert not (folder / "made").exists()


async def test_a_whole_share_is_made_changed_measured_and_deleted(practice: Practice, signer: Signer) -> None:
    share = "restype=share"
    assert (await signer.send("PUT", "logs", query=share, x_ms_share_quota="5", x_ms_meta_team="orders"))[0] == 201
    assert (await signer.send("PUT", "logs", query=share))[:2] == (409, "ShareAlreadyExists")
    assert (await signer.send("PUT", "logs", query=f"comp=properties&{share}", x_ms_share_quota="6"))[0] == 200
    shown = practice.cloud.store.collection("file_shares")[f"{practice.scope}/{GROUP_PATH}/{ACCOUNT}/logs"]
    assert (shown["properties"]["shareQuota"], shown["properties"]["metadata"]) == (6, {"team": "orders"})
    (practice.cloud.home / "shares" / ACCOUNT / "logs" / "a.log").write_bytes(b"12345")
    status, _code, stats = await signer.send("GET", "logs", query=f"comp=stats&{share}")
    assert (status, b"<ShareUsageBytes>5</ShareUsageBytes>" in stats) == (200, True)
    assert (await signer.send("GET", "logs", query=f"comp=acl&{share}"))[0] == 200
    assert (await signer.send("DELETE", "logs", query=share))[0] == 202
    assert (await signer.send("GET", "logs", query=share))[:2] == (404, "ShareNotFound")
    assert (await signer.send("PUT", "No_Name", query=share))[:2] == (400, "InvalidResourceName")
    assert (await signer.send("PUT", "logs", query=share, x_ms_share_quota="many"))[:2] == (400, "InvalidHeaderValue")


async def test_what_is_no_file_share_is_an_empty_list(practice: Practice, signer: Signer) -> None:
    for service, listed in (("blob", b"<Containers/>"), ("queue", b"<Queues/>")):
        url = f"https://{ACCOUNT}.{service}.core.windows.net/?comp=list"
        async with practice.session.get(url, headers={"Authorization": "SharedKey x:y"}) as answer:
            assert (answer.status, listed in await answer.read()) == (200, True)


async def test_a_token_opens_files_only_for_who_says_so_and_has_the_role(practice: Practice, signer: Signer) -> None:
    intent = {"x-ms-file-request-intent": "backup"}
    attempts = [
        (await practice.token("https://vault.azure.net"), intent, (401, "InvalidAuthenticationInfo")),
        (await practice.token("https://storage.azure.com"), {}, (400, "MissingRequiredHeader")),
        (await practice.token("https://storage.azure.com"), intent, (403, "AuthorizationPermissionMismatch")),
    ]
    for token, headers, expected in attempts:
        answer = await signer.call("GET", SHARE, query="restype=share", headers={"Authorization": f"Bearer {token}", **headers})
        assert answer[:2] == expected
