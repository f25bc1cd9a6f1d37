#!/usr/bin/env bash
# compose-auditor 0.2.0, compose-doctor 0.1.0 and compose-harden 0.2.0 (PyPI), Python 3.11 or newer.
#
# Input: a service with a user, a read-only root, dropped capabilities, a restart policy `unless-stopped` and limits; and a second one that extends it
# and changes its command.
# Guess: the two are alike in everything the three packages look at.
# Seen: the second has no user, no limits and no restart policy for compose-auditor, a writable root and all capabilities for compose-harden; and
# `compose-doctor --fix` writes `restart: always` into it, which changes what it inherits, and calls that a safe fix. compose-auditor calls it a
# possible root container.
# Expected: Compose specification, extends: a service that extends another one in the same file has all of its attributes. `docker compose config` shows
# them.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-auditor==0.2.0 compose-doctor==0.1.0 compose-harden==0.2.0 2>/dev/null
cat > compose.yaml <<'YAML'
services:
  base:
    image: registry.example/web:1.0
    user: "1000:1000"
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    restart: unless-stopped
    deploy: {resources: {limits: {cpus: "0.5", memory: 128M}}}
  web:
    extends: {service: base}
    command: ["worker"]
YAML
{
  v/bin/compose-auditor lint compose.yaml | sed -n '/service: web/,$p' | grep -oE '(SEC002|OPS001|RES001)\] .*' || true
  v/bin/compose-harden scan compose.yaml | sed -n '/Service: web/,$p' | grep -oE 'root filesystem is writable|no non-root .user:. configured' || true
  v/bin/compose-doctor --fix compose.yaml >/dev/null || true
  sed -n '/web:$/,$p' compose.yaml
} | tee seen
cat > expected <<'TEXT'
SEC002] No 'user' directive — container may run as root
OPS001] No restart policy defined
RES001] No memory limit set
root filesystem is writable
no non-root `user:` configured
  web:
    extends: {service: base}
    command: ["worker"]
    restart: always
TEXT
cmp -s expected seen || { echo "the packages judge the service otherwise now"; exit 1; }
