#!/usr/bin/env bash
# hypercorn 0.18.0 (PyPI) with Flask 3.1.2 (PyPI), and waitress 3.0.2 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a Flask application with a DELETE that answers "" and 204, served as `wsgi:app:app`; and a WSGI application that answers "204 No Content" with
# an empty list.
# Guess: 204 twice.
# Seen: 500 twice: an iterable without one piece in it, such as an empty list, is taken for an application that never began to answer. 304 of the same
# kind is a 500 too. What was to be deleted is deleted all the same. waitress answers 204, 204 and 304.
# Expected: PEP 3333, "Specification Details": the application returns an iterable that yields zero or more bytestrings. RFC 9110, 15.3.5: a 204 has no
# content; an empty list is the plainest way to say so.
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
v/bin/pip install --quiet --disable-pip-version-check hypercorn==0.18.0 waitress==3.0.2 flask==3.1.2 2>/dev/null
cat > app.py <<'PY'
from flask import Flask

flask = Flask(__name__)


@flask.delete("/orders/1")
def remove():
    return "", 204


def app(environ, start_response):
    if environ["PATH_INFO"] == "/orders/1":
        return flask(environ, start_response)
    start_response("204 No Content" if environ["PATH_INFO"] == "/204" else "304 Not Modified", [])
    return []
PY
for name in hypercorn waitress; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  case $name in
    hypercorn) v/bin/hypercorn --bind "127.0.0.1:$port" wsgi:app:app > log 2>&1 & server=$! ;;
    waitress) v/bin/waitress-serve "--listen=127.0.0.1:$port" app:app > log 2>&1 & server=$! ;;
  esac
  for _ in $(seq 400); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
  for path in /orders/1 /204 /304; do
    echo "$name, $path: $(curl -s -o answer -w '%{http_code}' -X DELETE "http://127.0.0.1:$port$path")"
  done
  stop
done | tee seen
cat > expected <<'TEXT'
hypercorn, /orders/1: 500
hypercorn, /204: 500
hypercorn, /304: 500
waitress, /orders/1: 204
waitress, /204: 204
waitress, /304: 304
TEXT
cmp -s expected seen || { echo "hypercorn answers something else now"; exit 1; }
