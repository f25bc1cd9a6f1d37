#!/usr/bin/env bash
# granian 2.8.9 (PyPI), with waitress 3.0.2 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a WSGI application that is a generator: it calls start_response("404 Not Found") with two headers and then yields its text; and the same as a
# function that returns a list.
# Guess: 404 with the headers, four times.
# Seen: granian answers `200 OK` without the headers and with the text of the generator, and 404 with the headers for the list. An error becomes a
# success to every client, health check and cache. waitress answers 404 both times.
# Expected: PEP 3333, "The start_response() Callable" and "Handling the Content-Length Header": the server waits for the first piece of the body before
# it sends headers, because an application may be a generator, in which start_response is called when the first piece is asked for. The standard
# library's wsgiref does so.
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
v/bin/pip install --quiet --disable-pip-version-check granian==2.8.9 waitress==3.0.2 2>/dev/null
cat > app.py <<'PY'
HEADERS = [("Content-Type", "text/plain"), ("X-Reason", "no-such-order")]


def generator(environ, start_response):
    start_response("404 Not Found", HEADERS)
    yield b"no such order"


def function(environ, start_response):
    start_response("404 Not Found", HEADERS)
    return [b"no such order"]
PY
for kind in generator function; do
  for name in granian waitress; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    case $name in
      granian) v/bin/granian --interface wsgi --host 127.0.0.1 --port "$port" "app:$kind" > log 2>&1 & server=$! ;;
      waitress) v/bin/waitress-serve "--listen=127.0.0.1:$port" "app:$kind" > log 2>&1 & server=$! ;;
    esac
    answer=$(curl -si --retry 40 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/" | tr -d '\r')
    echo "$kind, $name: $(head -n 1 <<< "$answer"), X-Reason $(grep -ic '^x-reason' <<< "$answer" || true)"
    stop
  done
done | tee seen
cat > expected <<'TEXT'
generator, granian: HTTP/1.1 200 OK, X-Reason 0
generator, waitress: HTTP/1.1 404 Not Found, X-Reason 1
function, granian: HTTP/1.1 404 Not Found, X-Reason 1
function, waitress: HTTP/1.1 404 Not Found, X-Reason 1
TEXT
cmp -s expected seen || { echo "granian answers something else now"; exit 1; }
