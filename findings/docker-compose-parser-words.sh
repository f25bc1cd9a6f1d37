#!/usr/bin/env bash
# docker-compose-parser 0.0.30 (PyPI), Python 3.11 or newer.
#
# Input: a service with `command: sh -c 'echo hello world'`, and the variables `TOKEN:` (without a value, to be passed on from the host), `DEBUG: true` and
# `LEVEL: 3`.
# Guess: the words sh, -c and `echo hello world`; no TOKEN, or None; true; 3.
# Seen: five words, sh, -c, `'echo`, `hello` and `world'`: the shell ends with an unmatched quote. TOKEN is the text `None` and DEBUG the text `True`.
# What is exported from the model has them so.
# Expected: Compose specification, "command": the text is split as a shell splits words, quotes included; "environment": a variable without a value is
# resolved on the machine that runs Compose, or is unset; true is written true.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check docker-compose-parser==0.0.30 2>/dev/null
cat > read.py <<'PY'
from docker_compose_parser.file_models import ComposeServiceInfo

service = ComposeServiceInfo(command="sh -c 'echo hello world'", environment={"TOKEN": None, "DEBUG": True, "LEVEL": 3})
print(service.command)
print(service.default_env)
PY
v/bin/python read.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
['sh', '-c', "'echo", 'hello', "world'"]
{'TOKEN': 'None', 'DEBUG': 'True', 'LEVEL': '3'}
TEXT
cmp -s expected seen || { echo "the package reads something else now"; exit 1; }
