#!/usr/bin/env bash
# komposer 0.2.0 (PyPI; a Docker Compose file as a Kubernetes manifest), Python 3.11 or newer.
#
# Input: a service with `environment: {MODE: production, LEVEL: "3"}`, the usual form; one with the same as a list and an env_file beside it; and
# one with the env_file alone.
# Guess: MODE=production in the first, MODE and the file's REGION in the second, REGION in the third.
# Seen: the first has both names with the value null, which Kubernetes takes for an empty text. In the second the file's variables are left out, though they
# stand in the ConfigMap that is made. The third is right. Nothing is said.
# Expected: the Compose specification, "environment": a map or a list, with one meaning; "env_file": what environment says is set on top of the file. The
# package's model declares both forms.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check komposer==0.2.0 2>/dev/null
cat > docker-compose.yml <<'YAML'
services:
  first:
    image: registry.example/web:1
    environment: {MODE: production, LEVEL: "3"}
  second:
    image: registry.example/web:1
    environment: [MODE=production, LEVEL=3]
    env_file: app.env
  third:
    image: registry.example/web:1
    env_file: app.env
YAML
echo 'REGION=westeurope' > app.env
v/bin/komposer -f docker-compose.yml -p shop -r orders -b main > manifest.yaml
cat > show.py <<'PY'
import yaml

for item in yaml.safe_load(open("manifest.yaml"))["items"]:
    if item["kind"] == "Deployment":
        for container in item["spec"]["template"]["spec"]["containers"]:
            print(container["name"], *(f"{one['name']}={one.get('value', 'from the ConfigMap')}" for one in container["env"]))
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
first MODE=None LEVEL=None
second MODE=production LEVEL=3
third REGION=from the ConfigMap
TEXT
cmp -s expected seen || { echo "komposer writes something else now"; exit 1; }
