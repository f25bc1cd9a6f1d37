#!/usr/bin/env bash
# httpsnippet 3.0.10 (npm), and curl. Node.js 18 and Python 3.11 or newer.
#
# Input: one HAR request, a form with the field note whose value is `milk & role=admin +1`, as snippets for curl and for Python's requests;
# both are run.
# Guess: the server gets one field from both, with that value.
# Seen: requests sends one. The curl snippet is `--data 'note=milk & role=admin +1'`, so the server gets two fields, note with "milk " and
# " role" with "admin  1". A field whose name has a blank is written with --data-urlencode, one whose value needs it is not.
# Expected: HAR 1.2, params: names and values are those of the form, not encoded. curl's manual: --data is sent as it is, with
# --data-urlencode for what needs encoding (URL Standard, application/x-www-form-urlencoded). One request, two snippets, one meaning.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check requests==2.34.2 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts httpsnippet@3.0.10 >/dev/null 2>&1
cat > server.py <<'PY'
import http.server, urllib.parse

class Form(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open("seen", "a") as seen:
            print(self.path, urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()), file=seen)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Form)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
v/bin/python server.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > convert.js <<'JS'
const { HTTPSnippet } = require('httpsnippet');
const [port, target, client] = process.argv.slice(2);
const postData = { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'note', value: 'milk & role=admin +1' }] };
const request = { method: 'POST', url: `http://127.0.0.1:${port}/${client}`, httpVersion: 'HTTP/1.1', cookies: [], headers: [], queryString: [], headersSize: -1, bodySize: -1, postData };
console.log(new HTTPSnippet(request).convert(target, client));
JS
node convert.js "$(cat port)" python requests | v/bin/python - >/dev/null
node convert.js "$(cat port)" shell curl | sh >/dev/null 2>&1
cat seen
cat > expected <<'TEXT'
/requests [('note', 'milk & role=admin +1')]
/curl [('note', 'milk '), (' role', 'admin  1')]
TEXT
cmp -s expected seen || { echo "one of the two snippets sends something else now"; exit 1; }
