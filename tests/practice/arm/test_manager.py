"""Azure Resource Manager's own checks, in its order and its words."""

import pytest

from tests.conftest import Practice, StartPractice
from wizard.practice.access.directory import USER
from wizard.practice.kernel.requests import Caller

GROUP = "/resourceGroups/rg-a"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-a"
ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-a"


def error(called):
    return called.status, called.body["error"]["code"], called.body["error"]["message"]


async def make_group(practice: Practice) -> None:
    assert (await practice.call("PUT", GROUP, {"location": "westeurope"})).status == 201


async def test_a_request_without_a_token_is_told_where_to_get_one(practice: Practice):
    async with practice.session.get("https://management.azure.com/subscriptions?api-version=2022-12-01") as response:
        assert response.status == 401
        assert f'authorization_uri="https://login.windows.net/{practice.cloud.tenant_id}"' in response.headers["WWW-Authenticate"]
        assert (await response.json())["error"]["code"] == "AuthenticationFailed"


async def test_an_expired_token_is_refused_in_azures_words(practice: Practice):
    practice.cloud.faults.add(["token-expiry:0"])
    refused = await practice.call("GET", "/resourceGroups")
    assert (refused.status, refused.body["error"]["code"]) == (401, "ExpiredAuthenticationToken")
    assert 'error_description="The access token has expired."' in refused.headers["WWW-Authenticate"]
    assert "is earlier than current UTC time" in refused.body["error"]["message"]


async def test_a_token_for_another_service_is_refused(practice: Practice):
    token = await practice.token("https://vault.azure.net")
    refused = await practice.call("GET", "/resourceGroups", headers={"Authorization": f"Bearer {token}"})
    assert (refused.status, refused.body["error"]["code"]) == (401, "InvalidAuthenticationTokenAudience")


async def test_a_token_of_another_tenant_names_both_tenants(practice: Practice, start_practice: StartPractice, tmp_path):
    tokens = practice.cloud.tokens
    foreign = tokens.sign({"aud": "https://management.azure.com", "iss": "https://sts.windows.net/other/", "oid": "x"}, 60)
    refused = await practice.call("GET", "/resourceGroups", headers={"Authorization": f"Bearer {foreign}"})
    status, code, message = error(refused)
    assert (status, code) == (401, "InvalidAuthenticationTokenTenant")
    assert message.startswith(
        f"The access token is from the wrong issuer 'https://sts.windows.net/other/'. It must match the tenant '{tokens.issuer}'"
    )


async def test_a_token_that_someone_else_signed_is_refused(practice: Practice, start_practice: StartPractice, tmp_path):
    stranger = await start_practice(home=tmp_path / "stranger")
    refused = await practice.call("GET", "/resourceGroups", headers={"Authorization": f"Bearer {await stranger.token()}"})
    assert error(refused) == (401, "InvalidAuthenticationToken", "The access token is invalid.")


async def test_an_api_version_is_required_and_must_be_one_that_azure_has(practice: Practice):
    headers = {"Authorization": f"Bearer {await practice.token()}"}
    url = f"https://management.azure.com{practice.scope}/resourceGroups"
    async with practice.session.get(url, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "MissingApiVersionParameter"
    assert (await practice.call("GET", "/resourceGroups", version="2024-11-01")).status == 200
    for unknown in ("1999-01-01", "abc"):
        refused = await practice.call("GET", "/resourceGroups", version=unknown)
        assert (refused.status, refused.body["error"]["code"]) == (400, "InvalidApiVersionParameter")
        assert f"'{unknown}' is invalid. The supported versions are '2025-04-01," in refused.body["error"]["message"]


async def test_an_unknown_version_of_a_provider_is_refused_with_those_there_are(practice: Practice):
    refused = await practice.call("GET", "/providers/Microsoft.App/containerApps", version="1999-01-01")
    assert (refused.status, refused.body["error"]["code"]) == (400, "NoRegisteredProviderFound")
    assert (
        "API version '1999-01-01' for type 'containerApps'. The supported api-versions are '2026-07-01, "
        in refused.body["error"]["message"]
    )


async def test_an_unknown_subscription_is_not_found(practice: Practice):
    refused = await practice.call("GET", "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups")
    assert error(refused) == (404, "SubscriptionNotFound", "The subscription '11111111-2222-3333-4444-555555555555' could not be found.")


async def test_a_disabled_subscription_is_read_only(practice: Practice):
    practice.cloud.faults.add(["subscription-disabled"])
    refused = await practice.call("PUT", GROUP, {"location": "westeurope"})
    assert error(refused)[:2] == (409, "ReadOnlyDisabledSubscription")
    assert (await practice.call("GET", "/resourceGroups")).status == 200
    assert (await practice.call("GET", "/subscriptions")).body["value"][0]["state"] == "Disabled"


async def test_a_missing_right_is_named_with_the_client_the_action_and_the_scope(practice: Practice):
    practice.cloud.faults.add(["account:reader"])
    refused = await practice.call("PUT", GROUP, {"location": "westeurope"})
    client, object_id = practice.description["client_id"], "c0ffee00-0000-4000-8000-000000000002"
    assert error(refused) == (
        403,
        "AuthorizationFailed",
        f"The client '{client}' with object id '{object_id}' does not have authorization to perform action "
        f"'Microsoft.Resources/subscriptions/resourceGroups/write' over scope '{practice.scope}/resourceGroups/rg-a' "
        "or the scope is invalid. If access was recently granted, please refresh your credentials.",
    )
    assert refused.headers["x-ms-failure-cause"] == "gateway"


async def test_the_right_is_asked_before_the_group_is_looked_for(practice: Practice):
    practice.cloud.faults.add(["account:reader"])
    assert error(await practice.call("PUT", VAULT, {"location": "westeurope"}))[:2] == (403, "AuthorizationFailed")
    practice.cloud.faults.clear()
    refused = await practice.call("PUT", VAULT, {"location": "westeurope"})
    assert error(refused) == (404, "ResourceGroupNotFound", "Resource group 'rg-a' could not be found.")


async def test_a_write_to_an_unregistered_provider_is_refused(start_practice: StartPractice):
    practice = await start_practice()
    await make_group(practice)
    refused = await practice.call("PUT", VAULT, {"location": "westeurope"})
    message = (
        "The subscription is not registered to use namespace 'Microsoft.KeyVault'. "
        "See https://aka.ms/rps-not-found for how to register subscriptions."
    )
    assert error(refused) == (409, "MissingSubscriptionRegistration", message)
    assert refused.body["error"]["details"] == [
        {"code": "MissingSubscriptionRegistration", "target": "Microsoft.KeyVault", "message": message}
    ]
    assert refused.headers["x-ms-failure-cause"] == "gateway"
    assert (await practice.call("GET", VAULT)).body["error"]["code"] == "ResourceNotFound"


async def test_a_type_is_refused_where_its_region_does_not_offer_it(practice: Practice):
    await make_group(practice)
    status, code, message = error(await practice.call("PUT", VAULT, {"location": "Nowhere"}))
    assert (status, code) == (400, "LocationNotAvailableForResourceType")
    assert message.startswith("The provided location 'Nowhere' is not available for resource type 'Microsoft.KeyVault/vaults'. List of ")
    assert error(await practice.call("PUT", VAULT, {}))[:2] == (400, "LocationRequired")
    assert error(await practice.call("PUT", ENVIRONMENT, {"location": "Germany North"}))[:2] == (400, "LocationNotAvailableForResourceType")


async def test_a_resource_cannot_move_to_another_region(practice: Practice):
    await make_group(practice)
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a"
    assert (await practice.call("PUT", identity, {"location": "westeurope"})).status == 201
    assert error(await practice.call("PUT", identity, {"location": "northeurope"}))[:2] == (409, "InvalidResourceLocation")


async def test_what_no_provider_has_is_an_unknown_type(practice: Practice):
    await make_group(practice)
    assert error(await practice.call("GET", f"{GROUP}/providers/Microsoft.Web/sites/x"))[:2] == (404, "InvalidResourceType")
    assert (await practice.call("POST", "/locations")).status == 405


async def test_a_body_that_is_no_json_is_refused(practice: Practice):
    headers = {"Authorization": f"Bearer {await practice.token()}", "Content-Type": "application/json"}
    url = f"https://management.azure.com{practice.scope}{GROUP}?api-version=2024-07-01"
    async with practice.session.put(url, data=b"{", headers=headers) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (400, "InvalidRequestContent")


@pytest.mark.breaks_practice
async def test_a_fault_of_ours_is_a_bare_500(practice: Practice):
    async def broken(request):
        raise RuntimeError("secret detail")

    practice.cloud.arm.add("GET", "/subscriptions/{subscription}/broken", broken)
    refused = await practice.call("GET", "/broken")
    assert error(refused) == (500, "InternalServerError", "An internal server error occurred.")
    assert refused.headers["x-azwizard-practice-fault"] == "true"  # so that no client of ours tries it again


async def test_every_answer_carries_ids_and_the_remaining_quota(practice: Practice):
    headers = {"x-ms-client-request-id": "mine", "x-ms-return-client-request-id": "true"}
    answer = await practice.call("GET", "/resourceGroups", headers={"Authorization": f"Bearer {await practice.token()}", **headers})
    assert answer.headers["x-ms-client-request-id"] == "mine"
    assert answer.headers["x-ms-request-id"] and answer.headers["x-ms-correlation-request-id"]
    assert int(answer.headers["x-ms-ratelimit-remaining-subscription-reads"]) > 0


async def test_a_signed_in_user_is_known_by_name(practice: Practice):
    issued = practice.cloud.tokens.issue(practice.cloud.directory.get(USER), "https://management.azure.com", client_id="cli")
    caller = practice.cloud.tokens.caller(f"Bearer {issued.token}", "https://management.azure.com")
    assert caller == Caller(USER, "cli", "you@practice.onmicrosoft.com", "User", practice.cloud.tenant_id)
    assert issued.expires_in == 3600


@pytest.mark.parametrize("host", ["unknown.vault.azure.net", "example.com"])
async def test_a_host_that_does_not_exist_has_no_certificate(practice: Practice, host):
    practice.session.connector._resolver.resolve = _anywhere(practice)  # a client that ignores the list of hosts
    with pytest.raises(OSError):
        await practice.session.get(f"https://{host}/")


def _anywhere(practice: Practice):
    async def resolve(host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": practice.server.port, "family": 2, "proto": 0, "flags": 0}]

    return resolve
