#!/usr/bin/env bash
# compose-spec 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: a compose file with `env_file: [{path: app.env, required: false, format: raw}]`, read and written again.
# Guess: the three keys come back; or the unknown one is refused, as an unknown key of a service is.
# Seen: `format: raw` is gone. `path` and `required` are there, `validate()` has no objection, and an unknown key one level up (`gpus`) raises
# an error. So a tool that reads a file, changes a label and writes it back changes the values in app.env too.
# Expected: Compose specification, "env_file", "format": with raw the lines are taken as they are, without it `$` and quotes are
# interpreted, and a password with a dollar sign becomes another one. The package promises validated parsing and serialization:
# a key of the specification is kept, and one that is not known is an error.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-spec==0.2.1 2>/dev/null
cat > read.py <<'PY'
from compose_spec import PyCompose

SERVICE = "services:\n  web:\n    image: example\n"
file = PyCompose.from_yaml(SERVICE + "    env_file: [{path: app.env, required: false, format: raw}]\n")
print(file.validate(), file.to_dict()["services"]["web"]["env_file"])
try:
    PyCompose.from_yaml(SERVICE + "    gpus: all\n")
except ValueError as error:
    print("gpus" in str(error))
PY
v/bin/python read.py | tee seen
printf "%s\n" "None [{'path': 'app.env', 'required': False}]" True | cmp -s - seen || { echo "compose-spec reads something else now"; exit 1; }
