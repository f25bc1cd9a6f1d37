#!/usr/bin/env bash
# curlify2 2.0.0 (PyPI) with requests 2.34.2 (PyPI), and curl. Python 3.11 or newer.
#
# Input: a GET of `/orders?state=open&limit=5`, sent by requests, and the command that curlify2 makes of it, run in bash.
# Guess: the server sees the same request twice.
# Seen: the command's address has no quotes, so the shell ends the command at the &, runs it in the background and sets a variable `limit`: the server
# sees `/orders?state=open`, and a list that was to be five lines long is whole. A GET without a body has `-d 'None'` in the command, and the text None
# is sent as its body.
# Expected: POSIX shell, "Token Recognition": & ends a command where it is not quoted. The package quotes headers and the body; curlify, of which it calls
# itself a successor, quotes the address too.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check curlify2==2.0.0 curlify==3.0.0 requests==2.34.2 2>/dev/null
cat > send.py <<'PY'
import http.server, subprocess, threading
import curlify, curlify2, requests

class Orders(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))).decode() or "-", flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Orders)
threading.Thread(target=server.serve_forever, daemon=True).start()
request = requests.Request("GET", f"http://127.0.0.1:{server.server_port}/orders?state=open&limit=5", headers={"Accept": "*/*"}).prepare()
print("requests: ", end="", flush=True)
requests.Session().send(request)
for name, convert in (("curlify", curlify.to_curl), ("curlify2", lambda sent: curlify2.Curlify(sent).to_curl())):
    print(f"{name}: ", end="", flush=True)
    subprocess.run(["bash", "-c", convert(request) + "\nwait"], check=True, stderr=subprocess.DEVNULL)
PY
v/bin/python send.py | tee seen
cat > expected <<'TEXT'
requests: /orders?state=open&limit=5 -
curlify: /orders?state=open&limit=5 -
curlify2: /orders?state=open None
TEXT
cmp -s expected seen || { echo "curlify2 writes something else now"; exit 1; }
