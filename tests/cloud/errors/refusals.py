"""Refusals of Azure, as errors.md has them recorded or quoted, and words that the advice on each must have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SUB = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"
MANY = "cannot have more than 1 Container App Environments. For more information, visit: https://go.microsoft.com/fwlink/?linkid=2208872"


def authorization(action: str, scope: str = SUB) -> str:
    return (
        f"The client 'ada@contoso.com' with object id 'o' does not have authorization to perform action '{action}' over scope '{scope}' "
        "or the scope is invalid. If access was recently granted, please refresh your credentials."
    )


def linked(action: str) -> str:
    return (
        "The client 'c' with object id 'o' has permission to perform action 'Microsoft.App/containerApps/write' on scope '/a'; however, it "
        f"does not have permission to perform action(s) '{action}' on the linked scope(s) '{SUB}/x' (respectively) or the linked scope(s) "
        "are invalid."
    )


def template(detail: str) -> str:
    return f"The following field(s) are either invalid or missing. {detail}"


VAULT = (
    "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed "
    "recently, please observe propagation time.\r\nCaller: appid=a;oid=o;iss=https://sts.windows.net/t/\r\nAction: "
    "'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '/subscriptions/s/vault'\r\nAssignment: (not found)\r\n"
)
TENANT = (
    "The access token is from the wrong issuer 'https://sts.windows.net/aaa/'. It must match the tenant 'https://sts.windows.net/bbb/' "
    "associated with this subscription. Please use the authority (URL) 'https://login.windows.net/bbb' to get the token."
)
PULL = (
    "Field 'template.containers.api.image' is invalid with details: 'Invalid value: \"r.azurecr.io/api:1\": GET "
    "https:?scope=repository%3Aapi%3Apull&service=r.azurecr.io: UNAUTHORIZED: authentication required, visit "
    "https://aka.ms/acr/authorization for more information.';."
)
NO_IMAGE = (
    "Field 'template.containers.api.image' is invalid with details: 'Invalid value: \"r.azurecr.io/api:2\": GET "
    'https://r.azurecr.io/v2/api/manifests/2: MANIFEST_UNKNOWN: manifest tagged by "2" is not found\';.'
)
REFERENCE = (
    "Field 'configuration.secrets' is invalid with details: 'Invalid value: \"jwt-key\": Unable to get value using Managed identity system "
    "for secret jwt-key. Error: unable to fetch secret 'jwt-key' using Managed identity 'system'';."
)
TOTAL = (
    "The total requested CPU and memory resources for this application (CPU: 0.5, memory: 0.5Gi) is invalid. Total CPU and memory for all "
    "containers defined in a Container App must add up to one of the following CPU - Memory combinations: [cpu: 0.25, memory: 0.5Gi]"
)


NOT_REGISTERED = "The subscription is not registered to use namespace 'Microsoft.App'. See https://aka.ms/rps-not-found for how"
DELETED_VAULT = "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault."
NO_PURGE = (
    'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it'
)


@dataclass(frozen=True)
class Quoted:
    """One of Azure's answers. `entry` is its number in errors.md, "" for one that only the wizard's own rules know."""

    entry: str
    status: int
    code: str
    message: str
    says: str
    more: dict[str, Any] = field(default_factory=dict)


def inside(code: str, message: str) -> dict[str, Any]:
    return {"details": [{"code": code, "message": message}]}


def looked_at(path: str, value: Any, target: Any, operator: str) -> dict[str, Any]:
    """What a policy that gives no reason looked at, beside its refusal."""
    expression = {"result": "False", "expressionKind": "Field", "path": path, "expressionValue": value, "targetValue": target}
    info = {"policyDefinitionDisplayName": "A rule", "evaluationDetails": {"evaluatedExpressions": [{**expression, "operator": operator}]}}
    return {"additionalInfo": [{"type": "PolicyViolation", "info": info}]}


REFUSALS = [
    Quoted("1", 401, "ExpiredAuthenticationToken", "The access token expiry UTC time '1' is earlier than current UTC time '2'.", "expired"),
    Quoted("2", 401, "InvalidAuthenticationTokenTenant", TENANT, 'tenant = "bbb"'),
    Quoted("3", 404, "SubscriptionNotFound", "The subscription 'sss' could not be found.", "sss"),
    Quoted("4", 409, "ReadOnlyDisabledSubscription", "The subscription 's' is disabled and therefore marked as read only.", "Re-enable"),
    Quoted("7", 403, "AuthorizationFailed", authorization("Microsoft.Resources/dataBoundaries/write"), "dataBoundaries/write"),
    Quoted("7a", 403, "AuthorizationFailed", authorization("Microsoft.App/register/action"), "register it once"),
    Quoted(
        "7b", 403, "AuthorizationFailed", authorization("Microsoft.Authorization/roleAssignments/write"), "Access Control Administrator"
    ),
    Quoted(
        "7c",
        403,
        "AuthorizationFailed",
        authorization("Microsoft.App/locations/containerappOperationStatuses/read"),
        "Reader on the subscr",
    ),
    Quoted(
        "7d",
        403,
        "InvalidTemplateDeployment",
        "Authorization failed for template resource 'x' of type 'Microsoft.Authorization/roleAssignments'. The client 'c' with object 'o' "
        f"does not have permission to perform action 'Microsoft.Authorization/roleAssignments/write' at scope '{SUB}'.",
        "The template",
    ),
    Quoted("8", 403, "LinkedAuthorizationFailed", linked("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"), "Operator"),
    Quoted("8", 403, "LinkedAuthorizationFailed", linked("Microsoft.App/managedEnvironments/join/action"), "managedEnvironments/join"),
    Quoted("9", 400, "PrincipalNotFound", "Principal 0b1f does not exist in the directory t. Check that you have the correct", "a minute"),
    Quoted("10", 409, "RoleAssignmentExists", "The role assignment already exists.", "Nothing to do"),
    Quoted("11", 404, "RoleAssignmentNotFound", "The role assignment 'x' is not found.", "taken away"),
    Quoted("11", 404, "RoleDefinitionDoesNotExist", "The specified role definition with ID 'x' does not exist.", "does not know the role"),
    Quoted("12", 400, "FailedIdentityOperation", "Identity operation for resource 'x' failed with error 'Failed to", "identity"),
    Quoted("13", 409, "MissingSubscriptionRegistration", NOT_REGISTERED, "Microsoft.App"),
    Quoted("14", 400, "NoRegisteredProviderFound", "No registered resource provider found for location 'x'", "register"),
    Quoted("15", 400, "LocationNotAvailableForResourceGroup", "The provided location 'x' is not available for resource group.", "region"),
    Quoted("16", 400, "LocationNotAvailableForResourceType", "The provided location 'x' is not available for resource type 'y'.", "region"),
    Quoted(
        "17",
        400,
        "DeploymentFailed",
        "See details",
        "Use that region",
        inside("InvalidResourceGroupLocation", "Invalid resource group location 'x'. The Resource group already exists in location 'y'."),
    ),
    Quoted(
        "18",
        409,
        "DeploymentFailed",
        "See details",
        "being deleted",
        inside("ResourceGroupBeingDeleted", "The resource group 'x' is in deprovisioning state and cannot perform this operation."),
    ),
    Quoted("19", 400, "MaxNumberOfRegionalEnvironmentsInSubExceeded", "cannot have more than 1 environments in East US.", "quota"),
    Quoted(
        "20",
        400,
        "InvalidTemplateDeployment",
        "See inner errors",
        "existing = true",
        {
            "details": [
                {
                    "code": "ValidationForResourceFailed",
                    "message": "x",
                    "details": [{"code": "MaxNumberOfGlobalEnvironmentsInSubExceeded", "message": MANY}],
                }
            ]
        },
    ),
    Quoted(
        "21",
        200,
        "InvalidTemplateDeployment",
        "See inner errors",
        "no room",
        inside("ManagedEnvironmentNoAvailableCapacityInRegion", "No capacity available in this region for provisioning an environment"),
    ),
    Quoted(
        "",
        403,
        "RequestDisallowedByPolicy",
        "Resource 'kv-orders-dev' was disallowed by policy. Reasons: 'Please provide the tag CostCenter'. Policy identifiers: "
        '\'[{"policyAssignment":{"name":"Require a tag on resources","id":"/p"}}]\'.',
        "without a tag: Please provide the tag CostCenter. Write the tag under [project.tags]",
    ),
    Quoted(
        "",
        403,
        "RequestDisallowedByPolicy",
        "Resource 'kv-orders-dev' was disallowed by policy. Reasons: 'Vaults belong to the platform team'. Policy identifiers: "
        '\'[{"policyAssignment":{"name":"No vaults","id":"/p"}}]\'.',
        "as this setup needs it: Vaults belong to the platform team. Do what it asks for",
    ),
    Quoted(
        "",
        403,
        "RequestDisallowedByAzure",
        "Resource 'crordersdev' was disallowed by Azure: This policy maintains a set of best available regions where your subscription "
        "can deploy resources.",
        "may not use this region, so crordersdev cannot be made there. Choose another region",
    ),
    Quoted(
        "",
        403,
        "RequestDisallowedByAzure",
        "Resource 'crordersdev' was disallowed by Azure: This offer has none of these. Contact support.",
        "forbids crordersdev: This offer has none of these.",
    ),
    Quoted(
        "",
        401,
        "RequestDisallowedByAzure",
        "Resource 'kv-orders-dev' was disallowed by Azure: Users must use MFA for Create operation. For instructions, see "
        "http://aka.ms/MFAforAzure.",
        "Azure wants a second factor",
    ),
    Quoted(
        "",
        403,
        "RequestDisallowedByPolicy",
        "Resource 'crordersdev' was disallowed by policy.",
        "in this region: location: westeurope (In swedencentral, italynorth). Write a region that it allows",
        looked_at("location", "westeurope", ["swedencentral", "italynorth"], "In"),
    ),
    Quoted(
        "",
        403,
        "RequestDisallowedByPolicy",
        "Resource 'crordersdev' was disallowed by policy.",
        "without a tag: tag CostCenter: none (Exists false). Write the tag under [project.tags]",
        looked_at("tags[CostCenter]", None, "false", "Exists"),
    ),
    Quoted(
        "",
        400,
        "NoRegisteredProviderFound",
        "No registered resource provider found for location 'westeurope' and API version '2027-01-01' for type 'vaults'. The supported "
        "api-versions are '2026-05-15, 2026-02-01'. The supported locations are 'westeurope'.",
        "the version of its interface that azwizard speaks",
    ),
    Quoted(
        "14",
        400,
        "NoRegisteredProviderFound",
        "No registered resource provider found for location 'brazilus' and API version '2026-05-15' for type 'vaults'. The supported "
        "api-versions are '2026-05-15, 2026-02-01'. The supported locations are 'westeurope'.",
        "The region cannot take it",
    ),
    Quoted(
        "22",
        403,
        "RequestDisallowedByPolicy",
        "Resource 'stordersdev' was disallowed by policy. Policy identifiers: "
        '\'[{"policyAssignment":{"name":"Deny keys","id":"/p"},"policyDefinition":{"name":"No shared key","id":"/d"}}]\'.',
        "No shared key",
    ),
    Quoted("23", 429, "SubscriptionRequestsThrottled", "Number of requests for subscription 's' exceeded. Try again after '6' s.", "slow"),
    Quoted("23", 429, "ResourceRequestsThrottled", "Number of requests for action 'a' exceeded the limit of '150'", "slow down"),
    Quoted(
        "24",
        400,
        "InvalidTemplateDeployment",
        "The template deployment 'x' is not valid according to the validation procedure. The tracking id is 'y'.",
        "limit",
        inside("QuotaExceeded", "Operation could not be completed as it results in exceeding approved standard quota."),
    ),
    Quoted("24", 409, "SkuNotAvailable", "The requested size is currently not available in location 'x'.", "region"),
    Quoted("25", 502, "BadGatewayConnection", "The network connectivity issue encountered for 'Microsoft.App'; cannot fulfill", "again"),
    Quoted("25", 504, "GatewayTimeout", "The gateway did not receive a response from 'Microsoft.App' within the specified time", "again"),
    Quoted("26", 404, "ResourceGroupNotFound", "Resource group 'x' could not be found.", "new plan"),
    Quoted("26", 404, "ResourceNotFound", "The Resource 'Microsoft.App/containerApps/x' under resource group 'y' was not found.", "plan"),
    Quoted("26", 404, "ParentResourceNotFound", "Can not perform requested operation on nested resource. Parent resource 'x' not", "plan"),
    Quoted("27", 409, "StorageAccountAlreadyTaken", "The storage account named stx is already taken.", "Choose another name"),
    Quoted("28", 409, "AlreadyInUse", "The registry DNS name x.azurecr.io is already in use.", "Choose another name"),
    Quoted("29", 409, "ConflictError", DELETED_VAULT, "purge it"),
    Quoted("30", 409, "VaultAlreadyExists", "The vault name 'x' is already in use.", "Choose another name"),
    Quoted("31", 404, "DeletedVaultNotFound", "The specified deleted vault 'x' does not exist. Ensure that the vault was", "no deleted"),
    Quoted("32", 409, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.", "protected against purging"),
    Quoted("32", 403, "Forbidden", NO_PURGE, "protected against purging"),
    Quoted("33", 409, "FlagMustBeSetForRestore", "An existing resource with ID 'x' has been soft-deleted.", "Recover or purge"),
    Quoted("34", 401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", "asked who you are"),
    Quoted("35", 403, "Forbidden", VAULT, "getSecret/action", {"innererror": {"code": "ForbiddenByRbac"}}),
    Quoted(
        "36",
        409,
        "Conflict",
        "Secret x is currently in a deleted but recoverable state, and its name cannot be reused; in this state,",
        "az keyvault secret recover",
        {"innererror": {"code": "ObjectIsDeletedButRecoverable"}},
    ),
    Quoted("37", 403, "Forbidden", "Client address is not authorized", "firewall", {"innererror": {"code": "ForbiddenByFirewall"}}),
    Quoted("37", 403, "Forbidden", "Public network access is disabled", "firewall", {"innererror": {"code": "ForbiddenByConnection"}}),
    Quoted("38", 400, "InvalidParameterValueInContainerTemplate", template(PULL), "AcrPull"),
    Quoted("38", 400, "WebhookInvalidParameterValue", template(NO_IMAGE), "does not have the image"),
    Quoted(
        "38",
        400,
        "InvalidParameterValueInContainerTemplate",
        template("Field 'template.containers.x.image' is invalid with details: 'Invalid value: \"/albumapp-ui\"';."),
        "template.containers.x.image",
    ),
    Quoted("39", 400, "InvalidParameterValueInContainerTemplate", template(REFERENCE), "the secret jwt-key"),
    Quoted("40", 400, "ContainerAppSecretKeyVaultUrlInvalid", "Key vault url 'https://x//secrets/y' is invalid.", "/secrets/NAME"),
    Quoted(
        "41",
        400,
        "ContainerAppSecretInvalid",
        "Invalid Request: Container app secret(s) with name(s) 'pull' are invalid: value or keyVaultUrl and identity should be provided.",
        "without the value of a secret: pull",
    ),
    Quoted(
        "42",
        400,
        "ContainerAppRegistriesPasswordSecretRefNotFound",
        "PasswordSecretRef 'x' defined for registry server 'y' not found.",
        "password for its registry",
    ),
    Quoted("43", 400, "ContainerAppInvalidResourceTotal", TOTAL, "2 GiB"),
    Quoted("43", 400, "ContainerAppInitContainersInvalidCpu", "The CPU of an init container is invalid.", "2 GiB"),
    Quoted("44", 400, "ManagedEnvironmentNotProvisioned", "The environment 'e' has not been provisioned successfully.", "not ready"),
    Quoted("44", 400, "ManagedEnvironmentNotReadyForAppCreation", "The environment 'e' is not ready.", "not ready"),
    Quoted("44", 400, "InvalidEnvironmentId", "The environment id 'e' is invalid.", "Correct it"),
    Quoted("44", 400, "ContainerAppInvalidName", "Invalid ContainerApp name 'X'.", "2 to 32"),
    Quoted("45", 404, "ManagedEnvironmentStorageNotFound", "ManagedEnvironment Storage 'azure-files-db' was not found.", "azure-files-db"),
    Quoted(
        "46",
        400,
        "TasksOperationsNotAllowed",
        "ACR Tasks requests for the registry x and s are not permitted. Please file an Azure support request at http://aka.ms/azuresupport",
        'build = "docker"',
    ),
    Quoted(
        "48", 401, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization for more information.", "The registry"
    ),
    Quoted(
        "49",
        200,
        "ContainerAppOperationError",
        "Failed to provision revision for container app 'x'. Error details: Operation expired.",
        "The doctor (Repair on the screens)",
    ),
    Quoted("54", 403, "KeyBasedAuthenticationNotPermitted", "Key based authentication is not permitted on this storage account.", "key"),
    Quoted("56", 409, "ShareHasSnapshots", "The share has snapshots and the operation requires no snapshots.", "snapshots"),
    Quoted("56", 404, "ShareNotFound", "The specified share does not exist.", "file share is not there"),
    Quoted("", 409, "ContainerAppOperationInProgress", "Cannot modify a container app because there is an operation in progress", "busy"),
    Quoted("", 409, "ScopeLocked", "The scope 'x' cannot perform delete operation because following scope(s) are locked", "lock"),
]
