"""Azure's refusals, in the words that errors.md records, become sentences with a next move."""

import ssl

import aiohttp
import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError, ServiceResponseTimeoutError
from azure.identity import CredentialUnavailableError
from azure.mgmt.core.exceptions import ARMErrorFormat

from tests.cloud.errors.answers import FakeResponse
from tests.cloud.errors.refusals import SUB, TENANT, VAULT, authorization, linked
from wizard.cloud.errors.cloud_error import CloudError, ErrorKind, SignInError
from wizard.cloud.errors.translation import translate


def refusal(status, code, message, **more):
    body = {"error": {"code": code, "message": message, **more}}
    return HttpResponseError(response=FakeResponse(status, body), error_format=ARMErrorFormat)


AUTHORIZATION = authorization("Microsoft.App/register/action", "/subscriptions/s")
LINKED = linked("Microsoft.App/managedEnvironments/join/action")
POLICY = (
    "Resource 'stordersdev' was disallowed by policy. Policy identifiers: "
    '\'[{"policyAssignment":{"name":"Deny keys","id":"/p"},"policyDefinition":{"name":"No shared key","id":"/d"}}]\'.'
)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (
            refusal(403, "AuthorizationFailed", AUTHORIZATION),
            ErrorKind.AUTHORIZATION,
            ["Microsoft.App/register/action", "/subscriptions/s", "owner"],
        ),
        (
            refusal(403, "LinkedAuthorizationFailed", LINKED),
            ErrorKind.AUTHORIZATION,
            ["managedEnvironments/join/action", f"{SUB}/x"],
        ),
        (
            refusal(403, "Forbidden", VAULT, innererror={"code": "ForbiddenByRbac"}),
            ErrorKind.AUTHORIZATION,
            ["secrets/getSecret/action", "Key Vault Administrator"],
        ),
        (refusal(401, "InvalidAuthenticationTokenTenant", TENANT), ErrorKind.SIGN_IN, ["organization", 'tenant = "bbb"']),
        (
            refusal(401, "ExpiredAuthenticationToken", "The access token expiry UTC time ..."),
            ErrorKind.SIGN_IN,
            ["expired", "Sign in again"],
        ),
        (
            refusal(403, "RequestDisallowedByPolicy", POLICY, target="stordersdev"),
            ErrorKind.POLICY,
            ["No shared key", "stordersdev", "exemption"],
        ),
        (
            refusal(
                409,
                "MissingSubscriptionRegistration",
                "The subscription is not registered to use namespace 'Microsoft.App'. See https://aka.ms/rps-not-found",
                details=[{"code": "MissingSubscriptionRegistration", "target": "Microsoft.App", "message": "namespace 'Microsoft.App'"}],
            ),
            ErrorKind.NOT_REGISTERED,
            ["Microsoft.App", "register"],
        ),
        (refusal(404, "SubscriptionNotFound", "The subscription 'sss' could not be found."), ErrorKind.SUBSCRIPTION, ["sss", "Sign in"]),
        (
            refusal(
                409, "ConflictError", "A vault with the same name already exists in deleted state. You need to either recover or purge"
            ),
            ErrorKind.SOFT_DELETED,
            ["deleted", "purge"],
        ),
        (
            refusal(409, "AlreadyInUse", "The registry DNS name x.azurecr.io is already in use."),
            ErrorKind.NAME_TAKEN,
            ["x.azurecr.io", "another name"],
        ),
        (
            refusal(200, "MaxNumberOfRegionalEnvironmentsInSubExceeded", "cannot have more than 1 environments in West Europe."),
            ErrorKind.QUOTA,
            ["cannot have more than 1", "existing"],
        ),
        (
            refusal(
                200,
                "InvalidTemplateDeployment",
                "See inner errors",
                details=[{"code": "ManagedEnvironmentNoAvailableCapacityInRegion", "message": "No capacity available in this region"}],
            ),
            ErrorKind.REGION,
            ["another region"],
        ),
        (refusal(409, "RoleAssignmentExists", "The role assignment already exists."), ErrorKind.ALREADY, ["already"]),
        (refusal(429, "SubscriptionRequestsThrottled", "Please try again after '6' seconds."), ErrorKind.THROTTLED, ["slow down"]),
        (refusal(400, "SomethingNew", "Azure invented a new reason."), ErrorKind.INVALID, ["Azure invented a new reason."]),
        (refusal(503, "", "Over capacity"), ErrorKind.SERVER, ["Over capacity"]),
    ],
)
def test_a_refusal_names_the_thing_the_reason_and_the_next_move(error, kind, says):
    problem = translate(error)
    whole = f"{problem.sentence} {problem.remedy}"
    assert problem.kind is kind
    assert all(words in whole for words in says), whole
    assert problem.remedy
    assert problem.correlation_id == "c0ffee"
    assert problem.message


def test_the_action_and_the_scope_of_a_missing_right_are_kept_apart():
    problem = translate(refusal(403, "AuthorizationFailed", AUTHORIZATION))
    assert (problem.action, problem.scope) == ("Microsoft.App/register/action", "/subscriptions/s")


def test_a_failed_operation_is_known_by_its_code_although_its_status_is_200():
    problem = translate(refusal(200, "QuotaExceeded", "Operation could not be completed"))
    assert (problem.kind, problem.status, problem.code) == (ErrorKind.QUOTA, 200, "QuotaExceeded")


def test_the_bare_body_of_container_apps_is_understood():
    body = {"code": "ManagedEnvironmentNotProvisioned", "message": "The environment 'e' has not been provisioned successfully."}
    problem = translate(HttpResponseError(response=FakeResponse(400, body)))
    assert (problem.kind, problem.code) == (ErrorKind.BUSY, "ManagedEnvironmentNotProvisioned")


def test_the_registrys_list_of_errors_is_understood():
    body = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
    problem = translate(HttpResponseError(response=FakeResponse(401, body)))
    assert isinstance(problem, SignInError)
    assert problem.code == "UNAUTHORIZED"


def test_an_answer_that_is_no_json_is_still_a_refusal():
    response = FakeResponse(502, {})
    response._body = "<html>Bad Gateway</html>"
    assert translate(HttpResponseError(message="Bad Gateway", response=response)).kind is ErrorKind.SERVER


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (CredentialUnavailableError("Please run 'az login' to set up an account"), "az login"),
        (
            CredentialUnavailableError("EnvironmentCredential authentication unavailable. Environment variables are not fully configured."),
            "AZURE_",
        ),
        (ClientAuthenticationError("AADSTS7000215: Invalid client secret provided."), "AZURE_CLIENT_SECRET"),
        (ClientAuthenticationError("AADSTS50076: you must use multi-factor authentication"), "az login"),
        (ClientAuthenticationError("AADSTS90002: Tenant 'x' not found."), "tenant"),
        (ClientAuthenticationError("Something else\nTrace ID: 1"), "Something else"),
    ],
)
def test_a_failed_sign_in_says_how_to_sign_in(error, says):
    problem = translate(error)
    assert isinstance(problem, SignInError)
    assert says in f"{problem.sentence} {problem.remedy}"


def caused(outer, inner):
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (
            caused(ServiceRequestError("x"), ssl.SSLCertVerificationError("self-signed certificate in chain")),
            ErrorKind.CERTIFICATE,
            "SSL_CERT_FILE",
        ),
        (ServiceResponseTimeoutError("timed out"), ErrorKind.TIMEOUT, "again"),
        (aiohttp.ServerDisconnectedError(), ErrorKind.CONNECTION, "again"),
        (OSError("no route"), ErrorKind.CONNECTION, "no route"),
    ],
)
def test_trouble_on_the_way_says_where_and_what_to_try(error, kind, says):
    problem = translate(error)
    assert problem.kind is kind
    assert says in f"{problem.sentence} {problem.remedy}"


def test_a_mistake_of_our_own_is_not_dressed_up_as_azures():
    with pytest.raises(KeyError):
        translate(KeyError("x"))


def test_a_known_problem_stays_as_it_is():
    problem = CloudError(ErrorKind.QUOTA, "a", "b")
    assert translate(problem) is problem
