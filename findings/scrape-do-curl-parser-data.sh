#!/usr/bin/env bash
# @scrape-do/curl-parser 0.3.0 (npm), Node.js 18 or newer.
#
# Input: `curl URL -d state=open -d limit=5` and `curl URL --data-urlencode "note=milk & eggs"`, parsed.
# Guess: a POST with the body state=open&limit=5, and a POST.
# Seen: the method is get for both, in lower case, with a body, and of the first one the body is `limit=5`, the last of the two. stringify() makes
# a command of it that has lost the other half.
# Expected: curl's manual, --data: the option makes the request a POST, and several are joined with &. The package parses commands into objects and back;
# a request that is built from the object is a GET with a body, which servers refuse or ignore.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @scrape-do/curl-parser@0.3.0 >/dev/null 2>&1
cat > parse.cjs <<'JS'
const { parse, stringify } = require('@scrape-do/curl-parser');
for (const options of ['-d state=open -d limit=5', '--data-urlencode "note=milk & eggs"']) {
  const { method, body } = parse(`curl http://127.0.0.1/orders ${options}`);
  console.log(`${options}: ${method} [${body}]`);
}
console.log(stringify(parse('curl http://127.0.0.1/orders -d state=open -d limit=5')).includes('state=open'));
JS
node parse.cjs | tee seen
cat > expected <<'TEXT'
-d state=open -d limit=5: get [limit=5]
--data-urlencode "note=milk & eggs": get [note=milk & eggs]
false
TEXT
cmp -s expected seen || { echo "the package parses something else now"; exit 1; }
