"""What a request may say of resource groups, identities and role assignments, and what every provider is asked alike."""

from wizard.practice.kernel.shapes import ANYTHING, FLAG, TAGS, TEXT

GROUP = {"location": TEXT, "tags": TAGS, "managedBy": TEXT, "properties": {}, "name": TEXT}
USER_IDENTITY = {"location": TEXT, "tags": TAGS, "properties": {"isolationScope": TEXT}}
CREDENTIAL = {"properties": {"issuer": TEXT, "subject": TEXT, "audiences": [TEXT]}}
ASSIGNMENT = {
    "properties": {
        "roleDefinitionId": TEXT,
        "principalId": TEXT,
        "principalType": TEXT,
        "description": TEXT,
        "condition": TEXT,
        "conditionVersion": TEXT,
        "delegatedManagedIdentityResourceId": TEXT,
    }
}
CHECK_ACCESS = {
    "Subject": {"Attributes": {"ObjectId": TEXT}},
    "Actions": [{"Id": TEXT, "IsDataAction": FLAG, "Attributes": ANYTHING}],
    "Resource": ANYTHING,
}
NAME_CHECK = {"name": TEXT, "type": TEXT}
