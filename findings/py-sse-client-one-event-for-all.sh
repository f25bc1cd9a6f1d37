#!/usr/bin/env bash
# py-sse-client 1.0.1 (PyPI), Python 3.11 or newer.
#
# Input: three streams: an event `log` with the data 1 and one without a name with the data 2; an event whose data, [2, 2], stand on two fields; and two
# events whose lines end with CR LF.
# Guess: log with 1, and 2 without a name; [2, 2]; and two events.
# Seen: the callback gets one and the same object each time, so a list of what came holds the last event twice, and that one is still called " log", with
# a blank. The data on two fields end in a JSONDecodeError. Of the events with CR LF none arrives, and no error either.
# Expected: HTML standard, "Interpreting an event stream": name and data are reset after each event, data fields are joined with line ends, one space behind
# the colon is taken off, lines may end with CR LF. The package calls itself a client for server-sent events.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check py-sse-client==1.0.1 aiohttp==3.14.5 2>/dev/null
cat > read.py <<'PY'
import asyncio, http.server, json, threading
from pysse.client import Client

TEXTS = {
    "/lf": "event: log\ndata: 1\n\ndata: 2\n\n",
    "/two": "data: [2,\ndata: 2]\n\n",
    "/crlf": "data: 1\r\n\r\ndata: 2\r\n\r\n",
}

class Stream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(TEXTS[self.path].encode())

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream)
threading.Thread(target=server.serve_forever, daemon=True).start()
for path in TEXTS:
    events = []
    try:
        asyncio.run(Client(f"http://127.0.0.1:{server.server_port}{path}", events.append).connect())
        print(path, [(event.name, event.data) for event in events], len(set(map(id, events))))
    except json.JSONDecodeError as error:
        print(path, type(error).__name__)
PY
v/bin/python read.py | tee seen
printf "/lf [(' log', 2), (' log', 2)] 1\n/two JSONDecodeError\n/crlf [] 0\n" | cmp -s - seen || { echo "the events are read in another way now"; exit 1; }
