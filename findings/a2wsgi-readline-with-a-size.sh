#!/usr/bin/env bash
# a2wsgi 1.10.10 (PyPI; WSGI applications on ASGI servers), with wsgiref of the standard library as a witness. Python 3.11 or newer.
#
# Input: a WSGI application that reads its body, `abc` and `d` on two lines, with `readline(2)` and then `readline()`.
# Guess: `ab`, then `c`.
# Seen: b"" for the first, which means the end of the input, and b"abc\n" for the second. An application that reads in bounded lines, as the
# parsers of multipart forms do, finds an empty body.
# Expected: PEP 3333, "Input and Error Streams": readline has the semantics of Python's file objects, and since this version of the standard the hint is
# supported: at most that many bytes, and empty at the end alone. wsgiref reads `ab` and `c`.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check a2wsgi==1.10.10 2>/dev/null
cat > read.py <<'PY'
import asyncio, http.client, threading, wsgiref.simple_server
from a2wsgi import WSGIMiddleware

BODY = b"abc\nd"


def app(environ, start_response):
    pieces = repr((environ["wsgi.input"].readline(2), environ["wsgi.input"].readline())).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(pieces)))])
    return [pieces]


async def ask():
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/", "raw_path": b"/",
             "query_string": b"", "root_path": "", "headers": [(b"content-length", b"5")], "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)}
    sent = []

    async def receive():
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message):
        sent.append(message)

    await WSGIMiddleware(app)(scope, receive, send)
    return b"".join(message.get("body", b"") for message in sent)


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *words):
        pass


server = wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = http.client.HTTPConnection("127.0.0.1", server.server_port)
client.request("POST", "/", body=BODY)
print("wsgiref", client.getresponse().read().decode())
print("a2wsgi", asyncio.run(ask()).decode())
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
wsgiref (b'ab', b'c\n')
a2wsgi (b'', b'abc\n')
TEXT
cmp -s expected seen || { echo "a2wsgi reads something else now"; exit 1; }
