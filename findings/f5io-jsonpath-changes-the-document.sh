#!/usr/bin/env bash
# @f5io/jsonpath 1.0.9 (npm), with jsonpath-js 0.3.1 (npm) as a witness. Node.js 18 or newer.
#
# Input: two apps, web and job; the last one, `$.apps[-1:].name`, all of them in the other order, `$.apps[::-1].name`, and those that match a regular
# expression, `$.apps[?(@.name=~/w.*/)].name`, in the spelling that other libraries know.
# Guess: job; job and web; web, or an error for the last.
# Seen: undefined, web and job, and -1 twice. The filter takes = for an assignment and ~/w.*/ for a number, -1: afterwards both apps of
# the document that was asked are called -1.
# Expected: RFC 9535, 2.3.4: a negative start counts from the end, a negative step goes backwards; a query selects, and leaves the document as it is. The
# README promises extended syntax and safety from errors, and gives no list of what is known.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @f5io/jsonpath@1.0.9 jsonpath-js@0.3.1 >/dev/null 2>&1
cat > query.js <<'JS'
const { default: query } = require('@f5io/jsonpath');
const { JSONPathJS } = require('jsonpath-js');
const document = { apps: [{ name: 'web' }, { name: 'job' }] };
for (const path of ['$.apps[-1:].name', '$.apps[::-1].name']) console.log(path, query(path, document), new JSONPathJS(path).find(document));
const path = '$.apps[?(@.name=~/w.*/)].name';
console.log(path, query(path, document), JSON.stringify(document));
JS
node query.js | tee seen
cat > expected <<'TEXT'
$.apps[-1:].name undefined [ 'job' ]
$.apps[::-1].name [ 'web', 'job' ] [ 'job', 'web' ]
$.apps[?(@.name=~/w.*/)].name [ -1, -1 ] {"apps":[{"name":-1},{"name":-1}]}
TEXT
cmp -s expected seen || { echo "the paths give something else now"; exit 1; }
