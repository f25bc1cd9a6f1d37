#!/usr/bin/env bash
# runhttp 0.1.0 (PyPI), Python 3.11 or newer.
#
# Input: a .http file whose POST takes its body from a file, `< ./order.json`, which stands beside it.
# Guess: the file's content is sent, or the line is refused as something that runhttp does not do.
# Seen: the server gets the fourteen characters `< ./order.json` as the body, and the exit status is 0.
# Expected: the README says that it runs the very files that REST Client runs, and lists what it leaves out (gRPC, WebSocket, GraphQL,
# assertions); this is not among them. REST Client, "Request Body": a line that begins with < and a path is the content of that file.
# The project holds that nothing mistyped is sent silently: a line whose meaning is not known is an error too.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check runhttp==0.1.0 2>/dev/null
cat > server.py <<'PY'
import http.server

class Orders(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open("seen", "wb").write(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Orders)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
v/bin/python server.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
printf '{"item": "tea"}' > order.json
printf 'POST http://127.0.0.1:%s/orders\nContent-Type: application/json\n\n< ./order.json\n' "$(cat port)" > orders.http
v/bin/runhttp orders.http >/dev/null
cat seen; echo
printf '< ./order.json' | cmp -s - seen || { echo "runhttp sends something else now"; exit 1; }
