#!/usr/bin/env bash
# json2toml 6.1.2 (npm), with smol-toml 1.9.1 (npm) as a witness; Python 3.11 or newer reads both.
#
# Input: `{"jobs": [{"name": "nightly", "steps": [{"run": "test"}]}]}`, a list of tables in a list of tables; and `{"rules": [1, {"http": 50}]}`.
# Guess: [[jobs]] and [[jobs.steps]]; and an inline table for the second.
# Seen: [[jobs]] and [[steps]]: the steps leave their job and stand beside it, in a document that is valid. The second has `[1,{"http":50}]`, which is
# JSON and no TOML, and every reader refuses it.
# Expected: TOML 1.0, "Array of Tables": a nested one has its parent's name before its own; "Inline Table": keys and values are joined with =. smol-toml
# writes both so that they come back.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts json2toml@6.1.2 smol-toml@1.9.1 >/dev/null 2>&1
cat > write.mjs <<'JS'
import json2toml from 'json2toml';
import { stringify } from 'smol-toml';
import { writeFileSync } from 'node:fs';
const inputs = [{ jobs: [{ name: 'nightly', steps: [{ run: 'test' }] }] }, { rules: [1, { http: 50 }] }];
inputs.forEach((input, index) => {
  writeFileSync(`json2toml.${index}`, json2toml(input));
  writeFileSync(`smol-toml.${index}`, stringify(input));
});
JS
node write.mjs
cat > read.py <<'PY'
import json, tomllib

for index in range(2):
    for writer in ("json2toml", "smol-toml"):
        try:
            print(writer, json.dumps(tomllib.loads(open(f"{writer}.{index}").read())))
        except tomllib.TOMLDecodeError:
            print(writer, "no TOML")
PY
python3 read.py | tee seen
cat > expected <<'TEXT'
json2toml {"jobs": [{"name": "nightly"}], "steps": [{"run": "test"}]}
smol-toml {"jobs": [{"name": "nightly", "steps": [{"run": "test"}]}]}
json2toml no TOML
smol-toml {"rules": [1, {"http": 50}]}
TEXT
cmp -s expected seen || { echo "json2toml writes something else now"; exit 1; }
