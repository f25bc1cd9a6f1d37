#!/usr/bin/env bash
# httpyac 6.16.7 (npm), Node.js 20 or newer.
#
# Input: a file with two requests to one server. The first has the header `Cookie: a=1; b=2`, the second has no Cookie header.
# Seen: the first is sent with `Cookie: a=1` (b=2 is lost), and the second, for which nobody wrote a cookie, is sent with `Cookie: a=1` too.
# Expected: a header that a person writes goes out as written and with that request alone. A cookie jar keeps what servers set
# (RFC 6265, 5.3), not what one request was told to send; REST Client, curl and browsers do so. The second request is tested
# with a state that its author never gave it, and the first without the half of its own.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts httpyac@6.16.7 >/dev/null 2>&1
cat > server.js <<'JS'
const fs = require('fs');
require('http').createServer((request, response) => {
  fs.appendFileSync('seen', `${request.url} ${request.headers.cookie ?? 'no cookie'}\n`);
  response.end('ok');
}).listen(0, '127.0.0.1', function () { fs.writeFileSync('port', String(this.address().port)); });
JS
node server.js & server=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
cat > orders.http <<HTTP
GET http://127.0.0.1:$(cat port)/first
Cookie: a=1; b=2

###
GET http://127.0.0.1:$(cat port)/second
HTTP
NO_UPDATE_NOTIFIER=1 node_modules/.bin/httpyac send orders.http --all --output none >/dev/null
cat seen
printf '/first a=1\n/second a=1\n' | cmp -s - seen || { echo "httpyac sends something else now"; exit 1; }
