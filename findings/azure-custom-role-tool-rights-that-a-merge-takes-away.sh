#!/usr/bin/env bash
# azure-custom-role-tool 1.0.0 (PyPI), Python 3.11 or newer; roles as files, no account is needed.
#
# Input: three roles with the rights of Azure's own Key Vault Secrets User, Contributor and User Access Administrator, in files. The first is merged into a new
# role with the filter for data rights, and with the one for control rights; the other two without a filter.
# Guess: the first one's two rights, which stand in its DataActions; none; and a role that can do what the two can do together.
# Seen: none; both rights; and a role that cannot assign roles: Contributor's NotActions take away what the other role gives, as all stands in one block. Whether
# a right is one of data is guessed from its name, by a list in which Key Vault does not occur, though the file says so.
# Expected: Azure's documentation, "Understand Azure role definitions": DataActions are the data plane's; NotActions are subtracted from the Actions of the same
# permission, and are no deny rule: who has both roles has what either gives.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-custom-role-tool==1.0.0 2>/dev/null
cat > merge.py <<'PY'
import json
import pathlib

from azure_custom_role_tool.permission_filter import PermissionType
from azure_custom_role_tool.role_manager import RoleManager

ROLES = {
    "secrets": {"DataActions": ["Microsoft.KeyVault/vaults/secrets/getSecret/action", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"]},
    "contributor": {"Actions": ["*"], "NotActions": ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"]},
    "access": {"Actions": ["*/read", "Microsoft.Authorization/*"]},
}
manager = RoleManager(pathlib.Path("roles"))
read = {}
for name, rights in ROLES.items():
    file = pathlib.Path(f"{name}.json")
    file.write_text(json.dumps({"Name": name, "Description": name, "Permissions": [rights], "AssignableScopes": ["/subscriptions/s"]}))
    read[name] = manager.load_from_file(file, set_as_current=False)


def merged(names, kind=None):
    manager.create_role("new", "new")
    (block,) = manager.merge_roles([read[name] for name in names], type_filter=kind).Permissions
    return {key: value for key, value in block.model_dump().items() if value}


print("data", merged(["secrets"], PermissionType.DATA))
print("control", sorted(merged(["secrets"], PermissionType.CONTROL)))
print("both", merged(["contributor", "access"]))
PY
v/bin/python -W ignore merge.py | tee seen
cat > expected <<'TEXT'
data {}
control ['DataActions']
both {'Actions': ['*', '*/read', 'Microsoft.Authorization/*'], 'NotActions': ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write']}
TEXT
cmp -s expected seen || { echo "azure-custom-role-tool merges otherwise now"; exit 1; }
