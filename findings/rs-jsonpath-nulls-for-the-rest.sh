#!/usr/bin/env bash
# rs-jsonpath 1.1.2 (npm), with jsonpath 1.3.0 (npm), of which it is a fork, as a witness. Node.js 18 or newer.
#
# Input: three apps, of which one has min above 0; `$.apps[?(@.min>0)].name`, `$.apps[0].name` and `$.missing`.
# Guess: one name, one name, and an empty list.
# Seen: the name and two nulls, twice, and one null: for what does not match a null stands in the list. Its length is three whatever is asked, so "is there an
# app that scales to zero" is always yes. `$.apps[1:].name` has two names.
# Expected: Stefan Goessner's article, which the README names, and RFC 9535, 2.1.2: the result holds the nodes that were selected, and is empty where none
# is. The original answers so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts rs-jsonpath@1.1.2 jsonpath@1.3.0 >/dev/null 2>&1
cat > query.js <<'JS'
const here = require('rs-jsonpath');
const witness = require('jsonpath');
const document = { apps: [{ name: 'web', min: 1 }, { name: 'job', min: 0 }, { name: 'old', min: 0 }] };
for (const path of ['$.apps[?(@.min>0)].name', '$.apps[0].name', '$.missing', '$.apps[1:].name']) {
  console.log(path, JSON.stringify(here.query(document, path)), JSON.stringify(witness.query(document, path)));
}
JS
node query.js | tee seen
cat > expected <<'TEXT'
$.apps[?(@.min>0)].name ["web",null,null] ["web"]
$.apps[0].name ["web",null,null] ["web"]
$.missing [null] []
$.apps[1:].name ["job","old"] ["job","old"]
TEXT
cmp -s expected seen || { echo "the paths give something else now"; exit 1; }
