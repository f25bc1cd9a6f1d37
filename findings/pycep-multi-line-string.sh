#!/usr/bin/env bash
# pycep-parser 0.7.1 (PyPI), Python 3.11 or newer.
#
# Input: two Bicep variables, `'${name}'` and the multi-line string `'''${name}'''`.
# Guess: two values that differ, since the first is the value of name and the second is the seven characters.
# Seen: both are the text `${name}`, and nothing in the tree says which was which. A variable called `ready` and the string 'ready' are one
# and the same text too.
# Expected: Bicep's documentation, "Strings": multi-line strings know no interpolation and no escapes, all characters are literal. A parser
# whose tree stands for the file keeps what decides the value; startup scripts stand in such strings and are full of ${...}.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pycep-parser==0.7.1 2>/dev/null
cat > read.py <<'PY'
from pycep import BicepParser

for expression in ("'${name}'", "'''${name}'''", "ready", "'ready'"):
    print(expression, "is", BicepParser().parse(text=f"var x = {expression}\n")["variables"]["x"])
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
'${name}' is {'decorators': [], 'value': '${name}'}
'''${name}''' is {'decorators': [], 'value': '${name}'}
ready is {'decorators': [], 'value': 'ready'}
'ready' is {'decorators': [], 'value': 'ready'}
TEXT
cmp -s expected seen || { echo "pycep reads something else now"; exit 1; }
