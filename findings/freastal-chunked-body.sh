#!/usr/bin/env bash
# freastal 0.0.3 (PyPI) with Flask 3.1.2 (PyPI), and waitress 3.0.2 (PyPI) as a witness. Python 3.11 or newer, amd64.
#
# Input: a POST of `{"open": 1}` with Content-Length and one with Transfer-Encoding: chunked, to a Flask application that answers with the JSON that it
# got; and a route `/two words`.
# Guess: {"open":1} twice, and 200.
# Seen: the chunked request arrives with an empty body, so the application answers 400 for a request that was right. The route is a 404: PATH_INFO is
# given as `/two%20words`, not decoded. waitress answers all three.
# Expected: RFC 9112, 7.1: a recipient MUST be able to parse the chunked coding; a server that cannot answers 411 or 501. RFC 3875, 4.1.5, to which PEP
# 3333 refers: PATH_INFO is not URL-encoded.
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
v/bin/pip install --quiet --disable-pip-version-check freastal==0.0.3 waitress==3.0.2 flask==3.1.2 2>/dev/null
cat > serve.py <<'PY'
import sys

from flask import Flask, request

app = Flask(__name__)


@app.post("/orders")
def orders():
    return request.get_json()


@app.get("/two words")
def words():
    return "found"


if __name__ == "__main__":
    name, port = sys.argv[1], int(sys.argv[2])
    if name == "freastal":
        import freastal

        freastal.serve(app, host="127.0.0.1", port=port)
    else:
        import waitress

        waitress.serve(app, host="127.0.0.1", port=port)
PY
for name in waitress freastal; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  v/bin/python serve.py "$name" "$port" > log 2>&1 & server=$!
  ask() { curl -s -o answer -w '%{http_code}' --retry 40 --retry-delay 1 --retry-connrefused "$@"; }
  whole=$(ask -H 'Content-Type: application/json' -d '{"open": 1}' "http://127.0.0.1:$port/orders")
  chunked=$(ask -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' -d '{"open": 1}' "http://127.0.0.1:$port/orders")
  words=$(ask "http://127.0.0.1:$port/two%20words")
  echo "$name: whole $whole, chunked $chunked, two words $words"
  stop
done | tee seen
cat > expected <<'TEXT'
waitress: whole 200, chunked 200, two words 200
freastal: whole 200, chunked 400, two words 404
TEXT
cmp -s expected seen || { echo "freastal answers something else now"; exit 1; }
