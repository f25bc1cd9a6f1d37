#!/usr/bin/env bash
# fetch-har 11.1.1 (npm), Node.js 20 or newer.
#
# Input: HAR requests as browsers record them: a GET whose address is `/orders?state=open` and whose queryString has the same parameter; one whose
# parameter is `milk & eggs`, in queryString alone; and a form with the fields item=1 and item=2.
# Guess: state once; note with that text; item twice.
# Seen: `?state=open&state=open`, so a server that takes lists has two values. `?note=milk%20&%20eggs`, two parameters, of which the second is " eggs". The
# form has item=2 alone.
# Expected: HAR 1.2, request: url is the absolute address, its query included, and queryString is the list of the parameters that were found in it, not
# further ones; names and values are those before encoding (URL Standard). params of a form is a list, and a name may come twice.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts fetch-har@11.1.1 >/dev/null 2>&1
cat > send.mjs <<'JS'
import http from 'node:http';
import fetchHar from 'fetch-har';

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  console.log(request.method, request.url, body);
  response.end();
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const address = `http://127.0.0.1:${server.address().port}/orders`;
const send = request => fetchHar({ log: { version: '1.2', creator: { name: 'browser', version: '1' }, entries: [{ request: { method: 'GET', url: address,
  httpVersion: 'HTTP/1.1', headers: [], queryString: [], cookies: [], headersSize: -1, bodySize: -1, ...request } }] } });
await send({ url: `${address}?state=open`, queryString: [{ name: 'state', value: 'open' }] });
await send({ queryString: [{ name: 'note', value: 'milk & eggs' }] });
await send({ method: 'POST', headers: [{ name: 'Content-Type', value: 'application/x-www-form-urlencoded' }], postData: {
  mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'item', value: '1' }, { name: 'item', value: '2' }] } });
server.close();
server.closeAllConnections();
JS
node send.mjs | tee seen
cat > expected <<'TEXT'
GET /orders?state=open&state=open 
GET /orders?note=milk%20&%20eggs 
POST /orders item=2
TEXT
cmp -s expected seen || { echo "fetch-har sends something else now"; exit 1; }
