#!/usr/bin/env bash
# compose-to-render 0.1.0 (PyPI), Python 3.11 or newer.
#
# Input: a compose file whose service has `ports: ["8000:8000/tcp"]`, a command as a list with a word that holds a blank, and the variables `PRICE:
# "$$5"` and `FLAG: true`.
# Guess: a web service, a start command with quotes, PRICE $5 and FLAG true.
# Seen: a private service without a port, since the protocol is taken for a part of the number; a start command of four words instead of three, because
# the list is joined with blanks; `$$5`; and `True`, Python's spelling.
# Expected: Compose specification: a published port may name its protocol and tcp is the default; a list is the words of a command; $$ is a dollar sign;
# a boolean in an environment is refused or given as it is written (Compose takes "true").
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-to-render==0.1.0 2>/dev/null
cat > docker-compose.yml <<'YAML'
services:
  web:
    image: registry.example/web:1.0
    command: ["gunicorn", "--name=my shop", "app:app"]
    ports: ["8000:8000/tcp"]
    environment: {PRICE: "$$5", FLAG: true}
YAML
v/bin/compose-to-render --output render.yaml >/dev/null
grep -E 'type:|ports:|startCommand:|value:' render.yaml | tee seen
cat > expected <<'TEXT'
    type: pserv
    startCommand: gunicorn --name=my shop app:app
        value: $$5
        value: 'True'
TEXT
cmp -s expected seen || { echo "compose-to-render writes something else now"; exit 1; }
