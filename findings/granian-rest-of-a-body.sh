#!/usr/bin/env bash
# granian 2.8.9 (PyPI), with waitress 3.0.2 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a WSGI application that reads its body, the lines `abc` and `d`, in one of four ways: read(2) and then read(); readline(2) and then readline();
# readlines(3); read(-1).
# Guess: `ab` and all the rest; `ab` and `c`; the first line alone, since it has more than three bytes; the whole.
# Seen: `ab`, and then nothing: read() without a size gives b"" once something has been read, so whoever looks at the first bytes (of an archive, of a picture)
# has lost the others. readline(2) gives the whole line, readlines(3) all lines, and read(-1) is an OverflowError. waitress answers as guessed.
# Expected: PEP 3333, "Input and Error Streams": the semantics of each method are those of Python's file objects, where a negative size and none mean
# "to the end", and the hints of readline() and readlines() are bounds that the server may honour.
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
def app(environ, start_response):
    stream = environ["wsgi.input"]
    ways = {
        "/read": lambda: (stream.read(2), stream.read()),
        "/line": lambda: (stream.readline(2), stream.readline()),
        "/lines": lambda: tuple(stream.readlines(3)),
        "/all": lambda: (stream.read(-1),),
    }
    try:
        answer = ways[environ["PATH_INFO"]]()
    except OverflowError as error:
        answer = (type(error).__name__,)
    body = " ".join(map(repr, answer)).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
PY
for name in granian waitress; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  case $name in
    granian) v/bin/granian --interface wsgi --host 127.0.0.1 --port "$port" app:app > log 2>&1 & server=$! ;;
    waitress) v/bin/waitress-serve "--listen=127.0.0.1:$port" app:app > log 2>&1 & server=$! ;;
  esac
  for _ in $(seq 400); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
  for path in read line lines all; do
    echo "$name, $path: $(printf 'abc\nd\n' | curl -s --data-binary @- "http://127.0.0.1:$port/$path")"
  done
  stop
done | tee seen
cat > expected <<'TEXT'
granian, read: b'ab' b''
granian, line: b'abc\n' b'd\n'
granian, lines: b'abc\n' b'd\n'
granian, all: 'OverflowError'
waitress, read: b'ab' b'c\nd\n'
waitress, line: b'ab' b'c\n'
waitress, lines: b'abc\n'
waitress, all: b'abc\nd\n'
TEXT
cmp -s expected seen || { echo "one of the two reads otherwise now"; exit 1; }
