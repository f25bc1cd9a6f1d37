#!/usr/bin/env bash
# httpsnippet 3.0.10 (npm) with requests 2.34.2 (PyPI), and curl. Node.js 18 and Python 3.11 or newer.
#
# Input: a HAR request that uploads the file note.txt in a multipart form, as snippets for curl and for Python's requests; both are run beside a
# note.txt that holds `milk`.
# Guess: the server gets a file called note.txt with `milk` in it from both.
# Seen: from curl. The Python snippet has quotes around its call of open, `files = { "note": "open('note.txt', 'rb')" }`, so what is uploaded is
# a file called "note" with the text `open('note.txt', 'rb')`. It runs without an error, with or without a note.txt.
# Expected: requests' documentation, "POST a Multipart-Encoded File": files takes the opened file; a text is taken for the content itself. A snippet
# that cannot upload the file is worth less than an error, and the target has been written for nothing else.
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
import email, http.server

class Upload(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        (part,) = email.message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body).get_payload()
        with open("seen", "a") as seen:
            print(self.path, part.get_filename(), part.get_payload().strip(), file=seen)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Upload)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
v/bin/python server.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
echo milk > note.txt
cat > convert.js <<'JS'
const { HTTPSnippet } = require('httpsnippet');
const [port, target, client] = process.argv.slice(2);
const postData = { mimeType: 'multipart/form-data', params: [{ name: 'note', fileName: 'note.txt', contentType: 'text/plain' }] };
const request = { method: 'POST', url: `http://127.0.0.1:${port}/${client}`, httpVersion: 'HTTP/1.1', cookies: [], headers: [], queryString: [], headersSize: -1, bodySize: -1, postData };
console.log(new HTTPSnippet(request).convert(target, client));
JS
node convert.js "$(cat port)" shell curl | sh >/dev/null 2>&1
node convert.js "$(cat port)" python requests | v/bin/python - >/dev/null
cat seen
printf '%s\n' '/curl note.txt milk' "/requests note open('note.txt', 'rb')" | cmp -s - seen || { echo "one of the two snippets sends something else now"; exit 1; }
