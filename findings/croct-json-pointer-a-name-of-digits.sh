#!/usr/bin/env bash
# @croct/json-pointer 0.3.0 (npm), Node.js 20 or newer.
#
# Input: the pointer `/responses/200/description` into an OpenAPI operation; `/tags/007` into an object, and its toString(); and `/01` into a list of
# two.
# Guess: the description; the value under 007 and the same text again; a refusal, since an index has no leading zero.
# Seen: 'Expected array at "/responses", got object.', twice so; the text comes back as `/tags/7`, which is another member; and `/01` gives the second
# of the list.
# Expected: RFC 6901, 4: whether a token is a name or an index depends on the value that it is applied to; a name of digits is a name. Index tokens with
# leading zeros are not of the grammar of array indices. The package calls itself compliant with the RFC.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @croct/json-pointer@0.3.0 >/dev/null 2>&1
cat > point.js <<'JS'
const { JsonPointer } = require('@croct/json-pointer');
for (const [pointer, value] of [['/responses/200/description', { responses: { 200: { description: 'ok' } } }], ['/tags/007', { tags: { '007': 'bond' } }], ['/01', ['a', 'b']]]) {
  try {
    console.log(JsonPointer.parse(pointer).toString(), JsonPointer.parse(pointer).get(value));
  } catch (error) {
    console.log(JsonPointer.parse(pointer).toString(), error.message);
  }
}
JS
node point.js | tee seen
cat > expected <<'TEXT'
/responses/200/description Expected array at "/responses", got object.
/tags/7 Expected array at "/tags", got object.
/1 b
TEXT
cmp -s expected seen || { echo "the pointers are read otherwise now"; exit 1; }
