#!/usr/bin/env bash
# azure-cli 2.91.0 (PyPI; the packer of `az acr build`), with docker-devtools 0.1.0 (PyPI; Docker's own matcher) as a witness. Python 3.11, amd64.
#
# Input: build.log at the top of a folder and in src, two files called `report (1).txt` and c++.txt, and a .dockerignore of three lines: `**/*.log`
# and the two names as they are.
# Guess: all four stay out, as with docker build.
# Seen: only src/build.log does. `**/` is taken for at least one folder, so what lies at the top is sent. The parentheses and the plus sign are not
# escaped in the regular expression that a line becomes, so a file whose name has them is not matched by its own name.
# Expected: Docker's documentation, ".dockerignore files": ** matches any number of directories, including zero, and **/*.go excludes such files
# everywhere, the root of the context included. Other characters stand for themselves (Go's filepath.Match).
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
mkdir -p context/src
cd context
touch build.log src/build.log 'report (1).txt' c++.txt
printf 'FROM scratch\nCOPY . /\n' > Dockerfile
printf '%s\n' '**/*.log' 'report (1).txt' 'c++.txt' > .dockerignore
cat > ../pack.py <<'PY'
import logging, tarfile
from azure.cli.command_modules.acr._archive_utils import _pack_source_code

logging.disable()
_pack_source_code(".", "../context.tar.gz", "Dockerfile", "Dockerfile")
print(*sorted(name for name in tarfile.open("../context.tar.gz").getnames() if name.endswith((".log", ".txt"))), sep=", ")
PY
{
  echo "az sends: $(../v/bin/python ../pack.py)"
  echo "Docker sends: $(../v/bin/docker-devtools build-context ls --whole-context . | grep -E 'log|txt' || true)"
} | tee ../seen
printf 'az sends: build.log, c++.txt, report (1).txt\nDocker sends: \n' | cmp -s - ../seen || { echo "one of the two sends something else now"; exit 1; }
