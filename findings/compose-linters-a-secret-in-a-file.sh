#!/usr/bin/env bash
# compose-auditor 0.2.0 and compose-doctor 0.1.0 (PyPI), Python 3.11 or newer.
#
# Input: a service with `DB_PASSWORD_FILE: /run/secrets/db_password` and the secret of that name, as images of databases take it, and one with
# `DB_PASSWORD: ${DB_PASSWORD:?set it}`.
# Guess: nothing: no value of a secret stands in the file.
# Seen: both packages report the first as a secret in plain text, at their highest level ("critical", "error"), and advise Docker secrets, which is what
# it is. The exit status of compose-auditor is that of a failed check.
# Expected: Compose specification, secrets: a secret is a file under /run/secrets/, and by the convention of the official images a variable that ends in
# _FILE holds a path. Whoever follows the advice is told to follow it again.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-auditor==0.2.0 compose-doctor==0.1.0 2>/dev/null
cat > compose.yaml <<'YAML'
services:
  web:
    image: registry.example/web:1.0
    environment:
      DB_PASSWORD_FILE: /run/secrets/db_password
      DB_PASSWORD: ${DB_PASSWORD:?set it}
    secrets: [db_password]
secrets:
  db_password: {file: ./db_password.txt}
YAML
code=0
v/bin/compose-auditor lint compose.yaml > auditor 2>&1 || code=$?
v/bin/compose-doctor compose.yaml > doctor 2>&1 || true
{
  grep -o 'CRITICAL.*' auditor
  echo "exit status $code"
  grep -o 'error\] R004.*' doctor | cut -d';' -f1
} | tee seen
cat > expected <<'TEXT'
CRITICAL] [SEC005] Potential secret in plain-text env var: DB_PASSWORD_FILE
exit status 1
error] R004: Hardcoded sensitive value detected for 'DB_PASSWORD_FILE'
TEXT
cmp -s expected seen || { echo "the packages report something else now"; exit 1; }
