#!/usr/bin/env bash
# helmgen 0.3.0 (PyPI; a Docker Compose file as a Helm chart), Python 3.11 or newer.
#
# Input: a service whose health check is `["CMD-SHELL", "test -f /tmp/ready && grep -q ok /tmp/state"]` with `interval: 1m30s`, whose ports are
# `8000-8001:8000-8001`, whose entrypoint is a list, and which has the variables MODE and KEYBOARD.
# Guess: a probe that runs the line with sh -c every 90 seconds, both ports, the entrypoint as the container's command, and both variables.
# Seen: the probe runs test with eight words, `&&` and `grep` among them, which always fails, so Kubernetes restarts a healthy container for ever; its period
# is left at ten seconds. No port, no command. KEYBOARD, which has "KEY" in its name, counts as a secret and its value is replaced by a placeholder.
# Expected: the Compose specification, "healthcheck": CMD-SHELL is run with the container's shell; "Specifying durations": 1m30s is one; "ports": ranges. Kubernetes
# runs a probe's command without a shell.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check helmgen==0.3.0 2>/dev/null
cat > compose.yaml <<'YAML'
services:
  web:
    image: registry.example/web:1
    entrypoint: ["python", "-m", "app"]
    environment: {MODE: production, KEYBOARD: fr}
    ports: ["8000-8001:8000-8001"]
    healthcheck:
      test: ["CMD-SHELL", "test -f /tmp/ready && grep -q ok /tmp/state"]
      interval: 1m30s
YAML
v/bin/helmgen compose.yaml -o chart > log
cat > show.py <<'PY'
import yaml

web = yaml.safe_load(open("chart/values.yaml"))["services"]["web"]
for key in ("livenessProbe", "ports", "command", "env", "secrets"):
    print(key, web.get(key))
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
livenessProbe {'exec': {'command': ['test', '-f', '/tmp/ready', '&&', 'grep', '-q', 'ok', '/tmp/state']}}
ports None
command None
env {'MODE': 'production'}
secrets {'KEYBOARD': '<secret-from-values>'}
TEXT
cmp -s expected seen || { echo "helmgen writes something else now"; exit 1; }
