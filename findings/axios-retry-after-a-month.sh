#!/usr/bin/env bash
# axios-retry-after 2.1.0 with axios 1.13.2 (npm), Node.js 20 or newer.
#
# Input: a server that answers 429 with `Retry-After: 2592000`, thirty days, as a quota for a month does, and 200 from the fourth request on.
# Guess: no second request while the program runs, or a limit and an error.
# Seen: four requests within a second. The wait is handed to a timer whose longest time is 2 147 483 647 milliseconds, not quite 25 days; a longer one is no wait
# at all, so the client that is asked for the longest silence is the one that asks without a pause. Node.js writes a TimeoutOverflowWarning.
# Expected: RFC 9110, 10.2.3: Retry-After is how long the client ought to wait, a number of seconds without an upper bound. Node.js's documentation of setTimeout():
# a delay above that number is set to 1. A library that turns a server's number into a timer has a limit of its own.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts axios-retry-after@2.1.0 axios@1.13.2 >/dev/null 2>&1
cat > ask.mjs <<'JS'
import http from 'http';
import axios from 'axios';
import retryAfter from 'axios-retry-after';
for (const wait of [1, 2592000]) {
  let requests = 0;
  const server = http.createServer((request, response) => {
    requests += 1;
    response.writeHead(requests < 4 ? 429 : 200, { 'Retry-After': String(wait) }).end();
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const client = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}`, proxy: false });
  client.interceptors.response.use(null, retryAfter(client));
  const start = Date.now(), done = client.get('/').then(({ status }) => status);
  const answer = await done;
  console.log(`wait ${wait}: ${requests} requests, status ${answer}, ${Date.now() - start >= 2900 ? 'three seconds' : 'at once'}`);
  server.close();
  server.closeAllConnections();
}
JS
node ask.mjs 2> warnings | tee seen
printf 'wait 1: 4 requests, status 200, three seconds\nwait 2592000: 4 requests, status 200, at once\n' | cmp -s - seen || { echo "axios-retry-after waits otherwise now"; exit 1; }
