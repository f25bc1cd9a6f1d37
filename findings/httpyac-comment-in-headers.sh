#!/usr/bin/env bash
# httpyac 6.16.7 (npm), Node.js 20 or newer.
#
# Input: a POST among whose header lines a comment stands that was written without a blank, `#an old key`.
# Seen: the headers end at the comment. `Authorization` and `Content-Type`, which follow, are sent as the beginning of the body, so the
# server gets no sign-in and a body that is no JSON. Nothing is said, exit status 0.
# A header that is commented out in the same way, `#X-Key: old`, is sent as a header that is called `#X-Key`, with its value.
# With a blank after the sign both are comments, and above the request both are comments without one too.
# Expected: a line that begins with # is a comment wherever it stands, as in REST Client, whose files httpyac reads, and as httpyac
# itself has it above the request; or a line that is neither header nor comment is an error that names it.
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
  let body = '';
  request.on('data', part => { body += part; });
  request.on('end', () => {
    fs.appendFileSync('seen', JSON.stringify([request.headers.authorization ?? 'no sign-in', request.headers['#x-key'] ?? '', body.split('\n')[0]]) + '\n');
    response.end('ok');
  });
}).listen(0, '127.0.0.1', function () { fs.writeFileSync('port', String(this.address().port)); });
JS
node server.js & server=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
cat > orders.http <<HTTP
#above the request
POST http://127.0.0.1:$(cat port)/orders
#X-Key: old
#an old key
Authorization: Bearer secret-token
Content-Type: application/json

{"item": "tea"}
HTTP
NO_UPDATE_NOTIFIER=1 node_modules/.bin/httpyac send orders.http --all --output none >/dev/null
cat seen
printf '["no sign-in","old","Authorization: Bearer secret-token"]\n' | cmp -s - seen || { echo "httpyac sends something else now"; exit 1; }
