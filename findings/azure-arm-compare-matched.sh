#!/usr/bin/env bash
# azure-arm-compare 0.0.6 (PyPI), Python 3.11 or newer.
#
# Input: two ARM templates with an app and a job; the app's external is true in one and false in the other, and one has an empty list of secrets. The job is
# `Microsoft.App/jobs` "nightly" in the one and `microsoft.app/jobs` "Nightly" in the other. `arm-compare --format markdown`.
# Guess: external is marked as different and secrets as missing; the job is the same one.
# Seen: in the column "Matched" an X stands beside external, the one that does not match, and nothing beside those that do. The list is left out. The job is
# unmatched on both sides, as if one had been deleted and another one made.
# Expected: a column that is called Matched marks what matches (the README calls it Fail). Azure Resource Manager's documentation, "Template syntax" and
# "Naming rules": types and names of resources are compared without regard to case, and Azure gives both in other cases than they were written.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-arm-compare==0.0.6 2>/dev/null
cat > templates.py <<'PY'
import json

def template(properties, job):
    app = {"type": "Microsoft.App/containerApps", "apiVersion": "2024-03-01", "name": "web", "properties": properties}
    return {"contentVersion": "1.0.0.0", "resources": [app, {"apiVersion": "2024-03-01", **job}]}

json.dump(template({"external": True, "secrets": []}, {"type": "Microsoft.App/jobs", "name": "nightly"}), open("left.json", "w"))
json.dump(template({"external": False}, {"type": "microsoft.app/jobs", "name": "Nightly"}), open("right.json", "w"))
PY
python3 templates.py
v/bin/arm-compare --left left.json --right right.json --output report.md --format markdown > /dev/null
grep -E 'Matched|properties|jobs \|' report.md | tr -s ' ' | tee seen
cat > expected <<'TEXT'
| Microsoft.App/jobs | nightly |
| microsoft.app/jobs | Nightly |
| Matched | Property Path | Left Value | Right Value |
| X | properties.external | True | False |
TEXT
cmp -s expected seen || { echo "the report is another one now"; exit 1; }
