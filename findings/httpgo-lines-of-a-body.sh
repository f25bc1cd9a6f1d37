#!/usr/bin/env bash
# httpgo-cli 0.1.2 (PyPI), Python 3.11 or newer.
#
# Input: a .http file with three POSTs: a body in YAML (`name: web` and `replicas: 3`), one in Markdown (`# Orders`, an empty line and `Two are open.`),
# and one in JSON; `httpgo run FILE --all`.
# Guess: the three bodies as they stand in the file.
# Seen: the first request has no body at all, the second is `Two are open.` alone, the third is right. Each line of a body is judged as if it stood
# in the head of a request: what looks like a header, a comment or another request line is dropped. Exit status 0, no word.
# Expected: REST Client, whose format the README names: the body is what comes after the first empty line, up to ###. Nothing in it is a header or,
# since Markdown and YAML have lines with #, a comment.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check httpgo-cli==0.1.2 2>/dev/null
cat > server.py <<'PY'
import http.server

class Bodies(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with open("seen", "a") as seen:
            print(self.path, repr(body), file=seen)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Bodies)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
v/bin/python server.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > orders.http <<HTTP
POST http://127.0.0.1:$(cat port)/yaml
Content-Type: application/yaml

name: web
replicas: 3

###
POST http://127.0.0.1:$(cat port)/markdown
Content-Type: text/markdown

# Orders

Two are open.

###
POST http://127.0.0.1:$(cat port)/json
Content-Type: application/json

{"open": 2}
HTTP
HOME="$folder" v/bin/httpgo run orders.http --all >/dev/null 2>&1
cat seen
printf "%s\n" "/yaml ''" "/markdown 'Two are open.'" "/json '{\"open\": 2}'" | cmp -s - seen || { echo "httpgo sends something else now"; exit 1; }
