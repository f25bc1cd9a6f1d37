#!/usr/bin/env bash
# httpsnippet 3.0.10 (npm), Node.js 18 or newer.
#
# Input: a HAR request with a form, whose mimeType is `application/x-www-form-urlencoded; charset=UTF-8`, and one with a multipart form, whose
# mimeType is `multipart/form-data; boundary=b`, as browsers record them; and both without the parameter of the type.
# Guess: a body in all four.
# Seen: with the parameter there is no body at all, in any of the targets: the request to `http1.1` ends after its headers, the one for curl
# has neither --data nor --form. Nothing is reported, and the validation of the request passes.
# Expected: RFC 9110, 8.3.1: a media type may have parameters, and they do not make it another type; multipart/form-data (RFC 7578, 4.1) must have its
# boundary. HAR 1.2, postData: mimeType is the type as it was sent.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts httpsnippet@3.0.10 >/dev/null 2>&1
cat > convert.js <<'JS'
const { HTTPSnippet } = require('httpsnippet');
for (const mimeType of ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=UTF-8', 'multipart/form-data', 'multipart/form-data; boundary=b']) {
  const postData = { mimeType, params: [{ name: 'item', value: 'tea' }] };
  const request = { method: 'POST', url: 'http://127.0.0.1/orders', httpVersion: 'HTTP/1.1', cookies: [], headers: [], queryString: [], headersSize: -1, bodySize: -1, postData };
  const snippet = new HTTPSnippet(request);
  const told = [['http', 'http1.1'], ['shell', 'curl'], ['python', 'requests'], ['javascript', 'fetch']].map(([target, client]) => `${client} ${snippet.convert(target, client).includes('tea') ? 'tea' : 'nothing'}`);
  console.log(mimeType, told.join(', '));
}
JS
node convert.js | tee seen
cat > expected <<'TEXT'
application/x-www-form-urlencoded http1.1 tea, curl tea, requests tea, fetch tea
application/x-www-form-urlencoded; charset=UTF-8 http1.1 nothing, curl nothing, requests nothing, fetch nothing
multipart/form-data http1.1 tea, curl tea, requests tea, fetch tea
multipart/form-data; boundary=b http1.1 nothing, curl nothing, requests nothing, fetch nothing
TEXT
cmp -s expected seen || { echo "httpsnippet writes something else now"; exit 1; }
