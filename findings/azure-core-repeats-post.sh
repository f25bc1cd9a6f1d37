#!/usr/bin/env bash
# azure-core 1.41.0 (PyPI), Python 3.11 or newer.
#
# Input: a POST with RetryPolicy(retry_total=3) to a server that always answers with one status, without Retry-After; and a POST that is answered
# with 409 and `Retry-After: 0`.
# Guess: once each, since POST is not among the policy's methods; the 409 once too.
# Seen: four times for 500, 503 and 504, and four times for the 409, once for 408, 429 and 502. So a POST is repeated after 500, when the server
# may have done the work, and is not after 408 and 429, when it has said that it did not.
# Expected: RFC 9110, 9.2.2: a client does not repeat a method that is not idempotent unless it knows that the request is, or that the first was
# never applied; 15.5.9: after 408 it may. The policy's own list of methods, retry_on_methods, leaves POST out by default, and nothing
# in its documentation says that three statuses, or a Retry-After on any status, go past that list. A job is started four times.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-core==1.41.0 requests==2.34.2 2>/dev/null
cat > post.py <<'PY'
import collections, http.server, threading
from azure.core import PipelineClient
from azure.core.pipeline.policies import RetryPolicy
from azure.core.rest import HttpRequest

seen = collections.Counter()

class Jobs(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        seen[self.path] += 1
        _, status, *retry_after = self.path.split("/")
        self.send_response(int(status))
        if retry_after:
            self.send_header("Retry-After", retry_after[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Jobs)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = f"http://127.0.0.1:{server.server_port}"
assert "POST" not in RetryPolicy()._method_whitelist
client = PipelineClient(place, policies=[RetryPolicy(retry_total=3, retry_backoff_factor=0.01)])
for path in ("/408", "/429", "/500", "/502", "/503", "/504", "/409/0"):
    client.send_request(HttpRequest("POST", place + path))
    print(path, seen[path])
PY
v/bin/python post.py | tee seen
printf '/408 1\n/429 1\n/500 4\n/502 1\n/503 4\n/504 4\n/409/0 4\n' | cmp -s - seen || { echo "azure-core sends another number now"; exit 1; }
