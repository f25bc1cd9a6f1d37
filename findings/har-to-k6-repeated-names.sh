#!/usr/bin/env bash
# har-to-k6 0.14.16 (npm), Node.js 20 or newer.
#
# Input: a HAR of two requests: a GET of `/orders?tag=new&tag=open`, with the same two in queryString, and a POST of the form that has size=1 and size=2.
# Guess: a script that asks for `/orders?tag=new&tag=open` and posts `size=1&size=2`.
# Seen: it asks for `tag=new&tag=open&tag=open`: the last of the values is there twice. It posts `size=1%2C2`, one field whose value is "1,2". So a load test
# measures another search than the one that was recorded, and the form is refused or, worse, taken. No warning.
# Expected: HAR 1.2: queryString and params are lists of names and values, not maps; the address holds the same query again, so it is not added to it. HTML
# standard, "application/x-www-form-urlencoded": a name may occur more than once, and stays so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts har-to-k6@0.14.16 >/dev/null 2>&1
cat > convert.js <<'JS'
const { liHARToK6Script } = require('har-to-k6');
const request = (method, url, more) => ({
  startedDateTime: '2026-01-02T12:00:00.000Z', time: 1, cache: {}, timings: { send: 0, wait: 1, receive: 0 },
  request: { method, url, httpVersion: 'HTTP/1.1', cookies: [], headers: [], queryString: [], headersSize: -1, bodySize: -1, ...more },
  response: { status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', cookies: [], headers: [], redirectURL: '', headersSize: -1, bodySize: -1,
    content: { size: 0, mimeType: 'text/plain' } },
});
const twice = (name, ...values) => values.map((value) => ({ name, value }));
const har = { log: { version: '1.2', creator: { name: 'recorder', version: '1' }, entries: [
  request('GET', 'https://shop.example/orders?tag=new&tag=open', { queryString: twice('tag', 'new', 'open') }),
  request('POST', 'https://shop.example/orders', { postData: { mimeType: 'application/x-www-form-urlencoded', params: twice('size', '1', '2') } }),
] } };
liHARToK6Script(har).then(({ main }) => console.log(main.match(/http\.(get|post)\([^)]*/g).map((call) => call.split('\n')[0]).join('\n')));
JS
node convert.js | tee seen
cat > expected <<'TEXT'
http.get('https://shop.example/orders?tag=new&tag=open&tag=open'
http.post('https://shop.example/orders', 'size=1%2C2', {
TEXT
cmp -s expected seen || { echo "har-to-k6 writes something else now"; exit 1; }
