#!/usr/bin/env bash
# azure-cli 2.91.0 (PyPI), Python 3.11 or newer. The functions behind `az containerapp ingress traffic set` are taken out of the wheel as they are and
# called in the command's order, since the whole of azure-cli is large.
#
# Input: an app whose traffic goes to three revisions, 50, 25 and 25; one of them is to get another share, `--revision-weight c=24` and, from the
# same start, `--revision-weight a=49`.
# Guess: shares whose sum is 100, with 24 for c, and 49 for a.
# Seen: 100 for the first. The second is sent as 49, 26 and 26, which is 101: the others' shares are scaled and rounded one by one, and only a sum
# below 100 is put right afterwards, none above it.
# Expected: Azure Container Apps' documentation, "Traffic splitting": the weights of all revisions must add up to 100. The command leaves the others
# to the program, which has a rule for the remainder and applies it to one side.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip download --quiet --disable-pip-version-check --no-deps azure-cli==2.91.0 2>/dev/null
unzip -q azure_cli-*.whl 'azure/cli/command_modules/containerapp/_utils.py'
cat > split.py <<'PY'
import ast

NAMES = ("_validate_weight", "_update_revision_weights", "_validate_traffic_sum", "_update_weights")
source = ast.parse(open("azure/cli/command_modules/containerapp/_utils.py").read())
source.body = [part for part in source.body if getattr(part, "name", "") in NAMES]
exec(compile(source, "_utils.py", "exec"))
for wanted in ("c=24", "a=49"):
    traffic = [{"revisionName": name, "weight": weight} for name, weight in (("a", 50), ("b", 25), ("c", 25))]
    app = {"properties": {"configuration": {"ingress": {"traffic": traffic}}}}
    _validate_traffic_sum([wanted])
    _update_weights(app, [wanted], _update_revision_weights(app, [wanted]))
    weights = [int(share["weight"]) for share in traffic]
    print(wanted, "gives", *weights, "sum", sum(weights))
PY
v/bin/python split.py | tee seen
printf 'c=24 gives 51 25 24 sum 100\na=49 gives 49 26 26 sum 101\n' | cmp -s - seen || { echo "azure-cli splits otherwise now"; exit 1; }
