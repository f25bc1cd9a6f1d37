#!/usr/bin/env bash
# @bany/curl-to-json 1.2.10 (npm), Node.js 18 or newer.
#
# Input: `curl -H "Content-Type: text/plain" --data-binary "two orders" URL`, `curl --json '{"open": 1}' URL`, `curl "URL?name=a%20b"`, and
# `curl -d '{"open": 1}' URL`.
# Guess: a POST with the text, a POST with the document, the name `a b`, and a POST with the document.
# Seen: the first is a POST with `data: {}`, the text is gone. The second is a GET without data. The name is `a+b`. The last is right. Nothing is
# reported.
# Expected: curl's manual: --data-binary sends the text as it is, --json is --data with two headers. URL Standard: %20 is decoded to a blank; a + is what a
# form's encoder writes for it, and it is the text of the value no more than %20 is.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @bany/curl-to-json@1.2.10 >/dev/null 2>&1
cat > parse.cjs <<'JS'
const read = require('@bany/curl-to-json');
const parse = read.default ?? read;
for (const words of ['-H "Content-Type: text/plain" --data-binary "two orders" http://127.0.0.1/orders', `--json '{"open": 1}' http://127.0.0.1/orders`,
  '"http://127.0.0.1/orders?name=a%20b"', `-d '{"open": 1}' http://127.0.0.1/orders`]) {
  const { method, data, params } = parse(`curl ${words}`);
  console.log(`${words}: ${method} ${JSON.stringify(data)} ${JSON.stringify(params)}`);
}
JS
node parse.cjs | tee seen
cat > expected <<'TEXT'
-H "Content-Type: text/plain" --data-binary "two orders" http://127.0.0.1/orders: POST {} undefined
--json '{"open": 1}' http://127.0.0.1/orders: GET undefined undefined
"http://127.0.0.1/orders?name=a%20b": GET undefined {"name":"a+b"}
-d '{"open": 1}' http://127.0.0.1/orders: POST {"open":1} undefined
TEXT
cmp -s expected seen || { echo "the package parses something else now"; exit 1; }
