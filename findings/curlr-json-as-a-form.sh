#!/usr/bin/env bash
# curlr 0.1.2 (PyPI), and curl. Python 3.11 or newer.
#
# Input: the command of the package's own example, a POST of `{"key":"value"}` with Content-Type: application/json, and a PATCH of `{"open": 1}`;
# each is run by curlr and by curl against one server.
# Guess: two JSON documents, and the methods POST and PATCH, from both.
# Seen: curlr sends `key=value` and `open=1`, forms that are labelled as JSON, so an API answers 400 to a command that works; and the PATCH is a POST,
# in the object's `method` as on the wire.
# Expected: curl's manual, --data: the data is sent as it stands, whatever the Content-Type says; --request: the method that is used. The README says that
# execute() is equivalent to sending the request with json=curl.data.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check curlr==0.1.2 requests==2.34.2 2>/dev/null
cat > send.py <<'PY'
import http.server, subprocess, threading
from curlr import CURL

class Orders(http.server.BaseHTTPRequestHandler):
    def answer(self):
        print(self.command, self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"])).decode(), flush=True)
        self.send_response(204)
        self.end_headers()

    do_POST = do_PATCH = answer

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Orders)
threading.Thread(target=server.serve_forever, daemon=True).start()
for method, body in (("POST", '{"key":"value"}'), ("PATCH", '{"open": 1}')):
    command = f"curl -X {method} -H 'Content-Type: application/json' -d '{body}' http://127.0.0.1:{server.server_port}/orders"
    print(f"curlr ({CURL(command=command).method}): ", end="", flush=True)
    CURL(command=command).execute()
    print("curl: ", end="", flush=True)
    subprocess.run(command + " -s", shell=True, check=True)
PY
v/bin/python send.py | tee seen
cat > expected <<'TEXT'
curlr (POST): POST application/json key=value
curl: POST application/json {"key":"value"}
curlr (POST): POST application/json open=1
curl: PATCH application/json {"open": 1}
TEXT
cmp -s expected seen || { echo "curlr sends something else now"; exit 1; }
