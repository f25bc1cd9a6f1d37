#!/usr/bin/env bash
# azure-cli 2.91.0 (PyPI; the packer of `az acr build`), with docker-devtools 0.1.0 (PyPI; Docker's own matcher) as a witness. Python 3.11, amd64.
#
# Input: a folder with node_modules/a.js, and a .dockerignore of one line: `node_modules/`, `/node_modules`, `./node_modules`, or without a slash.
# Guess: a.js stays out each time, as with docker build.
# Seen: it is sent to the registry with the first three, and stays out with the last alone. The slashes are a part of the pattern, which no name in
# the archive has. In a line with ! they are taken off, at both ends, so the same spelling works as an exception and not as a rule.
# Expected: Docker's documentation, ".dockerignore files": leading and trailing slashes do not matter, /foo/bar and foo/bar are the same, and the
# lines are cleaned with Go's filepath.Clean. A comment in azure-cli, beside the code for !, gives parity with docker as its reason.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check docker-devtools==0.1.0 knack==0.14.0 azure-core==1.39.0 requests==2.34.2 2>/dev/null
v/bin/pip install --quiet --disable-pip-version-check --no-deps azure-cli-core==2.91.0 2>/dev/null
v/bin/pip download --quiet --disable-pip-version-check --no-deps azure-cli==2.91.0 2>/dev/null
unzip -q azure_cli-*.whl "azure/cli/command_modules/acr/*" azure/cli/command_modules/__init__.py -d v/lib/python3*/site-packages  # the rest of it is large
mkdir -p context/node_modules
touch context/node_modules/a.js
printf 'FROM scratch\nCOPY . /\n' > context/Dockerfile
cat > pack.py <<'PY'
import logging, tarfile
from azure.cli.command_modules.acr._archive_utils import _pack_source_code

logging.disable()
_pack_source_code(".", "../context.tar.gz", "Dockerfile", "Dockerfile")
print("az", "sends it" if "node_modules/a.js" in tarfile.open("../context.tar.gz").getnames() else "leaves it out")
PY
cd context
for rule in node_modules/ /node_modules ./node_modules node_modules; do
  echo "$rule" | tee .dockerignore
  ../v/bin/python ../pack.py
  if ../v/bin/docker-devtools build-context ls --whole-context . | grep -q a.js; then echo "Docker sends it"; else echo "Docker leaves it out"; fi
done | paste -sd ',,\n' | tee ../seen
cat > ../expected <<'TEXT'
node_modules/,az sends it,Docker leaves it out
/node_modules,az sends it,Docker leaves it out
./node_modules,az sends it,Docker leaves it out
node_modules,az leaves it out,Docker leaves it out
TEXT
cmp -s ../expected ../seen || { echo "one of the two sends something else now"; exit 1; }
