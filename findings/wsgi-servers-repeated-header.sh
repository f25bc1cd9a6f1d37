#!/usr/bin/env bash
# bjoern-binary 3.2.2, cheroot 11.1.2 and fastpysgi 0.6 (PyPI), with waitress 3.0.2 (PyPI) as a witness. Python 3.11 or newer, amd64.
#
# Input: a request with two lines `X-Feature: search` and `X-Feature: export` to a WSGI application that answers with HTTP_X_FEATURE.
# Guess: `search, export`, or with another comma, from all four.
# Seen: waitress gives `search, export`. bjoern gives `searchexport`, the two glued together without anything between them, and cheroot and fastpysgi
# give the last one alone. No server refuses the request.
# Expected: RFC 9110, 5.2 and 5.3: the lines of one field are combined in their order, with a comma between them; a proxy may send them as one line or as
# several, and the recipient sees no difference.
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
v/bin/pip install --quiet --disable-pip-version-check bjoern-binary==3.2.2 cheroot==11.1.2 fastpysgi==0.6 waitress==3.0.2 2>/dev/null
cat > serve.py <<'PY'
import sys


def app(environ, start_response):
    value = environ["HTTP_X_FEATURE"].encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(value)))])
    return [value]


name, port = sys.argv[1], int(sys.argv[2])
if name == "bjoern":
    import bjoern

    bjoern.run(app, "127.0.0.1", port)
elif name == "cheroot":
    from cheroot import wsgi

    wsgi.Server(("127.0.0.1", port), app).start()
elif name == "fastpysgi":
    import fastpysgi

    fastpysgi.run(app, "127.0.0.1", port)
else:
    import waitress

    waitress.serve(app, host="127.0.0.1", port=port)
PY
for name in waitress bjoern cheroot fastpysgi; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  v/bin/python serve.py "$name" "$port" > log 2>&1 & server=$!
  echo "$name: $(curl -s --retry 40 --retry-delay 1 --retry-connrefused -H 'X-Feature: search' -H 'X-Feature: export' "http://127.0.0.1:$port/")"
  stop
done | tee seen
cat > expected <<'TEXT'
waitress: search, export
bjoern: searchexport
cheroot: export
fastpysgi: export
TEXT
cmp -s expected seen || { echo "the servers answer something else now"; exit 1; }
