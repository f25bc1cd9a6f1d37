#!/usr/bin/env bash
# tomlkit 0.15.2 (PyPI), Python 3.11 or newer; tomllib of the standard library reads what it writes.
#
# Input: a document with `scale.min = 1` and `scale.max = 3`; a program sets `document["scale"]["rules"] = {"http": 50}` and writes it again. Then the same
# where the table stands under a header, `[scale]`.
# Guess: min 1, max 3 and the rules, twice.
# Seen: under a header it is so. With dotted keys the new table's header, [scale.rules], is written between the two lines, so `scale.max = 3` is now
# a part of it: max is gone from scale, and rules has a table "scale" with it. The document that is still in memory shows the right values.
# Expected: TOML 1.0, "Table": a header holds until the next one or the end of the file. The library describes itself as one that preserves the document;
# what is written and read again is what was in memory.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check tomlkit==0.15.2 2>/dev/null
cat > edit.py <<'PY'
import json, tomllib
import tomlkit

for text in ("scale.min = 1\nscale.max = 3\n", "[scale]\nmin = 1\nmax = 3\n"):
    document = tomlkit.parse(text)
    document["scale"]["rules"] = {"http": 50}
    print("in memory", json.dumps(document.unwrap(), sort_keys=True))
    print("written  ", json.dumps(tomllib.loads(tomlkit.dumps(document)), sort_keys=True))
PY
v/bin/python edit.py | tee seen
cat > expected <<'TEXT'
in memory {"scale": {"max": 3, "min": 1, "rules": {"http": 50}}}
written   {"scale": {"min": 1, "rules": {"http": 50, "scale": {"max": 3}}}}
in memory {"scale": {"max": 3, "min": 1, "rules": {"http": 50}}}
written   {"scale": {"max": 3, "min": 1, "rules": {"http": 50}}}
TEXT
cmp -s expected seen || { echo "tomlkit writes something else now"; exit 1; }
