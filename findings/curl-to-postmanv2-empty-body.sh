#!/usr/bin/env bash
# curl-to-postmanv2 1.8.4 (npm; the library behind Postman's import of curl commands), Node.js 18 or newer.
#
# Input: three spellings of a POST without content, the usual way to start, restart or approve something: `curl -d '' URL`, `curl URL -d ''` and
# `curl -X POST URL`.
# Guess: a POST to the address with an empty body, three times.
# Seen: the first is a POST whose form has one field, called like the address. The second is a GET, so the collection asks where the command acts. Only
# the third is right. convert() says that it succeeded each time.
# Expected: POSIX shell, "Quote Removal": '' is an argument, an empty one, so the address is not the value of -d. curl's manual, --data: the option sends a
# POST, whatever the data is; curl -d '' sends Content-Length: 0.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts curl-to-postmanv2@1.8.4 >/dev/null 2>&1
cat > import.cjs <<'JS'
const { convert } = require('curl-to-postmanv2');
for (const command of [`curl -d '' http://127.0.0.1/restart`, `curl http://127.0.0.1/restart -d ''`, 'curl -X POST http://127.0.0.1/restart']) {
  convert({ type: 'string', data: command }, (error, { result, output }) => {
    const request = output[0].data;
    console.log(`${command}: ${result} ${request.method} ${JSON.stringify((request.body.urlencoded ?? []).map(field => field.key))}`);
  });
}
JS
node import.cjs | tee seen
cat > expected <<'TEXT'
curl -d '' http://127.0.0.1/restart: true POST ["http://127.0.0.1/restart"]
curl http://127.0.0.1/restart -d '': true GET []
curl -X POST http://127.0.0.1/restart: true POST []
TEXT
cmp -s expected seen || { echo "another request is imported now"; exit 1; }
