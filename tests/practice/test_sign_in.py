"""The sign-in host: secrets, device codes, browsers; Graph's few answers."""

import asyncio
import base64
import hashlib
import html
import re
import urllib.parse

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError

from tests.conftest import Practice, StartPractice
from wizard.practice.access.directory import CLIENT_ID, USER

CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
LOGIN = "https://login.microsoftonline.com"


async def post(practice: Practice, place: str, **form: str):
    async with practice.session.post(f"{LOGIN}/{practice.cloud.tenant_id}/oauth2/v2.0/{place}", data=form) as response:
        return response.status, await response.json()


async def test_a_service_principal_gets_a_signed_token_for_what_it_asked(practice: Practice):
    token = await practice.token("https://vault.azure.net")
    async with practice.session.get(f"{LOGIN}/{practice.cloud.tenant_id}/discovery/v2.0/keys") as response:
        (key,) = (await response.json())["keys"]
    claims = jwt.decode(token, jwt.PyJWK(key), audience="https://vault.azure.net", algorithms=["RS256"])
    assert claims["iss"] == f"https://sts.windows.net/{practice.cloud.tenant_id}/"
    assert (claims["appid"], claims["tid"], claims["idtyp"]) == (CLIENT_ID, practice.cloud.tenant_id, "app")


async def test_a_wrong_secret_is_an_invalid_client(practice: Practice):
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215: Invalid client secret provided"):
        await practice.credential(client_secret="wrong").get_token("https://management.azure.com/.default")
    status, body = await post(
        practice,
        "token",
        grant_type="client_credentials",
        client_id=CLIENT_ID,
        client_secret="wrong",
        scope="https://management.azure.com/.default",
    )
    assert (status, body["error"], body["error_codes"]) == (401, "invalid_client", [7000215])


@pytest.mark.parametrize(
    ("changed", "number"),
    [({"tenant_id": "11111111-2222-3333-4444-555555555555"}, 90002), ({"client_id": "11111111-2222-3333-4444-555555555555"}, 700016)],
)
async def test_an_unknown_tenant_or_application_is_named(practice: Practice, changed, number):
    with pytest.raises(ClientAuthenticationError, match=f"AADSTS{number}"):
        await practice.credential(**changed).get_token("https://management.azure.com/.default")


async def test_an_unknown_resource_is_refused(practice: Practice):
    with pytest.raises(ClientAuthenticationError, match="AADSTS500011"):
        await practice.credential().get_token("https://example.com/.default")


@pytest.mark.parametrize("tenant", ["common", "organizations", "practice.onmicrosoft.com"])
async def test_discovery_names_every_endpoint_under_the_tenant_asked_for(practice: Practice, tenant):
    async with practice.session.get(f"{LOGIN}/{tenant}/v2.0/.well-known/openid-configuration") as response:
        body = await response.json()
    assert body["issuer"] == f"{LOGIN}/{practice.cloud.tenant_id}/v2.0"
    assert body["token_endpoint"] == f"{LOGIN}/{tenant}/oauth2/v2.0/token"
    assert {"authorization_endpoint", "device_authorization_endpoint", "jwks_uri"} <= set(body)


async def test_a_device_code_waits_until_it_is_approved(practice: Practice):
    _, begun = await post(practice, "devicecode", client_id=CLI, scope="https://management.azure.com/.default offline_access openid")
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": CLI, "device_code": begun["device_code"]}
    assert begun["user_code"] in begun["message"] and begun["interval"] >= 1
    status, pending = await post(practice, "token", **form)
    assert (status, pending["error"]) == (400, "authorization_pending")
    assert not practice.server._sign_in.approve("WRONG")
    assert practice.server._sign_in.approve(begun["user_code"].lower())
    status, tokens = await post(practice, "token", **form)
    assert status == 200 and {"access_token", "refresh_token", "id_token", "client_info"} <= set(tokens)
    assert practice.cloud.tokens.caller(f"Bearer {tokens['access_token']}", "https://management.azure.com").object_id == USER
    assert (await post(practice, "token", **form))[1]["error"] == "bad_verification_code"


async def test_a_refresh_token_gives_tokens_for_another_service_even_after_a_restart(start_practice: StartPractice):
    practice = await start_practice()
    _, begun = await post(practice, "devicecode", client_id=CLI, scope="https://management.azure.com/.default")
    practice.server._sign_in.approve(begun["user_code"])
    _, tokens = await post(practice, "token", grant_type="device_code", client_id=CLI, device_code=begun["device_code"])
    await practice.server.close()
    again = await start_practice()
    form = {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": tokens["refresh_token"]}
    _, fresh = await post(again, "token", **form, scope="https://vault.azure.net/.default openid")
    assert again.cloud.tokens.caller(f"Bearer {fresh['access_token']}", "https://vault.azure.net").kind == "User"
    form["refresh_token"] = "unknown"
    status, refused = await post(again, "token", **form, scope="https://vault.azure.net/.default")
    assert (status, refused["error"], refused["error_codes"]) == (400, "invalid_grant", [700082])


async def test_a_browser_signs_in_with_a_code_that_only_its_asker_can_redeem(practice: Practice):
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    scope = "https://management.azure.com/.default"
    query = {"client_id": CLI, "redirect_uri": "http://localhost:8400", "state": "s", "code_challenge": challenge, "scope": scope}
    url = f"{LOGIN}/common/oauth2/v2.0/authorize?{urllib.parse.urlencode(query)}"
    redeem = {"grant_type": "authorization_code", "client_id": CLI, "redirect_uri": "http://localhost:8400"}

    async def code() -> str:
        word = practice.server._sign_in.one_time_word()
        async with practice.session.get(f"{url}&login_hint={word}", allow_redirects=False) as response:
            location = urllib.parse.urlsplit(response.headers["Location"])
            answer = dict(urllib.parse.parse_qsl(location.query))
            assert (response.status, location.netloc, answer["state"]) == (302, "localhost:8400", "s")
            return answer["code"]

    status, stolen = await post(practice, "token", **redeem, code=await code(), code_verifier="other")
    assert (status, stolen["error_codes"]) == (400, [501481])
    once = await code()
    status, tokens = await post(practice, "token", **redeem, code=once, code_verifier=verifier)
    assert status == 200 and tokens["id_token"]
    assert (await post(practice, "token", **redeem, code=once, code_verifier=verifier))[0] == 400
    word = practice.server._sign_in.one_time_word()
    async with practice.session.get(f"{url}&response_mode=form_post&login_hint={word}") as response:
        page = await response.text()
    assert 'action="http://localhost:8400"' in page and 'name="code"' in page
    elsewhere = url.replace("localhost%3A8400", "example.com")
    async with practice.session.get(elsewhere, allow_redirects=False) as response:
        assert (await response.json())["error_codes"] == [50011]


async def test_a_browser_without_a_word_of_the_owners_gets_no_code_until_the_owner_approves_it(practice: Practice):
    query = {"client_id": CLI, "redirect_uri": "http://localhost:8400", "state": "s", "scope": "https://vault.azure.net/.default"}
    url = f"{LOGIN}/common/oauth2/v2.0/authorize?{urllib.parse.urlencode(query)}"

    async def opened(address: str) -> tuple[int, str]:
        async with practice.session.get(address, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", "") or await response.text()

    for guessed in ("", "&login_hint=you@practice.onmicrosoft.com", "&approval=1", "&login_hint="):
        status, page = await opened(url + guessed)
        assert status == 200 and "azwizard practice approve" in page and "code=" not in page
    word = practice.server._sign_in.one_time_word()
    assert (await opened(f"{url}&login_hint={word}"))[0] == 302
    assert (await opened(f"{url}&login_hint={word}"))[0] == 200
    user_code = re.search(r"approve (\w+)", page)
    again = re.search(r"content=\"2;url=(\?[^\"]+)", page)
    assert user_code and again
    address = f"{LOGIN}/common/oauth2/v2.0/authorize{html.unescape(again[1])}"
    assert (await opened(address))[0] == 200
    assert practice.server._sign_in.approve(user_code[1])
    assert (await opened(address))[0] == 302
    assert (await opened(address))[0] == 200


async def graph(practice: Practice, method: str, path: str, token: str, **options):
    headers = {"Authorization": f"Bearer {token}"}
    async with practice.session.request(method, f"https://graph.microsoft.com{path}", headers=headers, **options) as response:
        return response.status, await response.json()


async def test_graph_knows_the_user_and_principals_and_refuses_the_rest(practice: Practice):
    own = await practice.token("https://graph.microsoft.com")
    user = practice.cloud.tokens.issue(practice.cloud.directory.get(USER), "https://graph.microsoft.com", client_id=CLI).token
    assert (await graph(practice, "GET", "/v1.0/me", user))[1]["id"] == USER
    assert (await graph(practice, "GET", "/v1.0/me", own))[0] == 400
    identity = practice.cloud.directory.add_managed_identity("capp-orders", "/subscriptions/x")
    _, found = await graph(practice, "POST", "/v1.0/directoryObjects/getByIds", own, json={"ids": [identity["object_id"], USER, "none"]})
    assert [item["id"] for item in found["value"]] == [identity["object_id"], USER]
    for text in (f"appId eq '{CLIENT_ID}'", f"servicePrincipalNames/any(c:c eq '{CLIENT_ID}')"):
        _, found = await graph(practice, "GET", "/v1.0/servicePrincipals", own, params={"$filter": text})
        assert [item["appId"] for item in found["value"]] == [CLIENT_ID]
    _, found = await graph(practice, "GET", f"/v1.0/servicePrincipals/{identity['object_id']}", own)
    assert (found["id"], found["servicePrincipalType"]) == (identity["object_id"], "ManagedIdentity")
    assert (await graph(practice, "GET", f"/v1.0/servicePrincipals/{USER}", own))[0] == 404
    status, refused = await graph(practice, "GET", "/v1.0/users", own)
    assert (status, refused["error"]["code"]) == (403, "Authorization_RequestDenied")
    status, refused = await graph(practice, "GET", "/v1.0/me", await practice.token())
    assert (status, refused["error"]["code"]) == (401, "InvalidAuthenticationToken")


async def test_the_sdks_device_code_credential_signs_in(practice: Practice):
    """azure-identity's own (synchronous) credential, through MSAL: practice-cloud.md section 1."""
    from azure.core.pipeline.transport import RequestsTransport
    from azure.identity import DeviceCodeCredential

    session = _requests_session(practice)

    def prompt(uri: str, code: str, expires: object) -> None:
        asyncio.run_coroutine_threadsafe(_approve(practice, code), loop).result(10)

    loop = asyncio.get_running_loop()
    transport = RequestsTransport(session=session, session_owner=False, connection_verify=practice.description["ca_file"])
    credential = DeviceCodeCredential(tenant_id=practice.cloud.tenant_id, prompt_callback=prompt, transport=transport)
    record = await asyncio.to_thread(credential.authenticate, scopes=["https://management.azure.com/.default"])
    assert record.username == "you@practice.onmicrosoft.com"


async def _approve(practice: Practice, code: str) -> None:
    assert practice.server._sign_in.approve(code)


def _requests_session(practice: Practice):
    """Requests to the real host names, on loopback, checked against the practice CA."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPSConnectionPool

    class Loopback(HTTPAdapter):
        def get_connection_with_tls_context(self, request, verify, proxies=None, cert=None):
            host = request.headers["Host"] = urllib.parse.urlsplit(request.url).hostname
            return HTTPSConnectionPool(
                "127.0.0.1", practice.server.port, ca_certs=practice.description["ca_file"], server_hostname=host, assert_hostname=host
            )

    session = requests.Session()
    session.mount("https://", Loopback())
    return session
