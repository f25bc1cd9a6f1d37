#!/usr/bin/env bash
# azure-core 1.41.0 (PyPI), with requests 2.34.2 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: azure.core.rest.HttpRequest("GET", url, params=...), sent to a server that shows what it was asked: a note `milk & eggs`, an issue `a#b`, x=2
# for an address that has x=1, and y=3 for one that has x=1 and x=2.
# Guess: one parameter with the whole text, twice; x=1 and x=2, or 2 alone; all three.
# Seen: `?note=milk%20&%20eggs`, two parameters; `?issue=a`, the rest became a fragment and was not sent; x=1, the value that was given is dropped; y=3 and
# x=2, one that stood in the address is gone. No error.
# Expected: the class's documentation: params are query parameters to be mapped into the URL, names and values. RFC 3986, 2.2: a value's & and # are
# encoded so that they do not end it. requests, whose arguments the class has, sends all of it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-core==1.41.0 requests==2.34.2 2>/dev/null
cat > ask.py <<'PY'
import http.server, threading
import requests
from azure.core import PipelineClient
from azure.core.rest import HttpRequest

class Mirror(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = f"http://127.0.0.1:{server.server_port}"
client = PipelineClient(place, policies=[])
for path, params in (("/", {"note": "milk & eggs"}), ("/", {"issue": "a#b"}), ("/?x=1", {"x": "2"}), ("/?x=1&x=2", {"y": "3"})):
    witness = requests.get(place + path, params=params).text
    print(client.send_request(HttpRequest("GET", place + path, params=dict(params))).text(), witness)
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
/?note=milk%20&%20eggs /?note=milk+%26+eggs
/?issue=a /?issue=a%23b
/?x=1 /?x=1&x=2
/?y=3&x=2 /?x=1&x=2&y=3
TEXT
cmp -s expected seen || { echo "the parameters are sent in another way now"; exit 1; }
