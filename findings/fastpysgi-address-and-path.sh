#!/usr/bin/env bash
# fastpysgi 0.6 (PyPI) with Flask 3.1.2 (PyPI), and waitress 3.0.2 (PyPI) as a witness. Python 3.11 or newer, amd64.
#
# Input: a Flask application with a route `/café` that answers with the client's address, asked for as /caf%C3%A9; and a HEAD for a route whose GET has
# eight bytes.
# Guess: 200 and 127.0.0.1; Content-Length: 8.
# Seen: 404 for the route. Where it has a plain name the address is `127.0.0.1:` and a port, which no list of addresses matches and Python's ipaddress
# refuses. The HEAD says Content-Length: 0.
# Expected: PEP 3333, "Unicode Issues": PATH_INFO holds the decoded path's bytes as latin-1. RFC 3875, 4.1.8: REMOTE_ADDR is the network address, without
# a port (REMOTE_PORT has it). RFC 9110, 9.3.2: HEAD's fields are those that GET would have had, or are left out.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
stop() {
  kill "${server:-}" 2>/dev/null || return 0
  for _ in $(seq 50); do kill -0 "$server" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$server"
}
trap 'stop; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check fastpysgi==0.6 waitress==3.0.2 flask==3.1.2 2>/dev/null
cat > serve.py <<'PY'
import sys

from flask import Flask, request

app = Flask(__name__)


@app.get("/café")
@app.get("/plain")
def address():
    return request.remote_addr


@app.get("/eight")
def eight():
    return "12345678"


name, port = sys.argv[1], int(sys.argv[2])
if name == "fastpysgi":
    import fastpysgi

    fastpysgi.run(app, "127.0.0.1", port)
else:
    import waitress

    waitress.serve(app, host="127.0.0.1", port=port)
PY
for name in waitress fastpysgi; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  v/bin/python serve.py "$name" "$port" > log 2>&1 & server=$!
  accented=$(curl -s -o answer -w '%{http_code}' --retry 40 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/caf%C3%A9")
  plain=$(curl -s "http://127.0.0.1:$port/plain" | sed -E 's/:[0-9]+$/:PORT/')
  length=$(curl -sI "http://127.0.0.1:$port/eight" | tr -d '\r' | grep -i '^content-length' | tr 'A-Z' 'a-z')
  echo "$name: /café $accented, address $plain, HEAD $length"
  stop
done | tee seen
cat > expected <<'TEXT'
waitress: /café 200, address 127.0.0.1, HEAD content-length: 8
fastpysgi: /café 404, address 127.0.0.1:PORT, HEAD content-length: 0
TEXT
cmp -s expected seen || { echo "fastpysgi answers something else now"; exit 1; }
