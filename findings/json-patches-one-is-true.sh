#!/usr/bin/env bash
# json-merge-patch 0.3.0, patchdiff 1.0.0 and pyjsonpatch 0.1.3 (PyPI), Python 3.11 or newer.
#
# Input: the patch from {"external": 1, "weight": 0} to {"external": true, "weight": false}, and the test operation of a JSON Patch with the value true
# against the number 1.
# Guess: a patch of two replacements from each, and a test that fails.
# Seen: three empty patches, and pyjsonpatch's test passes. A number that became a switch is no difference to any of them; what was sent in error once
# can never be put right by such a patch.
# Expected: RFC 6902, 4.6: values are equal when they are of the same JSON type, and RFC 7396 speaks of JSON values too. In Python 1 == True holds, so
# each of the three has to look at the type, and none does.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check json-merge-patch==0.3.0 patchdiff==1.0.0 pyjsonpatch==0.1.3 2>/dev/null
cat > make.py <<'PY'
import json_merge_patch
import patchdiff
import pyjsonpatch

before, after = {"external": 1, "weight": 0}, {"external": True, "weight": False}
print("json-merge-patch", json_merge_patch.create_patch(before, after))
print("patchdiff", patchdiff.diff(before, after)[0])
print("pyjsonpatch", pyjsonpatch.generate_patch(before, after))
pyjsonpatch.apply_patch(dict(before), [{"op": "test", "path": "/external", "value": True}])
print("the test passes")
PY
v/bin/python make.py | tee seen
cat > expected <<'TEXT'
json-merge-patch {}
patchdiff []
pyjsonpatch []
the test passes
TEXT
cmp -s expected seen || { echo "the patches are other ones now"; exit 1; }
