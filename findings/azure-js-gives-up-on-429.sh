#!/usr/bin/env bash
# @azure/core-rest-pipeline 1.24.0 (npm) and azure-core 1.41.0 (PyPI), Node.js 20 and Python 3.11 or newer.
#
# Input: a GET with three retries from each of the two SDK cores to one server that always answers with 429, or with 503, without a Retry-After.
# Guess: four requests from both, each time.
# Seen: azure-core asks four times for both. core-rest-pipeline asks four times after 503 and once after 429: the only answer that says "you were
# too fast, come again" is the one that it does not come back after.
# Expected: RFC 6585, 4: a 429 MAY have a Retry-After, so one without it is whole. Azure's guidance on transient faults names 429 among
# what is retried with a growing delay, the SDK's default policy grows its delay for 408 and 5xx, and its peer in Python does the same for 429.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-core==1.41.0 requests==2.34.2 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @azure/core-rest-pipeline@1.24.0 >/dev/null 2>&1
cat > server.js <<'JS'
const fs = require('fs');
require('http').createServer((request, response) => {
  fs.appendFileSync('requests', request.url + '\n');
  response.writeHead(Number(request.url.split('/')[2]), { 'Content-Length': 0 }).end();
}).listen(0, '127.0.0.1', function () { fs.writeFileSync('port', String(this.address().port)); });
JS
node server.js & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > ask.mjs <<'JS'
import { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';
const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 3, retryDelayInMs: 5, maxRetryDelayInMs: 10 } });
for (const status of [429, 503]) {
  const url = `http://127.0.0.1:${process.argv[2]}/js/${status}`;
  await pipeline.sendRequest(createDefaultHttpClient(), createPipelineRequest({ url, allowInsecureConnection: true }));
}
JS
cat > ask.py <<'PY'
import sys
from azure.core import PipelineClient
from azure.core.pipeline.policies import RetryPolicy
from azure.core.rest import HttpRequest

client = PipelineClient("http://127.0.0.1", policies=[RetryPolicy(retry_total=3, retry_backoff_factor=0.01)])
for status in (429, 503):
    client.send_request(HttpRequest("GET", f"http://127.0.0.1:{sys.argv[1]}/python/{status}"))
PY
node ask.mjs "$(cat port)"
v/bin/python ask.py "$(cat port)"
sort requests | uniq -c | awk '{print $2, $1}' | tee seen
printf '/js/429 1\n/js/503 4\n/python/429 4\n/python/503 4\n' | cmp -s - seen || { echo "one of the two asks another number of times now"; exit 1; }
