#!/usr/bin/env bash
# curlifier 1.0.8 (PyPI) with requests 2.34.2 (PyPI), and curl. Python 3.11 or newer.
#
# Input: a POST of a CSV file's text, a header line and two rows, and an upload of one file, sent by requests; then the commands that curlifier makes of
# them, run in bash.
# Guess: the server gets the same bodies twice.
# Seen: the text arrives on one line, with blanks where the line ends were: a table of one header without a row. The upload's Content-Type has lost its
# boundary, so what arrives is a body that no server can take apart. No warning.
# Expected: curl's manual, --data: line ends inside of a given text are sent as they are (they are dropped from files alone). RFC 2046, 5.1.1: the
# boundary parameter is required. The package promises an executable command for the request.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check curlifier==1.0.8 requests==2.34.2 2>/dev/null
cat > send.py <<'PY'
import http.server, subprocess, threading
import curlifier, requests

class Orders(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print(self.headers["Content-Type"].partition("=")[0], body if b"--" not in body else "(parts)", flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Orders)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/orders"
for request in (
    requests.Request("POST", address, data="id,item\n1,milk\n2,eggs\n", headers={"Content-Type": "text/csv"}),
    requests.Request("POST", address, files={"table": ("table.csv", "id,item\n")}),
):
    print("requests: ", end="", flush=True)
    requests.Session().send(request.prepare())
    print("curlifier: ", end="", flush=True)
    subprocess.run(["bash", "-c", curlifier.curlify(prepared_request=request.prepare())], check=True, stderr=subprocess.DEVNULL)
PY
v/bin/python send.py | tee seen
cat > expected <<'TEXT'
requests: text/csv b'id,item\n1,milk\n2,eggs\n'
curlifier: text/csv b'id,item 1,milk 2,eggs'
requests: multipart/form-data; boundary (parts)
curlifier: multipart/form-data (parts)
TEXT
cmp -s expected seen || { echo "curlifier writes something else now"; exit 1; }
