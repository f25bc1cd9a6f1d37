#!/usr/bin/env bash
# aiosseclient 0.1.8 (PyPI), with httpx-sse 0.4.3 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: an event stream with `retry: 3000` before a text, and a text that begins with an empty line.
# Guess: 3000, and the empty line.
# Seen: retry is True, so the wait that the server asks for is lost. The empty line is missing.
# Expected: HTML standard, "Interpreting an event stream": retry is a number of milliseconds, and each data field
# adds its value and a line end. httpx-sse answers so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check aiosseclient==0.1.8 httpx-sse==0.4.3 httpx==0.28.1 2>/dev/null
cat > read.py <<'PY'
import asyncio, http.server, threading
import httpx, httpx_sse
from aiosseclient import aiosseclient

TEXT = "retry: 3000\ndata: a\n\ndata:\ndata: b\n\n".encode()

class Stream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(TEXT)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = f"http://127.0.0.1:{server.server_port}/"

async def read():
    return [(event.retry, event.data) async for event in aiosseclient(place)]

print("aiosseclient", asyncio.run(read()))
with httpx.Client() as client, httpx_sse.connect_sse(client, "GET", place) as source:
    print("httpx-sse", [(event.retry, event.data) for event in source.iter_sse()])
PY
v/bin/python read.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
aiosseclient [(True, 'a'), (None, 'b')]
httpx-sse [(3000, 'a'), (None, '\nb')]
TEXT
cmp -s expected seen || { echo "the events are read in another way now"; exit 1; }
