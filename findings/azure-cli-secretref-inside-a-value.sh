#!/usr/bin/env bash
# azure-cli 2.91.0 (PyPI), Python 3.11 or newer. The function that reads --env-vars and --set-env-vars of `az containerapp` is taken out of the wheel
# as it is, since the whole of azure-cli is large.
#
# Input: three variables: `KEY=secretref:api-key`, `HINT=write secretref:api-key for the key`, and a HINT that has the word twice.
# Guess: a reference to the secret, and two values as they were written.
# Seen: the reference. The first hint becomes a reference to the secret "api-key for the key", which does not exist, so the app is refused or the
# variable is another secret's value. Of the hint with the word twice the part before the first one is left. No warning.
# Expected: `az containerapp create --help`, --env-vars: prefix a value with secretref: to reference a secret. A prefix stands at the beginning; the
# same file reads a registry's password with startswith.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip download --quiet --disable-pip-version-check --no-deps azure-cli==2.91.0 2>/dev/null
unzip -q azure_cli-*.whl 'azure/cli/command_modules/containerapp/_utils.py'
cat > read.py <<'PY'
import ast

source = ast.parse(open("azure/cli/command_modules/containerapp/_utils.py").read())
source.body = [part for part in source.body if getattr(part, "name", "") == "parse_env_var_flags"]
exec(compile(source, "_utils.py", "exec"))
for flag in ("KEY=secretref:api-key", "HINT=write secretref:api-key for the key", "HINT=use secretref:a or secretref:b"):
    print(*parse_env_var_flags([flag]))
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
{'name': 'KEY', 'secretRef': 'api-key'}
{'name': 'HINT', 'secretRef': 'api-key for the key'}
{'name': 'HINT', 'value': 'use '}
TEXT
cmp -s expected seen || { echo "azure-cli reads something else now"; exit 1; }
