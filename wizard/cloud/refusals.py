"""Azure's refusals in plain words: what each error code means here, and the next move (errors.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError

from wizard.cloud.errors import CloudError, Kind, SignInError
from wizard.language import N_, _


@dataclass(frozen=True)
class Refusal:
    """Azure's answer, taken apart: `detail` is the innermost code and message, which says the real reason."""

    code: str
    message: str
    target: str
    details: tuple[tuple[str, str], ...]
    body: Mapping[str, Any]

    @property
    def codes(self) -> list[str]:
        """From the most particular to the most general."""
        return [code for code, _words in reversed(self.details)] + [self.code]


@dataclass(frozen=True)
class Rule:
    """What is said of a code; `sentence` and `remedy` may name ``{message}``, ``{target}`` and what `pattern` finds in Azure's words."""

    kind: Kind
    sentence: str
    remedy: str
    pattern: str = ""


RULES: dict[str, Rule] = {
    "AuthorizationFailed": Rule(
        Kind.AUTHORIZATION,
        N_("You may not do this: {action} on {scope}."),
        N_("Ask an owner of it for a role that allows this. A role given a moment ago needs up to ten minutes to take effect."),
        r"perform action '(?P<action>[^']+)'.*?(?:over|at) scope '(?P<scope>[^']+)'",
    ),
    "ForbiddenByRbac": Rule(
        Kind.AUTHORIZATION,
        N_("You may not do this in the key vault: {action}."),
        N_("It takes a role on the vault, such as Key Vault Administrator; a role given a moment ago needs some minutes to take effect."),
        r"Action: '(?P<action>[^']+)'\s+Resource: '(?P<scope>[^']+)'",
    ),
    "ForbiddenByFirewall": Rule(
        Kind.POLICY,
        N_("The key vault's firewall does not let this computer in."),
        N_("Ask the vault's owner to allow your address under Networking."),
    ),
    "RequestDisallowedByPolicy": Rule(
        Kind.POLICY,
        N_("Your organization's rule “{policy}” forbids it: {target}."),
        N_("Ask whoever manages Azure policies for an exemption, or choose what the rule allows."),
    ),
    "MissingSubscriptionRegistration": Rule(
        Kind.NOT_REGISTERED,
        N_("Your subscription has not switched on the service {namespace} (a resource provider)."),
        N_("Let the wizard register it, or ask an owner of the subscription to; it takes some minutes."),
        r"namespace '(?P<namespace>[^']+)'",
    ),
    "SubscriptionNotFound": Rule(
        Kind.SUBSCRIPTION,
        N_("The subscription {subscription} was not found by Azure."),
        N_("Choose another under Sign in; a new subscription needs some minutes before it can be used."),
        r"subscription '(?P<subscription>[^']+)'",
    ),
    "ReadOnlyDisabledSubscription": Rule(
        Kind.SUBSCRIPTION,
        N_("The subscription is disabled, so nothing can be made in it; a trial may have ended or its credit may be used up."),
        N_("Re-enable it in the Azure portal under Subscriptions, or choose another under Sign in."),
    ),
    "InvalidAuthenticationTokenTenant": Rule(
        Kind.SIGN_IN,
        N_("You are signed in to another organization (tenant) than the one this subscription belongs to."),
        N_('Set tenant = "{tenant}" under [sign_in] and sign in again.'),
        r"must match (?:the tenant|one of the tenants) 'https://sts\.windows\.net/(?P<tenant>[^/']+)",
    ),
    "ExpiredAuthenticationToken": Rule(
        Kind.SIGN_IN, N_("Your sign-in has expired."), N_("Sign in again, then do the same again; it goes on from there.")
    ),
    "ConflictError": Rule(
        Kind.SOFT_DELETED,
        N_("A key vault of this name was deleted and is still kept by Azure, which holds the name."),
        N_("Recover it (az keyvault recover), purge it (az keyvault purge), or choose another name."),
        r"deleted state",
    ),
    "FlagMustBeSetForRestore": Rule(
        Kind.SOFT_DELETED,
        N_("Something of this name was deleted and is still kept by Azure, which holds the name."),
        N_("Recover or purge it, or choose another name."),
    ),
    "ObjectIsDeletedButRecoverable": Rule(
        Kind.SOFT_DELETED,
        N_("A secret of this name was deleted and is still kept by the vault: {message}"),
        N_("Recover it (az keyvault secret recover) and do the same again."),
    ),
    "LinkedAuthorizationFailed": Rule(
        Kind.AUTHORIZATION,
        N_("You may not use something that this needs: {linked} on {scope}."),
        N_("Ask an owner of it for a role that allows this."),
        r"perform action\(s\) '(?P<linked>[^']+)' on the linked scope\(s\) '(?P<scope>[^']+)'",
    ),
    "TasksOperationsNotAllowed": Rule(
        Kind.QUOTA,
        N_("This subscription may not build images in its registry: free and trial subscriptions are refused."),
        N_('Use a pay-as-you-go subscription, or build the image elsewhere, push it, and set build = "existing" under [pipeline].'),
    ),
    "ResourceGroupBeingDeleted": Rule(
        Kind.BUSY, N_("The resource group is just being deleted."), N_("Wait until it is gone, then do the same again.")
    ),
    "InvalidResourceGroupLocation": Rule(
        Kind.REGION,
        N_("The resource group exists already, in another region: {message}"),
        N_("Use that region, or another name for the group."),
    ),
    "PrincipalNotFound": Rule(
        Kind.NOT_FOUND, N_("Azure does not know the new identity everywhere yet: {message}"), N_("Do the same again in a minute.")
    ),
    "KeyBasedAuthenticationNotPermitted": Rule(
        Kind.POLICY,
        N_("The storage account does not accept its key, which a mounted share needs."),
        N_("Ask for an exemption from the rule that forbids account keys, or do without shares."),
    ),
    "ScopeLocked": Rule(Kind.POLICY, N_("A lock forbids it: {message}"), N_("Remove the lock in the Azure portal, or ask whoever set it.")),
}

FAMILIES: dict[Kind, tuple[set[str], str, str]] = {
    Kind.QUOTA: (
        {
            "MaxNumberOfRegionalEnvironmentsInSubExceeded",
            "MaxNumberOfGlobalEnvironmentsInSubExceeded",
            "MaxNumberOfEnvironmentsInSubExceeded",
            "MaxNumberOfEnvsExceeded",
            "QuotaExceeded",
            "StorageAccountCountExceeded",
        },
        N_("Your subscription's limit (quota) is reached: {message}"),
        N_("Use an existing one (existing = true), choose another region, or ask Azure for a higher limit."),
    ),
    Kind.REGION: (
        {
            "ManagedEnvironmentNoAvailableCapacityInRegion",
            "LocationNotAvailableForResourceType",
            "LocationNotAvailableForResourceGroup",
            "NoRegisteredProviderFound",
            "SkuNotAvailable",
        },
        N_("The region cannot take it: {message}"),
        N_("Choose another region under Your API."),
    ),
    Kind.NAME_TAKEN: (
        {"StorageAccountAlreadyTaken", "AlreadyInUse", "VaultAlreadyExists", "StorageAccountAlreadyExists"},
        N_("The name is taken by someone else: {message}"),
        N_("Choose another name; the wizard offers one with a short ending."),
    ),
    Kind.BUSY: (
        {
            "ContainerAppOperationInProgress",
            "ManagedEnvironmentOperationInProgress",
            "AnotherOperationInProgress",
            "OperationInProgress",
            "ManagedEnvironmentNotProvisioned",
            "ManagedEnvironmentNotReadyForAppCreation",
        },
        N_("Azure is still busy with it: {message}"),
        N_("Do the same again in a minute."),
    ),
    Kind.NOT_FOUND: (
        {
            "ResourceNotFound",
            "ResourceGroupNotFound",
            "ParentResourceNotFound",
            "ManagedEnvironmentStorageNotFound",
            "ShareNotFound",
            "SecretNotFound",
            "RoleAssignmentNotFound",
            "DeletedVaultNotFound",
        },
        N_("It is not there: {message}"),
        N_("Make a new plan to see what is missing."),
    ),
    Kind.ALREADY: ({"RoleAssignmentExists"}, N_("It is there already: {message}"), N_("Nothing to do.")),
    Kind.THROTTLED: (
        {"SubscriptionRequestsThrottled", "ResourceRequestsThrottled", "TooManyRequests", "Throttled"},
        N_("Azure asks to slow down: {message}"),
        N_("Wait a little, then do the same again; it goes on from there."),
    ),
    Kind.SERVER: (
        {"InternalServerError", "BadGatewayConnection", "GatewayTimeout", "ServiceUnavailable", "ServerTimeout"},
        N_("Azure itself had trouble: {message}"),
        N_("Do the same again; it goes on from there. https://azure.status.microsoft shows whether Azure knows of it."),
    ),
}

BY_STATUS: dict[int, Kind] = {401: Kind.SIGN_IN, 403: Kind.AUTHORIZATION, 404: Kind.NOT_FOUND, 409: Kind.BUSY, 429: Kind.THROTTLED}


def explain(error: HttpResponseError) -> CloudError:
    """A refusal as a `CloudError`. The code decides, innermost first; the status only where the code is unknown."""
    refusal = take_apart(error)
    if refusal.body.get("error_description") or _is_sign_in_answer(error):
        return explain_sign_in(error)
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    azure: dict[str, Any] = {
        "code": refusal.code,
        "message": refusal.message,
        "status": error.status_code,
        "correlation_id": headers.get("x-ms-correlation-request-id") or headers.get("x-ms-request-id") or "",
        "target": refusal.target,
        "details": refusal.details,
    }
    for code in refusal.codes:
        rule = RULES.get(code) or _family_rule(code)
        if rule is not None:
            return _apply(rule, refusal, azure)
    return _by_status(error.status_code or 0, refusal, azure)


def take_apart(error: HttpResponseError) -> Refusal:
    """Code, message, target and details of Azure's answer, in each of the shapes that its services use (errors.md, envelope facts)."""
    body = _body(error)
    inner: dict[str, Any] = body
    if isinstance(body.get("error"), dict):
        inner = body["error"]
    elif isinstance(body.get("errors"), list) and body["errors"]:  # the registry's data plane
        inner = body["errors"][0]
    code, message = str(inner.get("code") or ""), str(inner.get("message") or "")
    if not code and error.error is not None:
        code, message = str(error.error.code or ""), str(error.error.message or "")
    return Refusal(
        code=code or str(error.reason or ""),
        message=message or str(error.message or ""),
        target=str(inner.get("target") or ""),
        details=tuple(_details(inner)),
        body=inner,
    )


def _body(error: HttpResponseError) -> dict[str, Any]:
    try:
        text = error.response.text() if error.response is not None else ""
        body = json.loads(text)
    except (AzureError, ValueError, AttributeError):
        return {}
    return body if isinstance(body, dict) else {}


def _details(inner: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Nested codes, outermost first."""
    found: list[tuple[str, str]] = []
    nested = inner.get("innererror")
    for child in [*(inner.get("details") or []), *([nested] if isinstance(nested, dict) else [])]:
        if isinstance(child, dict) and child.get("code"):
            found.append((str(child["code"]), str(child.get("message") or inner.get("message") or "")))
            found += _details(child)
    return found


def _family_rule(code: str) -> Rule | None:
    return next((Rule(kind, sentence, remedy) for kind, (codes, sentence, remedy) in FAMILIES.items() if code in codes), None)


def _apply(rule: Rule, refusal: Refusal, azure: dict[str, Any]) -> CloudError:
    words = next((message for code, message in reversed(refusal.details) if RULES.get(code) is rule), refusal.message)
    found = re.search(rule.pattern, words, re.DOTALL) if rule.pattern else None
    holes = {
        "message": words,
        "target": refusal.target or words,
        "policy": _policy_name(refusal),
        **(found.groupdict() if found else {}),
    }
    action, scope = holes.get("action") or holes.get("linked") or "", holes.get("scope", "")
    make: Callable[..., CloudError] = CloudError
    arguments: tuple[Any, ...] = (rule.kind,)
    if rule.kind is Kind.SIGN_IN:
        make, arguments = SignInError, ()
    if rule.pattern and found is None:
        return make(*arguments, words, _(rule.remedy) if "{" not in rule.remedy else "", **azure)
    return make(*arguments, _(rule.sentence).format(**holes), _(rule.remedy).format(**holes), **azure, action=action, scope=scope)


def _policy_name(refusal: Refusal) -> str:
    for extra in refusal.body.get("additionalInfo") or []:
        info = extra.get("info") if isinstance(extra, dict) else None
        if isinstance(info, dict):
            name = info.get("policyDefinitionDisplayName") or info.get("policyAssignmentDisplayName") or info.get("policyDefinitionName")
            if name:
                return str(name)
    for member in ("policyDefinition", "policyAssignment"):
        found = re.search(rf'"{member}":\{{"name":"([^"]+)"', refusal.message)
        if found:
            return found[1]
    return _("of an unknown name")


def _by_status(status: int, refusal: Refusal, azure: dict[str, Any]) -> CloudError:
    if status == 401:
        return SignInError(_("Azure did not accept your sign-in: {message}").format(message=refusal.message), _("Sign in again."), **azure)
    kind = BY_STATUS.get(status, Kind.SERVER if status >= 500 else Kind.INVALID if status in (200, 400, 422) else Kind.OTHER)
    family = FAMILIES.get(kind)
    remedy = _(family[2]) if family else _("Correct what Azure names, then do the same again; it goes on from there.")
    if kind is Kind.AUTHORIZATION:
        remedy = _(RULES["AuthorizationFailed"].remedy)
    words = refusal.message or refusal.code or _("no reason given")
    return CloudError(kind, _("Azure refused: {message}").format(message=words), remedy, **azure)


def _is_sign_in_answer(error: HttpResponseError) -> bool:
    url = str(getattr(getattr(error.response, "request", None), "url", ""))
    return "/oauth2/" in url and ".azurecr." not in url


SIGN_IN: tuple[tuple[str, str, str], ...] = (
    (
        r"az login|Azure CLI not found|not found on path",
        N_("The Azure CLI (az) is not installed, or nobody is signed in with it."),
        N_("Run az login, or choose another way under Sign in: browser or device-code."),
    ),
    (
        r"Environment variables are not fully configured|EnvironmentCredential",
        N_("The environment holds no complete account."),
        N_("Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or choose another way under Sign in."),
    ),
    (
        r"AADSTS7000215|AADSTS7000222|invalid_client",
        N_("The secret of the service principal is wrong or has expired."),
        N_("Make a new one (az ad sp credential reset) and put it into AZURE_CLIENT_SECRET."),
    ),
    (r"AADSTS700016", N_("The organization does not know this application."), N_("Check AZURE_CLIENT_ID and AZURE_TENANT_ID.")),
    (r"AADSTS90002", N_("There is no organization (tenant) of that name."), N_("Check tenant under [sign_in].")),
    (
        r"AADSTS50076|AADSTS50079|AADSTS53003|AADSTS50199|AADSTS530033|AADSTS50158",
        N_("Your organization asks for more than this way of signing in can give, such as a second factor or a managed device."),
        N_('Use az login in a browser on this computer, then credential = "azure-cli".'),
    ),
    (
        r"AADSTS700082|AADSTS50173|AADSTS70043|AADSTS50078|invalid_grant|interaction_required",
        N_("Your earlier sign-in is no longer valid."),
        N_("Sign in again (az login)."),
    ),
    (
        r"Failed to open a browser|Timed out after waiting|code_expired|AADSTS70020|expired_token|authorization_declined",
        N_("Signing in was not completed in time."),
        N_("Start again; without a browser on this computer choose device-code."),
    ),
)


def explain_sign_in(error: AzureError) -> SignInError:
    """A refusal by the sign-in service, or by what stands in for it on this computer."""
    words = str(error.message or error)
    if isinstance(error, HttpResponseError):
        words = str(_body(error).get("error_description") or words)
    response = getattr(error, "response", None)
    azure: dict[str, Any] = {"message": words, "status": getattr(response, "status_code", None)}
    code = re.search(r"AADSTS\d+", words)
    azure["code"] = code[0] if code else ""
    for pattern, sentence, remedy in SIGN_IN:
        if re.search(pattern, words, re.IGNORECASE):
            return SignInError(_(sentence), _(remedy), **azure)
    first_line = words.strip().splitlines()[0] if words.strip() else _("no reason given")
    return SignInError(_("Signing in did not work: {words}").format(words=first_line), _("Sign in again."), **azure)
