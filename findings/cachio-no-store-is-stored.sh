#!/usr/bin/env bash
# cachio 0.1.0 (PyPI), with requests-cache 1.2.1 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a loopback server that answers each GET with the number of the request; /a with `Cache-Control: no-store, max-age=60`, /b with `no-cache, max-age=60`, /c with
# `max-age=60` and asked with `Cache-Control: no-cache`, /d with `max-age=60` and `Vary: Accept-Language`, asked in two languages; each is asked twice.
# Guess: 1 and 2, four times.
# Seen: 1 and 1, four times: no-store and no-cache are looked for where they are not, so an answer that was not to be kept lies in the cache's file, and each
# reader gets the language of the first one. The content that comes out of the cache is a str, for which requests has bytes; without a charset .text fails.
# Expected: RFC 9111, 5.2.2.5: with no-store nothing is stored; 5.2.2.4 and 5.2.1.4: with no-cache, of the answer or of the request, a stored answer is
# not used without asking; 4.1: with Vary only for a request with the same fields. The witness does all of this.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check cachio==0.1.0 requests-cache==1.2.1 2>/dev/null
cat > ask.py <<'PY'
import http.server
import threading

import requests_cache
from cachio import Cache, HTTPCache

HEADERS = {
    "/a": {"Cache-Control": "no-store, max-age=60"},
    "/b": {"Cache-Control": "no-cache, max-age=60"},
    "/c": {"Cache-Control": "max-age=60"},
    "/d": {"Cache-Control": "max-age=60", "Vary": "Accept-Language"},
}
count = {}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        count[self.path] = count.get(self.path, 0) + 1
        body = str(count[self.path]).encode()
        self.send_response(200)
        for name, value in HEADERS[self.path].items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
for name, session in (("cachio", HTTPCache(Cache("store"))), ("requests-cache", requests_cache.CachedSession(backend="memory", cache_control=True))):
    count.clear()
    for path, more in (("/a", ({}, {})), ("/b", ({}, {})), ("/c", ({}, {"Cache-Control": "no-cache"})), ("/d", ({"Accept-Language": "de"}, {"Accept-Language": "fr"}))):
        print(name, path, *(session.get(address + path, headers=headers).content for headers in more))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
cachio /a b'1' 1
cachio /b b'1' 1
cachio /c b'1' 1
cachio /d b'1' 1
requests-cache /a b'1' b'2'
requests-cache /b b'1' b'2'
requests-cache /c b'1' b'2'
requests-cache /d b'1' b'2'
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }
