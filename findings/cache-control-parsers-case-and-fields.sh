#!/usr/bin/env bash
# parse-cache-control 1.0.1 and cache-control-parser 2.2.0 (npm), with @tusbar/cache-control 3.0.1 (npm) as a witness. Node.js 20 or newer.
#
# Input: four values of Cache-Control: `Max-Age=60`, `private="X-User", max-age=60`, `max-age="60"` and `s-maxage=10`.
# Guess: sixty seconds; private for one field, sixty seconds; sixty seconds; ten seconds.
# Seen: parse-cache-control gives {"Max-Age": "60"}, so the age that a program asks for is not there, lower-cases the field's name, and gives s-maxage as a
# text. cache-control-parser drops the field's name, so the whole answer is private, and finds nothing in the third.
# Expected: RFC 9111, 5.2: directives are case-insensitive and take their argument as a token or in quotes; 5.2.2.7: private with field names holds for these
# fields alone, and the rest may be stored by a shared cache.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts parse-cache-control@1.0.1 cache-control-parser@2.2.0 @tusbar/cache-control@3.0.1 >/dev/null 2>&1
cat > read.js <<'JS'
const first = require('parse-cache-control'), second = require('cache-control-parser'), witness = require('@tusbar/cache-control');
for (const value of ['Max-Age=60', 'private="X-User", max-age=60', 'max-age="60"', 's-maxage=10']) {
  const { maxAge, sharedMaxAge, privateFields } = witness.parse(value);
  console.log(value, '|', JSON.stringify(first(value)), JSON.stringify(second.parse(value)), JSON.stringify({ maxAge, sharedMaxAge, privateFields }));
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
Max-Age=60 | {"Max-Age":"60"} {"max-age":60} {"maxAge":60,"sharedMaxAge":null,"privateFields":null}
private="X-User", max-age=60 | {"private":"x-user","max-age":60} {"private":true,"max-age":60} {"maxAge":60,"sharedMaxAge":null,"privateFields":["X-User"]}
max-age="60" | {"max-age":60} {} {"maxAge":60,"sharedMaxAge":null,"privateFields":null}
s-maxage=10 | {"s-maxage":"10"} {"s-maxage":10} {"maxAge":null,"sharedMaxAge":10,"privateFields":null}
TEXT
cmp -s expected seen || { echo "one of the three reads something else now"; exit 1; }
