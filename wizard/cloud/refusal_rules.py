"""What is said of Azure's error codes and of the sign-in service's: one table, in plain words, with the next move (errors.md)."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.cloud.errors import Kind
from wizard.language import N_


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
        N_("You may not {deed} ({action} on {scope})."),
        N_("Ask an owner for a role that allows it, then do the same again. A role needs up to ten minutes to take effect."),
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
        N_("A rule of your organization (an Azure policy), “{policy}”, forbids to make {target} as this setup needs it."),
        N_("Ask whoever looks after Azure in your organization for an exemption for {target}, then do the same again."),
        r"Resource '(?P<target>[^']+)' was disallowed",
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
    "ManagedEnvironmentNoAvailableCapacityInRegion": Rule(
        Kind.REGION,
        N_("This region of Azure has no room for another place to run (a Container Apps environment) at the moment."),
        N_(
            "Do the same again later; or remove what was made (azwizard destroy), write another region under [project], and apply again. "
            "Or use a place to run that you have already: name and existing = true under [environment]."
        ),
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
            "LocationNotAvailableForResourceType",
            "LocationNotAvailableForResourceGroup",
            "NoRegisteredProviderFound",
            "SkuNotAvailable",
        },
        N_("The region cannot take it: {message}"),
        N_("Choose another region under [project]."),
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
