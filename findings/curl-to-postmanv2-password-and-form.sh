#!/usr/bin/env bash
# curl-to-postmanv2 1.8.4 (npm; the library behind Postman's import of curl commands), and curl. Node.js 18 and Python 3.11 or newer.
#
# Input: `curl -u ada:red:blue URL` and `curl --data-urlencode 'note=milk & 50+ eggs' URL`, imported, and run by curl itself against a server.
# Guess: the password red:blue, and one field, note, with that text.
# Seen: the password in the collection is `red`. The form has two fields, note with "milk " and " 50  eggs" with nothing: what curl is told to encode
# is taken apart at & and decoded, + included. curl sends red:blue and one field.
# Expected: curl's manual, --user: the name ends at the first colon, so a password may have more; --data-urlencode: name=content has its content
# URL-encoded by curl. A person who imports a command that works has a request that is refused, or changes something else.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts curl-to-postmanv2@1.8.4 >/dev/null 2>&1
cat > server.py <<'PY'
import base64, http.server, urllib.parse

class Orders(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(base64.b64decode(self.headers["Authorization"].split()[1]).decode().partition(":")[2])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(str(urllib.parse.parse_qsl(body, keep_blank_values=True)))

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Length", str(len(text) + 1))
        self.end_headers()
        self.wfile.write(text.encode() + b"\n")

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Orders)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
python3 server.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > import.cjs <<'JS'
const { convert } = require('curl-to-postmanv2');
const address = `http://127.0.0.1:${process.argv[2]}/orders`;
convert({ type: 'string', data: `curl -u ada:red:blue ${address}` }, (error, answer) => {
  console.log('imported:', answer.output[0].data.auth.basic.find(part => part.key === 'password').value);
});
convert({ type: 'string', data: `curl --data-urlencode 'note=milk & 50+ eggs' ${address}` }, (error, answer) => {
  console.log('imported:', JSON.stringify(answer.output[0].data.body.urlencoded.map(field => [field.key, field.value])));
});
JS
address="http://127.0.0.1:$(cat port)/orders"
{
  node import.cjs "$(cat port)"
  echo "curl: $(curl -s -u ada:red:blue "$address")"
  echo "curl: $(curl -s --data-urlencode 'note=milk & 50+ eggs' "$address")"
} | tee seen
cat > expected <<'TEXT'
imported: red
imported: [["note","milk "],[" 50  eggs",""]]
curl: red:blue
curl: [('note', 'milk & 50+ eggs')]
TEXT
cmp -s expected seen || { echo "another request is imported now"; exit 1; }
