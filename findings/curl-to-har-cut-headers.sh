#!/usr/bin/env bash
# curl-to-har 1.0.1 (npm), Node.js 18 or newer.
#
# Input: three commands: `curl URL -H 'X-Since: 2026-01-01T08:30:00Z'`, `curl URL -d '{"open": 1}'`, and `curl -H 'Accept: text/plain' URL`.
# Guess: a GET with that header, a POST with that body, and a GET of the address.
# Seen: the header is `2026-01-01T08`, cut at its first colon. The body belongs to a GET. The third has an empty address: only one that stands first, or
# behind --url, is read, and "Missing flag char" on the error stream is all that is said of it.
# Expected: RFC 9110, 5.1: a field's name ends at the first colon; what follows, further colons included, is its value. curl's manual: -d makes a
# POST, and options and addresses may stand in any order. HAR 1.2, request: url is the absolute address.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts curl-to-har@1.0.1 >/dev/null 2>&1
cat > convert.cjs <<'JS'
const toHar = require('curl-to-har');
const address = 'http://127.0.0.1/orders';
for (const command of [`curl ${address} -H 'X-Since: 2026-01-01T08:30:00Z'`, `curl ${address} -d '{"open": 1}'`, `curl -H 'Accept: text/plain' ${address}`]) {
  const { method, url, headers } = toHar(command);
  console.log(`${command}: ${method} [${url}] ${JSON.stringify(headers)}`);
}
JS
node convert.cjs 2>/dev/null | grep -v '^Missing flag' | tee seen
cat > expected <<'TEXT'
curl http://127.0.0.1/orders -H 'X-Since: 2026-01-01T08:30:00Z': GET [http://127.0.0.1/orders] [{"name":"X-Since","value":"2026-01-01T08"}]
curl http://127.0.0.1/orders -d '{"open": 1}': GET [http://127.0.0.1/orders] []
curl -H 'Accept: text/plain' http://127.0.0.1/orders: GET [] [{"name":"Accept","value":"text/plain"}]
TEXT
cmp -s expected seen || { echo "curl-to-har writes something else now"; exit 1; }
